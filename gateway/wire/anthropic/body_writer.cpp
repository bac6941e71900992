// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/answer_writer.h"
#include "gateway/wire/anthropic/stop_reasons.h"
#include "gateway/wire/anthropic/thought_seal.h"
#include "gateway/wire/anthropic/usage.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/neutral/tool_arguments.h"

namespace gateway::wire::anthropic {

void MessagesBodyWriter::onEvent(const ChatEvent &event)
{
    std::visit(Overloaded {
        [](const AnswerStart &) {},
        [&](const TextDelta &delta) { m_text += delta.choice == 0 ? delta.text.raw : std::string_view(); },
        [&](const RefusalDelta &delta) { m_text += delta.choice == 0 ? delta.text.raw : std::string_view(); },
        [&](const ThinkingDelta &delta) {
            if (delta.choice != 0)
                return;
            m_thinking += delta.text.raw;
            if (!delta.redacted.empty())
                addElement(m_thoughts, [&](JsonWriter &json) { json.object().textMember("type", "redacted_thinking").member("data", Chars {sealOf(delta)}).endObject(); });
            else if (!delta.signature.empty() && !isWordless(delta, !m_thinking.empty()))
                endThought(sealOf(delta));
        },
        [&](const ToolCallStart &call) {
            if (call.choice == 0)
                m_calls[call.call] = {.id = std::string(call.id.raw), .name = std::string(call.name.raw), .arguments = {}};
        },
        [&](const ToolCallDelta &delta) {
            if (delta.choice == 0)
                m_calls[delta.call].arguments += delta.arguments.raw;
        },
        [](const ToolCallEnd &) {},
        [&](const CitationFound &found) {
            if (found.choice != 0 || found.url.empty())
                return;
            if (!m_citations.empty())
                m_citations += ',';
            JsonWriter json(m_citations);
            json.object().textMember("type", "web_search_result_location").member("url", found.url).member("title", found.title).textMember("encrypted_index", "");
            json.member("cited_text", found.cited).endObject();
        },
        [&](const UsageFound &usage) { m_usage = usage.usage; },
        [&](const Finish &finish) {
            if (finish.choice != 0)
                return;
            m_reason = finish.stopSequence.empty() ? finish.reason : FinishReason::StopSequence;
            m_stopSequence = finish.stopSequence.raw;
        },
        [](const AnswerEnd &) {},
        [](const AnswerError &) {},
        [](const NativeBlock &) {},
    }, event);
}

void MessagesBodyWriter::endThought(std::string_view signature)
{
    addElement(m_thoughts, [&](JsonWriter &json) {
        json.object().textMember("type", "thinking").member("thinking", Chars {m_thinking}).member("signature", Chars {signature}).endObject();
    });
    m_thinking.clear();
}

std::string MessagesBodyWriter::body()
{
    std::string out;
    JsonWriter json(out);
    json.object().textMember("id", m_id).textMember("type", "message").textMember("role", "assistant").textMember("model", m_model).array("content");
    if (!m_thinking.empty())
        endThought({});
    if (!m_thoughts.empty())
        json.value(Json {m_thoughts});
    if (!m_text.empty()) {
        json.object().textMember("type", "text").member("text", Chars {m_text});
        if (!m_citations.empty())
            json.array("citations").value(Json {m_citations}).endArray();
        json.endObject();
    }
    for (const auto &[number, call] : m_calls) {
        json.object().textMember("type", "tool_use").member("id", Chars {call.id}).member("name", Chars {call.name}).key("input");
        const std::string arguments = unescapeJson(call.arguments);
        writeToolArguments(json, {arguments});
        json.endObject();
    }
    json.endArray().textMember("stop_reason", stopReason(m_reason)).key("stop_sequence");
    m_stopSequence.empty() ? json.null() : json.value(Chars {m_stopSequence});
    json.object("usage");
    writeUsage(json, m_usage.value_or(TokenUsage {}));
    json.endObject().endObject();
    return out;
}

} // namespace gateway::wire::anthropic
