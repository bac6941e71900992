// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/openai_chat/answer_parts.h"
#include "gateway/wire/openai_chat/answer_writer.h"
#include "gateway/wire/openai_chat/finish_words.h"
#include "gateway/wire/usage.h"

#include <algorithm>

namespace gateway::wire::openai_chat {

void ChatBodyWriter::onEvent(const ChatEvent &event)
{
    std::visit(Overloaded {
        [&](const AnswerStart &start) {
            if (!start.id.empty())
                m_head.id = unescapeJson(start.id.raw);
            if (start.created)
                m_head.created = start.created;
        },
        [&](const TextDelta &delta) { choice(delta.choice).text += delta.text.raw; },
        [&](const RefusalDelta &delta) { choice(delta.choice).refusal += delta.text.raw; },
        [&](const ThinkingDelta &delta) {
            Choice &to = choice(delta.choice);
            to.thinking += delta.text.raw;
            to.unsealed += delta.text.raw;
            if (delta.signature.empty() && delta.redacted.empty())
                return;
            ThinkingDelta sealed = delta;
            sealed.text = {to.unsealed};
            addElement(to.details, [&](JsonWriter &json) { writeReasoningDetail(json, sealed); });
            to.unsealed.clear();
        },
        [&](const ToolCallStart &call) {
            auto &calls = choice(call.choice).calls;
            calls.resize(std::max<std::size_t>(calls.size(), call.call + 1));
            calls[call.call] = {.id = std::string(call.id.raw), .name = std::string(call.name.raw), .arguments = {}, .signature = std::string(call.signature.raw)};
        },
        [&](const ToolCallDelta &delta) { choice(delta.choice).calls.at(delta.call).arguments += delta.arguments.raw; },
        [&](const CitationFound &citation) {
            if (!citation.url.empty())
                addElement(choice(citation.choice).annotations, [&](JsonWriter &json) { writeAnnotation(json, citation); });
        },
        [&](const UsageFound &usage) { m_usage = usage.usage; },
        [&](const Finish &finish) { choice(finish.choice).reason = finish.reason; },
        [](const ToolCallEnd &) {},
        [](const AnswerEnd &) {},
        [](const AnswerError &) {},
        [](const NativeBlock &) {},
    }, event);
}

ChatBodyWriter::Choice &ChatBodyWriter::choice(std::uint32_t number)
{
    if (number >= m_choices.size())
        m_choices.resize(number + 1);
    return m_choices[number];
}

std::string ChatBodyWriter::body()
{
    std::string out;
    JsonWriter json(out);
    json.object().textMember("id", m_head.id).textMember("object", "chat.completion").member("created", m_head.created).textMember("model", m_head.model);
    json.array("choices");
    for (std::size_t i = 0; i < m_choices.size(); ++i) {
        const Choice &each = m_choices[i];
        json.object().member("index", static_cast<std::int64_t>(i)).object("message").textMember("role", "assistant");
        if (each.text.empty() && !each.calls.empty())
            json.nullMember("content");
        else
            json.member("content", Chars {each.text});
        json.key("refusal");
        each.refusal.empty() ? json.null() : json.value(Chars {each.refusal});
        json.memberIf("reasoning_content", Chars {each.thinking});
        if (!each.details.empty())
            json.array("reasoning_details").value(Json {each.details}).endArray();
        if (!each.annotations.empty())
            json.array("annotations").value(Json {each.annotations}).endArray();
        if (!each.calls.empty()) {
            json.array("tool_calls");
            for (const Call &call : each.calls) {
                json.object().member("id", Chars {call.id}).textMember("type", "function");
                json.object("function").member("name", Chars {call.name}).member("arguments", Chars {call.arguments.empty() ? "{}" : call.arguments}).endObject();
                writeSignature(json, {call.signature});
                json.endObject();
            }
            json.endArray();
        }
        json.endObject().nullMember("logprobs").textMember("finish_reason", finishWord(each.reason)).endObject();
    }
    json.endArray();
    if (m_usage) {
        const std::string counts = writeUsage(*m_usage);
        const std::string shown = m_cost ? withCost(counts, *m_cost) : counts;
        json.member("usage", Json {shown});
    }
    json.nullMember("system_fingerprint").endObject();
    return out;
}

} // namespace gateway::wire::openai_chat
