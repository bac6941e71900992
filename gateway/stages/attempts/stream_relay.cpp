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
constexpr std::size_t largestEvent = 16 * 1024 * 1024;
constexpr Duration endPatience = std::chrono::milliseconds {20};
constexpr int endReads = 4;
constexpr std::string_view done = "data: [DONE]\n\n";

} // namespace

bool StreamRelay::fits(const Exchange &x, const pipeline::UpstreamHead &head)
{
    if (!x.scan.stream || head.status < 200 || head.status >= 300)
        return false;
    const auto type = findHeader(head.headers, "content-type");
    const auto coding = findHeader(head.headers, "content-encoding");
    if (coding && !equalsIgnoringCase(*coding, "identity"))
        return false;
    constexpr std::string_view stream = "text/event-stream";
    return !type || equalsIgnoringCase(trimmed(type->substr(0, type->find(';'))), stream);
}

StreamRelay::StreamRelay(Exchange &x, AttemptBook &book, pipeline::UpstreamCall &call, Keepalive &alive, AttemptEnd &end)
    : m_x(x)
    , m_book(book)
    , m_call(call)
    , m_alive(alive)
    , m_parser(largestEvent)
    , m_scan(book.provider().kind->dialect.reasoning)
    , m_lastBytes(x.now())
    , m_end(end)
{
    if (providers::StreamRewriter::needed(*book.provider().kind))
        m_rewriter.emplace(*book.provider().kind);
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
    if (read->kind == UpstreamBytes::Kind::End) {
        m_ended = true;
        return takeEnd();
    }
    m_lastBytes = m_x.now();
    m_parser.feed(read->data);
    wire::SseEvent event;
    for (;;) {
        const wire::SseParser::Next parsed = m_parser.next(event);
        if (parsed == wire::SseParser::TooLarge)
            return failWith(ErrorCode::AnswerTooLarge, fmt::format("an event is larger than {} bytes.", largestEvent));
        if (parsed == wire::SseParser::NeedMore)
            break;
        const Next next = takeEvent(event);
        if (next != Next::Read)
            return next;
    }
    if (!m_open && m_out.size() > largestPrelude)
        return failWith(ErrorCode::Malformed, fmt::format("no content came in the first {} bytes.", m_out.size()));
    return Next::Read;
}

StreamRelay::Next StreamRelay::takeEvent(const wire::SseEvent &event)
{
    const wire::ChunkInfo chunk = m_scan.onEvent(event);
    switch (chunk.kind) {
    case wire::ChunkInfo::Kind::Error:
        m_end = failedBy(wire::classifyErrorObject(event.data, m_x.worker.clock.wallNow(), m_book.provider().secrets), m_book.provider().name);
        return Next::Fail;
    case wire::ChunkInfo::Kind::Malformed:
        return failWith(ErrorCode::Malformed, "an event of the stream is not the JSON of a chunk.");
    case wire::ChunkInfo::Kind::Done:
        if (m_scan.finishSeen() || m_scan.contentSeen())
            return Next::Finish;
        return failWith(ErrorCode::Cut, "the stream ended before any content or finish came.");
    case wire::ChunkInfo::Kind::Content:
        if (!m_open) {
            m_open = true;
            m_call.expectBy(std::nullopt);
            m_book.firstContent(m_lastBytes);
        }
        break;
    case wire::ChunkInfo::Kind::Nothing:
    case wire::ChunkInfo::Kind::UsageOnly:
        break;
    }
    pass(event, chunk);
    return Next::Read;
}

void StreamRelay::pass(const wire::SseEvent &event, const wire::ChunkInfo &chunk)
{
    if (!event.hasData && !m_open)
        return; // a provider's comments before content: the caller gets our own
    rememberNames(event, chunk);
    const wire::Relay relay = wire::relayOf(chunk, m_x.scan.includeUsage);
    if (relay == wire::Relay::Drop)
        return;
    if (relay == wire::Relay::WithCost) {
        if (m_scan.usage())
            m_book.use(*m_scan.usage());
        m_out += wire::usageChunkWithCost(event, chunk, m_x.cost());
        m_usageSent = true;
        return;
    }
    std::optional<std::string> rewritten;
    if (m_rewriter)
        rewritten = m_rewriter->rewrite(event, chunk);
    m_out += rewritten ? std::string_view(*rewritten) : event.raw;
    if (!event.terminated)
        m_out += m_out.ends_with('\n') ? "\n" : "\n\n"; // its last line may have ended, its block has not
}

void StreamRelay::rememberNames(const wire::SseEvent &event, const wire::ChunkInfo &chunk)
{
    if (!m_x.scan.includeUsage)
        return; // only a usage chunk of our own would need them
    if (m_id.empty() && !chunk.id.empty())
        m_id = chunk.id.in(event.data);
    if (m_model.empty() && !chunk.model.empty())
        m_model = chunk.model.in(event.data);
}

StreamRelay::Next StreamRelay::takeEnd()
{
    wire::SseEvent event;
    if (m_parser.finish(event) == wire::SseParser::Event) { // one without the blank line that ends it
        const bool whole = m_scan.whole();
        const Next next = takeEvent(event);
        if (next == Next::Fail && whole && m_end.failure.code == ErrorCode::Malformed) {
            m_end = AttemptEnd(); // a torn rest behind the finish takes nothing from the answer
            return Next::Finish;
        }
        if (next != Next::Read)
            return next;
    }
    if (m_scan.whole())
        return Next::Finish; // some never send [DONE] (wire.md 11, trap 4)
    return failWith(ErrorCode::Cut, "the stream ended before it was finished.");
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

/// For a caller who asked for usage where no chunk of the provider's told it.
void StreamRelay::addMissingUsage()
{
    if (!m_x.scan.includeUsage || m_usageSent)
        return;
    const auto created = std::chrono::duration_cast<std::chrono::seconds>(m_x.record.startedAt.time_since_epoch()).count();
    m_out += wire::makeUsageChunk(m_id, m_model, created, m_x.record.attempts.back().usage, m_x.cost(), m_x.endpoint);
}

Task<void> StreamRelay::finish()
{
    m_book.use(m_scan.usageOrEstimate(m_x.promptTokens));
    m_book.succeed(m_call.head().status);
    addMissingUsage();
    if (!m_sent) { // all of it came at once: the head and the content leave together
        const bool there = co_await flush();
        if (!there)
            co_return;
    }
    m_out += done;
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
        m_ended = read->kind == UpstreamBytes::Kind::End;
    }
}

Task<void> StreamRelay::failed()
{
    if (m_scan.contentSeen())
        m_book.use(m_scan.usageOrEstimate(m_x.promptTokens)); // what came was billed
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
    co_await m_x.refuse(std::move(error));
}

} // namespace gateway::stages
