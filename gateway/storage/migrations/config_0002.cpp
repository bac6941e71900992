// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/migrations/migrations.h"

#include <array>

namespace gateway::storage::migrations {

namespace {

constexpr std::array<std::string_view, 3> statements {
    // Hashes of secrets that were revoked or rotated away. Beside the keys' ids, which a key of a file may change.
    R"(CREATE TABLE retired_secrets (
        hash TEXT PRIMARY KEY,
        retired_us INTEGER NOT NULL
    ))",
    R"(INSERT OR IGNORE INTO retired_secrets (hash, retired_us) SELECT hash, changed_us FROM key_state WHERE revoked <> 0 AND hash <> '')",
    // A file's secret that is not the key's any more was rotated away, or was revoked with it.
    R"(INSERT OR IGNORE INTO retired_secrets (hash, retired_us)
        SELECT file_hash, changed_us FROM key_state WHERE file_hash <> '' AND (revoked <> 0 OR file_hash <> hash))",
};

} // namespace

Migration config0002()
{
    return Migration {.version = 2, .statements = statements};
}

} // namespace gateway::storage::migrations
