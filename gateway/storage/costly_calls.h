// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_finder.h"

#include <cstdint>
#include <map>
#include <vector>

namespace gateway::storage {

/// Where the calls are that cost most, from the most costly on.
struct CostlyPlaces
{
    std::vector<CallFinder::Place> all {};
    std::map<std::int64_t, std::vector<CallFinder::Place>> teams {}; ///< by the team's number; 0: calls without one
};

/// Calls without a known price, or that cost nothing, are none of them. Looks at each call of the span, once. Query thread,
/// within one read transaction.
/// @param limit  of all, and of each team
Result<CostlyPlaces> costliestCalls(ReaderSession &session, const CallFilter &filter, Span span, int limit);

} // namespace gateway::storage
