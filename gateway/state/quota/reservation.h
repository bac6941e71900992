// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/calendar.h"
#include "gateway/core/clock.h"
#include "gateway/core/money.h"
#include "gateway/state/quota/accounts.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gateway::state {

class Quotas;

/// What a call cost a budget, for the store: it belongs to the window in which the call began.
struct BudgetCharge
{
    std::uint64_t account = 0;
    WallTime windowFrom {};
    Money cost;
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
    /// @return what is to be stored with the call's record
    std::vector<BudgetCharge> settle(Money cost, std::int64_t tokens);

    /// Ends the claim as if it had never been made: the call was refused elsewhere, and counts nowhere.
    void giveBack();

    [[nodiscard]] bool empty() const { return m_budgets.empty() && m_limits.empty(); }
    /// The scope of the first budget that is passed and only warns; empty: none is.
    [[nodiscard]] const std::string &warning() const { return m_warning; }

private:
    friend class LocalQuotas;
    struct BudgetHold { std::uint64_t id = 0; BudgetAccount *account = nullptr; WallTime windowFrom {}; Money held; };
    struct LimitHold { LimitAccount *account = nullptr; LimitAccount::Counted counted {}; };

    Quotas *m_quotas = nullptr; ///< null: nothing is claimed
    std::vector<BudgetHold> m_budgets;
    std::vector<LimitHold> m_limits;
    std::int64_t m_tokens = 0;
    SteadyTime m_at {};
    std::string m_warning;
};

} // namespace gateway::state
