// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/ollama/answer_decoder.h"

#include "gateway/core/text.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/neutral/take_count.h"
#include "gateway/wire/neutral/tool_ids.h"
#include "gateway/wire/ollama/finish_reasons.h"
#include "gateway/wire/retry_after.h"

#include <algorithm>

namespace gateway::wire::ollama {

using Type = JsonCursor::Type;

/// The members of a line that matter, in whichever order.
struct OllamaAnswerDecoder::Line
{
    Chars model {}, createdAt {}, doneReason {};
    Json message {}, error {};
    std::optional<std::int64_t> promptCount {}, answerCount {};
    bool done = false;

    bool read(std::string_view text)
    {
        JsonCursor in(text);
        return in.members([&](std::string_view key) {
            if (key == "model")
                return takeChars(in, model);
            if (key == "created_at")
                return takeChars(in, createdAt);
            if (key == "message" && in.type() == Type::Object)
                return in.skip(message.raw);
            if (key == "error" && in.type() != Type::Null)
                return in.skip(error.raw);
            if (key == "done") {
                const auto value = in.boolean();
                done = value.value_or(false);
                return value || in.skip();
            }
            if (key == "done_reason")
                return takeChars(in, doneReason);
            if (key == "prompt_eval_count")
                return takeCount(in, promptCount);
            return key == "eval_count" ? takeCount(in, answerCount) : in.skip();
        });
    }
};

void OllamaAnswerDecoder::onEvent(std::string_view, std::string_view text, ChatEventSink &out)
{
    const std::string_view content = trimmed(text);
    if (m_ended || content.empty())
        return;
    Line line;
    if (!line.read(content))
        return fail({}, out);
    if (!line.error.empty())
        return fail({content}, out);
    if (line.message.empty() && !line.done)
        return fail({}, out);
    if (!m_started) {
        m_started = true;
        const auto created = parseRfc3339(line.createdAt.raw);
        const std::int64_t seconds = created ? created->time_since_epoch().count() : 0;
        out.onEvent(AnswerStart {.model = line.model, .created = std::max<std::int64_t>(seconds, 0)}); // a moment never set is in the year 1
    }
    if (!line.message.empty() && !message(line.message, out))
        return fail({}, out);
    if (line.done)
        finish(line, out);
}

/// A server that streams although it was asked not to sends many values where one is due: each is a piece.
void OllamaAnswerDecoder::onBody(std::string_view body, ChatEventSink &out)
{
    JsonCursor in(body);
    std::string_view piece;
    while (!m_ended && !in.atEnd()) {
        if (!in.skip(piece))
            return fail({}, out);
        onEvent({}, piece, out);
    }
    if (!m_ended)
        fail({}, out);
}

void OllamaAnswerDecoder::onEnd(ChatEventSink &out)
{
    if (m_ended || !m_finished)
        return;
    m_ended = true;
    out.onEvent(AnswerEnd {});
}

/// Thought before words, words before calls, whatever their order here.
bool OllamaAnswerDecoder::message(Json object, ChatEventSink &out)
{
    JsonCursor in(object.raw);
    Chars text, thinking;
    Json calls;
    const bool read = in.members([&](std::string_view key) {
        if (key == "content")
            return takeChars(in, text);
        if (key == "thinking")
            return takeChars(in, thinking);
        return key == "tool_calls" && in.type() == Type::Array ? in.skip(calls.raw) : in.skip();
    });
    if (!read)
        return false;
    if (!thinking.empty())
        out.onEvent(ThinkingDelta {.text = thinking, .issuer = WireFormat::OllamaChat});
    if (!text.empty())
        out.onEvent(TextDelta {.text = text});
    JsonCursor each(calls.raw);
    return calls.empty() || each.elements([&] { return toolCall(each, out); });
}

bool OllamaAnswerDecoder::toolCall(JsonCursor &in, ChatEventSink &out)
{
    Chars id, name, words;
    Json object;
    const bool read = in.members([&](std::string_view key) {
        if (key == "id")
            return takeChars(in, id);
        if (key != "function" || in.type() != Type::Object)
            return in.skip();
        return in.members([&](std::string_view inner) {
            if (inner == "name")
                return takeChars(in, name);
            if (inner != "arguments")
                return in.skip();
            return in.type() == Type::Object ? in.skip(object.raw) : takeChars(in, words);
        });
    });
    if (!read)
        return false;
    const std::string made = id.empty() ? makeToolCallId(m_callId, m_calls) : std::string();
    const std::string quoted = object.empty() ? std::string() : jsonQuoted(object.raw);
    Chars arguments = quoted.empty() ? words : Chars {std::string_view(quoted).substr(1, quoted.size() - 2)};
    if (arguments.empty() || arguments.raw == "null")
        arguments = {"{}"};
    out.onEvent(ToolCallStart {.call = m_calls, .id = {made.empty() ? id.raw : std::string_view(made)}, .name = name});
    out.onEvent(ToolCallDelta {.call = m_calls, .arguments = arguments});
    out.onEvent(ToolCallEnd {.call = m_calls});
    ++m_calls;
    return true;
}

void OllamaAnswerDecoder::finish(const Line &line, ChatEventSink &out)
{
    if (line.promptCount || line.answerCount) {
        const bool guessed = !line.promptCount && m_promptTokens > 0;
        out.onEvent(UsageFound {{.input = line.promptCount.value_or(m_promptTokens), .output = line.answerCount.value_or(0), .estimated = guessed}});
    }
    out.onEvent(Finish {.reason = finishReason(line.doneReason.raw, m_calls > 0), .native = line.doneReason});
    m_finished = true;
    onEnd(out);
}

void OllamaAnswerDecoder::fail(Json object, ChatEventSink &out)
{
    m_ended = true;
    out.onEvent(AnswerError {object});
}

} // namespace gateway::wire::ollama
