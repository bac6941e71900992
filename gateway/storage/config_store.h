// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/audit.h"
#include "gateway/storage/key_source.h"
#include "gateway/storage/key_states.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
class Clock;
}

namespace gateway::storage {

class Vault;

/// A version of the configuration: who made it, when, and what changed.
struct StoredRevision
{
    std::uint64_t number = 0;
    WallTime at {};
    std::string author; ///< "window", "file gateway.yaml", "admin:ci"
    std::string note;
    std::string diff;   ///< config::diffText() against the one before; no secret
};

/// The configuration in `signalbox.db`, with all its versions, the state of virtual keys and the vault. An entry's row says
/// from which revision to which it held, so that a save costs what it changes and every version can be read back whole.
/// Lives on the control thread: opened, used and destroyed there. Blocks for a few milliseconds.
class ConfigStore
{
public:
    enum class FileEntries : std::uint8_t { LeaveOut, Include };

    struct Options
    {
        std::string path;         ///< ".../signalbox.db"
        std::string backupFolder; ///< ".../backups"
        /// Whether a --config file is laid over the database in this run. LeaveOut: what is saved has no entry of
        /// Origin::File; those of former runs rest as they are, and with them their ids and state.
        FileEntries file = FileEntries::Include;
    };

    /// Opens (makes, migrates) the file and the vault. Errors change nothing: a newer version, a damaged file, a master
    /// key that does not fit.
    /// @param keys, clock  must outlive the store
    static Result<std::unique_ptr<ConfigStore>> open(Options options, KeySource &keys, const Clock &clock);
    ~ConfigStore();
    ConfigStore(const ConfigStore &) = delete;
    ConfigStore &operator=(const ConfigStore &) = delete;

    /// The newest version, with ids, key hashes and state, and credentials' secrets in clear.
    /// @param file  LeaveOut: as the database alone has it (no --config given, or its file not read yet): no entry of
    ///              Origin::File, and the database's own value of settings that the file names
    Result<config::Config> current(FileEntries file) const;

    /// The newest revision's number; 0: nothing was saved yet, current() is the defaults.
    [[nodiscard]] std::uint64_t revision() const;
    Result<std::vector<StoredRevision>> revisions(int limit = 500) const; ///< newest first
    /// Since which revision entries of a kind ("provider") are as they are now, in the order of `ids`; 0: there is none.
    Result<std::vector<std::uint64_t>> heldSince(std::string_view kind, const std::vector<std::string> &ids) const;
    Result<config::Config> at(std::uint64_t revision) const;             ///< secrets left out; NotFound

    /// What a save came to: what is now current, to be compiled and published.
    struct Saved
    {
        std::uint64_t revision = 0;
        config::Config config; ///< as current(Include): new ids, hashes in the place of new keys' secrets
        bool changed = true;   ///< false: nothing differed, no revision was made
    };

    /// Fills in what a save would: ids for entries without one (an entry of the same name keeps its id), hashes and
    /// prefixes for new keys' secrets (which are emptied), the keys' stored state. Changes nothing. For compiling before
    /// saving.
    Result<config::Config> prepare(config::Config next) const;

    /// Stores a new version in one transaction. Credentials' secrets and the values of headers go into the vault; a virtual key's secret becomes its
    /// hash. A key of Origin::File whose secret is the one that the file had at last keeps a rotated hash.
    /// A key of Origin::File with neither secret nor hash has none in the file any more; with a hash alone it is unchanged.
    /// Keys' `revoked` is state: see revokeKey(); it is not taken from `next`. A key whose secret was revoked or rotated
    /// away, as this key's or another's, is revoked.
    /// Errors: Conflict where `baseRevision` is not the newest, or where two entries of a kind have one name (`where` says which).
    /// The audit log gets an entry for each that changed, and before them one of `how` where it is given (audit_action).
    Result<Saved> save(config::Config next, std::uint64_t baseRevision, const Editor &editor, const std::string &note, const char *how = nullptr);

    /// An older version of the database's entries, to be saved again. Entries of the file stay as they are now, as do the
    /// secrets and states of credentials, keys and admin tokens, where they are still there.
    struct Former
    {
        config::Config config;
        std::vector<std::string> lost; ///< what has no secret any more: "credential main of provider openai", "admin token ci"
    };
    /// @param now  what holds, with the secrets that the file gives
    Result<Former> former(std::uint64_t revision, const config::Config &now) const;

    /// State of virtual keys, beside the versions: also the file's keys can be revoked, and no rollback undoes it.
    /// NotFound where there is no such key. Returns false where it was revoked already.
    /// Its secret works no more, under whatever name or id it comes again; where that cannot be stored (the error says so),
    /// for as long as the store is open, and it is stored with the next save.
    Result<bool> revokeKey(const std::string &keyId, const Editor &editor);
    /// New secrets' hashes for keys, all or none, each key once; they are no longer revoked. Their secrets until now work on
    /// for `grace`, unless they were revoked; what was rotated away before that ends at once.
    Result<> rotateKeys(const std::vector<NewSecret> &secrets, std::chrono::milliseconds grace, const Editor &editor);
    /// Writes into the audit log what is no edit of the configuration. Its revision, row and time are given here.
    Result<> note(AuditEntry entry);

    Result<AuditPage> audit(const AuditQuery &query) const;
    Result<AuditCheck> checkAudit() const;

    /// Puts the keys' stored state into a configuration that holds. Cannot fail.
    void fillKeyStates(config::Config &config) const;

    [[nodiscard]] Vault &vault();

private:
    class Impl;
    explicit ConfigStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::storage
