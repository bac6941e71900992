// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 2> statements {
    // What calls leave for later calls; by a digest that names whose it is. Seconds since 1970.
    R"(CREATE TABLE keepsakes (key BLOB PRIMARY KEY, value TEXT NOT NULL, until_s INTEGER NOT NULL) WITHOUT ROWID)",
    R"(CREATE INDEX keepsakes_until ON keepsakes (until_s))",
};

} // namespace

Migration calls0004()
{
    return Migration {.version = 4, .statements = statements};
}

} // namespace gateway::storage::migrations
