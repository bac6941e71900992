// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 1> statements {
    // What the route's plan decided and why, of plans that have something to decide.
    R"(ALTER TABLE extras ADD COLUMN decisions TEXT)",
};

} // namespace

Migration calls0005()
{
    return Migration {.version = 5, .statements = statements};
}

} // namespace gateway::storage::migrations
