// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include "gateway/storage/call_tail.h"
#include "gateway/storage/customer_table.h"
#include "gateway/storage/migrations/earlier_figures.h"
#include "gateway/storage/name_table.h"

#include <fmt/format.h>

#include <QtGlobal>

#include <array>
#include <chrono>
#include <map>
#include <tuple>

namespace gateway::storage::migrations {

namespace {

#define SIGNALBOX_FIGURES_OF(first, second) \
    " (" first " INTEGER NOT NULL, " second " INTEGER NOT NULL, " \
    "calls INTEGER NOT NULL, failed INTEGER NOT NULL, refused INTEGER NOT NULL, rescued INTEGER NOT NULL, unpriced INTEGER NOT NULL, " \
    "cost INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, " \
    "e_rate_limit INTEGER NOT NULL, e_server INTEGER NOT NULL, e_timeout INTEGER NOT NULL, e_connect INTEGER NOT NULL, e_cut INTEGER NOT NULL, " \
    "e_client INTEGER NOT NULL, e_other INTEGER NOT NULL, latency BLOB, ttft BLOB, PRIMARY KEY (" first ", " second ")) WITHOUT ROWID"

constexpr std::array<std::string_view, 16> statements {
    // Sums by day of UTC, for years.
    "CREATE TABLE rollup_day_team" SIGNALBOX_FIGURES_OF("bucket", "dim"),
    "CREATE TABLE rollup_day" SIGNALBOX_FIGURES_OF("dim", "bucket"),
    "CREATE TABLE rollup_day_key" SIGNALBOX_FIGURES_OF("dim", "bucket"),
    "CREATE TABLE rollup_day_provider" SIGNALBOX_FIGURES_OF("dim", "bucket"),
    "CREATE TABLE rollup_day_route" SIGNALBOX_FIGURES_OF("dim", "bucket"),
    "CREATE TABLE rollup_day_model" SIGNALBOX_FIGURES_OF("dim", "bucket"),
    // What sums by day tell apart beside customers: facet_table.h.
    R"(CREATE TABLE facets (id INTEGER PRIMARY KEY, dim INTEGER NOT NULL, endpoint INTEGER NOT NULL, tags INTEGER NOT NULL, UNIQUE (dim, endpoint, tags)))",
    // Days since 1970. Numbers are never given out again: sums of long ago may have them. customer_table.h
    R"(CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, last_day INTEGER NOT NULL))",
    R"(CREATE INDEX customers_by_day ON customers (last_day))",
    R"(INSERT INTO customers (id, name, last_day) VALUES (1, '(other)', 0))",
    // Some calls of a day, `level` times joined from eight rows. The blobs: day_sums.h.
    R"(CREATE TABLE day_sums (n INTEGER PRIMARY KEY, day INTEGER NOT NULL, level INTEGER NOT NULL, who BLOB, facets BLOB, customers BLOB))",
    R"(CREATE INDEX day_sums_by_day ON day_sums (day, level))",
    // Of the block with that first row: call_tail.h. -1: no call has any.
    R"(CREATE TABLE block_tops (first INTEGER PRIMARY KEY, latency_us INTEGER NOT NULL, first_us INTEGER NOT NULL, cost INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, attempts INTEGER NOT NULL))",
    // From when on minutes are kept, and sums by day hold all calls (seconds); whether customers have lost their names.
    R"(INSERT INTO marks (name, value) VALUES ('minutes_from', 0), ('day_sums_from', 0), ('customers_let_go', 0))",
    // dims.aliased was 1 where another name was asked for; from here on it is the name's number. So no such name's may be 1.
    R"(INSERT OR IGNORE INTO names (id, kind, name) VALUES (1, 12, ''))",
    R"(DELETE FROM blocks)",
};

#undef SIGNALBOX_FIGURES_OF

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t hourSeconds = 3600;
constexpr std::chrono::seconds tellEvery {5}; // ten million calls take a minute, and nothing runs meanwhile
constexpr std::size_t aliased = static_cast<std::size_t>(DimensionField::Aliased);

/// Sums of calls by a name that was asked for, on their way from the row of "another name" to that name's.
class AliasedSums
{
public:
    AliasedSums(Database &database, DimensionTable &dimensions) : m_database(database), m_dimensions(dimensions) {}

    Result<> add(std::int64_t startedUs, DimensionNames names, const CallFigures &figures)
    {
        const auto to = m_dimensions.of(names);
        if (!to)
            return std::unexpected(to.error());
        const auto places = (*to)->views;
        names[aliased] = 1;
        const auto from = m_dimensions.of(names);
        if (!from)
            return std::unexpected(from.error());
        for (std::size_t view = 0; view < rollupViews.size(); ++view) {
            if ((*from)->views[view] != places[view])
                m_moves[{view, startedUs / second / hourSeconds * hourSeconds, (*from)->views[view], places[view]}].add(figures);
        }
        constexpr std::size_t heldAtMost = 20'000;
        return m_moves.size() >= heldAtMost ? write() : Result<> {};
    }

    Result<> write()
    {
        for (const auto &[place, figures] : m_moves) {
            const auto &[view, hour, from, to] = place;
            const std::string_view table = rollupViews[view].hours;
            for (const auto &[dim, joins] : {std::pair(from, false), std::pair(to, true)}) {
                if (auto done = change(table, hour, dim, figures, joins); !done)
                    return done;
            }
        }
        m_moves.clear();
        return {};
    }

private:
    Result<> change(std::string_view table, std::int64_t hour, std::int64_t dim, const Figures &figures, bool joins)
    {
        auto select = m_database.prepare(fmt::format("SELECT {} FROM {} WHERE dim = ? AND bucket = ?", EarlierFigures::columns, table));
        if (!select)
            return std::unexpected(select.error());
        if (auto run = select->bind(dim).bind(hour).run(); !run)
            return run;
        EarlierFigures sum;
        if (select->next())
            sum = EarlierFigures::from(*select, 0);
        else if (!joins)
            return {}; // a sum that is not there is none to take from
        select->finish();
        if (joins)
            sum.merge(figures);
        else
            sum.subtract(figures);
        if (sum == EarlierFigures {}) {
            auto remove = m_database.prepare(fmt::format("DELETE FROM {} WHERE dim = ? AND bucket = ?", table));
            return remove ? remove->bind(dim).bind(hour).run() : std::unexpected(remove.error());
        }
        auto replace = m_database.prepare(fmt::format("INSERT OR REPLACE INTO {} (dim, bucket, {}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", table, EarlierFigures::columns));
        if (!replace)
            return std::unexpected(replace.error());
        replace->bind(dim).bind(hour);
        sum.bindTo(*replace);
        return replace->run();
    }

    Database &m_database;
    DimensionTable &m_dimensions;
    std::map<std::tuple<std::size_t, std::int64_t, std::int64_t, std::int64_t>, Figures> m_moves; ///< view, hour, from, to
};

/// Puts the calls that roll-ups have into blocks again, by the names that were asked for, and into sums by day.
class Refill
{
public:
    explicit Refill(Database &database) : m_database(database), m_names(database), m_dimensions(database), m_facets(database), m_customers(database), m_daySums(database), m_aliased(database, m_dimensions) {}

    Result<> run()
    {
        auto rows = m_database.prepare(fmt::format("SELECT c.row, c.started_us, coalesce(c.team, 0), coalesce(c.key, 0), coalesce(c.route, 0), coalesce(c.provider, 0), coalesce(c.model, 0), c.asked, "
                                                   "(SELECT name FROM names WHERE id = c.error), c.endpoint, c.tags, c.customer, c.attempts, {} FROM calls AS c "
                                                   "WHERE c.row <= (SELECT value FROM marks WHERE name = 'sealed_row') ORDER BY c.row",
                                                   CallFigures::columns));
        if (!rows)
            return std::unexpected(rows.error());
        if (auto asked = rows->run(); !asked)
            return asked;
        const auto last = m_database.number("SELECT value FROM marks WHERE name = 'sealed_row'");
        auto told = std::chrono::steady_clock::now();
        while (rows->next()) {
            if (auto added = add(*rows); !added)
                return added;
            if (const auto now = std::chrono::steady_clock::now(); now - told > tellEvery && last) {
                told = now;
                qInfo("Bringing the call log up to date: call %lld of about %lld is in the sums by day.", static_cast<long long>(rows->integer(Row)), static_cast<long long>(*last));
            }
            if (m_block.size() < rowsABlock)
                continue;
            if (auto written = write(); !written)
                return written;
        }
        if (auto failed = rows->failure(); !failed)
            return failed;
        if (auto written = write(); !written)
            return written;
        return m_aliased.write();
    }

    [[nodiscard]] const CostFigures &total() const { return m_total; }

private:
    enum Column : int { Row, Started, Team, Key, Route, Provider, Model, Asked, Error, EndpointOf, Tags, Customer, Attempts, FiguresFrom };

    Result<> add(const Statement &row)
    {
        const std::int64_t started = row.integer(Started);
        const auto asked = m_names.number(NameKind::Asked, row.text(Asked));
        const auto tags = m_names.number(NameKind::Tags, row.text(Tags));
        const auto customer = m_customers.number(row.text(Customer), started / second / secondsADay);
        if (!asked || !tags || !customer)
            return std::unexpected(!asked ? asked.error() : !tags ? tags.error() : customer.error());
        CallFigures figures = CallFigures::from(row, FiguresFrom);
        figures.cache = CacheOutcome::Off; // these sums do not hold it yet: step 13
        if (!row.isNull(Error))
            figures.error = errorClass(errorCodeNamed(row.text(Error)));
        const DimensionNames names {row.integer(Team), row.integer(Key), row.integer(Route), row.integer(Provider), row.integer(Model), asked->value_or(0)};
        if (names[aliased] != 0) {
            if (auto moved = m_aliased.add(started, names, figures); !moved)
                return moved;
        }
        const auto dimension = m_dimensions.of(names);
        if (!dimension)
            return std::unexpected(dimension.error());
        const auto facet = m_facets.number({.dim = (*dimension)->id, .endpoint = row.integer(EndpointOf), .tags = tags->value_or(0)});
        if (!facet)
            return std::unexpected(facet.error());
        m_block.add(row.integer(Row), started, (*dimension)->id);
        m_tops.add(row.integer(Row), {.latencyUs = figures.latencyUs, .firstByteUs = figures.firstByteUs, .cost = figures.cost ? figures.cost->nanos() : -1, .input = figures.input,
                                      .output = figures.output, .attempts = row.integer(Attempts)});
        m_daySums.add(started, *customer, *facet, costsOf(figures));
        m_total.add(costsOf(figures));
        return {};
    }

    Result<> write()
    {
        if (auto written = m_block.write(m_database); !written)
            return written;
        if (auto written = m_tops.write(m_database); !written)
            return written;
        m_block = {};
        m_tops = {};
        return m_daySums.write();
    }

    Database &m_database;
    NameTable m_names;
    DimensionTable m_dimensions;
    FacetTable m_facets;
    CustomerTable m_customers;
    DaySumTable m_daySums;
    AliasedSums m_aliased;
    CallBlock m_block;
    BlockTops m_tops;
    CostFigures m_total;
};

/// Adds up a table by hour into the one by day.
/// @param columns  its key, in its order: the bucket and the dimension, or the other way round
Result<> addUpDays(Database &database, const RollupView &view, std::string_view columns)
{
    auto rows = database.prepare(fmt::format("SELECT dim, bucket, {} FROM {} ORDER BY {}", EarlierFigures::columns, view.hours, columns));
    auto insert = database.prepare(fmt::format("INSERT INTO {} (dim, bucket, {}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", view.days, EarlierFigures::columns));
    if (!rows || !insert)
        return std::unexpected(rows ? insert.error() : rows.error());
    if (auto asked = rows->run(); !asked)
        return asked;
    std::map<std::pair<std::int64_t, std::int64_t>, EarlierFigures> sums; // dimension and day
    const auto write = [&]() -> Result<> {
        for (const auto &[place, figures] : sums) {
            insert->bind(place.first).bind(place.second);
            figures.bindTo(*insert);
            if (auto done = insert->run(); !done)
                return done;
        }
        sums.clear();
        return {};
    };
    std::pair<std::int64_t, std::int64_t> last {-1, -1};
    while (rows->next()) {
        const std::pair place {rows->integer(0), rows->integer(1) / secondsADay * secondsADay};
        const bool another = columns == "bucket, dim" ? place.second != last.second : place.first != last.first;
        if (another) {
            if (auto written = write(); !written)
                return written;
        }
        last = place;
        sums[place].merge(EarlierFigures::from(*rows, 2));
    }
    if (auto failed = rows->failure(); !failed)
        return failed;
    return write();
}

/// Where roll-ups have more than the calls, some are gone: the oldest, so that sums by day begin with the first whole hour after.
Result<> markBeginning(Database &database, const CostFigures &total)
{
    const auto calls = database.number("SELECT coalesce(sum(calls), 0) FROM rollup_hour_team");
    const auto cost = database.number("SELECT CAST(total(cost) AS INTEGER) FROM rollup_hour_team");
    const auto first = database.number("SELECT coalesce((SELECT min(started_us) / 1000000 FROM calls), (SELECT max(bucket) FROM rollup_hour_team), 0)");
    for (const auto *answer : {&calls, &cost, &first}) {
        if (!*answer)
            return std::unexpected(answer->error());
    }
    if (static_cast<std::uint64_t>(*calls) == total.calls && *cost == static_cast<std::int64_t>(static_cast<double>(total.cost.nanos())))
        return {};
    return database.run(fmt::format("UPDATE marks SET value = {} WHERE name = 'day_sums_from'", *first / hourSeconds * hourSeconds + hourSeconds));
}

Result<> fill(Database &database)
{
    Refill refill(database);
    if (auto filled = refill.run(); !filled)
        return filled;
    if (auto added = addUpDays(database, teamRollups, "bucket, dim"); !added)
        return added;
    for (const RollupView &view : rollupViews) {
        if (auto added = addUpDays(database, view, "dim, bucket"); !added)
            return added;
    }
    return markBeginning(database, refill.total());
}

} // namespace

Migration calls0011()
{
    return Migration {.version = 11, .statements = statements, .then = fill};
}

} // namespace gateway::storage::migrations
