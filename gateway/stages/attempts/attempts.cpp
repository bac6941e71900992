// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/attempts.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/quota_hold.h"
#include "gateway/stages/attempts/attempt.h"
#include "gateway/stages/attempts/call_work.h"
#include "gateway/stages/attempts/passthrough.h"
#include "gateway/stages/attempts/queue_wait.h"
#include "gateway/stages/attempts/race.h"
#include "gateway/stages/attempts/realtime.h"
#include "gateway/stages/attempts/response_home.h"
#include "gateway/stages/attempts/shadow.h"
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

/// The next attempt. An error ends the call.
Result<routing::Attempt> planNext(Exchange &x, CallWork &work)
{
    std::optional<routing::Failure> failure;
    if (work.sequence->attempts() > 0)
        failure = std::move(work.end.failure);
    else if (work.mayQueue() && x.worker.services.queue.hasWaiting(x.route->line))
        return fail(ErrorCode::Busy, "Others wait already.");
    if (work.isAnswerUnderWay()) {
        if (!work.continuation->isPossible())
            return fail(failure->code, std::move(failure->message));
        work.sequence->goOnWithAnswer();
    }
    return work.sequence->next(std::move(failure), x.now());
}

void openBook(Exchange &x, CallWork &work, const routing::Attempt &planned)
{
    work.end = AttemptEnd();
    if (!work.continuation && Continuation::wanted(x))
        work.continuation = std::make_unique<Continuation>(x);
    work.attempt = planned;
    work.open(planned, work.book);
}

Task<void> tryWithCompany(Exchange &x, CallWork &work)
{
    const auto race = std::make_unique<Race>(work, *x.route->hedgeAfter);
    co_await race->run();
}

Task<void> giveUp(Exchange &x, CallWork &work, Error error)
{
    if (work.isAnswerUnderWay()) { // content has gone out, and nobody may take this for a whole answer (F10)
        std::string event = work.continuation->errorEvent(error);
        co_await x.breakOff(std::move(error), std::move(event));
        co_return;
    }
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
    const bool unasked = error.code == ErrorCode::BudgetExceeded || error.code == ErrorCode::RateLimited;
    if (unasked && x.attempts == 0 && x.quota && x.quota->lastRefusal()) { // whose room it was that every target lacked
        retryAfter = x.quota->lastRefusal()->retryAfter;
        error = state::errorOf(*x.quota->lastRefusal());
    } else if (error.code == ErrorCode::RateLimited)
        retryAfter = work.sequence->soonestRetryAfter();
    else if (error.code == ErrorCode::Busy)
        retryAfter = std::chrono::seconds {1};
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
    std::optional<Shadow> shadow;
    if (x.route && x.route->shadow && x.attempts == 0 && Shadow::isDrawn(x)) // of a call that asks again, its first round
        shadow.emplace(x);
    const auto work = std::make_unique<CallWork>(x);
    while (work->end.kind != AttemptEnd::Kind::Answered) {
        Result<routing::Attempt> next = planNext(x, *work);
        if (hasToWait(*work, next))
            next = co_await waitInLine(*work);
        notePlanning(x, *work->sequence);
        if (!next) {
            co_await giveUp(x, *work, std::move(next.error()));
            break;
        }
        openBook(x, *work, *next);
        bool there = true;
        if (work->attempt.wait > Duration::zero())
            there = co_await work->alive.pause(work->attempt.wait);
        if (there && passesThrough(x)) {
            co_await passThrough(x, *work->book, work->end);
        } else if (there && x.endpoint == Endpoint::Realtime) {
            co_await openRealtime(x, *work->book, work->end);
        } else if (there && Race::isWanted(x) && !work->isAnswerUnderWay()) {
            co_await tryWithCompany(x, *work);
        } else if (there) {
            const Try alone = work->alone();
            co_await makeAttempt(alone);
        }
        work->book.reset(); // health hears of it before the next one is chosen
        const AttemptEnd::Kind kind = work->end.kind;
        if (kind == AttemptEnd::Kind::Over || (kind == AttemptEnd::Kind::Failed && (x.callerLeft() || x.stopped()))) {
            if (!x.replied)
                co_await sayLeft(x);
            break;
        }
    }
    if (shadow && work->end.kind == AttemptEnd::Kind::Answered)
        shadow->send(x);
    co_return Result<void>();
}

} // namespace gateway::stages
