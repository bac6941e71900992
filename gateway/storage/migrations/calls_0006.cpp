// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 1> statements {
    // The packed id of the call that a shadow (flag 256) is a copy of.
    R"(ALTER TABLE extras ADD COLUMN shadow_of BLOB)",
};

} // namespace

Migration calls0006()
{
    return Migration {.version = 6, .statements = statements};
}

} // namespace gateway::storage::migrations
