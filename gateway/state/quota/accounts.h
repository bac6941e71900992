// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/calendar.h"
#include "gateway/core/money.h"
#include "gateway/state/quota/rules.h"
#include "gateway/state/quota/sliding_window.h"

#include <cstdint>
#include <memory>
#include <optional>

/// The figures behind the rules. Plain values, guarded by LocalQuotas' mutex.
namespace gateway::state {

/// What a scope has spent in the current window of one budget.
class BudgetAccount
{
public:
    /// Goes on to the window that `now` lies in. Never back: a clock that was put back does not bring a former window's
    /// money again, and one that is put right does not empty a window twice (faults.md G07).
    void advance(const BudgetRule &rule, WallTime now);

    [[nodiscard]] bool hasRoom(Money amount, Money claim) const;
    /// The same for a call that holds `held` already and wants `claim` in all.
    [[nodiscard]] bool hasRoomBeside(Money held, Money amount, Money claim) const;
    /// @return the claim's window
    WallTime hold(Money claim);
    void raise(Money more) { m_reserved += more; }
    void settle(WallTime windowFrom, Money held, Money cost);
    /// What was spent before the start, in the window that began then. Before the first advance().
    void restore(const BudgetRule &rule, WallTime windowFrom, Money spent);
    /// How many warn marks were reached in this window for the first time.
    [[nodiscard]] std::size_t reach(std::size_t marks);

    [[nodiscard]] Money spent() const { return m_spent; }
    [[nodiscard]] Money reserved() const { return m_reserved; }
    [[nodiscard]] const Calendar::Window &window() const { return m_window; }
    [[nodiscard]] bool idle() const { return m_inFlight == 0; }

private:
    Calendar::Window m_window {WallTime::min(), WallTime::min()}; ///< empty until the first call
    Money m_spent;
    Money m_reserved;       ///< of all calls in flight, whichever window they began in
    std::int64_t m_inFlight = 0;
    std::size_t m_marks = 0; ///< warn marks reached in this window
};

/// A scope's calls and tokens of the last minute and day, and calls in flight. Windows are made for what is limited.
class LimitAccount
{
public:
    /// What a call was counted in, so that just that is taken back.
    struct Counted { bool request = false, tokens = false, tokensOfDay = false; };

    SlidingWindow &requests() { return made(m_requests, std::chrono::minutes {1}); }
    SlidingWindow &tokens() { return made(m_tokens, std::chrono::minutes {1}); }
    SlidingWindow &tokensOfDay() { return made(m_tokensOfDay, std::chrono::hours {24}); }
    [[nodiscard]] std::int64_t inFlight() const { return m_inFlight; }

    Counted hold(const LimitRule &rule, std::int64_t tokenCount, SteadyTime now);
    /// @param difference  true tokens less those that were held
    void settle(Counted counted, std::int64_t difference, SteadyTime then, SteadyTime now);
    void giveBack(Counted counted, std::int64_t tokenCount, SteadyTime then, SteadyTime now);
    [[nodiscard]] bool idle(SteadyTime now) const; ///< nothing is counted: as good as a new one

private:
    static SlidingWindow &made(std::unique_ptr<SlidingWindow> &window, Duration length);

    std::unique_ptr<SlidingWindow> m_requests, m_tokens, m_tokensOfDay;
    std::int64_t m_inFlight = 0;
};

} // namespace gateway::state
