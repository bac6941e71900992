// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 3> statements {
    // Calls that began by then may have been removed, and stay in the sums: none of that time is imported.
    R"(INSERT INTO marks (name, value) SELECT 'removed_us', CASE
        WHEN (SELECT value FROM marks WHERE name = 'last_row') = 0 THEN -1
        WHEN NOT EXISTS (SELECT 1 FROM calls) THEN CAST(strftime('%s', 'now') AS INTEGER) * 1000000
        WHEN (SELECT min(row) FROM calls) = 1 THEN -1
        ELSE (SELECT min(started_us) FROM calls) - 1 END)",
    // Bodies of imported calls: their times are not in the order of their rows.
    R"(CREATE TABLE late_bodies (at_us INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (at_us, row)) WITHOUT ROWID)",
    // The row up to which a log sink has all calls.
    R"(CREATE TABLE sink_places (sink TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID)",
};

} // namespace

Migration calls0015()
{
    return Migration {.version = 15, .statements = statements};
}

} // namespace gateway::storage::migrations
