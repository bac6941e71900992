// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/answer_conversion.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/event_pass.h"
#include "gateway/wire/event_framing.h"
#include "gateway/wire/utf8.h"

#include <utility>

namespace gateway::stages {

AnswerConversion::Form AnswerConversion::formOf(const AttemptBook &book, const AnswerForm &form, std::string_view contentType)
{
    const std::string_view type = trimmed(contentType.substr(0, contentType.find(';')));
    return equalsIgnoringCase(type, wire::mediaTypeOf(EventPass::framingOf(book, form))) ? Form::Stream : Form::Whole;
}

AnswerConversion::AnswerConversion(pipeline::Exchange &x, AttemptBook &book, const AnswerForm &form, std::uint32_t answers, std::string *apart)
    : m_x(x)
    , m_book(book)
    , m_form(form)
    , m_apart(apart)
    , m_streamWriter(x.scan.stream ? wire::makeStreamWriter(form.callers, answerSettings(x, form), m_stream) : nullptr)
    , m_bodyWriter(x.scan.stream ? nullptr : wire::makeBodyWriter(form.callers, answerSettings(x, form)))
    , m_watch(x, book, form, m_streamWriter ? m_streamWriter.get() : m_bodyWriter.get(), answers)
    , m_choices(answers, m_watch)
{
}

std::optional<AttemptEnd> AnswerConversion::add(std::string_view body, Form came, int httpStatus)
{
    if (m_apart)
        m_apart->append(body);
    else
        m_x.capture.received(body);
    const auto decoder = decoderFor(m_x, m_book, m_form);
    std::string room;
    if (came == Form::Whole)
        decoder->onBody(wire::validUtf8(body, room), m_choices);
    else
        readStream(*decoder, body);
    if (!m_watch.failed())
        decoder->onEnd(m_choices);
    const std::string &provider = m_book.provider().name;
    if (m_watch.failed() && !m_watch.errorObject().empty())
        return failedBy(wire::classifyErrorObject(m_watch.errorObject(), m_x.worker.clock.wallNow(), m_book.provider().secrets), provider);
    if (m_watch.failed() || !decoder->whole())
        return failedBy(Error {.code = ErrorCode::Malformed, .message = "the answer is not of the provider's format, or not whole."}, provider, httpStatus);
    return std::nullopt;
}

void AnswerConversion::readStream(wire::AnswerDecoder &decoder, std::string_view stream)
{
    const auto framing = wire::makeFraming(EventPass::framingOf(m_book, m_form), largestEvent);
    const auto take = [&](const wire::FramedEvent &event) {
        std::string room;
        if (event.hasData)
            decoder.onEvent(event.type, wire::validUtf8(event.data, room), m_choices);
    };
    wire::FramedEvent event;
    framing->feed(stream);
    while (framing->next(event) == wire::EventFraming::Next::Event)
        take(event);
    if (!decoder.whole() && framing->finish(event) == wire::EventFraming::Next::Event)
        take(event);
}

std::string AnswerConversion::take()
{
    return m_bodyWriter ? m_bodyWriter->body() : std::move(m_stream);
}

} // namespace gateway::stages
