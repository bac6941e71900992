// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 6> statements {
    // What alerts leave (alert_store.h). `alert` is the entry's id, `name` what it was called then.
    R"(CREATE TABLE alert_firings (
        number INTEGER PRIMARY KEY,
        alert TEXT NOT NULL, name TEXT NOT NULL, subject TEXT NOT NULL, metric TEXT NOT NULL, severity TEXT NOT NULL,
        pending_us INTEGER NOT NULL, fired_us INTEGER NOT NULL, resolved_us INTEGER,
        value REAL NOT NULL, peak REAL NOT NULL, level REAL,
        told INTEGER NOT NULL, acknowledged_by TEXT NOT NULL
    ))",
    R"(CREATE INDEX alert_firings_alert ON alert_firings(alert, number))",
    R"(CREATE INDEX alert_firings_open ON alert_firings(number) WHERE resolved_us IS NULL)",
    // whole: of all subjects, and `subject` is empty.
    R"(CREATE TABLE alert_mutes (alert TEXT NOT NULL, whole INTEGER NOT NULL, subject TEXT NOT NULL, until_us INTEGER NOT NULL, muted_by TEXT NOT NULL,
        PRIMARY KEY (alert, whole, subject)) WITHOUT ROWID)",
    // word: AlertWord's number.
    R"(CREATE TABLE alert_deliveries (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        firing INTEGER NOT NULL,
        alert TEXT NOT NULL, name TEXT NOT NULL, subject TEXT NOT NULL, word INTEGER NOT NULL,
        channel TEXT NOT NULL, target TEXT NOT NULL, at_us INTEGER NOT NULL, attempt INTEGER NOT NULL,
        delivered INTEGER NOT NULL, last INTEGER NOT NULL, detail TEXT NOT NULL
    ))",
    R"(CREATE INDEX alert_deliveries_alert ON alert_deliveries(alert, number))",
};

} // namespace

Migration config0006()
{
    return Migration {.version = 6, .statements = statements};
}

} // namespace gateway::storage::migrations
