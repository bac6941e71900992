// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/attempts.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt.h"
#include "gateway/wire/caller_errors.h"

#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

/// A provider's own no to what the caller asked: given back in its words (faults.md F15, F16).
bool isCallersOwn(ErrorCode code)
{
    return code == ErrorCode::UpstreamBadRequest || code == ErrorCode::ContextWindow || code == ErrorCode::ContentPolicy;
}

Task<void> giveUp(Exchange &x, Error error, const std::optional<wire::UpstreamError> &words, std::optional<Duration> retryAfter)
{
    if (words && words->code == error.code && isCallersOwn(error.code)) {
        const int status = wire::callerStatusOf(*words);
        std::string body = wire::errorBody(*words, x.format);
        co_await x.refuse(std::move(error), status, std::move(body));
        co_return;
    }
    if (error.code != ErrorCode::RateLimited)
        retryAfter.reset();
    co_await x.refuse(std::move(error), retryAfter);
}

Task<AttemptEnd> tryOnce(Exchange &x, const routing::Attempt &attempt, Keepalive &alive)
{
    AttemptBook book(x, attempt);
    if (attempt.wait > Duration::zero()) {
        const bool there = co_await alive.pause(attempt.wait);
        if (!there)
            co_return AttemptEnd();
    }
    AttemptEnd end = co_await makeAttempt(x, book, alive);
    co_return end;
}

} // namespace

Task<Result<void>> Attempts::answer(Exchange &x)
{
    routing::AttemptSequence sequence(x.plan, m_services.health, x.worker.random(), x.star, x.deadline);
    Keepalive alive(x);
    std::optional<routing::Failure> failure;
    std::optional<wire::UpstreamError> words;
    for (;;) {
        Result<routing::Attempt> next = sequence.next(std::exchange(failure, std::nullopt), x.now());
        noteSkipped(x, sequence.takeSkipped());
        if (!next) {
            co_await giveUp(x, std::move(next.error()), words, sequence.soonestRetryAfter());
            break;
        }
        AttemptEnd end = co_await tryOnce(x, *next, alive);
        if (end.kind == AttemptEnd::Kind::Answered)
            break;
        if (end.kind == AttemptEnd::Kind::Over || x.callerLeft()) {
            if (!x.replied) {
                Error left {.code = ErrorCode::Cancelled, .message = "The caller left."};
                co_await x.refuse(std::move(left));
            }
            break;
        }
        failure = std::move(end.failure);
        words = std::move(end.words);
    }
    co_return Result<void>();
}

} // namespace gateway::stages
