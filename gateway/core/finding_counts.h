// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gateway {

/// What privacy policies found in calls of some time.
struct FindingQuery
{
    TimeRange range;
    std::size_t parts = 24;            ///< 1 to 1,000: equal ones, in which what was found is counted too
    std::size_t mostCalls = 100'000;   ///< with findings: the newest ones
};

/// How often one rule or guardrail found something, by the call log.
struct FindingCount
{
    std::string policy;                ///< that the calls ran under; it may extend the one that has the rule
    std::string rule, action;          ///< as PrivacyFinding; the action without the mark of guardrails
    bool guardrail = false;
    std::uint64_t calls = 0;           ///< in which
    std::uint64_t asked = 0, answered = 0; ///< times
    std::vector<std::uint64_t> parts {};   ///< times, the oldest part first

    [[nodiscard]] std::uint64_t found() const { return asked + answered; }
};

struct FindingSummary
{
    std::vector<FindingCount> findings {};
    bool complete = true;              ///< false: there were more calls than were to be looked at
    WallTime since {};                 ///< what is counted began then: the range's beginning, or later where it is not complete
};

} // namespace gateway
