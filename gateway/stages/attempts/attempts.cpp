// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/attempts.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt.h"
#include "gateway/stages/attempts/passthrough.h"
#include "gateway/stages/attempts/realtime.h"
#include "gateway/stages/attempts/response_home.h"
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

/// What the attempts of one call share.
struct Work : Pooled
{
    Work(Exchange &x, state::HealthRegistry &health) : sequence(x.plan, health, x.worker.random(), starOf(x), x.deadline, x.promptTokens), alive(x), media(x) {}

    /// What is asked of a provider's own API says nothing of a model's health, nor the other way round.
    static std::string_view starOf(const Exchange &x) { return passesThrough(x) ? std::string_view() : std::string_view(x.star); }

    routing::AttemptSequence sequence;
    Keepalive alive;
    CallMedia media;
    std::optional<AttemptBook> book; ///< of the attempt under way
    AttemptEnd end;                  ///< of the last one
};

/// Opens the next attempt's book. @return how long to wait before it, or what ends the call
Result<Duration> openNext(Exchange &x, Work &work)
{
    std::optional<routing::Failure> failure;
    if (work.sequence.attempts() > 0)
        failure = std::move(work.end.failure);
    Result<routing::Attempt> next = work.sequence.next(std::move(failure), x.now());
    noteSkipped(x, work.sequence);
    if (!next)
        return std::unexpected(std::move(next.error()));
    work.end = AttemptEnd();
    work.book.emplace(x, *next);
    return next->wait;
}

Task<void> giveUp(Exchange &x, Work &work, Error error)
{
    if (work.end.own) {
        x.answerError = std::move(error);
        co_await sendOwn(x, *work.end.own);
        co_return;
    }
    const std::optional<wire::UpstreamError> &words = work.end.words;
    if (words && words->code == error.code && isCallersOwn(error.code)) {
        const int status = wire::callerStatusOf(*words);
        std::string body = wire::errorBody(*words, x.format);
        co_await x.refuse(std::move(error), status, std::move(body));
        co_return;
    }
    if (error.code == ErrorCode::UpstreamModelNotFound && !x.star.empty()) { // the star of a wildcard route is the caller's own word
        error.code = ErrorCode::UnknownModel;
        error.where = "model";
    }
    std::optional<Duration> retryAfter;
    if (error.code == ErrorCode::RateLimited)
        retryAfter = work.sequence.soonestRetryAfter();
    co_await x.refuse(std::move(error), retryAfter);
}

Task<void> sayLeft(Exchange &x)
{
    Error left {.code = ErrorCode::Cancelled, .message = "The caller left."};
    co_await x.refuse(std::move(left));
}

} // namespace

Task<Result<void>> Attempts::answer(Exchange &x)
{
    if (x.endpoint == Endpoint::Responses) {
        const bool there = co_await goHome(x);
        if (!there)
            co_return Result<void>();
    }
    const auto work = std::make_unique<Work>(x, m_services.health);
    while (work->end.kind != AttemptEnd::Kind::Answered) {
        Result<Duration> wait = openNext(x, *work);
        if (!wait) {
            co_await giveUp(x, *work, std::move(wait.error()));
            break;
        }
        bool there = true;
        if (*wait > Duration::zero())
            there = co_await work->alive.pause(*wait);
        if (there && passesThrough(x))
            co_await passThrough(x, *work->book, work->end);
        else if (there && x.endpoint == Endpoint::Realtime)
            co_await openRealtime(x, *work->book, work->end);
        else if (there)
            co_await makeAttempt(x, *work->book, work->media, work->alive, work->end);
        work->book.reset(); // health hears of it before the next one is chosen
        const AttemptEnd::Kind kind = work->end.kind;
        if (kind == AttemptEnd::Kind::Over || (kind == AttemptEnd::Kind::Failed && x.callerLeft())) {
            if (!x.replied)
                co_await sayLeft(x);
            break;
        }
    }
    co_return Result<void>();
}

} // namespace gateway::stages
