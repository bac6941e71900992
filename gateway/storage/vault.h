// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/key_hash.h"
#include "gateway/storage/key_source.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::storage {

class Database;

inline constexpr std::string_view auditHeadName = "audit-head"; ///< for readOwn()

/// Secrets, encrypted in signalbox.db with XChaCha20-Poly1305 under the master key; the entry's name is authenticated
/// with it, so that no entry can be put in another's place. Lives on the control thread, beside ConfigStore, whose
/// transactions its writes are part of.
class Vault
{
public:
    /// Loads the master key, or makes one where neither it nor any entry is there yet. A key that does not open this vault
    /// (another one, a damaged vault) is an error, and nothing is overwritten.
    /// @param database  must outlive the vault
    static Result<std::unique_ptr<Vault>> open(Database &database, KeySource &source);
    ~Vault();
    Vault(const Vault &) = delete;
    Vault &operator=(const Vault &) = delete;

    /// NotFound: no such entry, or one of the vault's own, which no configuration may name. Invalid: it was tampered with, or
    /// sealed with another key.
    Result<std::string> read(std::string_view name) const;
    Result<> write(std::string_view name, std::string_view secret);
    Result<> remove(std::string_view name);
    [[nodiscard]] Result<std::vector<std::string>> names() const; ///< without the vault's own
    /// All entries in clear by their names, for a backup under a passphrase: also the key for virtual keys' hashes, without
    /// which no key would be known again, and the audit log's head. write() takes each of them back, for whoever opens the vault after that.
    [[nodiscard]] Result<std::map<std::string, std::string>> secrets() const;

    /// Entries that are Signalbox's own, such as the audit log's head.
    Result<std::string> readOwn(std::string_view name) const;
    Result<> writeOwn(std::string_view name, std::string_view content);

    /// The installation's key for hashes of virtual keys; made with the vault.
    [[nodiscard]] const KeyHasher::Key &installationKey() const;

private:
    class Impl;
    explicit Vault(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::storage
