// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/byte_relay.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/providers/header_relay.h"
#include "gateway/stages/attempts/attempt_limits.h"
#include "gateway/stages/attempts/passthrough.h"
#include "gateway/stages/attempts/response_home.h"
#include "gateway/wire/media_type.h"

#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;
using Kind = pipeline::UpstreamBytes::Kind;

namespace {

std::optional<std::uint64_t> lengthOf(const pipeline::UpstreamHead &head)
{
    std::uint64_t length = 0;
    const auto text = findHeader(head.headers, "content-length");
    if (!text || std::from_chars(text->data(), text->data() + text->size(), length).ec != std::errc())
        return std::nullopt;
    return length;
}

} // namespace

bool ByteRelay::fits(const AnswerForm &form, const pipeline::UpstreamHead &head)
{
    if (form.how != AnswerForm::How::Opaque || head.status < 200 || head.status >= 300)
        return false;
    const auto type = findHeader(head.headers, "content-type");
    const auto coding = findHeader(head.headers, "content-encoding");
    return type && wire::plainMediaType(*type) != "application/json" && (!coding || equalsIgnoringCase(*coding, "identity"));
}

ByteRelay::ByteRelay(Exchange &x, AttemptBook &book, pipeline::UpstreamCall &call, AttemptEnd &end)
    : m_x(x)
    , m_book(book)
    , m_call(call)
    , m_end(end)
    , m_own(passesThrough(x))
    , m_finder(call.head().headers, book.provider().kind().dialect.reasoning)
    , m_length(lengthOf(call.head()))
    , m_lastBytes(x.now())
{
    m_x.worker.stats.streamOpened();
}

ByteRelay::~ByteRelay()
{
    m_x.worker.stats.streamClosed();
}

SteadyTime ByteRelay::silentAt() const
{
    return after(m_lastBytes, m_book.target().limits.idle);
}

Task<void> ByteRelay::run(std::string begun)
{
    if (!begun.empty()) {
        const Next next = co_await take(begun);
        if (next == Next::Done)
            co_return;
    }
    for (;;) {
        const Result<pipeline::UpstreamBytes> read = co_await m_call.read(silentAt());
        if (!read) {
            co_await fail(read.error());
            co_return;
        }
        if (read->kind == Kind::End) {
            co_await finish({});
            co_return;
        }
        if (read->kind == Kind::Woken) {
            const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(m_book.target().limits.idle);
            Error error {.code = ErrorCode::IdleTimeout, .message = fmt::format("the answer stood still for {} ms.", limit.count())};
            co_await fail(std::move(error));
            co_return;
        }
        const Next next = co_await take(read->data);
        if (next == Next::Done)
            co_return;
    }
}

Task<ByteRelay::Next> ByteRelay::take(std::string_view bytes)
{
    if (m_taken == 0) {
        m_call.expectBy(std::nullopt);
        m_book.firstContent(m_x.now());
        m_book.answers();
    }
    m_finder.feed(bytes);
    m_taken += bytes.size();
    if (m_length && m_taken >= *m_length) { // the books are closed before the caller sees the last byte
        co_await finish(bytes);
        co_return Next::Done;
    }
    describe();
    const bool there = co_await m_x.stream(bytes);
    m_lastBytes = m_x.now(); // while the caller was slow nobody listened upstream
    if (there)
        co_return Next::Read;
    leave();
    co_return Next::Done;
}

/// Lets the caller's answer look as the provider's.
void ByteRelay::describe()
{
    if (m_x.begun)
        return;
    const pipeline::UpstreamHead &head = m_call.head();
    m_x.answerStatus = head.status;
    m_x.answerLength = m_length;
    m_x.answerType = findHeader(head.headers, "content-type").value_or("");
    m_x.streamType = m_x.answerType;
    m_x.answerIsText = wire::isText(m_x.answerType);
    if (m_own)
        m_x.extraHeaders += providers::headersToCaller(head.headers);
}

void ByteRelay::closeBook()
{
    m_finder.finish();
    const bool counted = m_x.stored ? m_x.stored->unbilled : !m_own || m_x.request.method == "POST"; // else it tells of a call that was counted before
    if (counted && m_finder.usage())
        m_book.use(*m_finder.usage());
    else if (!m_own)
        m_book.use({.input = m_x.promptTokens, .estimated = true});
}

/// @param last  bytes that have come and are not with the caller yet
Task<void> ByteRelay::finish(std::string_view last)
{
    if (m_taken == 0 && !m_own) {
        Error error {.code = ErrorCode::Malformed, .message = "the answer is empty."};
        co_await fail(std::move(error));
        co_return;
    }
    closeBook();
    m_book.answers();
    if (m_x.stored && !m_x.answerError)
        noteAnswer(m_x, m_book, m_finder.usage());
    if (m_x.answerError)
        m_book.failBlameless(m_end.failure);
    else
        m_book.succeed(m_call.head().status);
    describe();
    if (m_x.begun)
        co_await m_x.end(last);
    else
        co_await m_x.send(last);
    m_end.kind = AttemptEnd::Kind::Answered;
}

Task<void> ByteRelay::fail(Error error)
{
    if (m_taken > 0)
        closeBook(); // what came was billed
    if (m_x.callerLeft()) {
        leave();
        co_return;
    }
    m_end = failedBy(error, m_book.provider().name, m_call.head().status);
    m_book.fail(m_end.failure);
    if (!m_x.begun)
        co_return;
    error.message = std::exchange(m_end, AttemptEnd()).failure.message;
    co_await m_x.cut(std::move(error));
}

void ByteRelay::leave()
{
    m_book.cancel();
    m_end = AttemptEnd();
}

} // namespace gateway::stages
