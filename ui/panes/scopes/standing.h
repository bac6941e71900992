// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/scope_state.h"
#include "ui/panes/scopes/scope_ref.h"

#include <optional>
#include <unordered_map>
#include <vector>

namespace ui::panes {

/// How all scopes stand at a moment, found by scope, and which budget holds a scope back first. GUI thread.
class Standing
{
public:
    explicit Standing(std::vector<gateway::ScopeState> states = {});

    /// Null: it has no budgets and limits.
    [[nodiscard]] const gateway::ScopeState *find(const ScopeRef &scope) const;
    [[nodiscard]] const std::vector<gateway::ScopeState> &all() const { return m_states; }

    struct Cap
    {
        ScopeRef of {};
        gateway::BudgetState budget {};
    };
    /// Of the budgets that all its calls are charged with (its own, its team's, the organisation's) the one with the least
    /// money left, which refuses its calls first. nullopt: none.
    [[nodiscard]] std::optional<Cap> bindingCap(const ScopeRef &scope, const std::string &team) const;

private:
    std::vector<gateway::ScopeState> m_states;
    std::unordered_map<ScopeRef, std::size_t, ScopeRefHash> m_index;
};

/// What is left of it; below nothing where calls in flight cost more than they were expected to.
inline gateway::Money leftOf(const gateway::BudgetState &budget) { return budget.amount - budget.spent - budget.reserved; }
/// Of budgets that hold for all calls of the scope, the one with the least left; null: none.
const gateway::BudgetState *tightest(const gateway::ScopeState &scope);

/// How far a budget is used.
enum class Level { Fine, Warned, UsedUp };
Level levelOf(const gateway::BudgetState &budget);
widgets::Role roleOf(Level level);  ///< Accent, Warn, Err
widgets::Icon iconOf(Level level);  ///< None, Warning, Error: a shape of its own for each

/// The configured budget that a state is of; null: it is changed or gone meanwhile.
const gateway::config::Budget *ruleOf(const gateway::config::Quota &quota, const gateway::BudgetState &state, const std::string &gatewayZone);
/// The other way round.
const gateway::BudgetState *stateOf(const gateway::ScopeState *scope, const gateway::config::Budget &budget, const std::string &gatewayZone);

} // namespace ui::panes
