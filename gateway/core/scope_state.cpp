// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/scope_state.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway {

namespace {

/// Takes the fullest rule of `scope`, where it is fuller than what is there.
void take(std::optional<ScopeState::Binding> &binding, const ScopeState &scope)
{
    const auto offer = [&](double used, const auto &rule) {
        if (!binding || used > binding->used)
            binding = ScopeState::Binding {.kind = scope.kind, .name = scope.name, .rule = rule(), .used = used};
    };
    for (const BudgetState &budget : scope.budgets) {
        if (budget.endpoint.empty())
            offer(budget.used(), [&] { return fmt::format("{} USD {}{}", budget.amount.toDecimal(), budget.per == Period::Total ? "" : "per ", toText(budget.per)); });
    }
    for (const LimitState &limit : scope.limits) {
        if (limit.endpoint.empty())
            offer(limit.used(), [&] { return fmt::format("{} {}", limit.limit, toText(limit.what)); });
    }
}

} // namespace

std::string_view toText(ScopeKind kind)
{
    static constexpr std::array<std::string_view, 7> words {"organisation", "team", "key", "customer", "provider", "route", "tag"};
    return words[static_cast<std::size_t>(kind)];
}

std::string_view toText(LimitState::What what)
{
    static constexpr std::array<std::string_view, 4> words {"rpm", "tpm", "tpd", "parallel"};
    return words[static_cast<std::size_t>(what)];
}

double BudgetState::used() const
{
    return amount > Money() ? static_cast<double>((spent + reserved).nanos()) / static_cast<double>(amount.nanos()) : 1.0;
}

double LimitState::used() const
{
    return limit > 0 ? static_cast<double>(count) / static_cast<double>(limit) : 1.0;
}

void findBindings(std::vector<ScopeState> &scopes)
{
    const auto find = [&](ScopeKind kind, std::string_view name) {
        return std::ranges::find_if(scopes, [&](const ScopeState &scope) { return scope.kind == kind && scope.name == name; });
    };
    const auto organisation = find(ScopeKind::Organisation, {});
    for (ScopeState &scope : scopes) {
        take(scope.binding, scope);
        if (scope.kind == ScopeKind::Key && !scope.team.empty()) {
            if (const auto team = find(ScopeKind::Team, scope.team); team != scopes.end())
                take(scope.binding, *team);
        }
        if (organisation != scopes.end() && scope.kind != ScopeKind::Organisation)
            take(scope.binding, *organisation);
    }
}

} // namespace gateway
