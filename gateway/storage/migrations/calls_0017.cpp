// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 4> statements {
    // How calls ended
    R"(DROP INDEX calls_bad)",
    R"(CREATE INDEX calls_bad ON calls (started_us, row, status, http_status, error, flags, repeats) WHERE bad = 1)",
    R"(DROP INDEX calls_answered_again)",
    R"(CREATE INDEX calls_answered_again ON calls (started_us, row, flags) WHERE (flags & 1024) <> 0)",
};

} // namespace

Migration calls0017()
{
    return Migration {.version = 17, .statements = statements};
}

} // namespace gateway::storage::migrations
