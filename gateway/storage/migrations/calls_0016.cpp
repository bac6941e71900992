// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 2> statements {
    // Re-pricings: what was asked, how far one is (rows up to next_row are looked at), and what came of it. States: repricer.h.
    R"(CREATE TABLE reprice_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, filter TEXT NOT NULL, author TEXT NOT NULL,
        state INTEGER NOT NULL, first_row INTEGER NOT NULL, next_row INTEGER NOT NULL, last_row INTEGER NOT NULL,
        looked INTEGER NOT NULL, changed INTEGER NOT NULL, first_priced INTEGER NOT NULL, unknown INTEGER NOT NULL, before INTEGER NOT NULL, after INTEGER NOT NULL))",
    // A call's second figure; of several runs the latest that is done counts.
    R"(CREATE TABLE repriced (row INTEGER NOT NULL, run INTEGER NOT NULL, nano INTEGER NOT NULL, PRIMARY KEY (row, run)) WITHOUT ROWID)",
};

} // namespace

Migration calls0016()
{
    return Migration {.version = 16, .statements = statements};
}

} // namespace gateway::storage::migrations
