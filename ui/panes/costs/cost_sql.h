// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"
#include "ui/panes/costs/cost_picture.h"

#include <QString>

namespace ui::costs {

/// The builder's question as a query of the SQL console, whose sums are those of the charts: from the sums by hour where they can
/// answer it, else from the calls (those that the log no longer has are then not in it, which the query's first line says).
/// Pure.
QString costSql(const Asked &asked, const gateway::CallFilter &filter);

} // namespace ui::costs
