// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/quota/reservation.h"

#include "gateway/state/quota/quotas.h"

#include <algorithm>
#include <utility>

namespace gateway::state {

Reservation::~Reservation()
{
    giveBack();
}

Reservation::Reservation(Reservation &&other) noexcept
    : m_quotas(std::exchange(other.m_quotas, nullptr))
    , m_budgets(std::move(other.m_budgets))
    , m_limits(std::move(other.m_limits))
    , m_tokens(other.m_tokens)
    , m_at(other.m_at)
    , m_room(other.m_room)
    , m_warning(std::move(other.m_warning))
{
}

Reservation &Reservation::operator=(Reservation &&other) noexcept
{
    if (this != &other) {
        giveBack();
        m_quotas = std::exchange(other.m_quotas, nullptr);
        m_budgets = std::move(other.m_budgets);
        m_limits = std::move(other.m_limits);
        m_tokens = other.m_tokens;
        m_at = other.m_at;
        m_room = other.m_room;
        m_warning = std::move(other.m_warning);
    }
    return *this;
}

void Reservation::expect(std::span<const Scope> scopes)
{
    std::size_t budgets = 0;
    std::size_t limits = 0;
    for (const Scope &scope : scopes) {
        budgets += scope.rules->budgets.size();
        limits += scope.rules->limits.size();
    }
    m_budgets.reserve(budgets);
    m_limits.reserve(limits);
}

void Reservation::giveBack()
{
    if (Quotas *quotas = std::exchange(m_quotas, nullptr))
        quotas->giveBack(*this);
}

void Reservation::settle(Money cost, std::int64_t tokens, std::vector<BudgetCharge> *charges, std::optional<SteadyTime> now)
{
    if (Quotas *quotas = std::exchange(m_quotas, nullptr))
        quotas->settle(*this, cost, tokens, charges, now);
}

const Reservation::BudgetHold *Reservation::holdOf(std::uint64_t account) const
{
    const auto found = std::ranges::find(m_budgets, account, &BudgetHold::id);
    return found == m_budgets.end() ? nullptr : &*found;
}

} // namespace gateway::state
