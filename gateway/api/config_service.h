// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/price_book.h"
#include "gateway/storage/backup.h"
#include "gateway/storage/config_store.h"
#include "gateway/storage/key_source.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::pipeline {
struct CompiledConfig;
}

namespace gateway::telemetry {
class StatsHub;
}

namespace gateway::api {

/// The configuration's one owner: every edit, from the window, the file or a command, is unmasked, compiled, stored and
/// published here, in that order, so that what is invalid changes nothing. Lives on the control thread.
class ConfigService
{
public:
    /// A configuration that now holds.
    struct Published
    {
        std::shared_ptr<const pipeline::CompiledConfig> compiled;
        ConfigPtr masked;            ///< without secrets, for everyone else
        Revision revision;
    };
    using Publish = std::function<void(const Published &)>;

    struct Options
    {
        std::string dataFolder;
        bool useKeyring = false;
        std::string listen;          ///< rules over gateway.listen in what is compiled, never in what is stored
        bool withFile = false;       ///< a --config file will follow, or a command works beside one: its entries of the last run stay
        bool serve = true;           ///< false: for a command; what is stored need not be fit for serving, an edit must not make it worse
    };

    /// Opens the store and checks what it holds; nothing is published before publishAgain() or an edit. Errors in words;
    /// nothing was changed then.
    /// @param clock, stats  must outlive the service
    static Result<std::unique_ptr<ConfigService>> open(Options options, const Clock &clock, telemetry::StatsHub &stats, Publish publish);

    /// @param how  of audit_action, where it is more than an edit of entries
    ApplyOutcome apply(config::Config next, std::uint64_t baseRevision, const Editor &editor, const std::string &note, const char *how = nullptr);
    ApplyOutcome rollback(std::uint64_t toRevision, std::uint64_t baseRevision, const Editor &editor, const std::string &note);
    /// What rollback() would leave, masked. NotFound.
    [[nodiscard]] Result<config::Config> rolledBack(std::uint64_t toRevision) const;
    ApplyOutcome applyFile(const config::Config &fromFile, const std::string &path);
    std::vector<FieldError> check(config::Config next) const;
    /// An edit as calls would meet it, without making it: for Explain and Replay. Invalid, with the field, where it cannot be used.
    [[nodiscard]] Result<std::shared_ptr<const pipeline::CompiledConfig>> tried(config::Config next) const;
    /// Publishes the present configuration, under a `listen` that rules over its own (empty: none does).
    void publishAgain(const std::string &listen);

    Result<CreatedKey> createKey(const NewKey &key, const Editor &editor);
    /// Calls with the key end in any case. An error says that this could not be stored, or that there is no such key.
    Result<bool> revokeKey(const std::string &keyId, const Editor &editor);
    /// All or none of them, in the configuration's order. BadRequest for a grace over a year.
    Result<std::vector<CreatedKey>> rotateKeys(const std::vector<std::string> &keyIds, config::Millis grace, const Editor &editor);

    /// The configuration as it is, for a backup: a copy of its database, and the secrets where they are asked for.
    [[nodiscard]] Result<storage::ConfigSnapshot> snapshot(const std::string &copy, bool withSecrets) const;

    [[nodiscard]] Result<std::vector<Revision>> revisions() const;
    [[nodiscard]] Result<config::Config> at(std::uint64_t revision) const { return m_store->at(revision); } ///< without secrets
    [[nodiscard]] Result<std::vector<std::uint64_t>> heldSince(std::string_view kind, const std::vector<std::string> &ids) const { return m_store->heldSince(kind, ids); }
    /// Writes into the audit log what is no edit of the configuration.
    Result<> note(AuditEntry entry) { return m_store->note(std::move(entry)); }
    [[nodiscard]] Result<AuditPage> audit(const AuditQuery &query) const { return m_store->audit(query); }
    [[nodiscard]] Result<AuditCheck> checkAudit() const { return m_store->checkAudit(); }
    [[nodiscard]] const config::Config &withSecrets() const { return m_config; }
    /// `provider` with the stored secrets in the places of its masks: for tests of it.
    [[nodiscard]] Result<config::Provider> unmasked(config::Provider provider) const;
    [[nodiscard]] const KeyHasher::Key &installationKey() const;

private:
    ConfigService(Options options, const Clock &clock, telemetry::StatsHub &stats, Publish publish);
    Result<> openStore();
    ApplyOutcome save(config::Config next, std::uint64_t baseRevision, const Editor &editor, const std::string &note, const char *how);
    void publish(std::shared_ptr<const pipeline::CompiledConfig> compiled); ///< m_config, and what was made of it
    struct Checked
    {
        std::shared_ptr<const pipeline::CompiledConfig> compiled;
        std::vector<FieldError> problems;
    };
    [[nodiscard]] Checked compile(config::Config &config, telemetry::StatsHub *stats) const; ///< leaves `config` as it was
    void takeKeyStates(const std::vector<config::VirtualKey> &keys); ///< after a change of keys' state, which makes no revision
    Revision newestRevision() const;

    Options m_options;
    const Clock &m_clock;
    telemetry::StatsHub &m_stats; ///< names of a published configuration get their rows of figures there
    Publish m_publish;
    std::shared_ptr<const PriceBook> m_catalogue;
    std::unique_ptr<storage::KeySource> m_keySource;
    std::unique_ptr<storage::ConfigStore> m_store;
    config::Config m_config; ///< with secrets
    std::shared_ptr<const pipeline::CompiledConfig> m_opened; ///< what was stored, until something is published
    std::shared_ptr<const pipeline::CompiledConfig> m_compiled; ///< what calls run under; null: nothing is served
    std::vector<FieldError> m_known; ///< what was wrong with it already where a command opened it
};

} // namespace gateway::api
