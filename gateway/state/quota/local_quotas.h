// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/state/quota/accounts.h"
#include "gateway/state/quota/quotas.h"

#include <mutex>
#include <unordered_map>

namespace gateway::state {

/// The books of one process, in memory. One mutex for all of them: a claim looks at some ten accounts, and what it must
/// see of one it must see of all. Accounts outlive edits of the configuration.
class LocalQuotas final : public Quotas
{
public:
    /// @param clock  must outlive it
    explicit LocalQuotas(const Clock &clock) : m_clock(clock) {}

    std::expected<Reservation, QuotaRefusal> reserve(const QuotaAsk &ask) override;
    bool raise(Reservation &reservation, const QuotaAsk &ask) override;
    [[nodiscard]] QuotaRoom room(std::span<const ScopeRules *const> scopes, Endpoint endpoint) override;
    [[nodiscard]] double used(const ScopeRules &scope) override;
    [[nodiscard]] std::vector<BudgetFigure> figures(std::span<const ScopeRules *const> scopes) override;
    void load(const BudgetRule &rule, WallTime windowFrom, Money spent) override;

    /// Drops the accounts that no call is under way for and whose windows are over. Now and then; any thread.
    void sweep();
    [[nodiscard]] std::size_t accounts() const;

protected:
    std::vector<BudgetCharge> settle(Reservation &reservation, Money cost, std::int64_t tokens) override;
    void giveBack(Reservation &reservation) override;

private:
    struct Now { WallTime wall; SteadyTime steady; };
    [[nodiscard]] Now now() const { return {m_clock.wallNow(), m_clock.steadyNow()}; }
    BudgetAccount &budget(const BudgetRule &rule, WallTime now);
    LimitAccount &limit(const LimitRule &rule);
    [[nodiscard]] std::optional<QuotaRefusal> refusal(const QuotaAsk &ask, const ScopeRules &scope, const Now &now, std::string &warning);
    [[nodiscard]] std::optional<QuotaRefusal> budgetRefusal(const QuotaAsk &ask, const ScopeRules &scope, const BudgetRule &rule, const Now &now);
    [[nodiscard]] std::optional<QuotaRefusal> limitRefusal(const QuotaAsk &ask, const ScopeRules &scope, const LimitRule &rule, const Now &now);

    const Clock &m_clock;
    mutable std::mutex m_mutex;
    std::unordered_map<std::uint64_t, std::unique_ptr<BudgetAccount>> m_budgets;
    std::unordered_map<std::uint64_t, std::unique_ptr<LimitAccount>> m_limits;
};

} // namespace gateway::state
