// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/day_sums.h"

#include "gateway/storage/database.h"

#include <algorithm>
#include <span>

namespace gateway::storage {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::size_t joinedAtOnce = 8;
constexpr qsizetype bytesJoined = 4'000'000; // larger ones stay apart: joining them would hold up the writer

std::int64_t floorDivided(std::int64_t value, std::int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

void appendFigures(QByteArray &bytes, const CostFigures &figures, bool more)
{
    const bool odd = figures.refused > 0 || figures.unpriced > 0;
    appendVarint(bytes, figures.calls << SumReader::headBits | (odd ? SumReader::hasOddCalls : 0) | (more ? SumReader::moreFollow : 0));
    if (odd) {
        appendVarint(bytes, figures.refused);
        appendVarint(bytes, figures.unpriced);
    }
    appendVarint(bytes, static_cast<std::uint64_t>(figures.cost.nanos()));
    appendVarint(bytes, figures.input);
    appendVarint(bytes, figures.output);
}

/// Of one customer, or of all. @return how many facets there are
std::uint64_t appendFacets(QByteArray &bytes, std::span<const SumEntry> entries)
{
    std::uint64_t facets = 0;
    std::int64_t facet = 0;
    std::uint64_t quarter = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const SumPlace &place = entries[i].place;
        if (place.facet != facet) {
            ++facets;
            appendVarint(bytes, static_cast<std::uint64_t>(place.facet - facet));
            facet = place.facet;
            quarter = 0;
        }
        appendVarint(bytes, place.quarter - quarter);
        quarter = place.quarter;
        appendFigures(bytes, entries[i].figures, i + 1 < entries.size() && entries[i + 1].place.facet == facet);
    }
    return facets;
}

/// Sorts them, and joins those of one place.
void condense(std::vector<SumEntry> &entries)
{
    std::ranges::sort(entries, {}, &SumEntry::place);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (kept > 0 && entries[kept - 1].place == entries[i].place)
            entries[kept - 1].figures.add(entries[i].figures);
        else
            entries[kept++] = entries[i];
    }
    entries.resize(kept);
}

} // namespace

DaySum DaySum::of(std::vector<SumEntry> &entries)
{
    condense(entries);
    DaySum sum;
    std::int64_t customer = 0;
    for (auto from = entries.begin(); from != entries.end();) {
        const auto to = std::find_if(from, entries.end(), [&](const SumEntry &entry) { return entry.place.customer != from->place.customer; });
        if (from->place.customer != 0) {
            QByteArray facets;
            const std::uint64_t count = appendFacets(facets, {from, to});
            appendVarint(sum.who, static_cast<std::uint64_t>(from->place.customer - customer));
            customer = from->place.customer;
            appendVarint(sum.customers, count);
            sum.customers += facets;
        }
        from = to;
    }
    std::vector<SumEntry> all = entries;
    for (SumEntry &entry : all)
        entry.place.customer = 0;
    condense(all);
    appendFacets(sum.facets, all);
    return sum;
}

void DaySum::addTo(std::vector<SumEntry> &entries) const
{
    // What is left of all calls, once those with a customer are taken off, are those without.
    std::vector<SumEntry> without;
    SumReader all(facets);
    for (std::int64_t facet = 0; !all.atEnd();)
        all.facet(facet, [&](std::int64_t of, std::size_t quarter, const CostFigures &figures) { without.push_back({.place = {.facet = of, .quarter = quarter}, .figures = figures}); });
    SumReader names(who);
    SumReader reader(customers);
    for (std::int64_t customer = 0; !names.atEnd();) {
        customer += static_cast<std::int64_t>(names.number());
        std::int64_t facet = 0;
        for (std::uint64_t left = reader.number(); left > 0 && !reader.atEnd(); --left) {
            reader.facet(facet, [&](std::int64_t of, std::size_t quarter, const CostFigures &figures) {
                const SumPlace place {.facet = of, .quarter = quarter};
                const auto found = std::ranges::lower_bound(without, place, {}, &SumEntry::place);
                if (found != without.end() && found->place == place)
                    found->figures.subtract(figures);
                entries.push_back({.place = {.customer = customer, .facet = of, .quarter = quarter}, .figures = figures});
            });
        }
    }
    std::ranges::copy_if(without, std::back_inserter(entries), [](const SumEntry &entry) { return !entry.figures.empty(); });
}

std::size_t DaySumTable::CellHash::operator()(const Cell &cell) const
{
    return (static_cast<std::size_t>(cell.customer) * 0x9E3779B97F4A7C15ULL ^ static_cast<std::size_t>(cell.facet)) * 0x9E3779B97F4A7C15ULL ^ static_cast<std::size_t>(cell.quarter);
}

void DaySumTable::add(std::int64_t startedUs, std::int64_t customer, std::int64_t facet, const CostFigures &figures)
{
    m_sums[{.customer = customer, .facet = facet, .quarter = floorDivided(startedUs, secondsAQuarter * second)}].add(figures);
}

Result<> DaySumTable::write()
{
    std::unordered_map<std::int64_t, std::vector<SumEntry>> days;
    for (const auto &[cell, figures] : m_sums) {
        const std::int64_t day = floorDivided(cell.quarter, static_cast<std::int64_t>(quartersADay));
        const auto quarter = static_cast<std::uint64_t>(cell.quarter - day * static_cast<std::int64_t>(quartersADay));
        days[day].push_back({.place = {.customer = cell.customer, .facet = cell.facet, .quarter = quarter}, .figures = figures});
    }
    m_sums.clear();
    for (auto &[day, entries] : days) {
        if (auto written = insert(day, 0, entries); !written)
            return written;
        if (auto joined = join(day, 0); !joined)
            return joined;
    }
    return {};
}

Result<> DaySumTable::insert(std::int64_t day, std::int64_t level, std::vector<SumEntry> &entries)
{
    auto statement = m_database.prepare("INSERT INTO day_sums (day, level, facets, who, customers) VALUES (?, ?, ?, ?, ?)");
    if (!statement)
        return std::unexpected(statement.error());
    const DaySum sum = DaySum::of(entries);
    return statement->bind(day).bind(level).bindBlobOrNull(sum.facets).bindBlobOrNull(sum.who).bindBlobOrNull(sum.customers).run();
}

/// Where there are enough rows of that day and level, makes one of the next level of them.
Result<> DaySumTable::join(std::int64_t day, std::int64_t level)
{
    auto rows = m_database.prepare("SELECT n, facets, who, customers FROM day_sums WHERE day = ? AND level = ?");
    if (!rows)
        return std::unexpected(rows.error());
    if (auto asked = rows->bind(day).bind(level).run(); !asked)
        return asked;
    std::vector<std::int64_t> numbers;
    std::vector<DaySum> sums;
    qsizetype bytes = 0;
    while (rows->next()) {
        numbers.push_back(rows->integer(0));
        sums.push_back({.facets = rows->blob(1), .who = rows->blob(2), .customers = rows->blob(3)});
        bytes += sums.back().bytes();
    }
    if (auto failed = rows->failure(); !failed)
        return failed;
    rows->finish();
    if (numbers.size() < joinedAtOnce || bytes > bytesJoined)
        return {};
    std::vector<SumEntry> entries;
    for (const DaySum &sum : sums)
        sum.addTo(entries);
    auto remove = m_database.prepare("DELETE FROM day_sums WHERE n = ?");
    if (!remove)
        return std::unexpected(remove.error());
    for (const std::int64_t number : numbers) {
        if (auto removed = remove->bind(number).run(); !removed)
            return removed;
    }
    if (auto inserted = insert(day, level + 1, entries); !inserted)
        return inserted;
    return join(day, level + 1);
}

} // namespace gateway::storage
