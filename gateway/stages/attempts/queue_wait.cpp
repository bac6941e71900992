// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/queue_wait.h"

#include "gateway/pipeline/worker_wait.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

/// Nobody tells of room that comes with time, or through a new configuration.
constexpr Duration betweenLooks = std::chrono::seconds {1};
constexpr Duration leastBetweenLooks = std::chrono::milliseconds {5};

/// Callers take turns by their keys.
std::uint64_t callerOf(const Exchange &x)
{
    return x.key ? routing::stableId(x.key->id) : 0;
}

std::unexpected<Error> inVain(const CallWork &work, std::string_view why)
{
    Error error {.code = ErrorCode::Busy, .message = fmt::format("Every target of {} is at its limits, and {}.", work.x.route->name, why)};
    if (work.sequence->soonestRetryAfter())
        error.code = ErrorCode::RateLimited;
    return std::unexpected(std::move(error));
}

/// When the front of the line has to look again by itself.
SteadyTime nextLook(SteadyTime until, SteadyTime now)
{
    return until <= now ? now + betweenLooks : std::clamp(until, now + leastBetweenLooks, now + betweenLooks);
}

} // namespace

bool hasToWait(CallWork &work, const Result<routing::Attempt> &planned)
{
    return work.mayQueue() && work.sequence->attempts() == 0 && !planned && (work.sequence->fullUntil() || work.x.worker.services.queue.hasWaiting(work.x.route->line));
}

Task<Result<routing::Attempt>> waitInLine(CallWork &work)
{
    Exchange &x = work.x;
    const config::Queue &queue = x.route->queue;
    const auto place = x.worker.services.queue.enter(x.route->line, callerOf(x), queue.max);
    if (!place)
        co_return inVain(work, fmt::format("as many calls wait as may ({})", queue.max));
    const SteadyTime leaveAt = std::min(x.now() + Duration(queue.timeout), x.deadline);
    for (;;) {
        const SteadyTime now = x.now();
        SteadyTime wakeAt = std::min(leaveAt, work.alive.due());
        if (place->isFront()) {
            work.startOver();
            Result<routing::Attempt> planned = work.sequence->next(std::nullopt, now);
            const auto full = work.sequence->fullUntil();
            if (planned || !full)
                co_return planned;
            if (now < leaveAt && *full >= leaveAt)
                co_return inVain(work, "none of them has room in time");
            wakeAt = std::min(wakeAt, nextLook(*full, now));
        }
        if (now >= x.deadline)
            co_return fail(ErrorCode::TotalTimeout, "The call waited for room at a target for as long as its caller allows (x-signalbox-timeout).");
        if (now >= leaveAt)
            co_return inVain(work, fmt::format("there was no room within {} ms", std::chrono::duration_cast<std::chrono::milliseconds>(queue.timeout).count()));
        if (now >= work.alive.due()) {
            const bool there = co_await work.alive.beat();
            if (!there)
                co_return fail(ErrorCode::Cancelled, "The caller left.");
            continue;
        }
        const pipeline::WorkerWait news(x.worker.timers);
        place->listen(news.signal());
        co_await news.done(wakeAt - now, x.cancel);
        if (x.callerLeft())
            co_return fail(ErrorCode::Cancelled, "The caller left.");
    }
}

} // namespace gateway::stages
