// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/exchange.h"
#include "gateway/privacy/policy.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::stages {

/// Asks the webhooks of a call's policy, one after another, until one does not let it on.
/// @param about   "request" or "answer"
/// @param texts   scrubbed; all of it outlives the task
/// @param counts  of Guards::all(): those get one more that have something against it
/// @return BlockedByPolicy; PolicyUnavailable: one that gives no verdict, and has to; Cancelled
pipeline::Task<Result<>> askJudges(pipeline::Exchange &x, const privacy::Policy &policy, std::string_view about, const std::vector<std::string> &texts, std::vector<std::uint32_t> &counts);

} // namespace gateway::stages
