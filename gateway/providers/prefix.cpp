// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/prefix.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace gateway::providers {
namespace {

constexpr std::string_view anyModel = "*";

/// The digits at the front of `text`, which are taken off it with what follows them up to the next part of the name.
std::optional<int> takeNumber(std::string_view &text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc {})
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty())
        text.remove_prefix(1); // '-', '.', '@'
    return number;
}

/// Claude takes no prefix from 4.6 on ("This model does not support assistant message prefill"). Names are
/// claude-3-5-sonnet-20241022 and, from 4 on, claude-opus-4-5-20251101, with other providers' marks around them; dots for
/// dashes at OpenRouter.
bool claudeTakesPrefix(std::string_view model)
{
    constexpr int lastMajor = 4, lastMinor = 5, lowestDate = 20'000'000;
    const std::size_t at = model.find("claude-");
    if (at == std::string_view::npos)
        return false;
    std::string_view name = model.substr(at + std::string_view("claude-").size());
    std::optional<int> major = takeNumber(name);
    if (!major) { // the family stands first
        const std::size_t dash = name.find('-');
        name.remove_prefix(dash == std::string_view::npos ? name.size() : dash + 1);
        major = takeNumber(name);
    }
    if (!major)
        return false;
    const std::optional<int> minor = takeNumber(name);
    const int minorOrNone = minor && *minor < lowestDate ? *minor : 0; // a date: the first of its generation
    return *major < lastMajor || (*major == lastMajor && minorOrNone <= lastMinor);
}

/// Whether a kind that leaves it to the model does so with this one.
bool modelTakesPrefix(const ProviderKind &kind, wire::WireFormat format, std::string_view model)
{
    if (format == wire::WireFormat::BedrockConverse && model.find("amazon.nova") != std::string_view::npos)
        return true;
    const bool claudeAlone = format == wire::WireFormat::Anthropic || format == wire::WireFormat::BedrockConverse || kind.dialect.prefix == PrefixForm::Claude;
    return !claudeAlone || claudeTakesPrefix(model);
}

/// What says in the provider's dialect that the last turn is to be gone on with.
void markPrefix(PrefixForm form, TargetOptions &options, std::vector<wire::JsonMember> &members)
{
    switch (form) {
    case PrefixForm::PrefixMark: options.openMark = "prefix"; break;
    case PrefixForm::PartialMark: options.openMark = "partial"; break;
    case PrefixForm::ContinueFinal:
        members.push_back({.name = "continue_final_message", .value = "true"});
        members.push_back({.name = "add_generation_prompt", .value = "false"});
        break;
    case PrefixForm::None:
    case PrefixForm::LastTurn:
    case PrefixForm::Claude: break;
    }
}

} // namespace

bool takesPrefix(const ProviderSite &site, Endpoint endpoint, std::string_view model)
{
    const wire::WireFormat format = site.format(endpoint, model);
    const bool any = model.find(anyModel) != std::string_view::npos;
    switch (format) {
    case wire::WireFormat::OpenAiChat:
        return site.kind().dialect.prefix != PrefixForm::None && (any || modelTakesPrefix(site.kind(), format, model));
    case wire::WireFormat::Anthropic:
    case wire::WireFormat::BedrockConverse: return any || modelTakesPrefix(site.kind(), format, model);
    case wire::WireFormat::OllamaChat: return true;
    case wire::WireFormat::OpenAiResponses:
    case wire::WireFormat::Gemini:
    case wire::WireFormat::CohereV2: break;
    }
    return false;
}

bool mayBeContinued(const wire::ChatRequest &asked)
{
    const bool json = asked.responseFormat && asked.responseFormat->kind != wire::ResponseFormat::Kind::Text;
    return !json && asked.choices.value_or(1) == 1;
}

Result<EncodedRequest> continueRequest(const ProviderSite &site, Endpoint endpoint, wire::ChatRequest asked, const Said &said, const TargetOptions &target)
{
    if (!takesPrefix(site, endpoint, target.model))
        return fail(ErrorCode::NotSupported, fmt::format("{} does not go on from an assistant's words with model \"{}\".", site.kind().title, target.model));
    wire::ChatMessage turn {.role = wire::Role::Assistant};
    turn.parts.emplace_back(wire::TextPart {.text = asked.keepChars(said.text)});
    std::vector<wire::JsonMember> members(target.override_.begin(), target.override_.end());
    TargetOptions options = target;
    if (site.format(endpoint, target.model) == wire::WireFormat::OpenAiChat)
        markPrefix(site.kind().dialect.prefix, options, members);
    asked.messages.push_back(std::move(turn));
    asked.reasoning.reset(); // it has been thought, and Claude refuses a prefix beside it
    if (asked.maxTokens)
        asked.maxTokens = std::max<std::int64_t>(*asked.maxTokens - said.tokens, 1);
    options.override_ = members;
    auto encoded = translateRequest(site, endpoint, std::move(asked), options);
    if (encoded && encoded->calls > 1) // the target's own override asks for several choices
        return fail(ErrorCode::NotSupported, fmt::format("{} is asked for several answers, and one alone can be gone on with.", site.kind().title));
    return encoded;
}

} // namespace gateway::providers
