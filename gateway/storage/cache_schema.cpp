// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/cache_schema.h"

#include <array>

namespace gateway::storage {

namespace {

/// Never edited once it has landed: files out there have run it.
constexpr std::array<std::string_view, 3> first {
    // `proof` is a keyed digest of all the others: a row that is not as it was written is not used.
    R"(CREATE TABLE answers (
        row INTEGER PRIMARY KEY,
        key BLOB NOT NULL UNIQUE,
        stored_us INTEGER NOT NULL,
        expires_us INTEGER NOT NULL,
        about TEXT NOT NULL,
        body BLOB,
        proof BLOB NOT NULL
    ))",
    "CREATE INDEX answers_by_end ON answers (expires_us)",
    // Answers that were given because two questions were alike, with what people say of them: 0 nothing yet, 1 right, 2 wrong.
    R"(CREATE TABLE reviews (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        at_us INTEGER NOT NULL,
        call TEXT NOT NULL, answer_from TEXT NOT NULL, team TEXT NOT NULL, route TEXT NOT NULL, embedder TEXT NOT NULL,
        similarity REAL NOT NULL, threshold REAL NOT NULL,
        asked TEXT NOT NULL, kept TEXT NOT NULL,
        verdict INTEGER NOT NULL
    ))",
};

} // namespace

const Schema &cacheSchema()
{
    static const std::array steps {Migration {.version = 1, .statements = first}};
    static const Schema schema {.what = "answer cache", .applicationId = 0x53424341, .migrations = steps}; // "SBCA"
    return schema;
}

} // namespace gateway::storage
