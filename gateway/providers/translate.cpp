// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/translate.h"

#include "gateway/core/text.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/image_urls.h"
#include "gateway/wire/neutral/merge.h"
#include "gateway/wire/openai_responses/store_needs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::providers {
namespace {

constexpr std::string_view vertexClaudeVersion = "\"vertex-2023-10-16\"";

/// Members that only the gateway reads.
bool isOurs(std::string_view name)
{
    return name == "signalbox" || name == "fallbacks" || name == "prompt_variables" || name == "stream_options" || name == "models";
}

bool isSettable(std::string_view name)
{
    return name != "model" && name != "stream" && name != "stream_options" && name != "messages";
}

/// A body of those members alone, kept by `asked`, as a request.
Result<wire::ChatRequest> parametersOf(std::span<const wire::JsonMember> members, wire::ChatRequest &asked)
{
    std::string body = "{";
    for (const wire::JsonMember &member : members) {
        if (isSettable(member.name))
            body.append(body.size() > 1 ? "," : "").append(jsonQuoted(member.name)).append(":").append(member.value);
    }
    body += '}';
    return wire::readRequest(wire::WireFormat::OpenAiChat, asked.keep(std::move(body)));
}

Result<void> applyTarget(wire::ChatRequest &asked, const TargetOptions &target, std::vector<std::string> &dropped)
{
    for (const std::string &name : target.drop) {
        if (wire::dropParameter(asked, name))
            dropped.push_back(name);
    }
    for (const auto &[members, how] : {std::pair(target.override_, wire::Merge::Replace), std::pair(target.defaults, wire::Merge::Fill)}) {
        if (members.empty())
            continue;
        auto settings = parametersOf(members, asked);
        if (!settings)
            return std::unexpected(std::move(settings.error()));
        settings->unknown.clear(); // those go into the body itself
        wire::mergeParameters(asked, std::move(*settings), how);
    }
    return {};
}

/// Whether the neutral form knows a parameter of that name.
bool isShared(std::string_view name)
{
    const std::string body = fmt::format("{{{}:null}}", jsonQuoted(name));
    const auto read = wire::readRequest(wire::WireFormat::OpenAiChat, body);
    return read && read->unknown.empty();
}

/// Top-level members that a finished body is given: what the target sets and no format shares, and what a site always wants.
Result<EncodedRequest> finish(EncodedRequest encoded, const ProviderSite &site, Endpoint endpoint, const TargetOptions &target)
{
    const auto scan = wire::scanRequest(*encoded.made, Endpoint::Other, "-");
    if (!scan)
        return std::unexpected(scan.error());
    wire::BodySplice splice(*scan);
    for (const wire::JsonMember &member : target.override_) {
        if (isSettable(member.name) && !isShared(member.name))
            splice.set(member.name, member.value);
    }
    for (const wire::JsonMember &member : target.defaults) {
        if (isSettable(member.name) && !isShared(member.name) && !scan->find(member.name))
            splice.set(member.name, member.value);
    }
    if (site.kind().auth == Auth::GoogleToken && site.format(endpoint, target.model) == wire::WireFormat::Anthropic)
        splice.set("anthropic_version", vertexClaudeVersion);
    encoded.body = splice.build();
    return encoded;
}

void addDropped(std::vector<std::string> &dropped, const std::vector<Loss> &losses)
{
    for (const Loss &loss : losses) {
        if (std::ranges::find(dropped, loss.what) == dropped.end())
            dropped.push_back(loss.what);
    }
}

} // namespace

wire::WireFormat callerFormat(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::Messages: return wire::WireFormat::Anthropic;
    case Endpoint::Responses: return wire::WireFormat::OpenAiResponses;
    case Endpoint::GenerateContent: return wire::WireFormat::Gemini;
    case Endpoint::ChatCompletions:
    case Endpoint::Completions:
    case Endpoint::Embeddings:
    case Endpoint::Models:
    case Endpoint::CountTokens:
    case Endpoint::Images:
    case Endpoint::ImageEdits:
    case Endpoint::Transcriptions:
    case Endpoint::Speech:
    case Endpoint::Moderations:
    case Endpoint::Rerank:
    case Endpoint::Passthrough:
    case Endpoint::Realtime:
    case Endpoint::Other: break;
    }
    return wire::WireFormat::OpenAiChat;
}

Result<wire::ChatRequest> readAsked(Endpoint endpoint, const wire::RequestScan &scan)
{
    if (endpoint == Endpoint::Responses) {
        if (auto refusal = wire::openai_responses::storeNeeds(scan.body).refusal())
            return std::unexpected(std::move(*refusal));
    }
    auto asked = wire::readRequest(callerFormat(endpoint), scan.body);
    if (!asked)
        return asked;
    std::erase_if(asked->unknown, [](const wire::UnknownMember &member) { return isOurs(member.name) || member.value.empty(); });
    asked->stream = scan.stream;
    return asked;
}

Result<EncodedRequest> translateRequest(const ProviderSite &site, Endpoint endpoint, wire::ChatRequest asked, const TargetOptions &target)
{
    const ProviderKind &kind = site.kind();
    const wire::WireFormat format = site.format(endpoint, target.model);
    wire::normaliseMedia(asked);
    EncodedRequest encoded;
    if (auto applied = applyTarget(asked, target, encoded.dropped); !applied)
        return std::unexpected(std::move(applied.error()));
    const auto calls = callsFor(kind, asked.choices.value_or(1));
    if (!calls)
        return std::unexpected(calls.error());
    encoded.calls = *calls;
    if (encoded.calls > 1) {
        asked.choices.reset();
        asked.stream = false;
    }
    wire::WrittenBody written = wire::writeRequest(format, asked, {.model = site.deployment(target.model), .modelInBody = target.modelInBody,
                                                                   .fetchesUrls = kind.auth == Auth::GoogleToken});
    if (target.unsupported == config::Unsupported::Reject && !written.losses.empty())
        return fail(ErrorCode::BadRequest, fmt::format("{} does not take \"{}\" ({}), and the route refuses what its target does not take.", kind.title,
                                                       written.losses.front().what, written.losses.front().why), written.losses.front().what);
    encoded.made = std::make_unique<const std::string>(std::move(written.body));
    encoded.losses = std::move(written.losses);
    encoded.decoder = std::move(written.decoder);
    addDropped(encoded.dropped, encoded.losses);
    if (format != wire::WireFormat::OpenAiChat)
        return finish(std::move(encoded), site, endpoint, target);

    // From here on it is a caller's OpenAI request, with the provider's own dialect still to be met.
    const auto scan = wire::scanRequest(*encoded.made, Endpoint::ChatCompletions);
    if (!scan)
        return std::unexpected(scan.error());
    auto own = passRequest(site, Endpoint::ChatCompletions, *scan, target);
    if (!own)
        return own;
    own->losses = std::move(encoded.losses);
    own->decoder = std::move(encoded.decoder);
    own->calls = encoded.calls;
    own->dropped.insert(own->dropped.begin(), encoded.dropped.begin(), encoded.dropped.end());
    own->made = std::move(encoded.made);
    return own;
}

namespace {

/// A form with another model in it.
EncodedRequest passForm(const wire::RequestScan &scan, std::string_view model)
{
    EncodedRequest encoded;
    encoded.made = std::make_unique<const std::string>(model);
    const bool named = !scan.modelValue.empty();
    const std::string_view before = scan.body.substr(0, named ? scan.modelValue.from : scan.body.size());
    const std::string_view behind = named ? scan.body.substr(scan.modelValue.to) : std::string_view();
    encoded.body = {.pieces = {before}, .size = before.size() + behind.size()};
    if (named) {
        encoded.body.pieces.insert(encoded.body.pieces.end(), {std::string_view(*encoded.made), behind});
        encoded.body.size += encoded.made->size();
    }
    return encoded;
}

} // namespace

Result<EncodedRequest> passRequest(const ProviderSite &site, Endpoint endpoint, const wire::RequestScan &scan, TargetOptions target)
{
    if (scan.isForm)
        return passForm(scan, site.deployment(target.model));
    if (endpoint == Endpoint::Responses) {
        if (auto clean = wire::openai_responses::withoutForeignReasoning(scan.body, target.foreignSeals)) {
            auto made = std::make_unique<const std::string>(std::move(*clean));
            const auto again = wire::scanRequest(*made, endpoint);
            if (!again)
                return std::unexpected(again.error());
            target.model = site.deployment(target.model);
            auto encoded = encodeRequest(site.kind(), endpoint, *again, target);
            if (encoded)
                encoded->made = std::move(made);
            return encoded;
        }
    }
    const bool claudeAtGoogle = site.kind().auth == Auth::GoogleToken && site.format(endpoint, target.model) == wire::WireFormat::Anthropic;
    target.model = site.deployment(target.model);
    if (claudeAtGoogle && endpoint == Endpoint::CountTokens)
        target.modelInBody = true; // the path names the model that counts
    if (!claudeAtGoogle || endpoint == Endpoint::CountTokens)
        return encodeRequest(site.kind(), endpoint, scan, target);
    std::vector<wire::JsonMember> override_(target.override_.begin(), target.override_.end());
    override_.push_back({.name = "anthropic_version", .value = std::string(vertexClaudeVersion)});
    target.override_ = override_;
    return encodeRequest(site.kind(), endpoint, scan, target);
}

} // namespace gateway::providers
