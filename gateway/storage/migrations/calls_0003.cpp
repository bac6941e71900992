// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 4> statements {
    // What few calls have; those with a row here have flag 64. Columns of `calls` would cost every call. A trace id is its
    // 16 bytes; losses: loss_list.h.
    R"(CREATE TABLE extras (row INTEGER PRIMARY KEY, trace BLOB, provider_format INTEGER, losses BLOB))",
    // Which trace ids calls `first` to `last` have: trace_blocks.h.
    R"(CREATE TABLE trace_blocks (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, tails BLOB NOT NULL))",
    // The provider's side, where it is not the caller's.
    R"(ALTER TABLE bodies ADD COLUMN sent BLOB)",
    R"(ALTER TABLE bodies ADD COLUMN received BLOB)",
};

} // namespace

Migration calls0003()
{
    return Migration {.version = 3, .statements = statements};
}

} // namespace gateway::storage::migrations
