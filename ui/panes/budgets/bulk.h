// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/scopes/scope_ref.h"

#include <QStringList>

#include <vector>

/// Changes of many scopes' budgets and limits at once. Pure. What the --config file owns is left alone.
namespace ui::budgets {

/// All amounts and limits times `factor` (1.1: 10 % more); whole limits, of at least one.
void scale(gateway::config::Config &config, const std::vector<panes::ScopeRef> &scopes, double factor);
/// Gives them all the rules of one.
void copyRules(gateway::config::Config &config, const panes::ScopeRef &from, const std::vector<panes::ScopeRef> &to);
/// Takes all their budgets and limits away.
void clearRules(gateway::config::Config &config, const std::vector<panes::ScopeRef> &scopes);

/// What would change, a line a scope: "search: $1,200 a month becomes $1,320".
QStringList effectsOf(const gateway::config::Config &before, const gateway::config::Config &after, const std::vector<panes::ScopeRef> &scopes);

} // namespace ui::budgets
