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

StreamPass &passFor(std::optional<ChatPass> &chat, std::optional<EventPass> &events, const Try &attempt, const AnswerForm &form, int httpStatus)
{
    if (attempt.continuation)
        attempt.continuation->begin(form);
    if (form.how == AnswerForm::How::Scanned)
        return chat.emplace(attempt.x, attempt.book, form, attempt.continuation, httpStatus);
    return events.emplace(attempt.x, attempt.book, form, attempt.continuation, httpStatus);
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

StreamRelay::StreamRelay(const Try &attempt, AnswerForm &form, pipeline::UpstreamCall &call)
    : m_try(attempt)
    , m_x(attempt.x)
    , m_book(attempt.book)
    , m_form(form)
    , m_call(call)
    , m_pass(passFor(m_chat, m_events, attempt, form, call.head().status))
    , m_passed(!attempt.gate)
    , m_lastBytes(attempt.x.now())
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
        Result<UpstreamBytes> read = co_await m_call.read(std::min(silent, m_try.alive.due()));
        if (read && read->kind == UpstreamBytes::Kind::Woken) {
            next = co_await onSilence(silent);
            continue;
        }
        next = take(read);
        if (next == Next::Finish || !m_open || m_out.empty())
            continue;
        if (next == Next::Fail && !m_sent)
            break; // content and failure came together: nobody has seen it, so another target may answer
        if (!m_passed) {
            const bool mine = co_await passGate();
            if (!mine)
                co_return;
        }
        const bool there = co_await flush();
        if (!there)
            next = failWith(ErrorCode::Cancelled, m_x.stopped() ? "a privacy policy let no more of the answer through." : "The caller left.");
    }
    if (next == Next::Finish)
        co_await finish();
    else
        co_await failed();
}

StreamRelay::Next StreamRelay::take(const Result<UpstreamBytes> &read)
{
    if (!read) {
        m_try.end = failedBy(read.error(), m_book.provider().name, m_call.head().status);
        return Next::Fail;
    }
    const bool end = read->kind == UpstreamBytes::Kind::End;
    m_ended = end || read->last;
    if (!end) {
        m_lastBytes = m_x.now();
        capture(read->data);
    }
    const Next next = end ? m_pass.takeEnd(m_out) : m_pass.take(read->data, m_out);
    if (!m_open && m_pass.contentSeen()) {
        m_open = true;
        m_call.expectBy(std::nullopt);
        m_book.firstContent(m_lastBytes);
    }
    if (next == Next::Fail)
        m_try.end = m_pass.takeFailure();
    if (next == Next::Finish && !m_open && m_pass.isWithheld() && m_x.plan->fallbackOnContentPolicy)
        return failWith(ErrorCode::ContentPolicy, "the answer was withheld for its content.");
    if (next == Next::Read && !m_open && m_out.size() > largestPrelude)
        return failWith(ErrorCode::Malformed, fmt::format("no content came in the first {} bytes.", m_out.size()));
    return next;
}

/// The provider's side, where it is not the caller's: of a try that may yet lose it is not for the log.
void StreamRelay::capture(std::string_view bytes)
{
    if (m_form.how != AnswerForm::How::Translated)
        return;
    if (m_passed)
        m_x.capture.received(bytes);
    else
        m_early += bytes;
}

/// The first content is here. False: that of another try was, and this one is over.
Task<bool> StreamRelay::passGate()
{
    const bool mine = co_await m_try.gate->pass();
    if (!mine) {
        lose();
        co_return false;
    }
    m_passed = true;
    tell(m_x, std::exchange(m_form.told, {}));
    m_x.capture.received(std::exchange(m_early, {}));
    co_return true;
}

void StreamRelay::lose()
{
    m_try.end = AttemptEnd();
    if (m_pass.contentSeen())
        m_book.use(m_pass.usage());
    if (m_x.callerLeft())
        m_book.cancel();
    else
        m_book.lose();
}

StreamRelay::Next StreamRelay::failWith(ErrorCode code, std::string message)
{
    const Error error {.code = code, .message = std::move(message)};
    m_try.end = failedBy(error, m_book.provider().name, m_call.head().status);
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
    if (now >= m_try.alive.due()) {
        const bool there = co_await m_try.alive.beat();
        if (!there) {
            const Next failure = failWith(ErrorCode::Cancelled, "The caller left.");
            co_return failure;
        }
    }
    co_return Next::Read;
}

Task<bool> StreamRelay::flush()
{
    if (!m_sent) {
        m_sent = true;
        m_book.answers();
    }
    if (m_try.continuation)
        m_try.continuation->relayed();
    const bool there = co_await m_x.stream(m_out);
    m_out.clear();
    m_try.alive.sent();
    m_lastBytes = m_x.now(); // while the caller was slow nobody listened upstream
    co_return there;
}

Task<void> StreamRelay::finish()
{
    m_book.use(m_pass.usage());
    if (!m_passed) {
        const bool mine = co_await passGate();
        if (!mine)
            co_return;
    }
    if (m_try.continuation)
        m_try.continuation->relayed(); // before the record is settled, which may be with the last bytes
    m_book.succeed(m_call.head().status);
    m_book.answers();
    if (!m_sent && !m_x.begun) { // all of it came at once: the head and the content leave together
        const bool there = co_await flush();
        if (!there)
            co_return;
    }
    m_pass.finish(m_out);
    co_await m_x.end(m_out);
    co_await readToEnd();
    m_try.end.kind = AttemptEnd::Kind::Answered;
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
    if (m_try.isLost() || m_x.callerLeft()) {
        lose();
        co_return;
    }
    if (m_pass.contentSeen() || m_pass.isWithheld())
        m_book.use(m_pass.usage()); // what came was billed
    m_book.fail(m_try.end.failure);
    if (m_try.continuation && m_try.continuation->hasBegun() && !m_x.stopped()) {
        m_try.continuation->addUsed(m_pass.contentSeen() ? m_pass.usage() : TokenUsage {});
        co_return;
    }
    if (!m_sent)
        co_return;
    // Content has gone out: nothing may be tried again, and nobody may take this for a whole answer (F10).
    Error error = m_x.stopped() ? *m_x.stopped() : Error {.code = m_try.end.failure.code, .message = m_try.end.failure.message};
    m_try.end = AttemptEnd();
    std::string event = m_pass.errorEvent(error);
    co_await m_x.breakOff(std::move(error), std::move(event));
}

} // namespace gateway::stages
