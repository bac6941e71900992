// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/calendar.h"
#include "gateway/core/clock.h"
#include "gateway/core/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How scopes stand with their budgets and limits, for whoever shows it. Plain values.
namespace gateway {

/// Whose spend and calls are counted together.
enum class ScopeKind : std::uint8_t { Organisation, Team, Key, Customer, Provider, Route, Tag };
std::string_view toText(ScopeKind kind); ///< "organisation"

struct BudgetState
{
    Period per = Period::Month;
    std::string zone {};                 ///< whose calendar: "Europe/Berlin"
    std::string endpoint {};             ///< of which API's calls alone; empty: all
    Money amount;                        ///< as it is now: raised, where it is
    bool raised = false;
    Money spent, reserved;               ///< in this period; of calls in flight
    std::optional<WallTime> resets {};   ///< nullopt: never (a total)
    std::optional<double> mark {};       ///< the highest warn mark that is reached: 0.8

    [[nodiscard]] double used() const;   ///< share of the amount, spent and reserved; 1 where the amount is nothing
};

struct LimitState
{
    enum class What : std::uint8_t { Requests, Tokens, TokensPerDay, Parallel };
    What what = What::Requests;
    std::string endpoint {};             ///< of which API's calls alone; empty: all
    std::int64_t limit = 0;
    std::int64_t count = 0;              ///< in the last minute or day; at once
    Duration resets {};                  ///< until nothing of that is left, if no call comes; zero for Parallel

    [[nodiscard]] double used() const;   ///< share of the limit
};
std::string_view toText(LimitState::What what); ///< "rpm"

struct ScopeState
{
    ScopeKind kind = ScopeKind::Organisation;
    std::string name {};                 ///< empty for the organisation
    std::string team {};                 ///< of a key: its team, whose rules hold for its calls too
    std::vector<BudgetState> budgets {};
    std::vector<LimitState> limits {};

    /// Which rule is the fullest of those that hold for all of its calls: its own, its team's and the organisation's.
    struct Binding
    {
        ScopeKind kind = ScopeKind::Organisation;
        std::string name {};
        std::string rule {};             ///< "500 USD per month", "60 rpm"
        double used = 0;
    };
    std::optional<Binding> binding {};   ///< nullopt: nothing binds it
};

/// Finds each one's binding. Teams and the organisation are looked for among `scopes`.
void findBindings(std::vector<ScopeState> &scopes);

} // namespace gateway
