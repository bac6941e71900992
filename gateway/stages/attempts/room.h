// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/exchange.h"
#include "gateway/routing/health_view.h"
#include "gateway/routing/plan.h"
#include "gateway/state/place_counts.h"

#include <limits>
#include <utility>

namespace gateway::stages {

/// Health as a call sees it while some route has a queue: every attempt takes a place at its provider, and for calls of routes
/// with a queue a provider without a free one (max_connections) is as much at its limits as one whose rpm is used up. Other
/// calls wait for a connection as ever.
class Room final : public routing::HealthView
{
public:
    explicit Room(pipeline::Exchange &x) : m_x(x), m_limits(x.route && x.route->queue.max > 0) {}

    [[nodiscard]] std::optional<routing::Rest> resting(const routing::Subject &subject, SteadyTime now) const override
    {
        auto rest = m_x.worker.services.health.resting(subject, now);
        if (!rest && m_limits && m_x.worker.services.places.taken(subject.target->providerHealthId) >= placesOf(*subject.target))
            rest = none(now);
        return rest;
    }
    [[nodiscard]] bool claimProbe(const routing::Subject &subject, SteadyTime now) override { return m_x.worker.services.health.claimProbe(subject, now); }
    [[nodiscard]] routing::Figures figures(const routing::Subject &subject, SteadyTime now) const override { return m_x.worker.services.health.figures(subject, now); }
    [[nodiscard]] std::optional<routing::Rest> claimRoom(const routing::Subject &subject, std::int64_t tokens, SteadyTime now) override
    {
        m_claimed = {};
        auto place = m_x.worker.services.places.take(subject.target->providerHealthId, m_limits ? placesOf(*subject.target) : std::numeric_limits<int>::max());
        if (!place)
            return none(now);
        auto full = m_x.worker.services.health.claimRoom(subject, tokens, now);
        if (!full)
            m_claimed = std::move(place);
        return full;
    }

    /// The place of the attempt that was planned last.
    [[nodiscard]] state::PlaceCounts::Place takeClaimed() { return std::move(m_claimed); }

private:
    [[nodiscard]] int placesOf(const routing::Target &target) const { return m_x.config->providers[target.provider].address.maxConnections; }
    [[nodiscard]] static routing::Rest none(SteadyTime now) { return {routing::Rest::Why::PlacesTaken, now}; }

    pipeline::Exchange &m_x;
    bool m_limits;
    state::PlaceCounts::Place m_claimed;
};

} // namespace gateway::stages
