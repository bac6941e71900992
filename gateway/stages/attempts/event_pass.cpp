// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/event_pass.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/wire/caller_errors.h"
#include "gateway/wire/utf8.h"

#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

wire::FramingKind EventPass::framingOf(const AttemptBook &book, const AnswerForm &form)
{
    // A second format of the kind's (Responses, Claude at Google) comes as server-sent events.
    return form.providers == book.provider().kind().format ? book.provider().kind().framing : wire::FramingKind::Sse;
}

EventPass::EventPass(pipeline::Exchange &x, AttemptBook &book, const AnswerForm &form, Continuation *continuation, int httpStatus)
    : m_x(x)
    , m_book(book)
    , m_httpStatus(httpStatus)
    , m_native(form.how == AnswerForm::How::Watched)
    , m_asArray(m_native && answerSettings(x, form).asArray)
    , m_framing(wire::makeFraming(framingOf(book, form), largestEvent))
    , m_decoder(decoderFor(x, book, form))
    , m_continuation(continuation)
    , m_writer(m_native || continuation ? nullptr : wire::makeStreamWriter(form.callers, answerSettings(x, form), m_made))
    , m_watch(x, book, form, continuation ? continuation : m_writer.get())
{
}

StreamPass::Next EventPass::take(std::string_view bytes, std::string &out)
{
    m_framing->feed(bytes);
    wire::FramedEvent event;
    for (;;) {
        switch (m_framing->next(event)) {
        case wire::EventFraming::Next::NeedMore:
            return Next::Read;
        case wire::EventFraming::Next::TooLarge:
            return failWith(ErrorCode::AnswerTooLarge, fmt::format("an event is larger than {} bytes.", largestEvent));
        case wire::EventFraming::Next::Broken:
            return failWith(ErrorCode::Malformed, "the stream's frames are damaged.");
        case wire::EventFraming::Next::Event:
            break;
        }
        const Next next = takeEvent(event, out);
        if (next != Next::Read)
            return next;
    }
}

StreamPass::Next EventPass::takeEvent(const wire::FramedEvent &event, std::string &out)
{
    std::string room;
    if (event.hasData) // what is written is UTF-8 always (wire.md 11, trap 17)
        m_decoder->onEvent(event.type, m_native ? event.data : wire::validUtf8(event.data, room), m_watch);
    const Next next = judge();
    if (next == Next::Fail)
        return next;
    if (m_native)
        pass(event, out);
    addWritten(out);
    return next;
}

/// What the caller's format has of the last events; callers who get the provider's bytes get nothing of it.
void EventPass::addWritten(std::string &out)
{
    std::string &written = m_continuation ? m_continuation->written() : m_made;
    if (!m_native)
        out += written;
    written.clear();
}

void EventPass::pass(const wire::FramedEvent &event, std::string &out)
{
    if (m_asArray) {
        if (event.hasData)
            out.append(std::exchange(m_anyElement, true) ? ",\r\n" : "[").append(event.data);
    } else if (event.hasData || contentSeen()) { // a provider's comments before content: the caller gets our own
        out.append(event.raw).append(event.terminated ? "" : "\n\n");
    }
}

/// Nothing where the writer's AnswerEnd, or the provider's own last event, was the end.
void EventPass::finish(std::string &out)
{
    if (m_asArray)
        out += m_anyElement ? "]" : "[]";
}

std::string EventPass::errorEvent(const Error &error) const
{
    if (m_asArray)
        return (m_anyElement ? ",\r\n" : "[") + wire::errorBody(error, m_x.format) + "]";
    return m_writer ? m_writer->errorEvent(error) : std::string();
}

StreamPass::Next EventPass::judge()
{
    if (m_watch.failed()) {
        if (m_watch.errorObject().empty())
            return failWith(ErrorCode::Malformed, "an event of the stream is not of the provider's format.");
        const auto now = m_x.worker.clock.wallNow();
        m_failure = failedBy(wire::classifyErrorObject(m_watch.errorObject(), now, m_book.provider().secrets), m_book.provider().name);
        return Next::Fail;
    }
    return m_watch.ended() ? Next::Finish : Next::Read;
}

StreamPass::Next EventPass::takeEnd(std::string &out)
{
    wire::FramedEvent event;
    if (m_framing->finish(event) == wire::EventFraming::Next::Event) {
        const bool whole = m_decoder->whole();
        const Next next = takeEvent(event, out);
        if (next == Next::Finish || (next == Next::Fail && !(whole && m_failure.failure.code == ErrorCode::Malformed)))
            return next;
        m_failure = AttemptEnd(); // a torn rest behind the finish takes nothing from the answer
    }
    if (!m_watch.failed())
        m_decoder->onEnd(m_watch);
    addWritten(out);
    if (m_watch.ended())
        return Next::Finish;
    return failWith(ErrorCode::Cut, "the stream ended before it was finished.");
}

StreamPass::Next EventPass::failWith(ErrorCode code, std::string message)
{
    const Error error {.code = code, .message = std::move(message)};
    m_failure = failedBy(error, m_book.provider().name, m_httpStatus);
    return Next::Fail;
}

} // namespace gateway::stages
