// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/answer_rewrite.h"

#include "gateway/providers/choice_fixes.h"

#include <algorithm>
#include <cstring>

namespace gateway::providers {
namespace {

/// As std::string_view::find, which stops at every quotation mark of the JSON for a closer look: memmem does not.
std::size_t found(std::string_view text, std::string_view word, std::size_t from = 0)
{
    if (from >= text.size())
        return std::string_view::npos;
    const void *at = memmem(text.data() + from, text.size() - from, word.data(), word.size());
    return at == nullptr ? std::string_view::npos : static_cast<std::size_t>(static_cast<const char *>(at) - text.data());
}

/// Whether a member of that name may be in the text: a plain search, so that most events are never parsed.
bool mentions(std::string_view text, std::string_view quotedName)
{
    return found(text, quotedName) != std::string_view::npos;
}

/// Whether `"name":` is followed somewhere by what `fits` takes; it gets the text behind the colon and its spaces.
template <typename Fits>
bool mentionsValue(std::string_view text, std::string_view quotedName, Fits fits)
{
    constexpr std::string_view spaces = " \t\r\n";
    const auto behindSpaces = [&](std::size_t at) { return std::min(text.find_first_not_of(spaces, at), text.size()); };
    for (std::size_t at = found(text, quotedName); at != std::string_view::npos; at = found(text, quotedName, at + 1)) {
        const std::size_t colon = behindSpaces(at + quotedName.size());
        if (colon < text.size() && text[colon] == ':' && fits(text.substr(behindSpaces(colon + 1))))
            return true;
    }
    return false;
}

bool mentionsArray(std::string_view text, std::string_view quotedName)
{
    return mentionsValue(text, quotedName, [](std::string_view value) { return value.starts_with('['); });
}

bool mentionsText(std::string_view text, std::string_view quotedName)
{
    return mentionsValue(text, quotedName, [](std::string_view value) { return value.starts_with('"'); });
}

bool finishNeedsWord(std::string_view text)
{
    return mentionsValue(text, "\"finish_reason\"", [](std::string_view value) {
        return std::ranges::any_of(foreignFinishWords(), [&](std::string_view word) { return value.starts_with(word); });
    });
}

} // namespace

struct StreamRewriter::State
{
    AnswerFixes fixes;
    StreamMemory memory;
};

StreamRewriter::StreamRewriter(const ProviderKind &kind) : m_state(std::make_unique<State>())
{
    m_state->fixes = kind.dialect.answer;
}

StreamRewriter::~StreamRewriter() = default;
StreamRewriter::StreamRewriter(StreamRewriter &&) noexcept = default;

std::optional<std::string> StreamRewriter::rewrite(const wire::SseEvent &event, const wire::ChunkInfo &chunk)
{
    using Kind = wire::ChunkInfo::Kind;
    if (chunk.kind == Kind::Done || chunk.kind == Kind::Malformed || chunk.kind == Kind::Error || !event.hasData)
        return std::nullopt;
    const AnswerFixes &fixes = m_state->fixes;
    const std::string_view data = event.data;
    const bool needed = (fixes.roleOnce && mentions(data, "\"role\"")) || ((fixes.toolIndex || fixes.emptyNames) && mentions(data, "\"tool_calls\""))
        || (fixes.contentArrays && mentionsArray(data, "\"content\"")) || (fixes.finishWords && chunk.finish && finishNeedsWord(data))
        || (fixes.object && !mentions(data, "\"chat.completion.chunk\"") && !mentions(data, "\"text_completion\""))
        || (fixes.cumulativeMessage && mentions(data, "\"message\"")) || (fixes.reasoningKey && mentionsText(data, "\"reasoning\""));
    if (!needed)
        return std::nullopt;
    const auto fixed = fixChunk(data, fixes, m_state->memory);
    if (!fixed)
        return std::nullopt;
    return "data: " + *fixed + "\n\n";
}

std::optional<std::string> rewriteAnswer(const ProviderKind &kind, Endpoint endpoint, std::string_view body, const wire::AnswerShape &shape)
{
    const AnswerFixes &fixes = kind.dialect.answer;
    if (endpoint != Endpoint::ChatCompletions && endpoint != Endpoint::Completions)
        return std::nullopt;
    const bool chat = endpoint == Endpoint::ChatCompletions;
    const bool needed = (chat && fixes.contentArrays && shape.parts) || (fixes.finishWords && shape.foreignFinish)
        || (chat && (fixes.emptyNames || fixes.toolIndex) && shape.toolCalls) || (chat && fixes.object && shape.object != "\"chat.completion\"")
        || (chat && fixes.reasoningKey && mentionsText(body, "\"reasoning\""));
    if (!needed)
        return std::nullopt;
    return fixAnswer(body, chat, fixes);
}

} // namespace gateway::providers
