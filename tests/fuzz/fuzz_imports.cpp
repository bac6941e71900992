// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/imports/import.h"
#include "gateway/config/yaml_writer.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

/// Other gateways' configurations: whatever is written in them, each key is told with its place, and what is made of them can be
/// written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace gateway::config;
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const imports::ImportOptions options {.file = "f", .environment = [](std::string_view name) { return name.size() % 2 == 0 ? std::optional<std::string>("value") : std::nullopt; }, .route = "r"};
    for (const auto import : {imports::importLiteLlm, imports::importPortkey}) {
        const auto imported = import(text, options);
        if (!imported) {
            if (imported.error().empty() || imported.error().front().message.empty())
                std::abort();
            continue;
        }
        for (const imports::ImportNote &note : imported->notes) {
            if (note.line < 1 || note.key.empty() || (note.fate != imports::ImportNote::Fate::Taken && note.words.empty()))
                std::abort();
        }
        if (toYaml(imported->text.config).empty())
            std::abort();
    }
    return 0;
}
