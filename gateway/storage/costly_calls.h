// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_finder.h"

#include <vector>

namespace gateway::storage {

/// The places of the calls that cost most, from there on; those without a known price, or that cost nothing, are none of
/// them. Looks at each call of the span. Query thread, within one read transaction.
Result<std::vector<CallFinder::Place>> costliestCalls(ReaderSession &session, const CallFilter &filter, Span span, int limit);

} // namespace gateway::storage
