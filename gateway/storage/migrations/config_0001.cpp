// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 6> statements {
    R"(CREATE TABLE revisions (
        number INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        author TEXT NOT NULL,
        note TEXT NOT NULL,
        diff TEXT NOT NULL
    ))",
    // A row says from which revision (inclusive) to which (exclusive; NULL: still) an entry was so.
    R"(CREATE TABLE entries (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        from_revision INTEGER NOT NULL REFERENCES revisions(number),
        to_revision INTEGER REFERENCES revisions(number),
        name TEXT NOT NULL,
        origin INTEGER NOT NULL,
        position INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (kind, id, from_revision)
    ))",
    R"(CREATE INDEX entries_current ON entries(kind, position) WHERE to_revision IS NULL)",
    R"(CREATE INDEX entries_ended ON entries(to_revision) WHERE to_revision IS NOT NULL)",
    // State of virtual keys: beside the revisions, so that no rollback brings a revoked one back.
    R"(CREATE TABLE key_state (
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        file_hash TEXT NOT NULL,
        prefix TEXT NOT NULL,
        revoked INTEGER NOT NULL,
        created_us INTEGER NOT NULL,
        changed_us INTEGER NOT NULL
    ))",
    R"(CREATE TABLE vault (
        name TEXT PRIMARY KEY,
        nonce BLOB NOT NULL,
        sealed BLOB NOT NULL
    ))",
};

} // namespace

Migration config0001()
{
    return Migration {.version = 1, .statements = statements};
}

} // namespace gateway::storage::migrations
