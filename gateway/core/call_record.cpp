// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_record.h"

#include <algorithm>

namespace gateway {

std::string_view toText(CallStatus status)
{
    switch (status) {
    case CallStatus::Ok: return "ok";
    case CallStatus::Failed: return "failed";
    case CallStatus::Refused: return "refused";
    case CallStatus::Cut: return "cut";
    case CallStatus::Cancelled: return "cancelled";
    }
    return "failed";
}

std::string_view toText(CacheOutcome outcome)
{
    switch (outcome) {
    case CacheOutcome::Off: return "off";
    case CacheOutcome::Miss: return "miss";
    case CacheOutcome::Hit: return "hit";
    case CacheOutcome::Semantic: return "semantic";
    }
    return "off";
}

bool isRescued(const CallRecord &record)
{
    const auto failed = [](const AttemptRecord &attempt) { return !attempt.ok && !attempt.skipped && attempt.error != ErrorCode::Cancelled; };
    return record.status == CallStatus::Ok && std::ranges::any_of(record.attempts, failed);
}

} // namespace gateway
