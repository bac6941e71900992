// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/core/clock.h"
#include "gateway/core/scope_state.h"
#include "gateway/state/quota/refusal.h"
#include "gateway/state/quota/reservation.h"
#include "gateway/state/quota/rules.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gateway::state {

/// A moment by both clocks: budgets go by the calendar, limits by what has passed.
struct Moment
{
    WallTime wall;
    SteadyTime steady;
};

/// What a call wants room for, in every scope that it belongs to.
struct QuotaAsk
{
    std::span<const Scope> scopes;
    Endpoint endpoint = Endpoint::Other;
    std::int64_t tokens = 0;  ///< estimate: input and output
    Money cost;               ///< estimate; zero where the price is unknown
    Money ceiling;            ///< the most that it can cost: what budgets with `exact` reserve
    bool priceKnown = true;
    bool rerouted = false;    ///< it goes by another route already: budgets that want that let it go now
    std::optional<Moment> now {}; ///< where the caller knows it; nullopt: the clocks are read
};

/// The books of all scopes: budgets and limits, reserved by calls before they go and settled when they end. One call's
/// claim is all or nothing over every scope, and what one scope refuses takes nothing of another.
/// An interface, so that replicas can share theirs. Thread-safe; never blocks on anything but short locks.
class Quotas
{
public:
    virtual ~Quotas() = default;

    /// Claims room in every scope. The scopes' rules need not outlive the call of this. An ask without any rule costs nothing.
    virtual std::expected<Reservation, QuotaRefusal> reserve(const QuotaAsk &ask) = 0;
    /// More money for a call that turned out dearer (a fallback to another model), never less. Only budgets that block stand
    /// against it.
    /// @param ask  with the scopes of the claim; its tokens do not count again
    /// @return why there is no room for it, and nothing changed; nullopt: it has it
    virtual std::optional<QuotaRefusal> raise(Reservation &reservation, const QuotaAsk &ask) = 0;
    /// What reserve() would refuse now, or raise() where there is a reservation. Nothing is claimed.
    [[nodiscard]] virtual std::optional<QuotaRefusal> refusal(const QuotaAsk &ask, const Reservation *reservation) = 0;
    [[nodiscard]] virtual QuotaRoom room(std::span<const Scope> scopes, Endpoint endpoint) = 0;
    /// @param own  what the asking call holds itself, which does not count; may be null
    /// @return the share of a budget that is used, spent and reserved: 0.8; the fullest of the scope's. 0: it has none
    [[nodiscard]] virtual double used(const Scope &scope, const Reservation *own) = 0;
    /// How each stands. Takes its locks a few scopes at a time: not one moment for all of them.
    [[nodiscard]] virtual std::vector<ScopeState> states(std::span<const Scope> scopes) = 0;
    /// The fullest of those that share these rules, at most so many, by name; those that called since the start.
    [[nodiscard]] virtual std::vector<ScopeState> members(const ScopeRules &rules, std::size_t most) = 0;

    /// Budgets' warn marks that were reached since the last call of this; each once in a period.
    [[nodiscard]] virtual std::vector<QuotaWarning> takeMarks() = 0;

protected:
    friend class Reservation;
    /// @param charges  gets what is to be stored of it; may be null
    virtual void settle(Reservation &reservation, Money cost, std::int64_t tokens, std::vector<BudgetCharge> *charges, std::optional<SteadyTime> now) = 0;
    virtual void giveBack(Reservation &reservation) = 0;
};

} // namespace gateway::state
