// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/chat_pass.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/answer_watch.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/continuation.h"

#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

namespace {

constexpr std::string_view done = "data: [DONE]\n\n";

} // namespace

ChatPass::ChatPass(pipeline::Exchange &x, AttemptBook &book, const AnswerForm &form, Continuation *continuation, int httpStatus)
    : m_x(x)
    , m_book(book)
    , m_httpStatus(httpStatus)
    , m_continuation(continuation)
    , m_decoder(continuation ? decoderFor(x, book, form) : nullptr)
    , m_parser(largestEvent)
    , m_scan(book.provider().kind().dialect.reasoning)
{
    if (providers::StreamRewriter::needed(book.provider().kind()))
        m_rewriter.emplace(book.provider().kind());
}

StreamPass::Next ChatPass::take(std::string_view bytes, std::string &out)
{
    m_parser.feed(bytes);
    wire::SseEvent event;
    for (;;) {
        const wire::SseParser::Next parsed = m_parser.next(event);
        if (parsed == wire::SseParser::TooLarge)
            return failWith(ErrorCode::AnswerTooLarge, fmt::format("an event is larger than {} bytes.", largestEvent));
        if (parsed == wire::SseParser::NeedMore)
            return Next::Read;
        const Next next = takeEvent(event, out);
        if (next != Next::Read)
            return next;
    }
}

StreamPass::Next ChatPass::takeEvent(const wire::SseEvent &event, std::string &out)
{
    const wire::ChunkInfo chunk = m_scan.onEvent(event);
    switch (chunk.kind) {
    case wire::ChunkInfo::Kind::Error:
        m_failure = failedBy(wire::classifyErrorObject(event.data, m_x.worker.clock.wallNow(), m_book.provider().secrets), m_book.provider().name);
        return Next::Fail;
    case wire::ChunkInfo::Kind::Malformed:
        return failWith(ErrorCode::Malformed, "an event of the stream is not the JSON of a chunk.");
    case wire::ChunkInfo::Kind::Done:
        if (m_scan.finishSeen() || m_scan.contentSeen())
            return Next::Finish;
        return failWith(ErrorCode::Cut, "the stream ended before any content or finish came.");
    case wire::ChunkInfo::Kind::Content:
    case wire::ChunkInfo::Kind::Nothing:
    case wire::ChunkInfo::Kind::UsageOnly:
        break;
    }
    if (m_continuation && event.hasData)
        m_continuation->hear(*m_decoder, event.type, event.data);
    pass(event, chunk, out);
    return Next::Read;
}

void ChatPass::pass(const wire::SseEvent &event, const wire::ChunkInfo &chunk, std::string &out)
{
    if (!event.hasData && !contentSeen())
        return; // a provider's comments before content: the caller gets our own
    rememberNames(event, chunk);
    const wire::Relay relay = wire::relayOf(chunk, m_x.scan.includeUsage);
    if (relay == wire::Relay::Drop)
        return;
    if (relay == wire::Relay::WithCost) {
        if (m_scan.usage())
            m_book.use(*m_scan.usage());
        out += wire::usageChunkWithCost(event, chunk, m_x.cost());
        m_usageSent = true;
        return;
    }
    if (relay == wire::Relay::WithoutUsage)
        return passWithoutUsage(event, chunk, out);
    std::optional<std::string> rewritten;
    if (m_rewriter)
        rewritten = m_rewriter->rewrite(event, chunk);
    out += rewritten ? std::string_view(*rewritten) : event.raw;
    if (!event.terminated)
        out += out.ends_with('\n') ? "\n" : "\n\n"; // its last line may have ended, its block has not
}

void ChatPass::passWithoutUsage(const wire::SseEvent &event, const wire::ChunkInfo &chunk, std::string &out)
{
    const std::string data = wire::withoutUsage(event, chunk);
    wire::SseEvent bare = event;
    bare.data = data;
    std::optional<std::string> rewritten;
    if (m_rewriter)
        rewritten = m_rewriter->rewrite(bare, chunk);
    out += rewritten ? std::move(*rewritten) : wire::dataEvent(data);
}

void ChatPass::rememberNames(const wire::SseEvent &event, const wire::ChunkInfo &chunk)
{
    if (!m_x.scan.includeUsage)
        return; // only a usage chunk of our own would need them
    if (m_id.empty() && !chunk.id.empty())
        m_id = chunk.id.in(event.data);
    if (m_model.empty() && !chunk.model.empty())
        m_model = chunk.model.in(event.data);
}

StreamPass::Next ChatPass::takeEnd(std::string &out)
{
    wire::SseEvent event;
    if (m_parser.finish(event) == wire::SseParser::Event) { // one without the blank line that ends it
        const bool whole = m_scan.whole();
        const Next next = takeEvent(event, out);
        if (next == Next::Fail && whole && m_failure.failure.code == ErrorCode::Malformed) {
            m_failure = AttemptEnd(); // a torn rest behind the finish takes nothing from the answer
            return Next::Finish;
        }
        if (next != Next::Read)
            return next;
    }
    if (m_scan.whole())
        return Next::Finish; // some never send [DONE] (wire.md 11, trap 4)
    return failWith(ErrorCode::Cut, "the stream ended before it was finished.");
}

StreamPass::Next ChatPass::failWith(ErrorCode code, std::string message)
{
    const Error error {.code = code, .message = std::move(message)};
    m_failure = failedBy(error, m_book.provider().name, m_httpStatus);
    return Next::Fail;
}

/// For a caller who asked for usage where no chunk of the provider's told it.
void ChatPass::addMissingUsage(std::string &out) const
{
    if (!m_x.scan.includeUsage || m_usageSent)
        return;
    const auto created = std::chrono::duration_cast<std::chrono::seconds>(m_x.record.startedAt.time_since_epoch()).count();
    out += wire::makeUsageChunk(m_id, m_model, created, m_book.record().usage, m_x.cost(), m_x.endpoint);
}

void ChatPass::finish(std::string &out)
{
    addMissingUsage(out);
    out += done;
}

TokenUsage ChatPass::usage() const
{
    return m_scan.usageOrEstimate(m_x.promptTokens);
}

} // namespace gateway::stages
