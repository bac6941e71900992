// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_rows.h"

#include <functional>

namespace gateway::storage {

/// Goes through the calls of a range and filter, oldest first, a slice of time after the other: each slice is of one state of the
/// log, and no read stays open over them all. Memory does not grow with the log. Query thread.
class CallScan
{
public:
    using Sink = std::function<Result<>(const CallDetail &)>;
    using Progress = std::function<Result<>(double)>; ///< 0 to 1, of the time; an error ends the scan

    CallScan(ReaderSession &session, CallRows &rows) : m_session(session), m_rows(rows) {}
    Result<> each(const TimeRange &range, const CallFilter &filter, bool bodies, const Sink &sink, const Progress &progress);

private:
    Result<std::size_t> slice(std::int64_t fromUs, std::int64_t toUs, const CallFilter &filter, bool bodies, const Sink &sink);

    ReaderSession &m_session;
    CallRows &m_rows;
};

/// What would go if calls before a time were removed, and how much room it takes, about.
struct OldCalls
{
    std::uint64_t calls = 0, withBodies = 0;
    std::uint64_t callBytes = 0, bodyBytes = 0;
};
/// Within one read transaction.
Result<OldCalls> oldCalls(ReaderSession &session, WallTime before);

} // namespace gateway::storage
