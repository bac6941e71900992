// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/account/account.h"

#include "gateway/pipeline/answer_caches.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/quota_hold.h"
#include "gateway/pipeline/worker_wait.h"

#include <algorithm>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

constexpr Duration longestCommit = std::chrono::seconds {2}; // faults.md G02
constexpr Duration longestCatchUp = std::chrono::seconds {1};
constexpr Duration catchUpStep = std::chrono::milliseconds {10};

TokenUsage sumOf(const CallRecord &record)
{
    TokenUsage sum;
    for (const AttemptRecord &attempt : record.attempts)
        sum += attempt.usage;
    return sum;
}

/// What budgets and limits have let go, with its true figures; and what the route's next estimates can learn of it.
void settleQuota(Exchange &x, SteadyTime now)
{
    CallRecord &record = x.record;
    x.quota->settle(record, now);
    if (x.route && record.status == CallStatus::Ok && x.attempts > 0 && !record.usage.estimated)
        x.worker.usage.learn(x.route->line, x.endpoint, x.promptTokens, record.usage.input / x.attempts, record.usage.output / x.attempts);
}

void finish(Exchange &x)
{
    CallRecord &record = x.record;
    const SteadyTime now = x.now();
    record.latencyUs = x.elapsedUs(now);
    record.usage = sumOf(record);
    record.cost = x.cost();
    x.limitClaims.settle(record.attempts);
    if (x.quota)
        settleQuota(x, now);
    x.worker.services.queue.roomMade();
    if (x.answering) { // whose content the caller got, whole or in part
        record.provider = record.attempts[*x.answering].provider;
        record.model = record.attempts[*x.answering].model;
    }
    record.bodies = x.capture.take();
    const std::string &token = x.worker.services.testToken;
    const auto mark = token.empty() ? std::nullopt : findHeader(x.request.headers, "x-signalbox-test");
    record.test = mark && x.worker.services.keyHasher.same(*mark, token);
}

telemetry::CallSample sampleOf(const Exchange &x)
{
    const CallRecord &record = x.record;
    const bool answered = !record.provider.empty();
    telemetry::CallSample sample;
    sample.endedAt = x.worker.clock.wallNow();
    sample.status = record.status;
    sample.error = record.error;
    sample.rescued = isRescued(record);
    sample.latencyUs = record.latencyUs;
    sample.firstByteUs = record.firstByteUs;
    sample.usage = record.usage;
    sample.cost = record.cost;
    sample.route = x.route ? x.route->slot : telemetry::Slot {};
    sample.team = x.key ? x.key->teamSlot : x.authenticated ? x.config->defaultTeamSlot : telemetry::Slot {};
    if (answered && x.attempts > 0)
        sample.provider = x.config->providers[x.config->targets[x.target].routing->provider].slot;
    return sample;
}

} // namespace

bool Account::close(Exchange &x, std::move_only_function<void(bool)> onCommitted)
{
    x.settled = true;
    finish(x);
    if (x.purpose == Exchange::Purpose::Call)
        x.worker.stats.callEnded(sampleOf(x));
    if (m_services.caches)
        m_services.caches->count(x.record);
    if ((x.purpose == Exchange::Purpose::LogRead || x.purpose == Exchange::Purpose::Feedback) && x.authenticated)
        return false;
    if (!x.authenticated && !m_services.refusals.admit(x.record.peer, x.now()))
        return false;
    m_services.records.push(std::move(x.record), std::move(onCommitted));
    return true;
}

void Account::settle(Exchange &x) noexcept
{
    if (x.settled)
        return;
    try {
        close(x, {});
    } catch (...) {
        x.settled = true; // no memory for the record: the call itself must not suffer
    }
}

Task<void> Account::settleDurably(Exchange &x)
{
    if (x.settled)
        co_return;
    if (x.config->gateway.durability != config::Durability::Strict) {
        close(x, {});
        co_await waitForTheLog(x);
        co_return;
    }
    const pipeline::WorkerWait wait(x.worker.timers);
    if (close(x, [signal = wait.signal()](bool) mutable { signal(); }))
        co_await wait.done(longestCommit);
}

/// Callers that come faster than the log can be written are slowed to its pace: what a crash may lose stays bounded.
Task<void> Account::waitForTheLog(Exchange &x)
{
    const SteadyTime until = x.now() + longestCatchUp;
    pipeline::CancelSource cancel;
    while (logBehind() && x.now() < until)
        co_await x.worker.timers.pause(catchUpStep, cancel);
}

} // namespace gateway::stages
