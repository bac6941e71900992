// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/filter_extras.h"
#include "gateway/storage/reader_session.h"

#include <functional>
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

/// Finds the rows of a filter: by time, through an index that leaves few to look at, through the blocks' directories where
/// the filter says of which teams, keys, routes, providers or models the calls are, block by block through an index of what few
/// calls have (filter_extras.h) or of the words of bodies (text_search.h), or through those blocks in which a call has as much of something as the filter asks for. One question's; query thread.
class CallFinder
{
public:
    /// Looks how many rows each index would leave (at most some thousands are counted).
    static Result<CallFinder> make(ReaderSession &session, const CallFilter &filter, Span span);

    using Sink = std::function<Result<>(const Statement &row)>;
    /// SELECT `columns` FROM calls AS c of the found rows within the span, in no order, each once.
    Result<> each(std::string_view columns, Span span, const Sink &sink);
    /// The same of the tail's rows alone (ReaderSession::tail()).
    Result<> eachOfTail(std::string_view columns, Span span, const Sink &sink);

    struct Place
    {
        std::int64_t startedUs = 0;
        std::int64_t row = 0;
        auto operator<=>(const Place &) const = default;
    };
    /// The newest rows' places, newest first.
    /// @param bound  a further condition over c ("c.row > ?"), may be empty
    Result<std::vector<Place>> newest(Span span, const Sql &bound, int limit);

private:
    struct Block
    {
        std::int64_t first = 0, last = 0, fromUs = 0, toUs = 0;
    };
    /// Some rows of one statement: those of the tail, those of a block, those with these numbers, or those that a branch finds.
    struct Part
    {
        bool tail = false;
        const Block *block = nullptr;
        const std::vector<std::int64_t> *rows = nullptr;
        const Branch *branch = nullptr; ///< with none of all these: by time
    };

    explicit CallFinder(ReaderSession &session) : m_session(&session) {}
    Result<> chooseWay(const CallFilter &filter, Span span);
    Result<> readDimensions(const Sql &condition);
    Result<Sql> part(std::string_view columns, const Part &which, Span span, const Sql &bound) const;
    Result<> ask(const Sql &sql, const Sink &sink) const;
    Result<Sql> branchRows(std::string_view columns, Span span) const;
    Result<Sql> branchNewest(Span span, const Sql &bound, int limit) const;
    Result<std::vector<Place>> newestOfBlocks(Span span, const Sql &bound, int limit);
    Result<std::vector<Block>> blocks(Span span) const; ///< that reach into it, those that end last first
    Result<> addRows(const Block &block, std::vector<std::int64_t> &rows);
    Result<> addDimensionRows(const Block &block, std::vector<std::int64_t> &rows);
    Result<> narrow(const Block &block, std::vector<std::int64_t> &rows) const;
    Result<> addExtraRows(const Block &block, std::vector<std::int64_t> &rows);

    ReaderSession *m_session;
    Sql m_condition;
    Branches m_branches;                     ///< empty: by time, or
    Branches m_within;                       ///< where the rows of a block are told by their dimensions: they are among these, too
    bool m_byBlocks = false;
    bool m_wholeBlocks = false;              ///< all rows of a block are looked at
    std::optional<Sql> m_blocks;             ///< blocks for which it does not hold have none of the calls
    std::vector<std::int64_t> m_dimensions;  ///< ascending: calls of others are none
    std::optional<ExtraRows> m_extras;       ///< the rows of a block are told by it, or
    std::optional<std::string> m_words;      ///< by the full-text index; else by their dimensions
    std::optional<Statement> m_blockDims, m_blockPlaces;
};

} // namespace gateway::storage
