// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/answer_parts.h"
#include "gateway/wire/gemini/answer_writer.h"
#include "gateway/wire/gemini/finish_reasons.h"
#include "gateway/wire/gemini/thought_signature.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/overloaded.h"

#include <algorithm>

namespace gateway::wire::gemini {
namespace {

/// Where each character of a text begins, and its end: Google counts bytes, all others characters.
std::vector<std::size_t> placesOf(std::string_view text)
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80)
            places.push_back(i);
    places.push_back(text.size());
    return places;
}

} // namespace

void GenerateBodyWriter::onEvent(const ChatEvent &event)
{
    std::visit(Overloaded {
        [&](const AnswerStart &start) {
            if (!start.id.empty())
                m_head.id = unescapeJson(start.id.raw);
        },
        [&](const TextDelta &delta) { text(choice(delta.choice), Part::Kind::Text, delta.text); },
        [&](const RefusalDelta &delta) { choice(delta.choice).refusal += delta.text.raw; },
        [&](const ThinkingDelta &delta) { thinking(delta); },
        [&](const ToolCallStart &call) {
            Choice &to = choice(call.choice);
            to.calls.resize(std::max<std::size_t>(to.calls.size(), call.call + 1));
            to.calls[call.call] = to.parts.size();
            to.parts.push_back({.kind = Part::Kind::Call, .signature = std::string(call.signature.raw), .id = std::string(call.id.raw), .name = std::string(call.name.raw)});
        },
        [&](const ToolCallDelta &delta) {
            Choice &to = choice(delta.choice);
            to.parts.at(to.calls.at(delta.call)).text += delta.arguments.raw;
        },
        [](const ToolCallEnd &) {},
        [&](const CitationFound &found) {
            if (!found.url.empty())
                choice(found.choice).sources.push_back({.url = std::string(found.url.raw), .title = std::string(found.title.raw), .from = found.from, .to = found.to});
        },
        [&](const UsageFound &usage) { m_usage = usage.usage; },
        [&](const Finish &finish) {
            choice(finish.choice).reason = finish.reason;
            choice(finish.choice).native = finish.native.raw;
        },
        [](const AnswerEnd &) {},
        [](const AnswerError &) {},
        [&](const NativeBlock &native) {
            if (native.of == WireFormat::Gemini)
                choice(0).parts.push_back({.kind = Part::Kind::Native, .text = std::string(native.block.raw)});
        },
    }, event);
}

GenerateBodyWriter::Choice &GenerateBodyWriter::choice(std::uint32_t number)
{
    if (number >= m_choices.size())
        m_choices.resize(number + 1);
    return m_choices[number];
}

void GenerateBodyWriter::text(Choice &to, Part::Kind kind, Chars text)
{
    if (text.empty())
        return;
    if (to.parts.empty() || to.parts.back().kind != kind || !to.parts.back().signature.empty())
        to.parts.push_back({.kind = kind});
    to.parts.back().text += text.raw;
}

/// A signature belongs to what came before it: words have it on their own part, thoughts too.
void GenerateBodyWriter::thinking(const ThinkingDelta &delta)
{
    const bool own = delta.issuer == WireFormat::Gemini && delta.redacted.empty();
    const bool marked = !delta.signature.empty() || !delta.redacted.empty();
    if (!m_thoughts && !(own && marked)) // a caller who sees no thoughts cannot send another provider's back
        return;
    Choice &to = choice(delta.choice);
    const Chars words = m_thoughts ? delta.text : Chars {};
    text(to, Part::Kind::Thought, words);
    if (!marked)
        return;
    const Part::Kind kind = own && words.empty() ? Part::Kind::Text : Part::Kind::Thought;
    const bool joins = !to.parts.empty() && to.parts.back().kind == kind && to.parts.back().signature.empty() && delta.redacted.empty();
    if (!joins)
        to.parts.push_back({.kind = kind});
    to.parts.back().signature = thoughtSignature(delta);
}

std::string GenerateBodyWriter::body()
{
    std::string out;
    JsonWriter json(out);
    json.object();
    const bool alone = m_choices.size() == 1 && m_choices[0].parts.empty();
    if (alone && isBlockedPrompt(m_choices[0].reason, m_choices[0].refusal)) {
        writePromptFeedback(json, m_choices[0].native, {m_choices[0].refusal});
    } else {
        json.array("candidates");
        for (std::size_t i = 0; i < m_choices.size(); ++i)
            candidate(json, i, m_choices[i]);
        json.endArray();
    }
    if (m_usage)
        writeUsage(json, *m_usage);
    json.textMember("modelVersion", m_head.model).textMember("responseId", m_head.id).endObject();
    return out;
}

void GenerateBodyWriter::candidate(JsonWriter &json, std::size_t number, const Choice &from) const
{
    const bool filtered = isBlockedPrompt(from.reason, from.refusal);
    json.object().object("content");
    if (!from.parts.empty() || (!from.refusal.empty() && !filtered)) {
        json.array("parts");
        for (const Part &part : from.parts) {
            switch (part.kind) {
            case Part::Kind::Text:
            case Part::Kind::Thought: writeText(json, {part.text}, part.kind == Part::Kind::Thought, {part.signature}); break;
            case Part::Kind::Call: writeCall(json, {part.id}, {part.name}, part.text, {part.signature}); break;
            case Part::Kind::Native: json.value(Json {part.text}); break;
            }
        }
        if (!from.refusal.empty() && !filtered) // the model's own words, in a format that has no place of their own for them
            writeText(json, {from.refusal}, false, {});
        json.endArray();
    }
    json.textMember("role", "model").endObject();
    json.textMember("finishReason", finishWord(from.reason, from.native)).member("index", static_cast<std::int64_t>(number));
    if (filtered)
        json.member("finishMessage", Chars {from.refusal});
    if (!from.sources.empty())
        grounding(json, from);
    json.endObject();
}

/// What the answer draws on, and which of its words do, where that is said and there is one text to count in.
void GenerateBodyWriter::grounding(JsonWriter &json, const Choice &from) const
{
    json.object("groundingMetadata").array("groundingChunks");
    for (const Source &source : from.sources)
        writeSource(json, {source.url}, {source.title});
    json.endArray();
    const auto isText = [](const Part &part) { return part.kind == Part::Kind::Text; };
    const auto words = std::ranges::find_if(from.parts, isText);
    const bool placed = std::ranges::any_of(from.sources, [](const Source &source) { return source.from >= 0 && source.to > source.from; });
    if (placed && std::ranges::count_if(from.parts, isText) == 1) {
        const std::string text = unescapeJson(words->text);
        const std::vector<std::size_t> places = placesOf(text);
        json.array("groundingSupports");
        for (std::size_t i = 0; i < from.sources.size(); ++i) {
            const Source &source = from.sources[i];
            if (source.from < 0 || source.to <= source.from || static_cast<std::size_t>(source.to) >= places.size())
                continue;
            const std::size_t begin = places[static_cast<std::size_t>(source.from)], end = places[static_cast<std::size_t>(source.to)];
            json.object().object("segment").member("startIndex", static_cast<std::int64_t>(begin)).member("endIndex", static_cast<std::int64_t>(end));
            json.textMember("text", std::string_view(text).substr(begin, end - begin)).endObject();
            json.array("groundingChunkIndices").value(static_cast<std::int64_t>(i)).endArray().endObject();
        }
        json.endArray();
    }
    json.endObject();
}

} // namespace gateway::wire::gemini
