// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/retention.h"

#include "gateway/storage/database.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <vector>

namespace gateway::storage {

namespace {

constexpr std::int64_t rowsAStep = 300;
constexpr std::int64_t spareFreePages = 2048; // left in the file for what comes next
constexpr std::int64_t pagesAStep = 256;
constexpr std::int64_t everything = std::numeric_limits<std::int64_t>::max();

std::int64_t microsBefore(WallTime now, config::Millis age)
{
    return (now - age).time_since_epoch().count();
}

Result<std::vector<std::int64_t>> rowsOf(Database &database, std::string_view sql, std::int64_t bound)
{
    auto query = database.prepare(sql);
    if (!query)
        return std::unexpected(query.error());
    if (auto run = query->bind(bound).run(); !run)
        return std::unexpected(run.error());
    std::vector<std::int64_t> rows;
    while (query->next())
        rows.push_back(query->integer(0));
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return rows;
}

Result<> removeRows(Database &database, const std::vector<std::int64_t> &rows, std::string_view table)
{
    auto remove = database.prepare(fmt::format("DELETE FROM {} WHERE row = ?", table));
    if (!remove)
        return std::unexpected(remove.error());
    for (const std::int64_t row : rows) {
        if (auto removed = remove->bind(row).run(); !removed)
            return removed;
    }
    return {};
}

template <std::size_t N>
Result<std::int64_t> removeFrom(Database &database, const Result<std::vector<std::int64_t>> &rows, const std::array<std::string_view, N> &tables)
{
    if (!rows)
        return std::unexpected(rows.error());
    if (rows->empty())
        return 0;
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return std::unexpected(transaction.error());
    for (const std::string_view table : tables) {
        if (auto removed = removeRows(database, *rows, table); !removed)
            return std::unexpected(removed.error());
    }
    if (auto committed = transaction->commit(); !committed)
        return std::unexpected(committed.error());
    return static_cast<std::int64_t>(rows->size());
}

} // namespace

Result<bool> Retention::step(const config::LogSettings &settings, WallTime now)
{
    const auto bodies = removeBodies(microsBefore(now, std::min(settings.keepBodies, settings.keep)));
    if (!bodies)
        return std::unexpected(bodies.error());
    if (*bodies > 0)
        return true;
    const std::int64_t oldest = microsBefore(now, settings.keep);
    const auto calls = removeCalls(oldest);
    if (!calls)
        return std::unexpected(calls.error());
    if (*calls > 0)
        return true;
    const auto rollups = removeRollups(oldest / 1'000'000);
    if (!rollups)
        return std::unexpected(rollups.error());
    if (*rollups > 0)
        return true;
    auto shrunk = shrink(settings.maxSize);
    if (!shrunk || *shrunk)
        return shrunk;
    return giveBackPages();
}

/// Bodies go in the order of their rows, which is that of their ends, near enough to that of their starts.
Result<std::int64_t> Retention::removeBodies(std::int64_t beforeUs)
{
    return removeFrom(m_database, rowsOf(m_database, fmt::format("SELECT row FROM (SELECT row, at_us FROM bodies ORDER BY row LIMIT {}) AS oldest WHERE at_us < ?", rowsAStep), beforeUs),
                      std::array<std::string_view, 1> {"bodies"});
}

Result<std::int64_t> Retention::removeCalls(std::int64_t beforeUs)
{
    return removeFrom(m_database, rowsOf(m_database, fmt::format("SELECT row FROM calls INDEXED BY calls_started WHERE started_us < ? ORDER BY started_us LIMIT {}", rowsAStep), beforeUs),
                      std::array<std::string_view, 3> {"calls", "attempts", "bodies"});
}

/// Minutes go with their rows; hours and days of spend stay 400 days longer, months stay.
Result<std::int64_t> Retention::removeRollups(std::int64_t beforeSeconds)
{
    constexpr std::int64_t longer = 400LL * 24 * 3600;
    constexpr std::int64_t bucketsAStep = 3600;
    std::int64_t removed = 0;
    const std::array<std::pair<std::string_view, std::int64_t>, 6> tables {{{"rollup_minute", 0},
                                                                             {"rollup_minute_team", 0},
                                                                             {"attempts_minute", 0},
                                                                             {"rollup_hour", longer},
                                                                             {"rollup_hour_team", longer},
                                                                             {"attempts_hour", longer}}};
    for (const auto &[table, extra] : tables) {
        const std::int64_t before = beforeSeconds - extra;
        auto oldest = m_database.number(fmt::format("SELECT coalesce(min(bucket), {}) FROM {}", everything, table));
        if (!oldest)
            return std::unexpected(oldest.error());
        if (*oldest >= before)
            continue;
        auto remove = m_database.prepare(fmt::format("DELETE FROM {} WHERE bucket < ?", table));
        if (!remove)
            return std::unexpected(remove.error());
        if (auto done = remove->bind(std::min(before, *oldest + bucketsAStep)).run(); !done)
            return std::unexpected(done.error());
        ++removed;
    }
    return removed;
}

Result<bool> Retention::shrink(std::int64_t maxBytes)
{
    const auto pages = m_database.number("PRAGMA page_count");
    const auto unused = m_database.number("PRAGMA freelist_count");
    const auto pageSize = m_database.number("PRAGMA page_size");
    for (const auto *answer : {&pages, &unused, &pageSize}) {
        if (!*answer)
            return std::unexpected(answer->error());
    }
    if (maxBytes <= 0 || (*pages - *unused) * *pageSize <= maxBytes)
        return false;
    auto removed = removeBodies(everything);
    if (removed && *removed == 0)
        removed = removeCalls(everything);
    if (!removed)
        return std::unexpected(removed.error());
    return *removed > 0;
}

Result<bool> Retention::giveBackPages()
{
    const auto unused = m_database.number("PRAGMA freelist_count");
    if (!unused)
        return std::unexpected(unused.error());
    if (*unused <= spareFreePages)
        return false;
    if (auto done = m_database.run(fmt::format("PRAGMA incremental_vacuum({})", std::min(pagesAStep, *unused - spareFreePages))); !done)
        return std::unexpected(done.error());
    return true;
}

} // namespace gateway::storage
