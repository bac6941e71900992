// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/scope_state.h"

#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Budgets and limits of the configuration by the scope that has them. Pure.
/// @tparam Rule  config::Budget or config::Limit
namespace gateway::admin {

/// Which rule: the index-th of a scope's. Ordered as lists show them: by scope, name and index.
struct RulePlace
{
    ScopeKind scope = ScopeKind::Organisation;
    std::string name {};    ///< of the scope; empty for the organisation and for customers, who all have the same rule
    std::size_t index = 0;

    [[nodiscard]] std::string id() const; ///< "team:search:0", "organisation:1", "customer:0"
    /// nullopt: no rule is called that. (Whether there is one, the configuration says.)
    static std::optional<RulePlace> parse(std::string_view id);
    auto operator<=>(const RulePlace &) const = default;
};

/// The scope of that word ("team"); nullopt: none is called that.
std::optional<ScopeKind> scopeNamed(std::string_view word);
bool hasName(ScopeKind scope); ///< false: there is one of it

/// The rules of one scope, as they stand in a configuration.
template <typename Rule>
struct ScopesRules
{
    std::string list;              ///< where they stand: "teams[2].budgets", "customers.default_budget"
    config::Origin origin = config::Origin::Database;
    std::vector<Rule> rules;
    bool single = false;           ///< it has one at most: `list` is that one itself
    std::string keyHash {};        ///< of a key: VirtualKey::hash

    [[nodiscard]] std::string field(std::size_t index) const; ///< "teams[2].budgets[0]"
};

/// nullopt: there is no such scope in the configuration.
template <typename Rule>
std::optional<ScopesRules<Rule>> rulesOf(const config::Config &config, ScopeKind scope, std::string_view name);

/// Gives a scope other rules, one at most where it is `single`. The scope is there.
template <typename Rule>
void setRules(config::Config &config, ScopeKind scope, std::string_view name, std::vector<Rule> rules);

/// What is told of a scope: its kind, its name, its rules, where they come from, and a key's hash (empty for all others). All of
/// it is the configuration's.
template <typename Rule>
using ScopeVisitor = std::function<void(ScopeKind, std::string_view, std::span<const Rule>, config::Origin, std::string_view)>;
/// Tells of every scope, with rules or without.
template <typename Rule>
void forEachScope(const config::Config &config, const ScopeVisitor<Rule> &visit);

} // namespace gateway::admin
