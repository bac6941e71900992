// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/quota.h"
#include "gateway/core/error.h"

#include <string_view>

namespace gateway::config {

/// A budget in one word, as the command line has it: "50/month", "0.25/hour", "100/total", in dollars.
/// Invalid for anything else, with an example.
Result<Budget> parseBudget(std::string_view text);

} // namespace gateway::config
