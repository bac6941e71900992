// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/scopes/scope_ref.h"

#include <QString>

#include <vector>

namespace ui::budgets {

/// Something of a configuration's budgets and limits that can be saved and is hardly meant.
struct Conflict
{
    enum class What {
        AboveParent,  ///< it may spend or call more than what it belongs to
        Unreachable,  ///< no call can come by it
        Overcommitted ///< the parts together may spend more than the whole
    };
    What what = What::AboveParent;
    panes::ScopeRef scope {};
    QString text;     ///< "$600 a day is more than team search may spend: $500 a month"
    bool operator==(const Conflict &) const = default;
};

/// In the order of the tree. @param now  for keys that have expired
std::vector<Conflict> findConflicts(const gateway::config::Config &config, gateway::WallTime now);

} // namespace ui::budgets
