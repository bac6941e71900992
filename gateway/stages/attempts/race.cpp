// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/race.h"

#include "gateway/stages/attempts/attempt.h"

#include <algorithm>
#include <utility>

namespace gateway::stages {

using pipeline::Task;

namespace {

constexpr Duration untilWoken = std::chrono::hours {1}; // whoever has news ends the pause

std::unique_ptr<Continuation> continuationFor(pipeline::Exchange &x)
{
    return Continuation::wanted(x) ? std::make_unique<Continuation>(x) : nullptr;
}

} // namespace

bool Race::isWanted(const pipeline::Exchange &x)
{
    return x.route && x.route->hedgeAfter && (isChat(x.endpoint) || x.endpoint == Endpoint::Completions || x.endpoint == Endpoint::Embeddings);
}

Race::Racer::Racer(Race &itsRace, AttemptBook &book, CallMedia &media, const routing::Attempt &planned, std::unique_ptr<Continuation> itsContinuation)
    : race(itsRace)
    , attempt(planned)
    , continuation(std::move(itsContinuation))
    , itsTry {.x = itsRace.m_x, .book = book, .media = media, .alive = itsRace.m_work.alive, .end = end, .cancel = cancel, .continuation = continuation.get(), .gate = this}
{
}

Task<bool> Race::Racer::pass()
{
    at = At::Gate;
    race.wakeUp();
    while (at == At::Gate)
        co_await race.m_x.worker.timers.pause(untilWoken, atGate);
    co_return at == At::Through;
}

void Race::Racer::leaveGate(bool through)
{
    at = through ? At::Through : At::TurnedAway;
    atGate.cancel();
}

Race::Race(CallWork &work, Duration after) : m_work(work), m_x(work.x), m_secondAt(m_x.now() + after), m_secondMedia(m_x)
{
    m_racers[0].emplace(*this, *work.book, work.media, work.attempt, std::move(work.continuation));
}

Task<void> Race::run()
{
    m_work.alive.hold(true);
    m_x.cancel.setHook([this] {
        endAllBut(nullptr);
        wakeUp();
    });
    start(*m_racers[0]);
    co_await awaitFirst();

    Racer *winner = m_x.callerLeft() ? nullptr : atGate();
    endAllBut(winner);
    co_await awaitEnds(winner); // what the others cost is known before the winner's answer tells the call's
    m_work.alive.hold(false);
    if (winner) {
        winner->leaveGate(true);
        co_await awaitEnds(nullptr);
    }
    m_x.cancel.setHook(nullptr);
    takeEnd(winner);
}

/// Until one has content, or none is left. Comments go to the caller from here: no try may write beside another.
Task<void> Race::awaitFirst()
{
    for (;;) {
        m_wake = pipeline::CancelSource();
        if (m_x.callerLeft() || haveEnded(nullptr) || atGate())
            co_return;
        const SteadyTime now = m_x.now();
        if (now >= m_secondAt) {
            addSecond(); // it may have news before it returns
            continue;
        }
        if (now >= m_work.alive.heldDue()) {
            const bool there = co_await m_work.alive.beat();
            if (!there)
                co_return;
            continue;
        }
        const SteadyTime due = std::min({m_secondAt, m_work.alive.heldDue(), now + untilWoken});
        co_await m_x.worker.timers.pause(due - now, m_wake);
    }
}

Task<void> Race::awaitEnds(const Racer *but)
{
    for (;;) {
        m_wake = pipeline::CancelSource();
        if (haveEnded(but))
            co_return;
        co_await m_x.worker.timers.pause(untilWoken, m_wake);
    }
}

Task<void> Race::pursue(Racer &racer)
{
    try {
        co_await makeAttempt(racer.itsTry);
    } catch (...) {
        racer.broken = std::current_exception(); // told where the call's own coroutine goes on
    }
    racer.ended = true;
    racer.race.m_lastEnded = &racer;
    racer.race.wakeUp();
}

void Race::addSecond()
{
    m_secondAt = pipeline::never;
    const std::optional<routing::Attempt> next = m_work.sequence->beside(m_x.now());
    notePlanning(m_x, *m_work.sequence);
    if (!next)
        return;
    m_work.open(*next, m_secondBook);
    m_secondBook->markAsHedge();
    start(m_racers[1].emplace(*this, *m_secondBook, m_secondMedia, *next, continuationFor(m_x)));
}

void Race::endAllBut(const Racer *winner)
{
    for (std::optional<Racer> &racer : m_racers) {
        if (!racer || &*racer == winner || racer->ended)
            continue;
        racer->cancel.cancel();
        if (racer->at == Racer::At::Gate)
            racer->leaveGate(false);
    }
}

Race::Racer *Race::atGate()
{
    const auto found = std::ranges::find_if(m_racers, [](const std::optional<Racer> &racer) { return racer && racer->at == Racer::At::Gate; });
    return found == m_racers.end() ? nullptr : &**found;
}

bool Race::haveEnded(const Racer *but) const
{
    return std::ranges::all_of(m_racers, [but](const std::optional<Racer> &racer) { return !racer || racer->ended || &*racer == but; });
}

void Race::takeEnd(Racer *winner)
{
    for (const std::optional<Racer> &racer : m_racers) {
        if (racer && racer->broken)
            std::rethrow_exception(racer->broken);
    }
    Racer &last = winner ? *winner : *m_lastEnded;
    for (const std::optional<Racer> &racer : m_racers) {
        if (!winner && racer && &*racer != &last && racer->end.kind == AttemptEnd::Kind::Failed)
            m_work.sequence->failedBeside(racer->attempt, racer->end.failure, m_x.now());
    }
    m_work.sequence->isAbout(last.attempt);
    m_work.continuation = std::move(last.continuation);
    m_work.end = std::move(last.end);
}

} // namespace gateway::stages
