// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 9> statements {
    // Of a call that got an answer again: the packed id of the call that was asked first, how alike the questions were in
    // millionths, and what that one had cost, in nano-dollars and microseconds. What the cache did stands in calls.flags (512, 1024).
    R"(ALTER TABLE extras ADD COLUMN cached_from BLOB)",
    R"(ALTER TABLE extras ADD COLUMN similarity INTEGER)",
    R"(ALTER TABLE extras ADD COLUMN saved INTEGER)",
    R"(ALTER TABLE extras ADD COLUMN saved_us INTEGER)",
    // A prompt's version, "summarise@3", and a privacy policy, by their numbers in names.
    R"(ALTER TABLE extras ADD COLUMN prompt INTEGER)",
    R"(ALTER TABLE extras ADD COLUMN policy INTEGER)",
    // A line for each rule that found something: "2 0 tokenize email" (in what was asked, in what was answered).
    R"(ALTER TABLE extras ADD COLUMN findings TEXT)",
    // Those that the cache looked for: what it saved, by team and route.
    R"(CREATE INDEX calls_cache ON calls (started_us) WHERE (flags & 1536) <> 0)",
    R"(CREATE INDEX extras_by_source ON extras (cached_from) WHERE cached_from IS NOT NULL)",
};

} // namespace

Migration calls0008()
{
    return Migration {.version = 8, .statements = statements};
}

} // namespace gateway::storage::migrations
