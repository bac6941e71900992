// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 2> statements {
    // What people noted at calls: a colour (0: none) and a comment (NULL: none); a row has one of them at least. Few calls have
    // any, and they go with their calls.
    R"(CREATE TABLE call_marks (row INTEGER PRIMARY KEY, colour INTEGER NOT NULL DEFAULT 0, comment TEXT))",
    R"(CREATE INDEX call_marks_colour ON call_marks (colour) WHERE colour > 0)",
};

} // namespace

Migration calls0014()
{
    return Migration {.version = 14, .statements = statements};
}

} // namespace gateway::storage::migrations
