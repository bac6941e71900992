// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_query.h"

#include <deque>

/// The made-up call log of the pictures: 15,120 calls of one hour, newest first, and what can be asked of it.
namespace tests {

std::deque<gateway::CallRecord> sceneLog();
gateway::CallRecord sceneCall(int number); ///< any number: a call like those of the log, the same for the same number

bool matches(const gateway::CallFilter::Node &node, const gateway::CallRecord &record);
bool rescued(const gateway::CallRecord &record); ///< answered, though an attempt had failed or was skipped

/// By one field, over the whole range. Before the log began there were much the same calls.
gateway::api::Usage sceneUsage(const std::deque<gateway::CallRecord> &log, const gateway::api::UsageQuery &query);
gateway::api::Series sceneSeries(const std::deque<gateway::CallRecord> &log, const gateway::api::SeriesQuery &query, gateway::WallTime now);

} // namespace tests
