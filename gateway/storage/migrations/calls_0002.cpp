// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include "gateway/storage/block_directory.h"
#include "gateway/storage/call_tail.h"
#include "gateway/storage/dimension_table.h"
#include "gateway/storage/migrations/earlier_figures.h"
#include "gateway/storage/rollup_table.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace gateway::storage::migrations {

namespace {

#define SIGNALBOX_FIGURES_OF(dim) \
    " (" dim " INTEGER NOT NULL, bucket INTEGER NOT NULL, " \
    "calls INTEGER NOT NULL, failed INTEGER NOT NULL, refused INTEGER NOT NULL, rescued INTEGER NOT NULL, unpriced INTEGER NOT NULL, " \
    "cost INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, " \
    "e_rate_limit INTEGER NOT NULL, e_server INTEGER NOT NULL, e_timeout INTEGER NOT NULL, e_connect INTEGER NOT NULL, e_cut INTEGER NOT NULL, " \
    "e_client INTEGER NOT NULL, e_other INTEGER NOT NULL, latency BLOB, ttft BLOB, PRIMARY KEY (" dim ", bucket)) WITHOUT ROWID"

constexpr std::array<std::string_view, 22> statements {
    // A call is found by the time in its id; only ids that are none of ours, or of another time, need an index.
    R"(UPDATE calls SET flags = flags | 32 WHERE id >= x'ff')",
    R"(DROP INDEX calls_id)",
    R"(CREATE INDEX calls_odd_id ON calls(id) WHERE flags & 32 <> 0)",
    // Teams, keys, routes, providers and models are found through the blocks.
    R"(DROP INDEX calls_team)",
    R"(DROP INDEX calls_key)",
    R"(DROP INDEX calls_route)",
    R"(DROP INDEX calls_provider)",
    R"(DROP INDEX calls_model)",
    // A call's only attempt, where all else of it is as in the call: then it has no row in `attempts`.
    R"(ALTER TABLE calls ADD COLUMN lone_credential INTEGER)",
    R"(ALTER TABLE calls ADD COLUMN lone_started_us INTEGER)",
    R"(ALTER TABLE calls ADD COLUMN lone_first_us INTEGER)",
    R"(ALTER TABLE calls ADD COLUMN lone_ended_us INTEGER)",
    // Calls `first` to `last`, which began from `from_us` to `to_us` (both inclusive). The blobs: block_directory.h.
    R"(CREATE TABLE blocks (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, dims BLOB NOT NULL, places BLOB NOT NULL))",
    // Up to this row calls are in blocks and roll-ups; those after it have to be looked at.
    R"(INSERT INTO marks (name, value) SELECT 'sealed_row', max(value, coalesce((SELECT max(row) FROM calls), 0)) FROM marks WHERE name = 'last_row')",
    // By dimension first: a chart of one key reads that key's rows alone.
    R"(ALTER TABLE rollup_hour RENAME TO rollup_hour_before)",
    R"(ALTER TABLE rollup_minute RENAME TO rollup_minute_before)",
    "CREATE TABLE rollup_hour" SIGNALBOX_FIGURES_OF("dim"),
    "CREATE TABLE rollup_hour_key" SIGNALBOX_FIGURES_OF("dim"),
    "CREATE TABLE rollup_hour_provider" SIGNALBOX_FIGURES_OF("dim"),
    "CREATE TABLE rollup_hour_route" SIGNALBOX_FIGURES_OF("dim"),
    "CREATE TABLE rollup_hour_model" SIGNALBOX_FIGURES_OF("dim"),
    "CREATE TABLE rollup_minute_provider" SIGNALBOX_FIGURES_OF("dim"),
};

#undef SIGNALBOX_FIGURES_OF

/// A view's table, and the view's place in the table of views.
struct Target
{
    RollupTable<EarlierFigures> table;
    std::size_t view;
};

/// Adds up the former table into the views' ones. It reaches further back than the calls do, and so do these.
Result<> refill(Database &database, DimensionTable &dimensions, std::string_view before, std::vector<Target> &targets)
{
    auto rows = database.prepare(fmt::format("SELECT r.bucket, d.team, d.key, d.route, d.provider, d.model, d.aliased, {} FROM {} AS r JOIN dims AS d ON d.id = r.dim ORDER BY r.bucket", EarlierFigures::columns, before));
    if (!rows)
        return std::unexpected(rows.error());
    if (auto run = rows->run(); !run)
        return run;
    constexpr std::int64_t second = 1'000'000;
    std::int64_t bucket = -1;
    const auto write = [&]() -> Result<> {
        for (Target &target : targets) {
            if (auto written = target.table.write(database); !written)
                return written;
            target.table.settle();
        }
        return {};
    };
    while (rows->next()) {
        if (rows->integer(0) != bucket) {
            if (auto written = write(); !written)
                return written;
            bucket = rows->integer(0);
        }
        DimensionNames names {};
        for (std::size_t i = 0; i < names.size(); ++i)
            names[i] = rows->integer(static_cast<int>(i) + 1);
        auto dimension = dimensions.of(names);
        if (!dimension)
            return std::unexpected(dimension.error());
        const EarlierFigures figures = EarlierFigures::from(*rows, static_cast<int>(names.size()) + 1);
        for (Target &target : targets)
            target.table.at(bucket * second, (*dimension)->views[target.view]).merge(figures);
    }
    if (auto failed = rows->failure(); !failed)
        return failed;
    return write();
}

/// Puts all calls there are into blocks.
Result<> fillBlocks(Database &database, DimensionTable &dimensions)
{
    auto rows = database.prepare("SELECT row, started_us, coalesce(team, 0), coalesce(key, 0), coalesce(route, 0), coalesce(provider, 0), coalesce(model, 0), asked IS NOT NULL FROM calls ORDER BY row");
    if (!rows)
        return std::unexpected(rows.error());
    if (auto run = rows->run(); !run)
        return run;
    CallBlock block;
    while (rows->next()) {
        DimensionNames names {};
        for (std::size_t i = 0; i < names.size(); ++i)
            names[i] = rows->integer(static_cast<int>(i) + 2);
        auto dimension = dimensions.of(names);
        if (!dimension)
            return std::unexpected(dimension.error());
        block.add(rows->integer(0), rows->integer(1), (*dimension)->id);
        if (block.size() < rowsABlock)
            continue;
        if (auto written = block.write(database); !written)
            return written;
        block = {};
    }
    if (auto failed = rows->failure(); !failed)
        return failed;
    return block.write(database);
}

Result<> backfill(Database &database)
{
    constexpr std::int64_t minute = 60;
    constexpr std::int64_t hour = 3600;
    DimensionTable dimensions(database);
    std::vector<Target> hours;
    std::vector<Target> minutes;
    for (std::size_t view = 0; view < rollupViews.size(); ++view) {
        hours.push_back(Target {RollupTable<EarlierFigures>(std::string(rollupViews[view].hours), "dim", hour), view});
        if (!rollupViews[view].minutes.empty())
            minutes.push_back(Target {RollupTable<EarlierFigures>(std::string(rollupViews[view].minutes), "dim", minute), view});
    }
    if (auto filled = refill(database, dimensions, "rollup_hour_before", hours); !filled)
        return filled;
    if (auto filled = refill(database, dimensions, "rollup_minute_before", minutes); !filled)
        return filled;
    for (const std::string_view drop : {"DROP TABLE rollup_hour_before", "DROP TABLE rollup_minute_before"}) {
        if (auto dropped = database.run(drop); !dropped)
            return dropped;
    }
    return fillBlocks(database, dimensions);
}

} // namespace

Migration calls0002()
{
    return Migration {.version = 2, .statements = statements, .then = backfill};
}

} // namespace gateway::storage::migrations
