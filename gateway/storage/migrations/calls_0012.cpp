// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 1> statements {
    // By which bodies are packed that begin with the byte 2 and its number: body_dictionary.h. Kinds: there.
    R"(CREATE TABLE dictionaries (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, made_us INTEGER NOT NULL, bytes BLOB NOT NULL))",
};

} // namespace

Migration calls0012()
{
    return Migration {.version = 12, .statements = statements};
}

} // namespace gateway::storage::migrations
