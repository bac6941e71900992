// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 4> statements {
    // Of a session's prompts, what was another than in the call before: "system", "turn 3".
    R"(ALTER TABLE extras ADD COLUMN prefix_break TEXT)",
    // What filters find calls by, a block of rows at a time. Policies hold for many calls or for few; findings are rare.
    R"(CREATE INDEX extras_by_policy ON extras (policy) WHERE policy IS NOT NULL)",
    R"(CREATE INDEX extras_with_findings ON extras (row) WHERE findings IS NOT NULL)",
    // Those that got an answer again.
    R"(CREATE INDEX calls_answered_again ON calls (started_us) WHERE (flags & 1024) <> 0)",
};

} // namespace

Migration calls0010()
{
    return Migration {.version = 10, .statements = statements};
}

} // namespace gateway::storage::migrations
