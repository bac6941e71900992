// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/chat_stream_scan.h"

#include "gateway/core/text.h"
#include "gateway/wire/content_scan.h"
#include "gateway/wire/json_cursor.h"

#include <fmt/format.h>

namespace gateway::wire {
namespace {

using Type = JsonCursor::Type;

/// What one chunk's members are, before it is known what that makes of it.
struct Chunk
{
    bool content = false;
    bool error = false;
    bool choices = false;      ///< there is at least one
    bool choicesGiven = false; ///< the member is there
    bool finish = false;
    bool message = false;      ///< a flat error's text
    bool flatError = false;    ///< object or type is "error"
    std::uint64_t contentOf = 0;    ///< a bit for each choice that says something
    std::uint64_t finishOf = 0;     ///< a bit for each choice that ends
    std::string_view finishReason {};
    std::string_view usage {};      ///< at the top: where it is looked for first
    std::string_view otherUsage {}; ///< in x_groq or a choice
    std::string_view id {};
    std::string_view model {};
};

/// Choices beyond the 64th are not told apart.
std::uint64_t bitOf(std::int64_t index)
{
    return index >= 0 && index < 64 ? std::uint64_t {1} << index : 0;
}

bool readChoices(JsonCursor &cursor, Chunk &chunk, TextSize &text)
{
    chunk.choicesGiven = true;
    if (cursor.type() != Type::Array)
        return cursor.skip();
    return cursor.elements([&] {
        ChoiceContent choice {};
        chunk.choices = true;
        if (!scanChoice(cursor, "delta", choice, &text))
            return false;
        chunk.content = chunk.content || choice.content;
        if (choice.content)
            chunk.contentOf |= bitOf(choice.index);
        chunk.error = chunk.error || choice.error;
        if (!choice.usage.empty())
            chunk.otherUsage = choice.usage;
        if (!choice.finishReason.empty()) {
            chunk.finish = true;
            chunk.finishOf |= bitOf(choice.index);
            chunk.finishReason = choice.finishReason;
        }
        return true;
    });
}

/// Groq's own object: usage in the last chunk, an error where one came.
bool readGroq(JsonCursor &cursor, Chunk &chunk)
{
    if (cursor.type() != Type::Object)
        return cursor.skip();
    return cursor.members([&](std::string_view key) {
        if (key == "usage" && cursor.type() == Type::Object)
            return cursor.skip(chunk.otherUsage);
        if (key == "error")
            return takeFilled(cursor, chunk.error);
        return cursor.skip();
    });
}

bool readText(JsonCursor &cursor, std::string_view &text)
{
    return cursor.type() == Type::String ? cursor.string(text) : cursor.skip();
}

bool readChunk(JsonCursor &cursor, Chunk &chunk, TextSize &text)
{
    return cursor.members([&](std::string_view key) {
        if (key == "choices")
            return readChoices(cursor, chunk, text);
        if (key == "usage" && cursor.type() == Type::Object)
            return cursor.skip(chunk.usage);
        if (key == "id")
            return readText(cursor, chunk.id);
        if (key == "model")
            return readText(cursor, chunk.model);
        if (key == "x_groq")
            return readGroq(cursor, chunk);
        if (key == "error")
            return takeFilled(cursor, chunk.error);
        if (key == "message" || key == "detail")
            return takeFilled(cursor, chunk.message);
        if (key == "object" || key == "type") {
            std::string_view word;
            const bool taken = readText(cursor, word);
            chunk.flatError = chunk.flatError || word == "error";
            return taken;
        }
        return cursor.skip();
    });
}

ChunkInfo::Kind kindOf(const Chunk &chunk)
{
    // Words that end a choice because the provider could not go on (wire.md 4.1).
    const bool failed = chunk.finishReason == "error" || chunk.finishReason == "insufficient_system_resource";
    if (chunk.error || failed || (!chunk.choicesGiven && (chunk.flatError || chunk.message)))
        return ChunkInfo::Kind::Error;
    if (chunk.content)
        return ChunkInfo::Kind::Content;
    if (!chunk.choices && !chunk.usage.empty())
        return ChunkInfo::Kind::UsageOnly;
    return ChunkInfo::Kind::Nothing;
}

Span spanIn(std::string_view data, std::string_view part)
{
    if (part.empty())
        return {};
    const auto from = static_cast<std::uint32_t>(part.data() - data.data());
    return {.from = from, .to = from + static_cast<std::uint32_t>(part.size())};
}

} // namespace

std::string dataEvent(std::string_view data)
{
    std::string out;
    out.reserve(data.size() + 16);
    out += "data: ";
    for (const char c : data) {
        if (c == '\n')
            out += "\ndata: ";
        else
            out += c;
    }
    out += "\n\n";
    return out;
}

ChunkInfo ChatStreamScan::onEvent(const SseEvent &event)
{
    ChunkInfo info;
    const std::string_view data = trimmed(event.data);
    if (event.type == "error") {
        info.kind = ChunkInfo::Kind::Error;
        return info;
    }
    if (!event.hasData || data.empty())
        return info;
    if (data == "[DONE]") {
        m_done = true;
        info.kind = ChunkInfo::Kind::Done;
        return info;
    }
    JsonCursor cursor(event.data);
    Chunk chunk;
    TextSize text;
    if (cursor.type() != Type::Object || !readChunk(cursor, chunk, text) || !cursor.atEnd()) {
        info.kind = ChunkInfo::Kind::Malformed;
        return info;
    }
    info.kind = kindOf(chunk);
    info.usageOnTop = !chunk.usage.empty();
    info.usage = spanIn(event.data, info.usageOnTop ? chunk.usage : chunk.otherUsage);
    info.id = spanIn(event.data, chunk.id);
    info.model = spanIn(event.data, chunk.model);
    if (!info.usage.empty()) {
        if (const auto usage = readUsage(info.usage.in(event.data), m_reasoning))
            m_usage = usage;
    }
    m_content = m_content || info.kind == ChunkInfo::Kind::Content;
    m_usageChunk = m_usageChunk || info.kind == ChunkInfo::Kind::UsageOnly;
    if (m_id.empty())
        m_id = unescapeJson(chunk.id);
    if (m_model.empty())
        m_model = unescapeJson(chunk.model);
    m_text.add(text);
    m_contentOf |= chunk.contentOf;
    m_finishOf |= chunk.finishOf;
    if (chunk.finish && info.kind != ChunkInfo::Kind::Error) {
        info.finish = true;
        if (!m_finish)
            m_finishReason = unescapeJson(chunk.finishReason);
        m_finish = true;
    }
    return info;
}

TokenUsage ChatStreamScan::usageOrEstimate(std::int64_t promptTokens) const
{
    if (m_usage)
        return *m_usage;
    TokenUsage usage;
    usage.input = promptTokens;
    usage.output = estimateTokens(m_text);
    usage.estimated = true;
    return usage;
}

Relay relayOf(const ChunkInfo &chunk, bool callerWantsUsage)
{
    if (chunk.kind != ChunkInfo::Kind::UsageOnly)
        return callerWantsUsage && chunk.usageOnTop ? Relay::WithoutUsage : Relay::Pass;
    return callerWantsUsage ? Relay::WithCost : Relay::Drop;
}

std::string usageChunkWithCost(const SseEvent &event, const ChunkInfo &chunk, std::optional<Money> cost)
{
    std::string data(event.data.substr(0, chunk.usage.from));
    const std::string_view usage = chunk.usage.in(event.data);
    data += cost ? withCost(usage, *cost) : std::string(usage);
    data += event.data.substr(chunk.usage.to);
    return dataEvent(data);
}

std::string withoutUsage(const SseEvent &event, const ChunkInfo &chunk)
{
    std::string data(event.data.substr(0, chunk.usage.from));
    data += "null";
    data += event.data.substr(chunk.usage.to);
    return data;
}

std::string makeUsageChunk(std::string_view id, std::string_view model, std::int64_t created, const TokenUsage &usage,
                           std::optional<Money> cost, Endpoint endpoint)
{
    const std::string counts = cost ? withCost(writeUsage(usage), *cost) : writeUsage(usage);
    return fmt::format("data: {{\"id\":{},\"object\":\"{}\",\"created\":{},\"model\":{},\"choices\":[],\"usage\":{}}}\n\n", jsonQuoted(id),
                       endpoint == Endpoint::Completions ? "text_completion" : "chat.completion.chunk", created, jsonQuoted(model), counts);
}

} // namespace gateway::wire
