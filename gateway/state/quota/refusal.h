// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/core/scope_state.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::state {

/// Why a call may not go now: the first rule that has no room, in the order asked.
struct QuotaRefusal
{
    enum class What : std::uint8_t { Budget, UnknownPrice, Requests, Tokens, TokensPerDay, Parallel };
    What what = What::Budget;
    ScopeKind kind = ScopeKind::Organisation;
    std::string scope {};                 ///< its name
    std::string endpoint {};              ///< of which API's calls alone; empty: all
    Period per = Period::Month;           ///< Budget
    Money amount {}, used {}, claim {};   ///< Budget; `used` is spent and reserved, `claim` what the call wanted
    std::int64_t limit = 0, count = 0;    ///< the others; `count` is what is used of it now
    std::int64_t more = 0;                ///< what the call wanted of it
    std::optional<WallTime> resets {};    ///< Budget; nullopt: never (a total)
    std::string resetsText {};            ///< the same for people, with its zone
    std::optional<Duration> retryAfter {};///< limits; nullopt: the call alone is more than the limit
    std::optional<std::string> route {};  ///< Budget: the call shall go by this route instead

    [[nodiscard]] bool isBudget() const { return what == What::Budget || what == What::UnknownPrice; }
};

/// What the caller is told: which scope, how much, when it resets. BudgetExceeded or RateLimitExceeded.
[[nodiscard]] Error errorOf(const QuotaRefusal &refusal);

/// What calls are told that go although a budget is used up, or nearly.
struct QuotaWarning
{
    enum class What : std::uint8_t { Mark, Passed, UnknownPrice };
    What what = What::Mark;
    ScopeKind kind = ScopeKind::Organisation;
    std::string scope {};
    Period per = Period::Month;
    Money amount {}, used {};
};
/// `budget of team "search": 410.2 of 500 USD per month are used`; no line breaks.
[[nodiscard]] std::string toText(const QuotaWarning &warning);

/// `team "search"`; "the organisation".
[[nodiscard]] std::string nameOf(ScopeKind kind, std::string_view name);

} // namespace gateway::state
