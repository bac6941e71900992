// SPDX-License-Identifier: GPL-3.0-or-later
// Configuration files, in YAML and JSON, and the JSON that the store and control.sock carry: what is read can be written,
// and read again as the same; what is refused says why.
#include "gateway/config/check.h"
#include "gateway/config/config_json.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"
#include "gateway/providers/kind_fields.h"
#include "gateway/providers/provider_table.h"
#include "tests/fuzz/pieces.h"

using namespace gateway::config;
using fuzz::mustAgree;
using fuzz::require;

namespace {

const ReadOptions &options()
{
    static const ReadOptions all = [] {
        ReadOptions made {.kindFields = gateway::providers::kindFields(), .local = false};
        for (const auto &kind : gateway::providers::providerKinds())
            made.kinds.emplace_back(kind.name);
        return made;
    }();
    return all;
}

void roundTrip(const Config &config)
{
    const std::string json = toJson(config, Secrets::Include);
    const auto back = fromJson<Config>(json);
    require(back.has_value(), "the JSON of a configuration is read");
    mustAgree(json, toJson(*back, Secrets::Include));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char *>(data), size);
    if (const auto stored = fromJson<Config>(text)) {
        roundTrip(*stored);
        (void)check(*stored, gateway::providers::kindFields());
    } else {
        require(!stored.error().message.empty(), "a refusal has words");
    }

    const auto read = readConfig(text, options());
    if (!read) {
        require(anyError(read.error()), "a refusal has an error");
        for (const Problem &problem : read.error())
            require(!problem.message.empty() && !problem.text().empty(), "an error has words");
        return 0;
    }
    roundTrip(read->config);
    const std::string yaml = toYaml(read->config, Secrets::Include);
    const auto again = readConfig(yaml, options());
    if (!again) {
        std::fprintf(stderr, "%s\n%s\n", yaml.c_str(), again.error().front().text().c_str());
        require(false, "the YAML of a configuration is read");
    }
    mustAgree(yaml, toYaml(again->config, Secrets::Include));
    (void)withApplied(read->config, *again);
    return 0;
}
