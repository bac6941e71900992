// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/answer_watch.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/conversation_repair.h"
#include "gateway/stages/attempts/response_home.h"
#include "gateway/wire/neutral/overloaded.h"

#include <algorithm>
#include <chrono>

namespace gateway::stages {

AnswerWatch::AnswerWatch(pipeline::Exchange &x, AttemptBook &book, const AnswerForm &form, wire::AnswerWriter *writer, std::int64_t answers)
    : m_x(x), m_book(book), m_form(form), m_writer(writer), m_answers(answers), m_refusalMayFallBack(x.plan->fallbackOnContentPolicy)
{
    if (collectsReasoning(x, form))
        m_reasoning.emplace();
}

void AnswerWatch::count(wire::Chars text)
{
    if (!m_usage)
        m_text.add(text.raw);
}

void AnswerWatch::say(wire::Chars text)
{
    m_content = m_content || !text.empty();
    count(text);
}

/// Of a provider that keeps its responses.
void AnswerWatch::begin(const wire::AnswerStart &start)
{
    const bool native = m_form.callers == wire::WireFormat::OpenAiResponses && m_form.how == AnswerForm::How::Watched;
    if (!native)
        return;
    m_id = wire::unescapeJson(start.id.raw);
    noteHome(m_x, m_book, m_id);
}

void AnswerWatch::note(const wire::ChatEvent &event)
{
    std::visit(wire::Overloaded {
        [&](const wire::AnswerStart &start) { begin(start); },
        [&](const wire::TextDelta &delta) { say(delta.text); },
        [&](const wire::RefusalDelta &delta) {
            m_refused = m_refused || !delta.text.empty();
            count(delta.text);
        },
        [&](const wire::ThinkingDelta &delta) {
            say(delta.text);
            m_content = m_content || !delta.signature.empty() || !delta.redacted.empty();
        },
        [&](const wire::ToolCallStart &call) {
            say(call.name);
            m_content = true;
        },
        [&](const wire::ToolCallDelta &delta) { say(delta.arguments); },
        [](const wire::ToolCallEnd &) {},
        [&](const wire::CitationFound &) { m_content = true; },
        [&](const wire::UsageFound &found) { m_usage = found.usage; },
        [&](const wire::Finish &finish) {
            m_finished = true;
            m_withheld = m_withheld || finish.reason == wire::FinishReason::ContentFilter || finish.reason == wire::FinishReason::Refusal;
            if (m_writer && finish.reason == wire::FinishReason::Error)
                giveUp(finish.native);
        },
        [&](const wire::AnswerEnd &) { m_ended = !m_failed; },
        [&](const wire::AnswerError &error) {
            m_failed = true;
            m_error = error.object.raw;
        },
        [&](const wire::NativeBlock &) { m_content = true; },
    }, event);
}

/// The provider gave the answer up and says so in its finish: an error in every other format (wire.md 4.1).
void AnswerWatch::giveUp(wire::Chars word)
{
    m_failed = true;
    m_error = R"({"error":{"type":"server_error","message":"The model ended its answer with an error: )";
    m_error.append(word.raw).append(R"("}})");
}

void AnswerWatch::onEvent(const wire::ChatEvent &event)
{
    note(event);
    if (m_failed)
        return;
    if (m_reasoning)
        m_reasoning->note(event);
    if (m_ended) {
        if (m_reasoning) // before the caller has the end of it, and asks on
            keepReasoning(m_x, m_book, m_form, *m_reasoning);
        m_book.use(usage());
        if (!m_id.empty() && usage().total() > 0)
            noteBilled(m_x, m_book, m_id);
        if (m_writer && !m_usage)
            m_writer->onEvent(wire::UsageFound {.usage = usage()}); // nobody counted: estimated and marked (faults.md F21)
        if (m_writer)
            m_writer->setCost(m_x.cost());
    }
    if (m_writer)
        m_writer->onEvent(event);
}

TokenUsage AnswerWatch::usage() const
{
    if (m_usage && (m_ended || m_finished))
        return *m_usage;
    if (m_usage) { // as far as it had counted: some tell the prompt's tokens at the start, and the answer's at the end
        TokenUsage soFar = *m_usage;
        soFar.output = std::max(soFar.output, wire::estimateTokens(m_text));
        soFar.estimated = true;
        return soFar;
    }
    return {.input = m_x.promptTokens * m_answers, .output = wire::estimateTokens(m_text), .estimated = true};
}

wire::AnswerSettings answerSettings(const pipeline::Exchange &x, const AnswerForm &form)
{
    return {.callId = x.record.id,
            .model = std::string(x.scan.model),
            .created = std::chrono::duration_cast<std::chrono::seconds>(x.record.startedAt.time_since_epoch()).count(),
            .promptTokens = x.promptTokens,
            .includeUsage = x.scan.includeUsage,
            .asArray = !x.streamType.starts_with("text/event-stream"),
            .thoughts = form.thoughts,
            .requestBody = x.scan.body};
}

std::unique_ptr<wire::AnswerDecoder> decoderFor(const pipeline::Exchange &x, const AttemptBook &book, const AnswerForm &form)
{
    wire::DecodeSettings settings {.callId = x.record.id, .reasoning = book.provider().kind().dialect.reasoning, .promptTokens = x.promptTokens};
    return form.decoder ? form.decoder(std::move(settings)) : wire::makeDecoder(form.providers, std::move(settings));
}

} // namespace gateway::stages
