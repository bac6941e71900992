// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 1> statements {
    // What calls cost budgets: by the budget's number (a hash that is stable over edits) and the start of its period, in microseconds.
    R"(CREATE TABLE budget_spend (account INTEGER NOT NULL, window_us INTEGER NOT NULL, spent INTEGER NOT NULL, PRIMARY KEY (account, window_us)) WITHOUT ROWID)",
};

} // namespace

Migration calls0007()
{
    return Migration {.version = 7, .statements = statements};
}

} // namespace gateway::storage::migrations
