// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/audit.h"
#include "gateway/core/error.h"
#include "gateway/core/key_hash.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace gateway::storage {

class Database;
class Vault;

/// The audit log in signalbox.db: rows that are only ever added, each with a hash over it and over the hash of the row
/// before. The hash is BLAKE2b under a key that is derived from the installation's: with a plain SHA-256, who can write the
/// file could also write all hashes anew; so the vault's master key is needed for it.
/// The last row's number and hash are kept in the vault, sealed, so that rows missing at the end are seen. Lives on the
/// control thread, beside ConfigStore, whose transactions its rows are part of.
class AuditLog
{
public:
    /// @param database, vault  must outlive it
    AuditLog(Database &database, Vault &vault, const Clock &clock);

    /// Writes the first row where there is none. In a transaction of its own.
    /// @param revision  the configuration's, whose changes up to it are not in the log
    Result<> begin(std::uint64_t revision);

    /// Adds entries in the caller's transaction; their `row` and `at` are given here.
    Result<> append(std::vector<AuditEntry> entries);

    Result<AuditPage> page(const AuditQuery &query) const;
    /// Reads all of it: about a second for a million rows.
    Result<AuditCheck> check() const;

private:
    using Digest = std::array<std::byte, 32>;
    struct Head
    {
        std::uint64_t row = 0; ///< of the last one
        Digest hash {};
    };

    [[nodiscard]] Result<std::optional<Head>> sealedHead() const; ///< nullopt: it is not in the vault, or not as it was sealed
    [[nodiscard]] Result<Head> lastRow() const;
    Result<Head> headForAppend(std::vector<AuditEntry> &entries) const;
    [[nodiscard]] Digest hashOf(const AuditEntry &entry, const Digest &before) const;

    Database &m_database;
    Vault &m_vault;
    const Clock &m_clock;
    KeyHasher m_hasher; ///< with the log's own key
};

} // namespace gateway::storage
