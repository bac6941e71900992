// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/caller_errors.h"
#include "gateway/wire/gemini/answer_parts.h"
#include "gateway/wire/gemini/answer_writer.h"
#include "gateway/wire/gemini/finish_reasons.h"
#include "gateway/wire/gemini/thought_signature.h"
#include "gateway/wire/json_cursor.h"

#include <algorithm>
#include <utility>

namespace gateway::wire::gemini {

GenerateStreamWriter::GenerateStreamWriter(AnswerHead head, AnswerOptions options, std::string &out) : m_head(std::move(head)), m_options(options), m_out(out) {}

void GenerateStreamWriter::onEvent(const ChatEvent &event)
{
    std::visit([this](const auto &what) { write(what); }, event);
}

std::string GenerateStreamWriter::errorElement(const Error &error) const
{
    return (m_begun ? ",\r\n" : "[") + errorBody(error, CallerFormat::Gemini) + "]";
}

void GenerateStreamWriter::write(const AnswerStart &start)
{
    if (!start.id.empty())
        m_head.id = unescapeJson(start.id.raw);
}

void GenerateStreamWriter::write(const TextDelta &delta)
{
    if (!delta.text.empty())
        piece(delta.choice, [&](JsonWriter &json) { writeText(json, delta.text, false, {}); });
}

void GenerateStreamWriter::write(const ThinkingDelta &delta)
{
    const bool own = delta.issuer == WireFormat::Gemini && delta.redacted.empty();
    const bool marked = !delta.signature.empty() || !delta.redacted.empty();
    if (!m_options.thoughts && !(own && marked)) // a caller who sees no thoughts cannot send another provider's back
        return;
    const Chars words = m_options.thoughts ? delta.text : Chars {};
    const std::string signature = marked ? thoughtSignature(delta) : std::string();
    const auto part = [&](JsonWriter &json) { writeText(json, words, !own || !words.empty(), {signature}); };
    if (!words.empty())
        piece(delta.choice, part);
    else if (marked)
        addElement(choice(delta.choice).waiting, part);
}

void GenerateStreamWriter::write(const ToolCallStart &call)
{
    choice(call.choice).calls[call.call] = {.id = std::string(call.id.raw), .name = std::string(call.name.raw), .arguments = {}, .signature = std::string(call.signature.raw)};
}

void GenerateStreamWriter::write(const ToolCallDelta &delta)
{
    choice(delta.choice).calls[delta.call].arguments += delta.arguments.raw;
}

void GenerateStreamWriter::write(const ToolCallEnd &end)
{
    Choice &of = choice(end.choice);
    of.calls[end.call].ended = true;
    passCalls(of, false);
}

void GenerateStreamWriter::write(const CitationFound &citation)
{
    if (!citation.url.empty())
        addElement(choice(citation.choice).sources, [&](JsonWriter &json) { writeSource(json, citation.url, citation.title); });
}

void GenerateStreamWriter::write(const Finish &finish)
{
    Choice &to = choice(finish.choice);
    to.finished = true;
    to.reason = finish.reason;
    to.native = finish.native.raw;
}

void GenerateStreamWriter::write(const AnswerEnd &)
{
    object([&](JsonWriter &json) {
        const bool alone = m_choices.size() == 1;
        if (alone && !m_choices[0].any && m_choices[0].waiting.empty() && m_choices[0].calls.empty() && isBlockedPrompt(m_choices[0].reason, m_choices[0].refusal)) {
            writePromptFeedback(json, m_choices[0].native, {m_choices[0].refusal});
        } else {
            json.array("candidates");
            for (std::size_t i = 0; i < m_choices.size(); ++i)
                if (m_choices[i].finished)
                    candidate(json, static_cast<std::uint32_t>(i), m_choices[i]);
            json.endArray();
        }
        if (m_usage)
            writeUsage(json, *m_usage);
    });
    if (m_options.framing == AnswerOptions::Framing::Array)
        m_out += ']';
}

void GenerateStreamWriter::write(const NativeBlock &native)
{
    if (native.of == WireFormat::Gemini)
        piece(0, [&](JsonWriter &json) { json.value(native.block); });
}

GenerateStreamWriter::Choice &GenerateStreamWriter::choice(std::uint32_t number)
{
    if (number >= m_choices.size())
        m_choices.resize(number + 1);
    return m_choices[number];
}

/// Calls that have ended, in the order in which they began: what callers without ids tell them apart by.
/// @param all  those too whose end has not come
void GenerateStreamWriter::passCalls(Choice &to, bool all)
{
    while (!to.calls.empty() && (all || to.calls.begin()->second.ended)) {
        const Call call = std::move(to.calls.extract(to.calls.begin()).mapped());
        addElement(to.waiting, [&](JsonWriter &json) { writeCall(json, {call.id}, {call.name}, call.arguments, {call.signature}); });
    }
}

/// One element of the stream with a part of a choice, behind those that wait.
template <typename Part>
void GenerateStreamWriter::piece(std::uint32_t number, Part &&part)
{
    Choice &of = choice(number);
    addElement(of.waiting, part);
    of.any = true;
    object([&](JsonWriter &json) {
        json.array("candidates").object().object("content").array("parts").value(Json {of.waiting}).endArray().textMember("role", "model").endObject();
        json.member("index", std::int64_t {number}).endObject().endArray();
    });
    of.waiting.clear();
}

template <typename Content>
void GenerateStreamWriter::object(Content &&content)
{
    const bool events = m_options.framing == AnswerOptions::Framing::Events;
    m_out += events ? "data: " : m_begun ? ",\r\n" : "[";
    m_begun = true;
    const std::size_t from = m_out.size();
    JsonWriter json(m_out);
    json.object();
    content(json);
    json.textMember("modelVersion", m_head.model).textMember("responseId", m_head.id).endObject();
    // Arguments and blocks go as they came: a line break between their tokens would end the event.
    for (std::size_t at = from; (at = m_out.find_first_of("\r\n", at)) != std::string::npos;)
        m_out[at] = ' ';
    if (events)
        m_out += "\n\n";
}

void GenerateStreamWriter::candidate(JsonWriter &json, std::uint32_t number, Choice &from)
{
    passCalls(from, true);
    const bool filtered = isBlockedPrompt(from.reason, from.refusal);
    if (!filtered && !from.refusal.empty()) // the model's own words, in a format that has no place of their own for them
        addElement(from.waiting, [&](JsonWriter &part) { writeText(part, {from.refusal}, false, {}); });
    if (from.waiting.empty() && from.any) // SDKs take a piece without parts for a broken answer
        addElement(from.waiting, [](JsonWriter &part) { writeText(part, {}, false, {}); });
    json.object().object("content");
    if (!from.waiting.empty())
        json.array("parts").value(Json {from.waiting}).endArray();
    json.textMember("role", "model").endObject();
    json.textMember("finishReason", finishWord(from.reason, from.native)).member("index", std::int64_t {number});
    if (filtered)
        json.member("finishMessage", Chars {from.refusal});
    if (!from.sources.empty())
        json.object("groundingMetadata").array("groundingChunks").value(Json {from.sources}).endArray().endObject();
    json.endObject();
}

} // namespace gateway::wire::gemini
