// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_log.h"

#include "gateway/api/call_import.h"
#include "gateway/api/teller.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/call_scan.h"
#include "gateway/storage/retention.h"

#include <algorithm>
#include <utility>

namespace gateway::api {

namespace {

constexpr config::Millis logPatience {5'000}; ///< for calls that just ended to be stored

using Flag = std::shared_ptr<std::atomic<bool>>;

/// Set once the context is gone. @param job  the child of it that says so
Flag goneWith(QObject *job)
{
    auto gone = std::make_shared<std::atomic<bool>>(false);
    QObject::connect(job, &QObject::destroyed, [gone] { *gone = true; });
    return gone;
}

template <typename Progress>
std::function<void(Progress)> orNobody(std::function<void(Progress)> told)
{
    return told ? std::move(told) : [](Progress) {};
}

/// One that runs through the writer's steps.
struct Pruner
{
    storage::Retention::Pruning at;
    std::uint64_t expected = 0;
    std::int64_t usedBefore = -1; ///< bytes; -1: it has not begun
    Flag gone, ended, running;
    Teller<PruneProgress> tell;
    std::function<void(Result<PruneSummary>)> done;

    bool step(const storage::WriterDesk *desk)
    {
        if (desk == nullptr || *gone || *ended)
            return finish(fail(ErrorCode::Cancelled, "Ended before all was removed."));
        if (usedBefore < 0) {
            const auto used = desk->retention.usedBytes();
            if (!used)
                return finish(std::unexpected(used.error()));
            usedBefore = *used;
        }
        const auto more = desk->retention.prune(at);
        if (!more)
            return finish(std::unexpected(more.error()));
        tell.at(std::min(at.calls, expected), expected);
        if (*more)
            return true;
        const auto used = desk->retention.usedBytes();
        if (!used)
            return finish(std::unexpected(used.error()));
        return finish(PruneSummary {.calls = at.bodiesOnly ? at.bodies : at.calls, .bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(usedBefore - *used, 0))});
    }

    bool finish(Result<PruneSummary> summary)
    {
        *running = false;
        done(std::move(summary));
        return false;
    }
};

} // namespace

EmbeddedLog::EmbeddedLog(Needs needs, Gateway *gateway) : LogTools(gateway), m_gateway(*gateway), m_needs(std::move(needs)) {}

EmbeddedLog::~EmbeddedLog()
{
    *m_ended = true;
    m_import.end();
}

void EmbeddedLog::importCalls(ImportOrder order, QObject *context, std::function<void(ImportProgress)> onProgress, Answer<ImportSummary> done)
{
    if (m_import.busy())
        return done(fail(ErrorCode::Busy, "An import runs already. Try again once it is done."));
    auto *job = new QObject(context); // goes with the context, and ends the import then
    auto tell = m_needs.deliverer.to<ImportProgress>(context, orNobody(std::move(onProgress)));
    auto deliver = m_needs.deliverer.to<Result<ImportSummary>>(context, [job, done = std::move(done)](Result<ImportSummary> summary) {
        job->deleteLater();
        done(std::move(summary));
    });
    const config::LogSettings log = m_gateway.config()->gateway.log;
    const WallTime now = m_needs.clock.wallNow();
    const ImportRules rules {.notBefore = now - log.keep, .bodiesFrom = now - std::min(log.keep, log.keepBodies)};
    m_import.start([&writer = m_needs.writer, order = std::move(order), rules, gone = goneWith(job), tell = std::move(tell), deliver = std::move(deliver)](const std::atomic<bool> &ending) mutable {
        static_cast<void>(writer.flush(logPatience));
        Teller<ImportProgress> teller(std::move(tell));
        deliver(api::importCalls(order, rules, writer, [&](std::uint64_t at, std::uint64_t all) {
            teller.at(at, all);
            return !ending && !*gone;
        }));
    });
}

void EmbeddedLog::pruneCalls(PruneOrder order, QObject *context, std::function<void(PruneProgress)> onProgress, Answer<PruneSummary> done)
{
    order.before = std::min(order.before, m_needs.clock.wallNow()); // calls that run are none yet
    m_needs.queries.ask<storage::OldCalls>(
        QueryService::Length::Long, {}, context, [before = order.before](storage::CallLogReader &log) { return log.oldCalls(before); },
        [this, order, context, onProgress = std::move(onProgress), done = std::move(done)](const Result<storage::OldCalls> &old) mutable {
            if (!old)
                return done(std::unexpected(old.error()));
            if (!order.dryRun)
                return remove(order, old->calls, context, std::move(onProgress), std::move(done));
            done(PruneSummary {.calls = order.bodiesOnly ? old->withBodies : old->calls, .bytes = old->bodyBytes + (order.bodiesOnly ? 0 : old->callBytes)});
        });
}

void EmbeddedLog::remove(PruneOrder order, std::uint64_t expected, QObject *context, std::function<void(PruneProgress)> onProgress, Answer<PruneSummary> done)
{
    if (m_pruning->exchange(true))
        return done(fail(ErrorCode::Busy, "Calls are being removed already. Try again once that is done."));
    auto *job = new QObject(context); // goes with the context, and ends the pruning then
    auto deliver = m_needs.deliverer.to<Result<PruneSummary>>(context, [job, done = std::move(done)](Result<PruneSummary> summary) {
        job->deleteLater();
        done(std::move(summary));
    });
    Pruner pruner {.at = {.beforeUs = order.before.time_since_epoch().count(), .bodiesOnly = order.bodiesOnly},
                   .expected = expected,
                   .gone = goneWith(job),
                   .ended = m_ended,
                   .running = m_pruning,
                   .tell = Teller<PruneProgress>(m_needs.deliverer.to<PruneProgress>(context, orNobody(std::move(onProgress)))),
                   .done = std::move(deliver)};
    m_needs.writer.work([pruner = std::move(pruner)](const storage::WriterDesk *desk) mutable { return pruner.step(desk); });
}

} // namespace gateway::api
