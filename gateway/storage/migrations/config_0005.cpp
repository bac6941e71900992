// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 4> statements {
    // Who changed what (audit_log.h). Former revisions are not filled in: the first row says so.
    R"(CREATE TABLE audit (
        row INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        author TEXT NOT NULL,
        place TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        action TEXT NOT NULL,
        revision INTEGER NOT NULL,
        diff TEXT NOT NULL,
        hash BLOB NOT NULL
    ))",
    R"(CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END)",
    R"(CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END)",
    // INSERT OR REPLACE would pass the others by.
    R"(CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN NEW.row <= (SELECT coalesce(max(row), 0) FROM audit)
        BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END)",
};

} // namespace

Migration config0005()
{
    return Migration {.version = 5, .statements = statements};
}

} // namespace gateway::storage::migrations
