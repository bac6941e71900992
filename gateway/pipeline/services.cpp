// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/services.h"

#include "gateway/core/call_id.h"

#include <fmt/format.h>
#include <random>

namespace gateway::pipeline {

void pushRefusalSummaries(Services &services)
{
    const auto summaries = services.refusals.takeSummaries(services.clock.steadyNow());
    if (summaries.empty())
        return;
    std::random_device seed;
    CallIdMaker ids((static_cast<std::uint64_t>(seed()) << 32) | seed());
    for (const auto &summary : summaries) {
        CallRecord record;
        record.startedAt = services.clock.wallNow();
        record.id = ids.next(record.startedAt);
        record.peer = summary.peer;
        record.status = CallStatus::Refused;
        record.error = ErrorCode::InvalidKey;
        record.errorMessage = fmt::format("{} more refused requests of {} in one second, without a record of their own.", summary.count,
                                          summary.peer.empty() ? std::string_view("many addresses") : std::string_view(summary.peer));
        record.cost = Money();
        record.repeats = summary.count;
        services.records.push(std::move(record), {});
    }
}

} // namespace gateway::pipeline
