// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/stream_relay.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;
using pipeline::UpstreamBytes;

namespace {

constexpr std::size_t largestPrelude = 128 * 1024; // bytes held back before the first content (F24 bounds a call's memory)
constexpr Duration endPatience = std::chrono::milliseconds {20};
constexpr int endReads = 4;

StreamPass &passFor(std::optional<ChatPass> &chat, std::optional<EventPass> &events, Exchange &x, AttemptBook &book, const AnswerForm &form, int httpStatus)
{
    if (form.how == AnswerForm::How::Scanned)
        return chat.emplace(x, book, httpStatus);
    return events.emplace(x, book, form, httpStatus);
}

} // namespace

bool StreamRelay::fits(const Exchange &x, const AttemptBook &book, const AnswerForm &form, const pipeline::UpstreamHead &head)
{
    if (!x.scan.stream || form.how == AnswerForm::How::Opaque || head.status < 200 || head.status >= 300)
        return false;
    const auto type = findHeader(head.headers, "content-type");
    const auto coding = findHeader(head.headers, "content-encoding");
    if (coding && !equalsIgnoringCase(*coding, "identity"))
        return false;
    return !type || equalsIgnoringCase(trimmed(type->substr(0, type->find(';'))), wire::mediaTypeOf(EventPass::framingOf(book, form)));
}

StreamRelay::StreamRelay(Exchange &x, AttemptBook &book, const AnswerForm &form, pipeline::UpstreamCall &call, Keepalive &alive, AttemptEnd &end)
    : m_x(x)
    , m_book(book)
    , m_call(call)
    , m_alive(alive)
    , m_pass(passFor(m_chat, m_events, x, book, form, call.head().status))
    , m_lastBytes(x.now())
    , m_end(end)
{
    m_x.worker.stats.streamOpened();
}

StreamRelay::~StreamRelay()
{
    m_x.worker.stats.streamClosed();
}

SteadyTime StreamRelay::silentAt() const
{
    // Before the first content the first-byte limit rules alone; from there on any byte is life (config.md, Timeouts).
    return m_open ? m_lastBytes + m_book.target().limits.idle : pipeline::never;
}

Task<void> StreamRelay::run()
{
    Next next = Next::Read;
    while (next == Next::Read) {
        const SteadyTime silent = silentAt();
        Result<UpstreamBytes> read = co_await m_call.read(std::min(silent, m_alive.due()));
        if (read && read->kind == UpstreamBytes::Kind::Woken) {
            next = co_await onSilence(silent);
            continue;
        }
        next = take(read);
        if (next == Next::Finish || !m_open || m_out.empty())
            continue;
        if (next == Next::Fail && !m_sent)
            break; // content and failure came together: nobody has seen it, so another target may answer
        const bool there = co_await flush();
        if (!there)
            next = failWith(ErrorCode::Cancelled, "The caller left.");
    }
    if (next == Next::Finish)
        co_await finish();
    else
        co_await failed();
}

StreamRelay::Next StreamRelay::take(const Result<UpstreamBytes> &read)
{
    if (!read) {
        m_end = failedBy(read.error(), m_book.provider().name, m_call.head().status);
        return Next::Fail;
    }
    const bool end = read->kind == UpstreamBytes::Kind::End;
    m_ended = end || read->last;
    if (!end)
        m_lastBytes = m_x.now();
    const Next next = end ? m_pass.takeEnd(m_out) : m_pass.take(read->data, m_out);
    if (!m_open && m_pass.contentSeen()) {
        m_open = true;
        m_call.expectBy(std::nullopt);
        m_book.firstContent(m_lastBytes);
    }
    if (next == Next::Fail)
        m_end = m_pass.takeFailure();
    if (next == Next::Read && !m_open && m_out.size() > largestPrelude)
        return failWith(ErrorCode::Malformed, fmt::format("no content came in the first {} bytes.", m_out.size()));
    return next;
}

StreamRelay::Next StreamRelay::failWith(ErrorCode code, std::string message)
{
    const Error error {.code = code, .message = std::move(message)};
    m_end = failedBy(error, m_book.provider().name, m_call.head().status);
    return Next::Fail;
}

Task<StreamRelay::Next> StreamRelay::onSilence(SteadyTime silent)
{
    const SteadyTime now = m_x.now();
    if (now >= silent) {
        const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(m_book.target().limits.idle);
        const Next failure = failWith(ErrorCode::IdleTimeout, fmt::format("the stream was silent for {} ms.", limit.count()));
        co_return failure;
    }
    if (now >= m_alive.due()) {
        const bool there = co_await m_alive.beat();
        if (!there) {
            const Next failure = failWith(ErrorCode::Cancelled, "The caller left.");
            co_return failure;
        }
    }
    co_return Next::Read;
}

Task<bool> StreamRelay::flush()
{
    if (m_open && !m_sent) {
        m_sent = true;
        m_x.record.firstByteUs = m_x.record.attempts.back().firstByteUs;
    }
    const bool there = co_await m_x.stream(m_out);
    m_out.clear();
    m_alive.sent();
    m_lastBytes = m_x.now(); // while the caller was slow nobody listened upstream
    co_return there;
}

Task<void> StreamRelay::finish()
{
    m_book.use(m_pass.usage());
    m_book.succeed(m_call.head().status);
    if (!m_sent && !m_x.begun) { // all of it came at once: the head and the content leave together
        const bool there = co_await flush();
        if (!there)
            co_return;
    }
    m_pass.finish(m_out);
    co_await m_x.end(m_out);
    co_await readToEnd();
    m_end.kind = AttemptEnd::Kind::Answered;
}

/// The upstream's own end mostly comes right behind [DONE]: once read, its connection can be used again.
Task<void> StreamRelay::readToEnd()
{
    for (int i = 0; i < endReads && !m_ended && !m_x.callerLeft(); ++i) {
        const Result<UpstreamBytes> read = co_await m_call.read(m_x.now() + endPatience);
        if (!read || read->kind == UpstreamBytes::Kind::Woken)
            co_return;
        m_ended = read->kind == UpstreamBytes::Kind::End || read->last;
    }
}

Task<void> StreamRelay::failed()
{
    if (m_pass.contentSeen())
        m_book.use(m_pass.usage()); // what came was billed
    if (m_x.callerLeft()) {
        m_book.cancel();
        m_end = AttemptEnd();
        co_return;
    }
    m_book.fail(m_end.failure);
    if (!m_sent)
        co_return;
    // Content has gone out: nothing may be tried again, and nobody may take this for a whole answer (F10).
    Error error {.code = m_end.failure.code, .message = m_end.failure.message};
    m_end = AttemptEnd();
    std::string event = m_pass.errorEvent(error);
    co_await m_x.breakOff(std::move(error), std::move(event));
}

} // namespace gateway::stages
