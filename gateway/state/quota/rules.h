// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/calendar.h"
#include "gateway/core/call_record.h"
#include "gateway/core/money.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What scopes may spend and how fast they may call: the rules of the configuration, ready to be held to (config.md,
/// "Budgets and limits count like this"). Plain values, immutable once compiled.
namespace gateway::state {

/// Whose spend and calls are counted together.
enum class ScopeKind : std::uint8_t { Organisation, Team, Key, Customer, Provider, Route, Endpoint, Tag };
std::string_view toText(ScopeKind kind);

/// What happens to a call that a budget has no room for.
enum class OnBreach : std::uint8_t {
    Block, ///< 402
    Warn,  ///< it goes, and is marked
    Route  ///< it goes by another route
};

struct BudgetRule
{
    std::uint64_t account = 0;        ///< stable over edits: of scope, period and zone, not of the amount
    Money amount;
    std::optional<Money> raisedTo {}; ///< instead of `amount` until `raisedUntil`
    WallTime raisedUntil {};
    Period per = Period::Month;
    std::shared_ptr<const Calendar> calendar; ///< never null
    OnBreach onBreach = OnBreach::Block;
    std::string route {};             ///< where OnBreach::Route sends calls
    bool exact = false;               ///< a call's ceiling is reserved, not its estimate
    bool blockUnknownPrice = false;

    [[nodiscard]] Money amountAt(WallTime now) const { return raisedTo && now < raisedUntil ? *raisedTo : amount; }
};

struct LimitRule
{
    std::uint64_t account = 0;        ///< stable over edits: of scope and endpoint
    std::optional<Endpoint> endpoint {}; ///< only calls of this API; nullopt: all
    std::optional<std::int64_t> rpm, tpm, tpd, parallel;
};

struct ScopeRules
{
    ScopeKind kind = ScopeKind::Organisation;
    std::string name {};              ///< for messages and figures; empty for the organisation
    std::vector<BudgetRule> budgets {};
    std::vector<LimitRule> limits {};

    [[nodiscard]] bool empty() const { return budgets.empty() && limits.empty(); }
};

} // namespace gateway::state
