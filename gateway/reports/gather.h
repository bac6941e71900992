// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/error.h"
#include "gateway/core/report_data.h"

#include <functional>

namespace gateway::storage {
class CallLogReader;
}

/// Reports: their figures out of the call log, and the same written down. Pure but for the reader that is asked.
namespace gateway::reports {

/// Called before each question; an error of it ends the gathering.
using Progress = std::function<Result<>(ReportProgress)>;

/// Asks the log for all of a report, in one state of it, so that its sums agree with one another and with Costs. On the
/// reader's thread. Errors: those of the log.
/// @param config    for the teams' budgets
/// @param progress  may be empty
Result<ReportData> gather(storage::CallLogReader &log, const config::Config &config, const ReportQuery &query, WallTime now, const Progress &progress = {});

} // namespace gateway::reports
