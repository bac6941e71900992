// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/alerts/preview.h"
#include "gateway/config/config.h"
#include "gateway/storage/call_log_reader.h"

#include <string>

/// What alerts have to know of the past, out of the call log. On a query thread.
namespace gateway::api {

/// The hours before `at` that a condition which deviates is compared with, by subject.
Result<std::map<std::string, alerts::HourValues, std::less<>>> hourValues(storage::CallLogReader &log, const config::AlertWhen &when, TimeRange range, const std::string &zone);

/// All that a preview of that time has to know. Errors: NotSupported, BadRequest, those of the log.
/// @param config  whose budgets hold
Result<alerts::AlertPast> alertPast(storage::CallLogReader &log, const config::Alert &alert, TimeRange range, const config::Config &config);

inline constexpr std::uint64_t mostPreviewCalls = 3'000'000;

} // namespace gateway::api
