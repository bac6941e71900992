// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_finder.h"
#include "gateway/storage/figures.h"

#include <functional>

namespace gateway::storage {

/// Adds up calls of a filter over a time: whole hours and minutes from the roll-ups where these can answer the filter, the
/// rest from the rows, so that the sums are exact. Query thread.
class Aggregates
{
public:
    static Result<Aggregates> make(ReaderSession &session, const CallFilter &filter, Span span);

    /// Called with sums of calls that began from `startedUs` on, within one bucket, of one team.
    using Sink = std::function<void(std::int64_t startedUs, std::int64_t team, const Figures &figures)>;

    /// @param bucketSeconds  no sum goes over a border at a multiple of it
    Result<> each(Span span, std::int64_t bucketSeconds, const Sink &sink);

    /// The first and last moment at which there may be calls: roll-ups, and rows.
    static Result<Span> extent(ReaderSession &session);

private:
    explicit Aggregates(ReaderSession &session, const CallFilter &filter) : m_session(session), m_filter(filter) {}
    Result<> fromRollups(std::string_view unit, Span span, const Sink &sink);
    Result<> fromRows(Span span, std::int64_t bucketSeconds, const Sink &sink);
    Result<bool> modelsAreInDimensions();

    ReaderSession &m_session;
    CallFilter m_filter;
    std::optional<CallFinder> m_finder;    ///< made where rows must be looked at
    bool m_byTeam = false;                 ///< the roll-ups by team answer it
    std::optional<Sql> m_dimensions;       ///< the roll-ups by dimension do
};

} // namespace gateway::storage
