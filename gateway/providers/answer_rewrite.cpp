// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/answer_rewrite.h"

#include "gateway/core/text.h"
#include "gateway/providers/choice_fixes.h"

namespace gateway::providers {
namespace {

/// Whether a member of that name may be in the text: a plain search, so that most events are never parsed.
bool mentions(std::string_view text, std::string_view quotedName)
{
    return text.find(quotedName) != std::string_view::npos;
}

/// Whether `"name":` is followed by one of these characters somewhere.
bool mentionsValue(std::string_view text, std::string_view quotedName, std::string_view firstCharacters)
{
    for (std::size_t at = text.find(quotedName); at != std::string_view::npos; at = text.find(quotedName, at + 1)) {
        std::string_view rest = trimmed(text.substr(at + quotedName.size(), 8));
        if (!rest.starts_with(':'))
            continue;
        rest = trimmed(rest.substr(1));
        if (!rest.empty() && firstCharacters.find(rest.front()) != std::string_view::npos)
            return true;
    }
    return false;
}

bool finishNeedsWord(std::string_view text)
{
    for (const std::string_view word : foreignFinishWords()) {
        if (mentions(text, word))
            return true;
    }
    return false;
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
        || (fixes.contentArrays && mentionsValue(data, "\"content\"", "[")) || (fixes.finishWords && chunk.finish && finishNeedsWord(data))
        || (fixes.object && !mentions(data, "\"chat.completion.chunk\"") && !mentions(data, "\"text_completion\""))
        || (fixes.cumulativeMessage && mentions(data, "\"message\""));
    if (!needed)
        return std::nullopt;
    const auto fixed = fixChunk(data, fixes, m_state->memory);
    if (!fixed)
        return std::nullopt;
    return "data: " + *fixed + "\n\n";
}

std::optional<std::string> rewriteAnswer(const ProviderKind &kind, Endpoint endpoint, std::string_view body)
{
    const AnswerFixes &fixes = kind.dialect.answer;
    if (endpoint != Endpoint::ChatCompletions && endpoint != Endpoint::Completions)
        return std::nullopt;
    const bool chat = endpoint == Endpoint::ChatCompletions;
    const bool needed = (chat && fixes.contentArrays && mentionsValue(body, "\"content\"", "[")) || (fixes.finishWords && finishNeedsWord(body))
        || (chat && (fixes.emptyNames || fixes.toolIndex) && mentions(body, "\"tool_calls\"")) || (chat && fixes.object && !mentions(body, "\"chat.completion\""));
    if (!needed)
        return std::nullopt;
    return fixAnswer(body, chat, fixes);
}

} // namespace gateway::providers
