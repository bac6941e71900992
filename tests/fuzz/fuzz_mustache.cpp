// SPDX-License-Identifier: GPL-3.0-or-later
// Templates of prompts: whatever stands in one is a template, or an error that points into it; what is rendered is bounded.
#include "gateway/core/mustache.h"
#include "tests/fuzz/pieces.h"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace gateway;
using fuzz::require;

namespace {

constexpr std::size_t longestOut = 64 * 1024;

void mustPointInto(const MustacheError &error, std::string_view text)
{
    require(!error.message.empty(), "an error has words");
    require(error.line >= 1 && error.line <= 1 + std::count(text.begin(), text.end(), '\n'), "its line is one of the template's");
    require(error.column >= 1 && static_cast<std::size_t>(error.column) <= text.size() + 1, "and so is its column");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const nlohmann::json values = nlohmann::json::parse(R"({"a":"x\n<\"y\">","b":{"a":1,"c":[true,{"a":null}]},"c":[[1,2],{"a":"in"}],"d":false,"e":"","p":0})");
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const auto parsed = MustacheTemplate::parse(text);
    if (!parsed) {
        mustPointInto(parsed.error(), text);
        return 0;
    }
    for (const std::string &name : parsed->topNames())
        require(parsed->names().contains(name), "a name at the top is a name");
    for (const bool strict : {false, true}) {
        MustacheOptions options {.escape = strict ? MustacheOptions::Escape::Json : MustacheOptions::Escape::None, .strict = strict, .partialDepth = 3, .longest = longestOut, .steps = 20'000};
        options.partial = [&](std::string_view name) { return name.size() == 1 ? &*parsed : nullptr; };
        const auto out = render(*parsed, values, options);
        if (out)
            require(out->size() <= longestOut, "what is rendered is bounded");
        else
            mustPointInto(out.error(), text);
    }
    return 0;
}
