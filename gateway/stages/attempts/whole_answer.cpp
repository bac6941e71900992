// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/whole_answer.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/providers/answer_rewrite.h"
#include "gateway/wire/answer_scan.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace gateway::stages {

using pipeline::Task;

namespace {

constexpr std::size_t enoughOfAnError = 64 * 1024;
constexpr std::size_t largestReserve = 1024 * 1024; // a Content-Length is a claim, not yet bytes

std::size_t claimedSize(const pipeline::UpstreamHead &head)
{
    std::size_t size = 0;
    if (const auto text = findHeader(head.headers, "content-length"))
        std::from_chars(text->data(), text->data() + text->size(), size);
    return std::min(size, largestReserve);
}

} // namespace

AttemptEnd WholeAnswer::failed(AttemptEnd end)
{
    m_book.fail(end.failure);
    return end;
}

Task<AttemptEnd> WholeAnswer::run()
{
    const int status = m_call.head().status;
    const bool fine = status >= 200 && status < 300;
    m_headAt = m_x.now();
    if (fine)
        m_call.expectBy(std::nullopt);
    const Result<void> whole = co_await read(fine ? std::string::npos : enoughOfAnError);
    if (m_x.callerLeft())
        co_return AttemptEnd();
    if (!fine) { // what came of its words is enough
        AttemptEnd end = refusal();
        co_return end;
    }
    if (!whole) {
        AttemptEnd end = failed(failedBy(whole.error(), m_book.provider().name, status));
        co_return end;
    }
    AttemptEnd end = co_await answer();
    co_return end;
}

Task<Result<void>> WholeAnswer::read(std::size_t atMost)
{
    m_body.reserve(claimedSize(m_call.head()) + pipeline::bodyPadding);
    const Duration idle = m_book.target().limits.idle;
    SteadyTime lastBytes = m_x.now();
    for (;;) {
        const SteadyTime silentAt = lastBytes + idle;
        Result<pipeline::UpstreamBytes> bytes = co_await m_call.read(std::min(silentAt, m_alive.due()));
        if (!bytes)
            co_return std::unexpected(std::move(bytes.error()));
        if (bytes->kind == pipeline::UpstreamBytes::Kind::End)
            co_return Result<void>();
        const SteadyTime now = m_x.now();
        if (bytes->kind == pipeline::UpstreamBytes::Kind::Data) {
            m_body.append(bytes->data);
            lastBytes = now;
            if (m_body.size() >= atMost)
                co_return Result<void>();
            continue;
        }
        if (now >= silentAt)
            co_return fail(ErrorCode::IdleTimeout, fmt::format("the answer stood still for {} ms.", std::chrono::duration_cast<std::chrono::milliseconds>(idle).count()));
        if (now >= m_alive.due()) {
            const bool there = co_await m_alive.beat();
            if (!there)
                co_return fail(ErrorCode::Cancelled, "The caller left.");
        }
    }
}

AttemptEnd WholeAnswer::refusal()
{
    const pipeline::UpstreamHead &head = m_call.head();
    return failed(failedBy(wire::classifyUpstreamError(head.status, head.headers, m_body, m_x.worker.clock.wallNow()), m_book.provider().name));
}

Task<AttemptEnd> WholeAnswer::answer()
{
    const int status = m_call.head().status;
    const providers::ProviderKind &kind = *m_book.provider().kind;
    m_body.reserve(m_body.size() + pipeline::bodyPadding);
    const wire::AnswerScan scan = wire::scanAnswer(m_body, m_x.endpoint, m_x.worker.json, kind.dialect.reasoning);
    if (scan.kind == wire::AnswerScan::Kind::ErrorObject) {
        AttemptEnd end = failed(failedBy(wire::classifyErrorObject(m_body, m_x.worker.clock.wallNow()), m_book.provider().name));
        co_return end;
    }
    const auto coding = findHeader(m_call.head().headers, "content-encoding");
    const bool coded = coding && !equalsIgnoringCase(*coding, "identity");
    if (scan.kind == wire::AnswerScan::Kind::Malformed || m_x.scan.stream || coded) {
        const std::string why = coded            ? std::string("the answer is compressed, though that was not asked for.")
            : m_x.scan.stream && scan.why.empty() ? std::string("a whole answer came where a stream was asked for.")
                                                  : scan.why;
        const Error error {.code = ErrorCode::Malformed, .message = why};
        AttemptEnd end = failed(failedBy(error, m_book.provider().name, status));
        co_return end;
    }
    m_book.use(scan.usageOrEstimate(m_x.promptTokens, m_x.endpoint));
    if (auto rewritten = providers::rewriteAnswer(kind, m_x.endpoint, m_body))
        m_body = std::move(*rewritten);
    m_book.firstContent(m_headAt);
    m_x.record.firstByteUs = m_x.record.attempts.back().firstByteUs;
    m_book.succeed(status);
    co_await m_x.send(m_body);
    AttemptEnd end;
    end.kind = AttemptEnd::Kind::Answered;
    co_return end;
}

} // namespace gateway::stages
