// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/costs.h"
#include "gateway/core/error.h"
#include "gateway/storage/varint.h"

#include <QByteArray>

#include <compare>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

/// Sums of calls by customer, facet (facet_table.h) and quarter of an hour, a day of UTC at a time: what Costs is answered from
/// where customers, endpoints or tags are asked about. A quarter, because no zone's day begins within one; blobs, because as rows
/// of a table they took thirty times as long to read. These bytes are in files.
namespace gateway::storage {

inline constexpr std::int64_t secondsAQuarter = 900;
inline constexpr std::int64_t secondsADay = 86'400;
inline constexpr std::size_t quartersADay = 96;

/// What calls of a sum have in common.
struct SumPlace
{
    std::int64_t customer = 0; ///< its number in `customers`; 0: none
    std::int64_t facet = 0;
    std::uint64_t quarter = 0; ///< of the day, from 0
    auto operator<=>(const SumPlace &) const = default;
};
struct SumEntry
{
    SumPlace place;
    CostFigures figures;
};

/// A row of `day_sums`: some calls of one day.
struct DaySum
{
    QByteArray facets;    ///< all of them by facet and quarter
    QByteArray who;       ///< the customers there are, ascending: varint steps
    QByteArray customers; ///< for each of these how many facets, then these as in `facets`: calls without a customer are not here

    /// @param entries  of one day; are sorted, and those of one place joined
    static DaySum of(std::vector<SumEntry> &entries);
    /// Adds what of() was given, calls without a customer apart.
    void addTo(std::vector<SumEntry> &entries) const;
    [[nodiscard]] qsizetype bytes() const { return facets.size() + who.size() + customers.size(); }
};

/// Reads one of these blobs; bytes that are none of it end the reading.
class SumReader
{
public:
    explicit SumReader(const QByteArray &bytes) : m_at(reinterpret_cast<const unsigned char *>(bytes.constData())), m_end(m_at + bytes.size()) {}

    [[nodiscard]] bool atEnd() const { return m_at == m_end; }
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (int shift = 0; m_at < m_end && shift < 64; shift += 7) {
            const unsigned char byte = *m_at++;
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0)
                return value;
        }
        m_at = m_end;
        return 0;
    }

    /// One facet's sums. `sink(facet, quarter, figures)` is called for each of them.
    template <typename Sink>
    void facet(std::int64_t &facet, Sink &&sink)
    {
        facet += static_cast<std::int64_t>(number());
        std::uint64_t quarter = 0;
        for (bool more = true; more && m_at < m_end;) {
            quarter += number();
            const std::uint64_t head = number();
            more = (head & moreFollow) != 0;
            CostFigures figures {.calls = head >> headBits};
            if ((head & hasOddCalls) != 0) {
                figures.refused = number();
                figures.unpriced = number();
            }
            figures.cost = Money::fromNanos(static_cast<std::int64_t>(number()));
            figures.input = number();
            figures.output = number();
            if (quarter < quartersADay)
                sink(facet, static_cast<std::size_t>(quarter), figures);
        }
    }

    static constexpr std::uint64_t moreFollow = 1;  ///< sums of the same facet
    static constexpr std::uint64_t hasOddCalls = 2; ///< refused ones, or such without a price
    static constexpr int headBits = 2;

private:
    const unsigned char *m_at;
    const unsigned char *m_end;
};

class Database;
class Statement;

/// Adds up calls of any day in memory, and writes them as rows of `day_sums`. Each write makes a row for each day; eight of a
/// kind are joined into one. Writer's thread.
class DaySumTable
{
public:
    explicit DaySumTable(Database &database) : m_database(database) {}
    void add(std::int64_t startedUs, std::int64_t customer, std::int64_t facet, const CostFigures &figures);
    /// Within the caller's transaction. What was added is forgotten, also where it fails.
    Result<> write();
    void forget() { m_sums.clear(); }

private:
    struct Cell
    {
        std::int64_t customer, facet, quarter; ///< since 1970
        bool operator==(const Cell &) const = default;
    };
    struct CellHash
    {
        std::size_t operator()(const Cell &cell) const;
    };
    Result<> insert(std::int64_t day, std::int64_t level, std::vector<SumEntry> &entries);
    Result<> join(std::int64_t day, std::int64_t level);

    Database &m_database;
    std::unordered_map<Cell, CostFigures, CellHash> m_sums;
};

} // namespace gateway::storage
