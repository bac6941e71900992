// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/core/clock.h"
#include "gateway/state/quota/reservation.h"
#include "gateway/state/quota/rules.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gateway::state {

/// What a call wants room for, in every scope that it belongs to.
struct QuotaAsk
{
    std::span<const ScopeRules *const> scopes;
    Endpoint endpoint = Endpoint::Other;
    std::int64_t tokens = 0;  ///< estimate: input and output
    Money cost;               ///< estimate; zero where the price is unknown
    Money ceiling;            ///< the most that it can cost: what budgets with `exact` reserve
    bool priceKnown = true;
};

/// Why a call may not go now: the first scope that has no room, in the order asked.
struct QuotaRefusal
{
    enum class What : std::uint8_t { Budget, UnknownPrice, Requests, Tokens, TokensPerDay, Parallel };
    What what = What::Budget;
    ScopeKind kind = ScopeKind::Organisation;
    std::string scope {};                 ///< its name
    Money amount {}, used {};             ///< Budget; `used` is spent and reserved
    std::int64_t limit = 0, count = 0;    ///< the others; `count` is what is used of it now
    std::optional<WallTime> resets {};    ///< Budget; nullopt: never (a total)
    std::string resetsText {};            ///< the same for people, with its zone
    std::optional<Duration> retryAfter {};///< limits; nullopt: the call alone is more than the limit
    std::optional<std::string> route {};  ///< Budget: the call shall go by this route instead
};

/// What is left, for x-ratelimit-*: the scarcest of all rules that apply. Negative `limit`: no rule.
struct QuotaRoom
{
    struct Figure { std::int64_t limit = -1, remaining = 0; Duration reset {}; };
    Figure requests, tokens;
};

/// A budget as it stands, for figures and conditions.
struct BudgetFigure
{
    std::uint64_t account = 0;
    Money spent, reserved;
    Calendar::Window window;
};

/// The books of all scopes: budgets and limits, reserved by calls before they go and settled when they end. One call's
/// claim is all or nothing over every scope, and what one scope refuses takes nothing of another.
/// An interface, so that replicas can share theirs. Thread-safe; never blocks on anything but short locks.
class Quotas
{
public:
    virtual ~Quotas() = default;

    /// Claims room in every scope. The scopes' rules need not outlive the call. An ask without any rule costs nothing.
    virtual std::expected<Reservation, QuotaRefusal> reserve(const QuotaAsk &ask) = 0;
    /// More money for a call that turned out dearer (a fallback to another model), never less.
    /// @param ask  with the scopes of the claim; its tokens do not count again
    /// @return false: a budget has no room, and nothing changed
    virtual bool raise(Reservation &reservation, const QuotaAsk &ask) = 0;
    [[nodiscard]] virtual QuotaRoom room(std::span<const ScopeRules *const> scopes, Endpoint endpoint) = 0;
    /// @return the share of a budget that is used, spent and reserved: 0.8; the fullest of the scope's. 0: it has none
    [[nodiscard]] virtual double used(const ScopeRules &scope) = 0;
    [[nodiscard]] virtual std::vector<BudgetFigure> figures(std::span<const ScopeRules *const> scopes) = 0;

    /// What was spent before the start, or before a budget was set. Adds to what is there where the window is the same.
    virtual void load(const BudgetRule &rule, WallTime windowFrom, Money spent) = 0;

protected:
    friend class Reservation;
    /// @return what is to be stored of it
    virtual std::vector<BudgetCharge> settle(Reservation &reservation, Money cost, std::int64_t tokens) = 0;
    virtual void giveBack(Reservation &reservation) = 0;
};

} // namespace gateway::state
