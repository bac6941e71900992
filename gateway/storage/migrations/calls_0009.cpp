// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 2> statements {
    // What people say of calls' answers: of each speaker (a key's id, or "admin:" and a token's name) the latest word. Value and
    // weight are in millionths.
    R"(CREATE TABLE feedback (row INTEGER NOT NULL, who TEXT NOT NULL, name TEXT NOT NULL, at_us INTEGER NOT NULL, value INTEGER NOT NULL, weight INTEGER NOT NULL, comment TEXT, metadata TEXT,
        PRIMARY KEY (row, who)) WITHOUT ROWID)",
    R"(CREATE INDEX extras_by_prompt ON extras (prompt) WHERE prompt IS NOT NULL)",
};

} // namespace

Migration calls0009()
{
    return Migration {.version = 9, .statements = statements};
}

} // namespace gateway::storage::migrations
