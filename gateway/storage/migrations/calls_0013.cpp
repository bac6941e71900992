// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/call_tail.h"
#include "gateway/storage/dimension_table.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <optional>
#include <vector>

namespace gateway::storage::migrations {

namespace {

#define SIGNALBOX_CACHE_OF(table) \
    "ALTER TABLE " table " ADD COLUMN cache_hits INTEGER NOT NULL DEFAULT 0", "ALTER TABLE " table " ADD COLUMN cache_looked INTEGER NOT NULL DEFAULT 0"

constexpr std::array<std::string_view, 29> statements {
    // Some files of version 8 and later lack it; what follows, and the figures of what the cache saved, go by it.
    R"(CREATE INDEX IF NOT EXISTS calls_cache ON calls (started_us) WHERE (flags & 1536) <> 0)",
    // Of a sum's calls, those that a kept answer answered, and those that looked for one.
    SIGNALBOX_CACHE_OF("rollup_day_team"),
    SIGNALBOX_CACHE_OF("rollup_hour_team"),
    SIGNALBOX_CACHE_OF("rollup_minute_team"),
    SIGNALBOX_CACHE_OF("rollup_day"),
    SIGNALBOX_CACHE_OF("rollup_hour"),
    SIGNALBOX_CACHE_OF("rollup_day_key"),
    SIGNALBOX_CACHE_OF("rollup_hour_key"),
    SIGNALBOX_CACHE_OF("rollup_day_provider"),
    SIGNALBOX_CACHE_OF("rollup_hour_provider"),
    SIGNALBOX_CACHE_OF("rollup_minute_provider"),
    SIGNALBOX_CACHE_OF("rollup_day_route"),
    SIGNALBOX_CACHE_OF("rollup_hour_route"),
    SIGNALBOX_CACHE_OF("rollup_day_model"),
    SIGNALBOX_CACHE_OF("rollup_hour_model"),
};

#undef SIGNALBOX_CACHE_OF

constexpr std::int64_t second = 1'000'000;

/// One roll-up, and what is to be added to its rows.
struct Table
{
    std::string_view name;
    std::int64_t seconds = 0;
    std::optional<std::size_t> view {}; ///< nullopt: by team
    struct Counts
    {
        std::int64_t hits = 0, looked = 0;
    };
    std::map<std::pair<std::int64_t, std::int64_t>, Counts> added {}; ///< by dimension and bucket
};

std::vector<Table> tablesOf(const RollupView &view, std::optional<std::size_t> place)
{
    std::vector<Table> tables;
    for (const auto &[name, seconds] : {std::pair(view.days, std::int64_t {86'400}), std::pair(view.hours, std::int64_t {3600}), std::pair(view.minutes, std::int64_t {60})}) {
        if (!name.empty())
            tables.push_back({.name = name, .seconds = seconds, .view = place});
    }
    return tables;
}

Result<> write(Database &database, Table &table)
{
    auto update = database.prepare(fmt::format("UPDATE {} SET cache_hits = cache_hits + ?, cache_looked = cache_looked + ? WHERE dim = ? AND bucket = ?", table.name));
    if (!update)
        return std::unexpected(update.error());
    for (const auto &[place, counts] : table.added) {
        if (auto done = update->bind(counts.hits).bind(counts.looked).bind(place.first).bind(place.second).run(); !done)
            return done;
    }
    table.added.clear();
    return {};
}

/// Adds up the calls that roll-ups have and that are still in the log. Minutes that were let go have no row, and get none.
Result<> fill(Database &database)
{
    std::vector<Table> tables = tablesOf(teamRollups, std::nullopt);
    for (std::size_t i = 0; i < rollupViews.size(); ++i) {
        for (Table &table : tablesOf(rollupViews[i], i))
            tables.push_back(std::move(table));
    }
    auto rows = database.prepare(fmt::format("SELECT c.started_us, c.flags, c.repeats, coalesce(c.team, 0), coalesce(c.key, 0), coalesce(c.route, 0), coalesce(c.provider, 0), coalesce(c.model, 0), {} "
                                             "FROM calls AS c INDEXED BY calls_cache WHERE (c.flags & 1536) <> 0 AND (c.flags & {}) = 0 AND c.row <= (SELECT value FROM marks WHERE name = 'sealed_row') "
                                             "ORDER BY c.started_us",
                                             storedNumber("c.asked", NameKind::Asked), call_flag::shadow));
    if (!rows)
        return std::unexpected(rows.error());
    if (auto asked = rows->run(); !asked)
        return asked;
    DimensionTable dimensions(database);
    while (rows->next()) {
        DimensionNames names {};
        for (std::size_t i = 0; i < names.size(); ++i)
            names[i] = rows->integer(static_cast<int>(i) + 3);
        const auto dimension = dimensions.of(names);
        if (!dimension)
            return std::unexpected(dimension.error());
        const std::int64_t repeats = rows->integer(2);
        const bool hit = cacheOutcomeFrom(rows->integer(1)) != CacheOutcome::Miss;
        for (Table &table : tables) {
            const std::int64_t bucket = rows->integer(0) / second / table.seconds * table.seconds;
            Table::Counts &counts = table.added[{table.view ? (*dimension)->views[*table.view] : (*dimension)->team, bucket}];
            counts.looked += repeats;
            counts.hits += hit ? repeats : 0;
            constexpr std::size_t heldAtMost = 20'000;
            if (table.added.size() < heldAtMost)
                continue;
            if (auto written = write(database, table); !written)
                return written;
        }
    }
    if (auto failed = rows->failure(); !failed)
        return failed;
    for (Table &table : tables) {
        if (auto written = write(database, table); !written)
            return written;
    }
    return {};
}

} // namespace

Migration calls0013()
{
    return Migration {.version = 13, .statements = statements, .then = fill};
}

} // namespace gateway::storage::migrations
