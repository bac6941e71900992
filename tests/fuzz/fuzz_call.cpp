// SPDX-License-Identifier: GPL-3.0-or-later
// A caller's body through the scan and the encoding for a provider. The scan must read what a JSON parser reads, and what
// goes upstream is JSON that names the target's model, whenever the body was JSON. The first byte chooses the endpoint,
// the second the provider, the third what its target does to a body.
#include "gateway/providers/dialect.h"
#include "gateway/wire/request_defaults.h"
#include "gateway/wire/request_scan.h"
#include "tests/fuzz/pieces.h"

#include <nlohmann/json.hpp>

#include <array>

using namespace gateway;
using fuzz::require;
using nlohmann::json;

namespace {

/// What the scan found against what is there.
void compare(const wire::RequestScan &scan, const json &body)
{
    require(body.is_object(), "an accepted body is an object");
    require(body.contains("model") && body["model"].is_string() && body["model"].get<std::string>() == scan.model, "the model is the body's");
    const auto stream = body.find("stream");
    require(scan.stream == (stream != body.end() && stream->is_boolean() && stream->get<bool>()), "stream is the body's");
    for (const wire::Member &member : scan.members) {
        require(body.contains(std::string(member.name)), "a member's name is the body's");
        const std::string_view value = scan.body.substr(member.value.from, member.value.to - member.value.from);
        require(json::accept(value.begin(), value.end()), "a member's range is one value");
        require(member.null == json::parse(value.begin(), value.end()).is_null(), "null is told");
    }
    for (const auto &[name, value] : body.items())
        require(std::ranges::any_of(scan.members, [&](const wire::Member &member) { return member.name == name; }), "every member is found");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 3)
        return 0;
    constexpr std::array endpoints {Endpoint::ChatCompletions, Endpoint::Completions, Endpoint::Embeddings};
    const Endpoint endpoint = endpoints[data[0] % endpoints.size()];
    const auto kinds = providers::providerKinds();
    const providers::ProviderKind &kind = kinds[data[1] % kinds.size()];
    // A copy of its own: what reads behind it is caught.
    const std::string body(reinterpret_cast<const char *>(data + 3), size - 3);
    if (const auto prompted = wire::scanRequest(body, endpoint, {}, {}, wire::PromptNamed::PerhapsHere); prompted) {
        const std::string_view id = prompted->promptId.in(body), variables = prompted->promptVariables.in(body);
        require(id.empty() || (id.front() == '"' && id.back() == '"' && id.size() > 1), "a prompt's name is a string of the body");
        require(variables.empty() || (variables.front() == '{' && variables.back() == '}'), "its values are an object of the body");
    }
    const auto scan = wire::scanRequest(body, endpoint);
    if (!scan) {
        require(!scan.error().message.empty(), "a refusal has words");
        return 0;
    }
    const json parsed = json::parse(body, nullptr, false);
    const bool valid = !parsed.is_discarded();
    if (valid)
        compare(*scan, parsed);

    static const std::vector<wire::JsonMember> ofKey {{"max_tokens", "32"}, {"stop", R"(["x"])"}};
    if (const auto filled = wire::withDefaults(*scan, endpoint, {.model = "usual", .parameters = ofKey}); filled && valid) {
        const auto again = wire::scanRequest(*filled, endpoint);
        require(again.has_value(), "a body with a key's defaults in it is read as it was");
        require(again->model == scan->model && !wire::withDefaults(*again, endpoint, {.model = "usual", .parameters = ofKey}), "it lacks nothing any more");
    }

    static const std::vector<wire::JsonMember> set {{"temperature", "0.5"}}, defaults {{"max_tokens", "16"}, {"seed", "7"}};
    static const std::vector<std::string> drop {"logit_bias", "user"};
    providers::TargetOptions target {.model = "target-model"};
    if (data[2] & 1)
        target.override_ = set;
    if (data[2] & 2)
        target.defaults = defaults;
    if (data[2] & 4)
        target.drop = drop;
    if (data[2] & 8)
        target.unsupported = config::Unsupported::Reject;
    const auto encoded = providers::encodeRequest(kind, endpoint, *scan, target);
    if (!encoded) {
        require(!encoded.error().message.empty(), "a refusal has words");
        return 0;
    }
    const std::string sent = encoded->body.text();
    require(sent.size() == encoded->body.size, "Content-Length is right");
    if (valid) {
        const json upstream = json::parse(sent, nullptr, false);
        require(!upstream.is_discarded(), "what goes upstream is JSON");
        require(upstream.is_object() && upstream.value("model", json()) == "target-model", "it names the target's model");
    }
    return 0;
}
