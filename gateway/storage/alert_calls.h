// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/alert_view.h"
#include "gateway/storage/reader_session.h"

#include <functional>

/// Calls as alerts look at them, of the log's rows. Query thread, within one read transaction.
namespace gateway::storage {

using AlertCallSink = std::function<void(const AlertCall &call)>;

/// Those stored after that row, at most `limit`, in the order in which they were stored.
/// @return the last one's row; 0: there are none
Result<std::uint64_t> alertCallsAfter(ReaderSession &session, std::uint64_t row, int limit, const AlertCallSink &sink);

/// Those that ended in [from, to), in no order.
/// @param upTo  rows after this one are left out
/// @param most  BadRequest where there are more
Result<> alertCallsWithin(ReaderSession &session, TimeRange range, std::uint64_t upTo, std::uint64_t most, const AlertCallSink &sink);

} // namespace gateway::storage
