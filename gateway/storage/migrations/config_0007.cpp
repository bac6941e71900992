// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 3> statements {
    // What scheduled reports leave (report_store.h). `report` is the entry's id, `name` what it was called then.
    R"(CREATE TABLE report_marks (report TEXT PRIMARY KEY, to_us INTEGER NOT NULL) WITHOUT ROWID)",
    // unsent: addresses, one a line.
    R"(CREATE TABLE report_runs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        report TEXT NOT NULL, name TEXT NOT NULL, period TEXT NOT NULL, to_us INTEGER NOT NULL, at_us INTEGER NOT NULL,
        by_hand INTEGER NOT NULL, attempts INTEGER NOT NULL, file TEXT NOT NULL, unsent TEXT NOT NULL, sent INTEGER NOT NULL,
        problem TEXT NOT NULL, over INTEGER NOT NULL
    ))",
    R"(CREATE INDEX report_runs_report ON report_runs(report, number))",
};

} // namespace

Migration config0007()
{
    return Migration {.version = 7, .statements = statements};
}

} // namespace gateway::storage::migrations
