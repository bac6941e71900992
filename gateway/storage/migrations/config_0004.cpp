// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 2> statements {
    // The secret that a rotation replaced, which works on until its grace ends.
    R"(ALTER TABLE key_state ADD COLUMN former_hash TEXT NOT NULL DEFAULT '')",
    R"(ALTER TABLE key_state ADD COLUMN former_until_us INTEGER NOT NULL DEFAULT 0)",
};

} // namespace

Migration config0004()
{
    return Migration {.version = 4, .statements = statements};
}

} // namespace gateway::storage::migrations
