// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/kept_reasoning.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/openai_chat/finish_words.h"

#include <utility>

namespace gateway::wire {
namespace {

bool readThought(JsonCursor &in, ThinkingPart &thought)
{
    Chars format;
    const bool read = in.members([&](std::string_view key) {
        if (key == "text")
            return takeChars(in, thought.text);
        if (key == "signature")
            return takeChars(in, thought.signature);
        if (key == "redacted")
            return takeChars(in, thought.redacted);
        return key == "format" ? takeChars(in, format) : in.skip();
    });
    thought.issuer = openai_chat::reasoningIssuer(format.raw);
    return read;
}

bool readCall(JsonCursor &in, KeptReasoning::Call &call)
{
    return in.members([&](std::string_view key) {
        if (key == "id")
            return takeChars(in, call.id);
        if (key == "name")
            return takeChars(in, call.name);
        return key == "signature" ? takeChars(in, call.signature) : in.skip();
    });
}

} // namespace

std::string writeKept(const KeptReasoning &kept)
{
    std::string out;
    JsonWriter json(out);
    json.object().member("issuer", kept.issuer).array("thoughts");
    for (const ThinkingPart &thought : kept.thoughts) {
        json.object().memberIf("text", thought.text).memberIf("signature", thought.signature).memberIf("redacted", thought.redacted);
        json.textMember("format", openai_chat::reasoningFormat(thought.issuer)).endObject();
    }
    json.endArray().array("calls");
    for (const KeptReasoning::Call &call : kept.calls)
        json.object().memberIf("id", call.id).memberIf("name", call.name).memberIf("signature", call.signature).endObject();
    json.endArray().endObject();
    return out;
}

bool readKept(std::string_view text, KeptReasoning &kept)
{
    JsonCursor in(text);
    return in.members([&](std::string_view key) {
        if (key == "issuer")
            return takeChars(in, kept.issuer);
        if (key == "thoughts")
            return in.elements([&] { return readThought(in, kept.thoughts.emplace_back()); });
        if (key == "calls")
            return in.elements([&] { return readCall(in, kept.calls.emplace_back()); });
        return in.skip();
    });
}

void ReasoningCollector::note(const ChatEvent &event)
{
    if (const auto *thought = std::get_if<ThinkingDelta>(&event); thought && thought->choice == 0)
        take(*thought);
    else if (const auto *call = std::get_if<ToolCallStart>(&event); call && call->choice == 0)
        take(*call);
    else if (const auto *text = std::get_if<TextDelta>(&event); text && text->choice == 0) {
        count(text->text.raw.size());
        if (!m_overflow)
            m_words += text->text.raw;
    }
}

void ReasoningCollector::take(const ThinkingDelta &delta)
{
    count(delta.text.raw.size() + delta.signature.raw.size() + delta.redacted.raw.size());
    if (m_overflow)
        return;
    m_open += delta.text.raw;
    const bool redacted = !delta.redacted.empty();
    if (delta.signature.empty() && !redacted)
        return;
    m_sealed = true;
    Thought &thought = m_thoughts.emplace_back();
    thought.issuer = delta.issuer;
    thought.redacted = delta.redacted.raw;
    if (!redacted) {
        thought.text = std::exchange(m_open, {});
        thought.signature = delta.signature.raw;
    }
}

void ReasoningCollector::take(const ToolCallStart &call)
{
    count(call.id.raw.size() + call.name.raw.size() + call.signature.raw.size());
    if (m_overflow)
        return;
    m_sealed = m_sealed || !call.signature.empty();
    m_calls.push_back({.id = std::string(call.id.raw), .name = std::string(call.name.raw), .signature = std::string(call.signature.raw)});
}

void ReasoningCollector::count(std::size_t bytes)
{
    m_bytes += bytes;
    m_overflow = m_bytes > mostBytes;
}

KeptReasoning ReasoningCollector::kept(Chars issuer) const
{
    KeptReasoning kept {.issuer = issuer};
    for (const Thought &thought : m_thoughts)
        kept.thoughts.push_back({.text = {thought.text}, .signature = {thought.signature}, .redacted = {thought.redacted}, .issuer = thought.issuer});
    for (const Call &call : m_calls)
        kept.calls.push_back({.id = {call.id}, .name = {call.name}, .signature = {call.signature}});
    return kept;
}

std::vector<std::string_view> ReasoningCollector::seals() const
{
    std::vector<std::string_view> seals;
    for (const Thought &thought : m_thoughts)
        seals.push_back(thought.redacted.empty() ? thought.signature : thought.redacted);
    for (const Call &call : m_calls) {
        if (!call.signature.empty())
            seals.push_back(call.signature);
    }
    return seals;
}

std::string ReasoningCollector::words() const
{
    return unescapeJson(m_words);
}

} // namespace gateway::wire
