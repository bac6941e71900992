// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/quota_hold.h"
#include "gateway/routing/health_view.h"
#include "gateway/routing/plan.h"

#include <utility>

namespace gateway::stages {

/// Health as a call sees it that budgets or limits hold for: a target whose provider has no room in its own, or that costs
/// more than the call's scopes have room for, rests; what is planned is claimed (architecture.md, step 6).
class QuotaView final : public routing::HealthView
{
public:
    /// @param beneath  outlives it
    QuotaView(pipeline::Exchange &x, routing::HealthView &beneath) : m_x(x), m_beneath(beneath) {}

    [[nodiscard]] std::optional<routing::Rest> resting(const routing::Subject &subject, SteadyTime now) const override
    {
        auto rest = m_beneath.resting(subject, now);
        if (rest)
            return rest;
        const auto refused = m_x.quota->refusal(rulesOf(subject), costsAt(subject), m_x.record, now);
        return refused ? std::optional(restOf(*refused, now)) : std::nullopt;
    }
    [[nodiscard]] bool claimProbe(const routing::Subject &subject, SteadyTime now) override
    {
        if (claim(subject, now))
            return false;
        const bool claimed = m_beneath.claimProbe(subject, now);
        if (!claimed)
            m_claimed = {};
        return claimed;
    }
    [[nodiscard]] routing::Figures figures(const routing::Subject &subject, SteadyTime now) const override { return m_beneath.figures(subject, now); }
    [[nodiscard]] std::optional<routing::Rest> claimRoom(const routing::Subject &subject, std::int64_t tokens, SteadyTime now) override
    {
        if (auto refused = claim(subject, now))
            return refused;
        auto full = m_beneath.claimRoom(subject, tokens, now);
        if (full)
            m_claimed = {};
        return full;
    }

    /// What the attempt that was planned last has claimed.
    [[nodiscard]] pipeline::AttemptClaim takeClaimed() { return std::exchange(m_claimed, {}); }

private:
    [[nodiscard]] const state::ScopeRules &rulesOf(const routing::Subject &subject) const { return m_x.config->providers[subject.target->provider].quota; }
    [[nodiscard]] pipeline::CostEstimate costsAt(const routing::Subject &subject) const { return costAt(m_x, *subject.target); }

    std::optional<routing::Rest> claim(const routing::Subject &subject, SteadyTime now)
    {
        m_claimed = {}; // before the next one: it may be of the same provider
        auto claimed = m_x.quota->claim(rulesOf(subject), costsAt(subject), m_x.record, now);
        if (!claimed)
            return restOf(claimed.error(), now);
        m_claimed = std::move(*claimed);
        return std::nullopt;
    }
    routing::Rest restOf(const state::QuotaRefusal &refusal, SteadyTime now) const
    {
        m_x.quota->note(refusal);
        if (refusal.isBudget())
            return {routing::Rest::Why::BudgetUsedUp, now};
        return {routing::Rest::Why::LimitReached, now + refusal.retryAfter.value_or(Duration::zero())};
    }

    pipeline::Exchange &m_x;
    routing::HealthView &m_beneath;
    pipeline::AttemptClaim m_claimed;
};

} // namespace gateway::stages
