// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/retention.h"

#include "gateway/storage/budget_spend.h"
#include "gateway/storage/database.h"
#include "gateway/storage/day_sums.h"
#include "gateway/storage/rollup_views.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <vector>

namespace gateway::storage {

namespace {

constexpr std::int64_t rowsAStep = 300; // of small ones; of calls and bodies as many as take some milliseconds:
constexpr std::int64_t fewestRowsAStep = 50;
constexpr std::int64_t mostRowsAStep = 5000;
constexpr std::chrono::milliseconds shortStep {3};
constexpr std::chrono::milliseconds longStep {10};
constexpr std::int64_t smallestCall = 200; // bytes; by it no step frees much more than is too much
constexpr std::int64_t bodiesShare = 20; // where there is no room, the newest call in so many keeps its bodies as long as it is there
constexpr std::int64_t mostKeepsakes = 1'000'000; // some 150 bytes each
constexpr std::int64_t spareFreePages = 2048; // left in the file for what comes next
constexpr std::int64_t pagesAStep = 256;
constexpr std::int64_t secondsAHour = 3600;
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
    const auto began = std::chrono::steady_clock::now();
    auto more = oneStep(settings, now);
    fitStep(began, more.value_or(false));
    return more;
}

void Retention::fitStep(std::chrono::steady_clock::time_point began, bool more)
{
    const auto took = std::chrono::steady_clock::now() - began;
    if (took > longStep)
        m_rowsAStep = std::max(m_rowsAStep / 2, fewestRowsAStep);
    else if (took < shortStep && more)
        m_rowsAStep = std::min(m_rowsAStep * 2, mostRowsAStep);
}

Result<bool> Retention::prune(Pruning &pruning)
{
    const auto began = std::chrono::steady_clock::now();
    Result<bool> more = true;
    if (pruning.bodiesOnly) {
        more = pruneBodies(pruning);
    } else {
        const auto removed = removeCalls(pruning.beforeUs, m_rowsAStep);
        if (!removed)
            return std::unexpected(removed.error());
        pruning.calls += static_cast<std::uint64_t>(*removed);
        more = *removed > 0;
    }
    fitStep(began, more.value_or(false));
    return more;
}

Result<bool> Retention::pruneBodies(Pruning &pruning)
{
    auto query = m_database.prepare("SELECT row, started_us, EXISTS (SELECT 1 FROM bodies AS b WHERE b.row = calls.row) FROM calls INDEXED BY calls_started "
                                    "WHERE (started_us, row) > (?, ?) AND started_us >= ? AND started_us < ? ORDER BY started_us, row LIMIT ?");
    if (!query)
        return std::unexpected(query.error());
    if (auto run = query->bind(pruning.atUs).bind(pruning.atRow).bind(pruning.atUs).bind(pruning.beforeUs).bind(m_rowsAStep).run(); !run)
        return std::unexpected(run.error());
    std::vector<std::int64_t> rows;
    std::uint64_t looked = 0;
    while (query->next()) {
        ++looked;
        pruning.atRow = query->integer(0);
        pruning.atUs = query->integer(1);
        if (query->integer(2) != 0)
            rows.push_back(pruning.atRow);
    }
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    query->finish();
    const auto removed = removeFrom(m_database, Result<std::vector<std::int64_t>>(std::move(rows)), std::array<std::string_view, 1> {"bodies"});
    if (!removed)
        return std::unexpected(removed.error());
    pruning.calls += looked;
    pruning.bodies += static_cast<std::uint64_t>(*removed);
    if (looked > 0)
        return true;
    auto dropped = removeDictionaries();
    return dropped ? Result<bool>(false) : std::unexpected(dropped.error());
}

Result<std::int64_t> Retention::usedBytes()
{
    const auto pages = m_database.number("PRAGMA page_count");
    const auto unused = m_database.number("PRAGMA freelist_count");
    const auto pageSize = m_database.number("PRAGMA page_size");
    for (const auto *answer : {&pages, &unused, &pageSize}) {
        if (!*answer)
            return std::unexpected(answer->error());
    }
    return (*pages - *unused) * *pageSize;
}

Result<bool> Retention::oneStep(const config::LogSettings &settings, WallTime now)
{
    const auto bodies = removeBodies(microsBefore(now, std::min(settings.keepBodies, settings.keep)), m_rowsAStep);
    if (!bodies)
        return std::unexpected(bodies.error());
    if (*bodies > 0) {
        auto removed = removeDictionaries();
        return removed ? Result<bool>(true) : std::unexpected(removed.error());
    }
    const auto late = removeLateBodies(microsBefore(now, std::min(settings.keepBodies, settings.keep)));
    if (!late)
        return std::unexpected(late.error());
    if (*late > 0)
        return true;
    const std::int64_t oldest = microsBefore(now, settings.keep);
    const auto calls = removeCalls(oldest, m_rowsAStep);
    if (!calls)
        return std::unexpected(calls.error());
    if (*calls > 0)
        return true;
    const std::int64_t nowSeconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto rollups = removeRollups(oldest / 1'000'000, nowSeconds);
    if (!rollups)
        return std::unexpected(rollups.error());
    if (*rollups > 0)
        return true;
    const auto keepsakes = removeKeepsakes(nowSeconds);
    if (!keepsakes)
        return std::unexpected(keepsakes.error());
    if (*keepsakes > 0)
        return true;
    const auto budgets = removeBudgetSpend(microsBefore(now, budgetSpendKept));
    if (!budgets)
        return std::unexpected(budgets.error());
    if (*budgets > 0)
        return true;
    auto shrunk = shrink(settings.maxSize);
    if (!shrunk || *shrunk)
        return shrunk;
    return giveBackPages();
}

/// Those that others took the place of, once no body is left that may have been packed by them.
Result<> Retention::removeDictionaries()
{
    return m_database.run("DELETE FROM dictionaries AS d WHERE EXISTS (SELECT 1 FROM dictionaries AS n WHERE n.kind = d.kind AND n.id > d.id "
                          "AND n.made_us < coalesce((SELECT at_us FROM bodies ORDER BY row LIMIT 1), n.made_us))");
}

/// Bodies go in the order of their rows, which is that of their ends, near enough to that of their starts.
Result<std::int64_t> Retention::removeBodies(std::int64_t beforeUs, std::int64_t rows)
{
    return removeFrom(m_database, rowsOf(m_database, fmt::format("SELECT row FROM (SELECT row, at_us FROM bodies ORDER BY row LIMIT {}) AS oldest WHERE at_us < ?", rows), beforeUs),
                      std::array<std::string_view, 1> {"bodies"});
}

/// Those of imported calls, whose rows are not in the order of their times.
Result<std::int64_t> Retention::removeLateBodies(std::int64_t beforeUs)
{
    const auto rows = rowsOf(m_database, fmt::format("SELECT row FROM late_bodies WHERE at_us < ? ORDER BY at_us, row LIMIT {}", m_rowsAStep), beforeUs);
    auto removed = removeFrom(m_database, rows, std::array<std::string_view, 1> {"bodies"});
    if (!removed || *removed == 0)
        return removed;
    if (auto done = m_database.run(fmt::format("DELETE FROM late_bodies WHERE (at_us, row) IN (SELECT at_us, row FROM late_bodies WHERE at_us < {} ORDER BY at_us, row LIMIT {})", beforeUs, rows->size())); !done)
        return std::unexpected(done.error());
    return removed;
}

/// Up to when calls are missing, before they do: what is imported later must not be in the sums twice.
Result<> Retention::markRemoved(std::int64_t beforeUs, std::int64_t count)
{
    return m_database.run(fmt::format("UPDATE marks SET value = max(value, coalesce((SELECT max(started_us) FROM (SELECT started_us FROM calls INDEXED BY calls_started WHERE started_us < {} "
                                      "ORDER BY started_us LIMIT {}) AS oldest), value)) WHERE name = 'removed_us'", beforeUs, count));
}

Result<std::int64_t> Retention::removeCalls(std::int64_t beforeUs, std::int64_t count)
{
    const auto rows = rowsOf(m_database, fmt::format("SELECT row FROM calls INDEXED BY calls_started WHERE started_us < ? ORDER BY started_us LIMIT {}", count), beforeUs);
    if (rows && !rows->empty()) {
        if (auto sealed = sealBefore(*rows); !sealed)
            return std::unexpected(sealed.error());
        if (auto marked = markRemoved(beforeUs, count); !marked)
            return std::unexpected(marked.error());
    }
    auto removed = removeFrom(m_database, rows, std::array<std::string_view, 7> {"calls", "attempts", "extras", "bodies", "feedback", "call_marks", "repriced"});
    if (removed && *removed > 0) {
        // Blocks of which no call is left: they go in the order of their rows, as the calls do.
        for (const std::string_view table : {"blocks", "trace_blocks"}) {
            if (auto done = m_database.run(fmt::format("DELETE FROM {0} WHERE first IN (SELECT first FROM {0} ORDER BY first LIMIT 8) AND last < coalesce((SELECT min(row) FROM calls), {1})", table, everything)); !done)
                return std::unexpected(done.error());
        }
        if (auto done = m_database.run(fmt::format("DELETE FROM block_tops WHERE first < coalesce((SELECT min(first) FROM blocks), {})", everything)); !done)
            return std::unexpected(done.error());
    }
    return removed;
}

Result<> Retention::sealBefore(const std::vector<std::int64_t> &rows)
{
    if (rows.empty())
        return {};
    const auto sealed = m_database.number("SELECT value FROM marks WHERE name = 'sealed_row'");
    if (!sealed)
        return std::unexpected(sealed.error());
    return std::ranges::max(rows) > *sealed ? m_seal() : Result<> {};
}

/// Those whose time is over; of more than there is room for, those that would go next.
Result<std::int64_t> Retention::removeKeepsakes(std::int64_t nowSeconds)
{
    auto removed = removeKeepsakesBefore(nowSeconds);
    if (!removed || *removed > 0)
        return removed;
    const auto count = m_database.number("SELECT count(*) FROM keepsakes");
    if (!count || *count <= mostKeepsakes)
        return count ? Result<std::int64_t>(0) : count;
    return removeKeepsakesBefore(everything);
}

Result<std::int64_t> Retention::removeKeepsakesBefore(std::int64_t seconds)
{
    auto remove = m_database.prepare(fmt::format("DELETE FROM keepsakes WHERE key IN (SELECT key FROM keepsakes WHERE until_s < ? ORDER BY until_s LIMIT {})", rowsAStep));
    if (!remove)
        return std::unexpected(remove.error());
    if (auto done = remove->bind(seconds).run(); !done)
        return std::unexpected(done.error());
    return remove->changes();
}

/// Of budgets' periods that are over. Those that never end begin with the first moment.
Result<std::int64_t> Retention::removeBudgetSpend(std::int64_t beforeUs)
{
    auto remove = m_database.prepare(fmt::format("DELETE FROM budget_spend WHERE (account, window_us) IN (SELECT account, window_us FROM budget_spend WHERE window_us > ? AND window_us < ? LIMIT {})", rowsAStep));
    if (!remove)
        return std::unexpected(remove.error());
    if (auto done = remove->bind(WallTime::min().time_since_epoch().count()).bind(beforeUs).run(); !done)
        return std::unexpected(done.error());
    return remove->changes();
}

/// Minutes are for charts of some days; hours, days and days of spend stay 400 days longer than their calls, months stay.
Result<std::int64_t> Retention::removeRollups(std::int64_t beforeSeconds, std::int64_t nowSeconds)
{
    constexpr std::int64_t longer = 400LL * 24 * 3600;
    constexpr std::int64_t minutesKept = 8LL * 24 * 3600;
    const std::int64_t minutesFrom = std::max(beforeSeconds, nowSeconds - minutesKept) / secondsAHour * secondsAHour;
    if (auto told = keepMinutesFrom(minutesFrom); !told)
        return std::unexpected(told.error());
    std::vector<std::string_view> minutes;
    std::vector<std::string_view> hours;
    std::vector<std::string_view> days;
    for (const RollupView &view : rollupViews) {
        days.push_back(view.days);
        hours.push_back(view.hours);
        if (!view.minutes.empty())
            minutes.push_back(view.minutes);
    }
    std::int64_t removed = 0;
    for (const auto &step : {removeBuckets(teamRollups.minutes, minutes, minutesFrom, secondsAHour), removeBuckets("attempts_minute", {}, minutesFrom, secondsAHour),
                             removeBuckets(teamRollups.hours, hours, beforeSeconds - longer, secondsAHour), removeBuckets("attempts_hour", {}, beforeSeconds - longer, secondsAHour),
                             removeBuckets(teamRollups.days, days, beforeSeconds - longer, secondsADay), removeDaySums(beforeSeconds - longer)}) {
        if (!step)
            return step;
        removed += *step;
    }
    return removed;
}

/// Whoever reads asks the calls for minutes of before, and the writer makes no more of them. The mark only rises.
Result<> Retention::keepMinutesFrom(std::int64_t seconds)
{
    const auto from = m_database.number("SELECT value FROM marks WHERE name = 'minutes_from'");
    if (!from || *from >= seconds)
        return from ? Result<> {} : std::unexpected(from.error());
    return m_database.run(fmt::format("UPDATE marks SET value = {} WHERE name = 'minutes_from'", seconds));
}

/// Some of a whole day's.
Result<std::int64_t> Retention::removeDaySums(std::int64_t beforeSeconds)
{
    auto remove = m_database.prepare("DELETE FROM day_sums WHERE n IN (SELECT n FROM day_sums WHERE day < ? ORDER BY day LIMIT 8)");
    if (!remove)
        return std::unexpected(remove.error());
    if (auto done = remove->bind(beforeSeconds / secondsADay).run(); !done)
        return std::unexpected(done.error());
    return remove->changes();
}

/// Some of a table's oldest buckets.
/// @param views  further tables of the same buckets, dimension first: nobody could tell their oldest at a glance
Result<std::int64_t> Retention::removeBuckets(std::string_view table, const std::vector<std::string_view> &views, std::int64_t beforeSeconds, std::int64_t secondsAStep)
{
    const auto oldest = m_database.number(fmt::format("SELECT coalesce(min(bucket), {}) FROM {}", everything, table));
    if (!oldest || *oldest >= beforeSeconds)
        return oldest ? Result<std::int64_t>(0) : oldest;
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return std::unexpected(transaction.error());
    const std::int64_t before = std::min(beforeSeconds, *oldest + secondsAStep);
    for (const std::string_view view : views) {
        if (auto done = m_database.run(fmt::format("DELETE FROM {} WHERE dim IN (SELECT id FROM dims) AND bucket < {}", view, before)); !done)
            return std::unexpected(done.error());
    }
    if (auto done = m_database.run(fmt::format("DELETE FROM {} WHERE bucket < {}", table, before)); !done)
        return std::unexpected(done.error());
    if (auto done = transaction->commit(); !done)
        return std::unexpected(done.error());
    return 1;
}

Result<bool> Retention::shrink(std::int64_t maxBytes)
{
    const auto used = usedBytes();
    if (!used)
        return std::unexpected(used.error());
    if (maxBytes <= 0 || *used <= maxBytes)
        return false;
    const auto bodies = tooManyBodies();
    if (!bodies)
        return std::unexpected(bodies.error());
    const std::int64_t rows = std::clamp((*used - maxBytes) / smallestCall, fewestRowsAStep, m_rowsAStep);
    const auto removed = *bodies ? removeBodies(everything, rows) : removeCalls(everything, rows);
    if (!removed)
        return std::unexpected(removed.error());
    return *removed > 0;
}

/// Bodies go before calls do, but not for ever: while calls come with bodies there always are some.
Result<bool> Retention::tooManyBodies()
{
    const auto oldestBody = m_database.number("SELECT coalesce(min(row), 0) FROM bodies");
    const auto oldest = m_database.number("SELECT coalesce(min(row), 0) FROM calls");
    const auto newest = m_database.number("SELECT coalesce(max(row), 0) FROM calls");
    for (const auto *answer : {&oldestBody, &oldest, &newest}) {
        if (!*answer)
            return std::unexpected(answer->error());
    }
    return *oldestBody > 0 && (*newest - *oldestBody) * bodiesShare >= *newest - *oldest;
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
