// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/quota.h"
#include "gateway/core/error.h"
#include "gateway/core/report_data.h"

#include <string>
#include <vector>

namespace gateway::storage {
class CallLogReader;
}

namespace gateway::reports {

struct BudgetQuestion
{
    std::string whose;
    const config::Quota &quota;
    CallFilter filter {};                ///< whose calls
    WallTime from {}, to {};             ///< the report's time, up to now
    std::string zone {};                 ///< of budgets that name none
};

/// How budgets stood at the end of a report's time, by the log.
Result<std::vector<ReportBudget>> budgetRows(storage::CallLogReader &log, const BudgetQuestion &question);

} // namespace gateway::reports
