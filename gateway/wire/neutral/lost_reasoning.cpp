// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/lost_reasoning.h"

#include "gateway/wire/neutral/overloaded.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gateway::wire {
namespace {

bool isSealed(const ThinkingPart &thought)
{
    return !thought.signature.empty() || !thought.redacted.empty();
}

std::string_view sealOf(const ThinkingPart &thought)
{
    return thought.redacted.empty() ? thought.signature.raw : thought.redacted.raw;
}

/// The seal that a part would take to a provider of that format; empty: none.
std::string_view sealIn(const ChatPart &part, WireFormat format)
{
    if (const auto *thought = std::get_if<ThinkingPart>(&part))
        return believes(format, thought->issuer) ? sealOf(*thought) : std::string_view();
    if (format != WireFormat::Gemini)
        return {};
    if (const auto *call = std::get_if<ToolCallPart>(&part))
        return call->signature.raw;
    const auto *text = std::get_if<TextPart>(&part);
    return text ? text->signature.raw : std::string_view();
}

/// Gemini's calls have the seal themselves; one on anything else does not serve for them.
bool isMissed(const ChatRequest &request, const ModelTurn &turn, WireFormat format)
{
    const bool onCalls = format == WireFormat::Gemini && !turn.callId.empty();
    for (std::size_t i = turn.first; i < turn.end; ++i) {
        for (const ChatPart &part : request.messages[i].parts) {
            if (!sealIn(part, format).empty() && (!onCalls || std::holds_alternative<ToolCallPart>(part)))
                return false;
        }
    }
    return true;
}

Chars firstCall(const ChatRequest &request, const ModelTurn &turn)
{
    for (std::size_t i = turn.first; i < turn.end; ++i) {
        for (const ChatPart &part : request.messages[i].parts) {
            if (const auto *call = std::get_if<ToolCallPart>(&part))
                return call->id;
        }
    }
    return {};
}

bool isClaudes(WireFormat format)
{
    return format == WireFormat::Anthropic || format == WireFormat::BedrockConverse;
}

void sign(ToolCallPart &call, std::size_t number, const KeptReasoning &kept)
{
    if (!call.signature.empty())
        return;
    auto same = std::ranges::find_if(kept.calls, [&](const KeptReasoning::Call &each) { return each.id == call.id; });
    if (same == kept.calls.end() && number < kept.calls.size() && kept.calls[number].name == call.name) // its id was lost too
        same = std::next(kept.calls.begin(), static_cast<std::ptrdiff_t>(number));
    if (same != kept.calls.end())
        call.signature = same->signature;
}

void addSource(std::string &out, const MediaSource &source)
{
    out.append(1, '\x1d').append(source.data.raw);
}

} // namespace

bool hasSeals(WireFormat format)
{
    return format == WireFormat::Gemini || format == WireFormat::OpenAiResponses || isClaudes(format);
}

bool believes(WireFormat format, WireFormat issuer)
{
    return hasSeals(format) && (format == issuer || (format == WireFormat::BedrockConverse && issuer == WireFormat::Anthropic));
}

std::vector<ModelTurn> turnsWithoutSeal(const ChatRequest &request, WireFormat format)
{
    std::vector<ModelTurn> turns;
    if (!hasSeals(format))
        return turns;
    const std::vector<ChatMessage> &messages = request.messages;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (messages[i].role == Role::User && isClaudes(format))
            turns.clear();
        if (messages[i].role != Role::Assistant)
            continue;
        ModelTurn turn {.first = i, .end = i + 1};
        while (turn.end < messages.size() && messages[turn.end].role == Role::Assistant)
            ++turn.end;
        i = turn.end - 1;
        turn.callId = firstCall(request, turn);
        if (isMissed(request, turn, format))
            turns.push_back(turn);
    }
    if (turns.size() > mostGaps)
        turns.erase(turns.begin(), turns.end() - mostGaps);
    return turns;
}

void giveBack(ChatRequest &request, const ModelTurn &turn, const KeptReasoning &kept)
{
    std::size_t number = 0;
    for (std::size_t i = turn.first; i < turn.end; ++i) {
        std::vector<ChatPart> &parts = request.messages[i].parts;
        if (!kept.thoughts.empty()) // the words without their seal are among them
            std::erase_if(parts, [](const ChatPart &part) { return std::holds_alternative<ThinkingPart>(part) && !isSealed(std::get<ThinkingPart>(part)); });
        for (ChatPart &part : parts) {
            if (auto *call = std::get_if<ToolCallPart>(&part))
                sign(*call, number++, kept);
        }
    }
    std::vector<ChatPart> &parts = request.messages[turn.first].parts;
    parts.insert(parts.begin(), kept.thoughts.begin(), kept.thoughts.end());
}

std::vector<std::string_view> sealsFor(const ChatRequest &request, WireFormat format)
{
    std::vector<std::string_view> seals;
    for (const ChatMessage &message : request.messages) {
        for (const ChatPart &part : message.parts) {
            if (const std::string_view seal = sealIn(part, format); !seal.empty())
                seals.push_back(seal);
        }
    }
    std::ranges::sort(seals);
    seals.erase(std::ranges::unique(seals).begin(), seals.end());
    return seals;
}

void breakSeals(ChatRequest &request, const std::function<bool(std::string_view)> &isForeign)
{
    const auto broken = [&](Chars &seal) {
        if (!seal.empty() && isForeign(seal.raw))
            seal = {};
    };
    for (ChatMessage &message : request.messages) {
        std::erase_if(message.parts, [&](ChatPart &part) {
            if (auto *call = std::get_if<ToolCallPart>(&part))
                broken(call->signature);
            else if (auto *text = std::get_if<TextPart>(&part))
                broken(text->signature);
            auto *thought = std::get_if<ThinkingPart>(&part);
            if (!thought || !isSealed(*thought))
                return false;
            broken(thought->signature);
            broken(thought->redacted);
            return !isSealed(*thought) && thought->text.empty();
        });
    }
}

std::string spoken(const ChatMessage &message)
{
    std::string out;
    for (const ChatPart &part : message.parts) {
        std::visit(Overloaded {
            [&](const TextPart &text) { out += unescapeJson(text.text.raw); },
            [&](const ToolCallPart &call) { out.append(1, '\x1e').append(unescapeJson(call.name.raw)); },
            [&](const ImagePart &image) { addSource(out, image.source); },
            [&](const FilePart &file) { addSource(out, file.source); },
            [&](const AudioPart &audio) { out.append(1, '\x1d').append(audio.data.raw); },
            [&](const ToolResultPart &result) {
                out += '\x1f';
                for (const TextOrMedia &each : result.content) {
                    if (const auto *text = std::get_if<TextPart>(&each.value))
                        out += unescapeJson(text->text.raw);
                }
            },
            [](const auto &) {},
        }, part);
    }
    return out;
}

} // namespace gateway::wire
