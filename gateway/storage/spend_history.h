// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cost_anomalies.h"
#include "gateway/storage/reader_session.h"

#include <string>
#include <vector>

/// What the log's sums say of anomalies (core/cost_anomalies.h). Query thread, within one read transaction.
namespace gateway::storage {

/// @param borders  2 to 401 rising midnights of a calendar
Result<SpendHistory> answerSpendHistory(ReaderSession &session, const CallFilter &filter, const std::vector<WallTime> &borders);

/// Finds them, and asks who the customers were.
/// @param timeZone  IANA name, whose calendar days are; unknown: UTC
/// @param now       where the range is open
Result<std::vector<CostAnomaly>> answerAnomalies(ReaderSession &session, const AnomalyQuery &query, const std::string &timeZone, WallTime now);

} // namespace gateway::storage
