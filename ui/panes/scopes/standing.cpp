// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/scopes/standing.h"

#include <algorithm>

namespace ui::panes {

using gateway::BudgetState;
using gateway::ScopeKind;
using gateway::ScopeState;

namespace {

bool isOf(const gateway::config::Budget &budget, const BudgetState &state, const std::string &gatewayZone)
{
    return budget.per == state.per && budget.endpoint == state.endpoint && (budget.timeZone.empty() ? gatewayZone : budget.timeZone) == state.zone;
}

} // namespace

Standing::Standing(std::vector<ScopeState> states) : m_states(std::move(states))
{
    m_index.reserve(m_states.size());
    for (std::size_t i = 0; i < m_states.size(); ++i)
        m_index.emplace(ScopeRef {m_states[i].kind, m_states[i].name}, i);
}

const ScopeState *Standing::find(const ScopeRef &scope) const
{
    const auto found = m_index.find(scope);
    return found == m_index.end() ? nullptr : &m_states[found->second];
}

const BudgetState *tightest(const ScopeState &scope)
{
    const BudgetState *least = nullptr;
    for (const BudgetState &budget : scope.budgets) {
        if (budget.endpoint.empty() && (!least || leftOf(budget) < leftOf(*least)))
            least = &budget;
    }
    return least;
}

std::optional<Standing::Cap> Standing::bindingCap(const ScopeRef &scope, const std::string &team) const
{
    std::optional<Cap> cap;
    const auto offer = [&](const ScopeRef &one) {
        const ScopeState *state = find(one);
        const BudgetState *budget = state ? tightest(*state) : nullptr;
        if (budget && (!cap || leftOf(*budget) < leftOf(cap->budget)))
            cap = Cap {.of = one, .budget = *budget};
    };
    offer(scope);
    if (!team.empty())
        offer({ScopeKind::Team, team});
    if (scope.kind != ScopeKind::Organisation)
        offer({ScopeKind::Organisation, {}});
    return cap;
}

Level levelOf(const BudgetState &budget)
{
    return budget.used() >= 1 ? Level::UsedUp : budget.mark ? Level::Warned : Level::Fine;
}

widgets::Role roleOf(Level level)
{
    return level == Level::UsedUp ? widgets::Role::Err : level == Level::Warned ? widgets::Role::Warn : widgets::Role::Accent;
}

widgets::Icon iconOf(Level level)
{
    return level == Level::UsedUp ? widgets::Icon::Error : level == Level::Warned ? widgets::Icon::Warning : widgets::Icon::None;
}

const gateway::config::Budget *ruleOf(const gateway::config::Quota &quota, const BudgetState &state, const std::string &gatewayZone)
{
    const auto found = std::ranges::find_if(quota.budgets, [&](const auto &budget) { return isOf(budget, state, gatewayZone); });
    return found == quota.budgets.end() ? nullptr : &*found;
}

const BudgetState *stateOf(const ScopeState *scope, const gateway::config::Budget &budget, const std::string &gatewayZone)
{
    if (!scope)
        return nullptr;
    const auto found = std::ranges::find_if(scope->budgets, [&](const BudgetState &state) { return isOf(budget, state, gatewayZone); });
    return found == scope->budgets.end() ? nullptr : &*found;
}

} // namespace ui::panes
