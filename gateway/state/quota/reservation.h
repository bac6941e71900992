// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/budget_charge.h"
#include "gateway/core/clock.h"
#include "gateway/core/money.h"
#include "gateway/core/pooled_containers.h"
#include "gateway/state/quota/accounts.h"
#include "gateway/state/quota/refusal.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace gateway::state {

class Quotas;

/// What is left, for x-ratelimit-*: the scarcest of all rules that apply. Negative `limit`: no rule.
struct QuotaRoom
{
    struct Figure { std::int64_t limit = -1, remaining = 0; Duration reset {}; };
    Figure requests, tokens;
};

/// A call's claim on its scopes. Gives everything back where it ends without having been settled.
/// Move-only; one worker.
class Reservation
{
public:
    Reservation() = default;
    ~Reservation();
    Reservation(Reservation &&other) noexcept;
    Reservation &operator=(Reservation &&other) noexcept;
    Reservation(const Reservation &) = delete;
    Reservation &operator=(const Reservation &) = delete;

    /// Ends the claim with the true figures, once; the second time nothing happens.
    /// @param charges  gets what is to be stored with the call's record; null: nothing is
    /// @param now      where the caller knows it; nullopt: the clock is read
    void settle(Money cost, std::int64_t tokens, std::vector<BudgetCharge> *charges = nullptr, std::optional<SteadyTime> now = std::nullopt);

    /// Ends the claim as if it had never been made: the call was refused elsewhere, and counts nowhere.
    void giveBack();

    [[nodiscard]] bool empty() const { return m_budgets.empty() && m_limits.empty(); }
    [[nodiscard]] bool isHeld() const { return m_quotas != nullptr; } ///< neither settled nor given back
    /// What the claim left of the limits when it was made.
    [[nodiscard]] const QuotaRoom &room() const { return m_room; }
    [[nodiscard]] std::size_t budgets() const { return m_budgets.size(); } ///< that settle() may have charges for
    /// The gravest that a budget has to say though it let the call go; null: nothing.
    [[nodiscard]] const QuotaWarning *warning() const { return m_warning.get(); }

private:
    friend class LocalQuotas;
    struct BudgetHold { std::uint64_t id = 0; BudgetAccount *account = nullptr; WallTime windowFrom {}; Money held {}; };
    struct LimitHold { LimitAccount *account = nullptr; LimitAccount::Counted counted {}; };

    /// Makes room for what these rules hold, at once.
    void expect(std::span<const Scope> scopes);
    [[nodiscard]] const BudgetHold *holdOf(std::uint64_t account) const;

    Quotas *m_quotas = nullptr; ///< null: nothing is claimed
    PooledVector<BudgetHold> m_budgets;
    PooledVector<LimitHold> m_limits;
    std::int64_t m_tokens = 0;
    SteadyTime m_at {};
    QuotaRoom m_room;
    std::unique_ptr<QuotaWarning> m_warning;
};

} // namespace gateway::state
