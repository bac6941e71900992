// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/pooled_containers.h"
#include "gateway/pipeline/call_estimate.h"
#include "gateway/routing/call_facts.h"
#include "gateway/state/quota/quotas.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace gateway::pipeline {

/// What an attempt claimed when it was planned.
struct AttemptClaim
{
    state::Reservation provider {}; ///< of its provider's rules
    CostEstimate costs {};
};

/// What one call holds of the books of the scopes that it belongs to: its own scopes' for all of its attempts together, a
/// provider's for each attempt at it. Made by stages/quota, only for calls that some rule may hold for; settled with the
/// call's books, before the last byte of its answer leaves. On the call's worker.
class QuotaHold final : public Pooled, public routing::BudgetView
{
public:
    /// @param begun  when the call came. The clocks are not read again: what passed since then is added to the calendar's
    QuotaHold(state::Quotas &quotas, Endpoint endpoint, const state::Moment &begun) : m_quotas(quotas), m_endpoint(endpoint), m_begun(begun) {}

    /// In the order in which they refuse.
    PooledVector<state::Scope> scopes {};

    /// What is to be claimed. Costs that were kept for another estimate are forgotten.
    void setEstimate(const CallEstimate &estimate);
    /// Claims room in all scopes, or in none.
    [[nodiscard]] std::optional<state::QuotaRefusal> reserve(const CostEstimate &costs, bool rerouted);

    // --- attempts
    /// Why an attempt there must not be made now; nothing is claimed.
    [[nodiscard]] std::optional<state::QuotaRefusal> refusal(const state::ScopeRules &provider, const CostEstimate &costs, const CallRecord &record, SteadyTime now);
    /// The same, and claims it: in the provider's books, and in the scopes' whatever it costs beyond what they hold.
    [[nodiscard]] std::expected<AttemptClaim, state::QuotaRefusal> claim(const state::ScopeRules &provider, const CostEstimate &costs, const CallRecord &record, SteadyTime now);
    /// @param index  into the record's attempts
    void began(std::size_t index, AttemptClaim claim) { m_attempts.push_back({.index = index, .claim = std::move(claim)}); }
    /// It has come to nothing, and is settled with its provider. (One that answers is, with the call.)
    void failed(std::size_t index, CallRecord &record, SteadyTime now);

    /// Ends all claims with the true figures of the record's attempts, once. A call that was refused without an attempt counts nowhere.
    void settle(CallRecord &record, SteadyTime now);

    /// x-ratelimit-* and x-signalbox-warning, where there is something to say.
    void addHeaders(PooledText &lines) const;

    [[nodiscard]] double used(routing::BudgetScope scope) const override;
    [[nodiscard]] const CallEstimate &estimate() const { return m_estimate; }
    /// What the call may cost at a target (pipeline/call_estimate.h), where that was worked out before.
    [[nodiscard]] const CostEstimate *knownCost(std::uint32_t target) const;
    void keepCost(std::uint32_t target, const CostEstimate &costs) { m_costs.push_back({.target = target, .costs = costs}); }
    /// Why the last attempt that was not made was not.
    [[nodiscard]] const std::optional<state::QuotaRefusal> &lastRefusal() const { return m_lastRefusal; }
    void note(const state::QuotaRefusal &refusal) { m_lastRefusal = refusal; }

private:
    struct Attempt
    {
        std::size_t index = 0;
        AttemptClaim claim;
        bool isOpen = true;
    };
    [[nodiscard]] CostEstimate together(const CostEstimate &costs, const CallRecord &record) const;
    [[nodiscard]] bool isCovered(const CostEstimate &costs) const;
    [[nodiscard]] state::QuotaAsk ask(std::span<const state::Scope> of, const CostEstimate &costs, SteadyTime now) const;
    struct Known
    {
        std::uint32_t target = 0;
        CostEstimate costs {};
    };

    state::Quotas &m_quotas;
    Endpoint m_endpoint;
    state::Moment m_begun;
    PooledVector<Known> m_costs;         ///< of the estimate, by target
    CallEstimate m_estimate;
    CostEstimate m_held;                 ///< what the scopes were asked for
    bool m_rerouted = false;
    state::Reservation m_reservation;
    PooledVector<Attempt> m_attempts;
    std::optional<state::QuotaRefusal> m_lastRefusal;
};

} // namespace gateway::pipeline
