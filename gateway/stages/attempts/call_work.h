// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/block_cache.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/routing/attempt_sequence.h"
#include "gateway/stages/attempts/call_prices.h"
#include "gateway/stages/attempts/passthrough.h"
#include "gateway/stages/attempts/quota_view.h"
#include "gateway/stages/attempts/room.h"
#include "gateway/stages/attempts/try.h"

#include <memory>
#include <optional>

namespace gateway::stages {

/// What the attempts of one call share.
struct CallWork : Pooled
{
    explicit CallWork(pipeline::Exchange &exchange) : x(exchange), prices(x), alive(x), media(x)
    {
        if (x.config->countsPlaces)
            room.emplace(x);
        if (x.quota)
            quota.emplace(x, beneathQuota());
        startOver();
    }

    /// Plans anew, as for a call that has just come: nothing was asked yet.
    void startOver()
    {
        x.limitClaims.settle({}); // given back
        pipeline::Services &services = x.worker.services;
        routing::HealthView &health = quota ? static_cast<routing::HealthView &>(*quota) : beneathQuota();
        sequence.emplace(x.plan, routing::Surroundings {health, &services.planBooks, &x.limitClaims, &prices}, x.facts, x.worker.random(), starOf(x), x.deadline);
        if (mayQueue())
            sequence->waitForRoom();
    }
    [[nodiscard]] bool mayQueue() const { return x.route && x.route->queue.max > 0; }

    /// What is asked of a provider's own API says nothing of a model's health, nor the other way round.
    static std::string_view starOf(const pipeline::Exchange &x) { return passesThrough(x) ? std::string_view() : std::string_view(x.star); }

    [[nodiscard]] routing::HealthView &beneathQuota() { return room ? static_cast<routing::HealthView &>(*room) : x.worker.services.health; }

    pipeline::Exchange &x;
    CallPrices prices;
    std::optional<Room> room;                   ///< where some route has a queue
    std::optional<QuotaView> quota;             ///< where budgets or limits hold for the call
    std::optional<routing::AttemptSequence> sequence; ///< always there
    Keepalive alive;
    CallMedia media;
    std::unique_ptr<Continuation> continuation; ///< where the route rescues streams
    routing::Attempt attempt;                   ///< the last one
    std::optional<AttemptBook> book;            ///< of the attempt under way
    AttemptEnd end;                             ///< of the last one

    /// Opens the book of the attempt that was planned last.
    void open(const routing::Attempt &planned, std::optional<AttemptBook> &itsBook)
    {
        itsBook.emplace(x, planned);
        if (room)
            itsBook->hold(room->takeClaimed());
        if (quota)
            itsBook->hold(quota->takeClaimed());
    }
    /// Content has gone to the caller, and another target may be asked for the rest.
    [[nodiscard]] bool isAnswerUnderWay() const { return continuation && continuation->hasBegun(); }
    /// The attempt, where no other one goes beside it.
    [[nodiscard]] Try alone() { return {.x = x, .book = *book, .media = media, .alive = alive, .end = end, .cancel = x.cancel, .continuation = continuation.get()}; }
};

} // namespace gateway::stages
