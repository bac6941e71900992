// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/health_view.h"
#include "gateway/routing/plan_memory.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

/// What stands in the place of health and memory where a call is only supposed: nothing is taken, counted or claimed.
namespace gateway::routing {

/// Health that is only looked at.
class DryHealth final : public HealthView
{
public:
    explicit DryHealth(HealthView &real) : m_real(real) {}
    [[nodiscard]] std::optional<Rest> resting(const Subject &subject, SteadyTime now) const override { return m_real.resting(subject, now); }
    [[nodiscard]] bool claimProbe(const Subject &, SteadyTime) override { return true; }
    [[nodiscard]] Figures figures(const Subject &subject, SteadyTime now) const override { return m_real.figures(subject, now); }

private:
    HealthView &m_real;
};

/// Turns that are not taken, and claims that are given back at once.
class DryMemory final : public PlanMemory
{
public:
    explicit DryMemory(PlanMemory *real) : m_real(real) {}
    [[nodiscard]] std::uint64_t turn(std::uint64_t node) override { return nextTurn(node); }
    [[nodiscard]] std::uint64_t nextTurn(std::uint64_t node) const override { return m_real ? m_real->nextTurn(node) : 0; }
    [[nodiscard]] Result<std::unique_ptr<LimitClaim>> claim(const Limit &limit, const LimitAsk &ask) override
    {
        if (!m_real)
            return nullptr;
        auto claimed = m_real->claim(limit, ask);
        if (!claimed)
            return std::unexpected(std::move(claimed.error()));
        return nullptr;
    }

private:
    PlanMemory *m_real;
};

/// "circuit open, for 12 s more"; of what a target cannot do, only that.
[[nodiscard]] std::string restWords(const Rest &rest, SteadyTime now);

} // namespace gateway::routing
