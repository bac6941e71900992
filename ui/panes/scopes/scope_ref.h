// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/scope_state.h"
#include "ui/widgets/icons.h"

#include <QString>

#include <compare>
#include <functional>
#include <string>
#include <vector>

/// Scopes with budgets and limits as panes speak of them. Pure.
namespace ui::panes {

/// One scope by name. Of customers, who all have the same rules, an empty name is all of them.
struct ScopeRef
{
    gateway::ScopeKind kind = gateway::ScopeKind::Organisation;
    std::string name {};
    auto operator<=>(const ScopeRef &) const = default;
};

struct ScopeRefHash
{
    std::size_t operator()(const ScopeRef &scope) const { return std::hash<std::string> {}(scope.name) * 8 + static_cast<std::size_t>(scope.kind); }
};

/// Its rules; nothing where it has none or is not there. A customer has every customer's.
gateway::config::Quota quotaOf(const gateway::config::Config &config, const ScopeRef &scope);
/// @return false: there is no such scope. Of every customer one budget and one limit are kept.
bool setQuota(gateway::config::Config &config, const ScopeRef &scope, gateway::config::Quota quota);
bool isThere(const gateway::config::Config &config, const ScopeRef &scope);
/// Whether the --config file owns it, so that it can be changed there alone.
bool isLocked(const gateway::config::Config &config, const ScopeRef &scope);
/// How many budgets it may have.
inline std::size_t mostRules(const ScopeRef &scope) { return scope.kind == gateway::ScopeKind::Customer ? 1 : 16; }
/// A key's team; empty for all else.
std::string teamOf(const gateway::config::Config &config, const ScopeRef &scope);

/// The beginning of the names that the gateway's problems have for it: "teams[2]." A customer's budget is "default_budget".
QString fieldPrefix(const gateway::config::Config &config, const ScopeRef &scope);

/// "search", "Organisation", "Every customer"
QString titleOf(const ScopeRef &scope);
/// "team search", "the organisation": within a sentence.
QString inWords(const ScopeRef &scope);
QString kindWord(gateway::ScopeKind kind); ///< "team"
widgets::Icon iconOf(gateway::ScopeKind kind);
/// The call log's filter for its calls: `team:"search"`; empty for the organisation.
QString filterOf(const ScopeRef &scope);

} // namespace ui::panes
