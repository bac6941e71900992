// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_finder.h"
#include "gateway/storage/figures.h"

#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace gateway::storage {

/// Adds up calls of a filter over a time: whole days, hours and minutes from the roll-ups where these can answer the filter, the
/// rest, and the latest calls that no roll-up has yet, from the rows, so that the sums are exact. Query thread.
class Aggregates
{
public:
    /// @param apart  bits of DimensionField: no sum joins calls that differ in one of these (Aliased is not among them)
    /// @param durations  whether sums need hold latencies: without them they are read in half the time
    static Result<Aggregates> make(ReaderSession &session, const CallFilter &filter, unsigned apart = fieldBit(DimensionField::Team), bool durations = true);

    /// Called with sums of calls that began from `startedUs` on, within one bucket; all names but those kept apart are 0.
    using Sink = std::function<void(std::int64_t startedUs, const DimensionNames &names, const Figures &figures)>;

    /// @param bucketSeconds  no sum goes over a border at a multiple of it
    Result<> each(Span span, std::int64_t bucketSeconds, const Sink &sink);

    /// The first and last moment at which there may be calls: roll-ups, and rows.
    static Result<Span> extent(ReaderSession &session);

private:
    /// A roll-up table that answers the filter.
    struct Table
    {
        std::string name;
        std::int64_t seconds = 0;
        bool byTeam = false; ///< its rows are teams, not dimensions
        std::int64_t fromUs = std::numeric_limits<std::int64_t>::min(); ///< what began before is not in it (any more)
    };

    Aggregates(ReaderSession &session, const CallFilter &filter, unsigned apart, bool durations) : m_session(session), m_filter(filter), m_apart(apart), m_durations(durations) {}
    Result<> chooseTables();
    Result<> through(std::span<const Table> tables, Span span, std::int64_t bucketSeconds, const Sink &sink);
    Result<> fromRollups(const Table &table, Span span, const Sink &sink);
    Result<> fromRows(Span span, std::int64_t bucketSeconds, const Sink &sink, bool tailAlone = false);
    Result<bool> modelsAreInDimensions();

    ReaderSession &m_session;
    CallFilter m_filter;
    unsigned m_apart;
    bool m_durations;
    std::optional<CallFinder> m_finder;    ///< made where rows must be looked at
    std::optional<Sql> m_dimensions;       ///< the roll-ups by dimension answer it
    std::vector<Table> m_tables;           ///< widest buckets first
};

} // namespace gateway::storage
