// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/calendar.h"
#include "gateway/core/call_record.h"
#include "gateway/core/money.h"
#include "gateway/core/scope_state.h"
#include "gateway/core/stable_hash.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What scopes may spend and how fast they may call: the rules of the configuration, ready to be held to (config.md,
/// "Budgets and limits count like this"). Plain values, immutable once compiled.
namespace gateway::state {

/// What happens to a call that a budget has no room for.
enum class OnBreach : std::uint8_t {
    Block, ///< 402
    Warn,  ///< it goes, and is marked
    Route  ///< it goes by another route
};

struct BudgetRule
{
    std::uint64_t account = 0;        ///< stable over edits: of scope, period and zone, not of the amount
    std::optional<Endpoint> endpoint {}; ///< only calls of this API; nullopt: all
    Money amount;
    std::optional<Money> raisedTo {}; ///< instead of `amount` until `raisedUntil`
    WallTime raisedUntil {};
    Period per = Period::Month;
    std::shared_ptr<const Calendar> calendar; ///< never null
    std::vector<double> warnAt {};    ///< shares of the amount, ascending
    OnBreach onBreach = OnBreach::Block;
    std::string route {};             ///< where OnBreach::Route sends calls
    bool exact = false;               ///< a call's ceiling is reserved, not its estimate
    bool blockUnknownPrice = false;

    [[nodiscard]] bool raisedAt(WallTime now) const { return raisedTo && now < raisedUntil; }
    [[nodiscard]] Money amountAt(WallTime now) const { return raisedAt(now) ? *raisedTo : amount; }
    [[nodiscard]] bool appliesTo(Endpoint of) const { return !endpoint || *endpoint == of; }
};

struct LimitRule
{
    std::uint64_t account = 0;        ///< stable over edits: of scope and endpoint. No two rules of a scope share one
    std::optional<Endpoint> endpoint {}; ///< only calls of this API; nullopt: all
    std::optional<std::int64_t> rpm, tpm, tpd, parallel;

    [[nodiscard]] bool appliesTo(Endpoint of) const { return !endpoint || *endpoint == of; }
};

struct ScopeRules
{
    ScopeKind kind = ScopeKind::Organisation;
    std::string name {};              ///< for messages and figures; empty for the organisation
    std::vector<BudgetRule> budgets {};
    std::vector<LimitRule> limits {};

    [[nodiscard]] bool empty() const { return budgets.empty() && limits.empty(); }
};

/// A number for one of those who share rules, by its name; never 0.
[[nodiscard]] constexpr std::uint64_t memberOf(std::string_view name) { return StableHash().add(name).value() | 1; }

/// A scope that a call belongs to.
struct Scope
{
    Scope(const ScopeRules *itsRules, std::uint64_t which = 0, std::string_view itsName = {}) : rules(itsRules), member(which), memberName(itsName) {} // NOLINT(google-explicit-constructor): rules are a scope

    const ScopeRules *rules;          ///< not null
    std::uint64_t member;             ///< of those who share the rules, each with figures of its own (customers): whose; 0: the rules have one scope
    std::string_view memberName;
    [[nodiscard]] std::string_view name() const { return member == 0 ? std::string_view(rules->name) : memberName; }
};

} // namespace gateway::state
