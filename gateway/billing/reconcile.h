// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/billing/bill.h"

#include <string>
#include <vector>

/// A bill beside the call log, day by day and model by model.
namespace gateway::billing {

/// Calls of the log that a provider of the bill's vendor answered, or was tried for; what is counted twice, with a minus.
struct LoggedLine
{
    std::chrono::sys_days day {};  ///< UTC, by when the call began
    std::string model {};          ///< as the provider was asked for it
    std::int64_t calls = 0, unpriced = 0, input = 0, output = 0;
    Money cost {};                 ///< of the calls with a price
};

/// @param logged  of the bill's days; days that are not on the bill are left out
Reconciliation reconcile(const Bill &bill, const std::vector<LoggedLine> &logged, const Tolerance &tolerance = {});

/// What a model's name is compared by: "claude-haiku-4-5-20251001" and "Claude Haiku 4.5" are one.
std::string modelKey(std::string_view name);

} // namespace gateway::billing
