// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/quota/accounts.h"

namespace gateway::state {

void BudgetAccount::advance(const BudgetRule &rule, WallTime now)
{
    if (now < m_window.to)
        return;
    m_window = rule.calendar->window(rule.per, now);
    m_spent = Money();
    m_marks = 0;
}

void BudgetAccount::restore(const BudgetRule &rule, WallTime windowFrom, Money spent)
{
    m_window = rule.calendar->window(rule.per, windowFrom); // may lie in the future, where the clock was put back meanwhile
    m_spent = spent;
}

std::size_t BudgetAccount::reach(std::size_t marks)
{
    const std::size_t fresh = marks > m_marks ? marks - m_marks : 0;
    m_marks += fresh;
    return fresh;
}

bool BudgetAccount::hasRoom(Money amount, Money claim) const
{
    if (m_spent >= amount)
        return false;
    // Money left and nobody under way: one call may always go, so that a small budget is usable to its end.
    return m_inFlight == 0 || m_spent + m_reserved + claim <= amount;
}

bool BudgetAccount::hasRoomBeside(Money held, Money amount, Money claim) const
{
    if (m_spent >= amount)
        return false;
    return m_inFlight == 1 || m_spent + m_reserved - held + claim <= amount;
}

WallTime BudgetAccount::hold(Money claim)
{
    ++m_inFlight;
    m_reserved += claim;
    return m_window.from;
}

void BudgetAccount::settle(WallTime windowFrom, Money held, Money cost)
{
    --m_inFlight;
    m_reserved -= held;
    if (windowFrom == m_window.from) // else it belongs to a window that is over
        m_spent += cost;
}

SlidingWindow &LimitAccount::made(std::unique_ptr<SlidingWindow> &window, Duration length)
{
    if (!window)
        window = std::make_unique<SlidingWindow>(length);
    return *window;
}

LimitAccount::Counted LimitAccount::hold(const LimitRule &rule, std::int64_t tokenCount, SteadyTime now)
{
    ++m_inFlight;
    const Counted counted {.request = rule.rpm.has_value(), .tokens = rule.tpm.has_value(), .tokensOfDay = rule.tpd.has_value()};
    if (counted.request)
        requests().add(1, now);
    if (counted.tokens)
        tokens().add(tokenCount, now);
    if (counted.tokensOfDay)
        tokensOfDay().add(tokenCount, now);
    return counted;
}

void LimitAccount::settle(Counted counted, std::int64_t difference, SteadyTime then, SteadyTime now)
{
    --m_inFlight;
    if (counted.tokens)
        tokens().correct(difference, then, now);
    if (counted.tokensOfDay)
        tokensOfDay().correct(difference, then, now);
}

void LimitAccount::giveBack(Counted counted, std::int64_t tokenCount, SteadyTime then, SteadyTime now)
{
    settle(counted, -tokenCount, then, now);
    if (counted.request)
        requests().correct(-1, then, now);
}

bool LimitAccount::idle(SteadyTime now) const
{
    const auto empty = [now](const std::unique_ptr<SlidingWindow> &window) { return !window || window->sum(now) == 0; };
    return m_inFlight == 0 && empty(m_requests) && empty(m_tokens) && empty(m_tokensOfDay);
}

} // namespace gateway::state
