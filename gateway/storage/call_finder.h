// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/reader_session.h"

#include <vector>

namespace gateway::storage {

/// Microseconds since 1970 UTC: [from, to).
struct Span
{
    std::int64_t from = 0;
    std::int64_t to = 0;
    [[nodiscard]] bool empty() const { return from >= to; }
};

Span spanOf(const TimeRange &range);

/// Finds the rows of a filter, through the index that leaves the fewest to look at. One question's; query thread.
class CallFinder
{
public:
    /// Looks how many rows each index would leave (at most some thousands are counted).
    static Result<CallFinder> make(ReaderSession &session, const CallFilter &filter, Span span);

    /// SELECT `columns` FROM calls AS c of the found rows within the span, in no order, each once.
    [[nodiscard]] Sql rows(std::string_view columns, Span span) const;

    /// The newest rows' places, newest first.
    /// @param bound  a further condition over c ("c.row > ?"), may be empty
    [[nodiscard]] Sql newest(Span span, const Sql &bound, int limit) const;

    [[nodiscard]] bool all() const { return m_condition.text == "1"; }

private:
    CallFinder() = default;
    [[nodiscard]] Sql part(std::string_view columns, const Branch *branch, Span span, const Sql &bound) const;

    Sql m_condition;
    Branches m_branches; ///< empty: by time
};

} // namespace gateway::storage
