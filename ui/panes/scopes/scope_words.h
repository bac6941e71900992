// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/scopes/standing.h"

#include <QString>

/// What is said of budgets and limits. Pure.
namespace ui::panes {

QString periodWord(gateway::Period period);  ///< "month"
QString perWords(gateway::Period period);    ///< "a month", "in all"
QString amountText(gateway::Money amount);   ///< "$1,200", "$0.01", "$12.50": without places where there are none
QString capText(const gateway::Money &amount, gateway::Period period);   ///< "$1,200 a month"
QString spentText(const gateway::BudgetState &budget);                   ///< "$842.17 of $1,200 month": spent and reserved
QString usedText(const gateway::BudgetState &budget);                    ///< "70 %"; never 100 % before it is
QString resetText(const gateway::BudgetState &budget);                   ///< "resets 1 Dec 2026 00:00 Europe/Berlin", "never resets"
/// "team search binds: $357.45 left of $1,200 a month"; "its own …" where it is the scope's own.
QString bindingText(const ScopeRef &scope, const Standing::Cap &cap);
QString limitTitle(gateway::LimitState::What what);                      ///< "Requests / min"
QString breachText(const gateway::config::Budget &budget);               ///< "calls are refused with 402"

} // namespace ui::panes
