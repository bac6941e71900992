// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/config_store.h"

#include "gateway/config/diff.h"
#include "gateway/config/entry_lists.h"
#include "gateway/config/log_sink_members.h"
#include "gateway/config/members.h"
#include "gateway/config/secret_values.h"
#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"
#include "gateway/storage/audit_log.h"
#include "gateway/storage/config_entries.h"
#include "gateway/storage/kept_backups.h"
#include "gateway/storage/key_states.h"
#include "gateway/storage/save_plan.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/secret_entries.h"
#include "gateway/storage/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sodium.h>
#include <unordered_map>

namespace gateway::storage {

class ConfigStore::Impl
{
public:
    Impl(std::unique_ptr<Database> database, std::unique_ptr<Vault> vault, const Clock &clock, FileEntries file)
        : m_database(std::move(database)), m_vault(std::move(vault)), m_hasher(m_vault->installationKey()), m_clock(clock), m_keys(*m_database, m_hasher, m_clock),
          m_audit(*m_database, *m_vault, m_clock), m_withFile(file == FileEntries::Include)
    {
    }

    Result<> load()
    {
        auto newest = m_database->number("SELECT coalesce(max(number), 0) FROM revisions");
        if (!newest)
            return std::unexpected(newest.error());
        m_revision = static_cast<std::uint64_t>(*newest);
        auto entries = readEntries(*m_database);
        if (!entries)
            return std::unexpected(entries.error());
        m_entries = std::move(*entries);
        return m_keys.load();
    }

    Result<> beginAudit() { return m_audit.begin(m_revision); }

    Result<config::Config> current(bool withFile) const
    {
        auto config = toConfig(m_entries, withFile);
        if (!config)
            return config;
        m_keys.fill(config->keys);
        if (auto resolved = resolveSecrets(*config); !resolved)
            return std::unexpected(resolved.error());
        return config;
    }

    Result<SavePlan> plan(config::Config next) const { return SavePlanner(m_entries, m_keys, *m_vault, m_hasher, m_withFile).plan(std::move(next)); }

    Result<Saved> save(config::Config next, std::uint64_t baseRevision, const Editor &editor, const std::string &note, const char *how)
    {
        if (baseRevision != m_revision)
            return fail(ErrorCode::Conflict,
                        fmt::format("The configuration was changed meanwhile: this edit began at revision {}, the newest is {}. Look at what changed and edit again.", baseRevision, m_revision));
        auto planned = plan(std::move(next));
        if (!planned)
            return std::unexpected(planned.error());
        const bool sameEntries = sameSet(planned->entries) && m_revision != 0;
        if (sameEntries && planned->secrets.empty() && planned->keys.empty())
            return Saved {.revision = m_revision, .config = std::move(planned->config), .changed = false};
        auto before = current(m_withFile);
        if (!before)
            return std::unexpected(before.error());
        const std::vector<config::Change> changes = config::diff(*before, planned->config);
        return write(std::move(*planned), changes, editor, note, how);
    }

    Result<Former> former(std::uint64_t revision, const config::Config &now) const
    {
        auto entries = entriesAt(revision);
        if (!entries)
            return std::unexpected(entries.error());
        auto target = toConfig(*entries, false);
        if (!target)
            return std::unexpected(target.error());
        keepFileEntries(now, *target);
        Former former {.config = std::move(*target), .lost = {}};
        for (config::Provider &provider : former.config.providers)
            leaveLostSecretsOut(provider, former.lost);
        leaveLostHeadersOut(former.config.telemetry.otlpHeaders, "of telemetry.otlp_headers", former.lost);
        for (config::Alert &alert : former.config.alerts)
            leaveLostSecretsOut(alert, former.lost);
        for (config::LogSink &sink : former.config.telemetry.sinks)
            leaveLostSecretsOut(sink, former.lost);
        if (!resolveSecret(former.config.smtp.password, *m_vault)) {
            former.config.smtp.password = {};
            former.lost.emplace_back("smtp.password");
        }
        if (!resolveSecret(former.config.gateway.metricsToken, *m_vault)) {
            former.config.gateway.metricsToken = {};
            former.lost.emplace_back("gateway.metrics_token");
        }
        keepTokens(now.adminTokens, former.config.adminTokens, former.lost);
        return former;
    }

    Result<bool> revokeKey(const std::string &keyId, const Editor &editor)
    {
        AuditEntry entry = entryOf(editor, "key", keyName(keyId), audit_action::revoked, {});
        auto revoked = m_keys.revoke(keyId, [&] { return audit({entry}); });
        if (revoked.value_or(false))
            m_unwritten.clear();
        else if (!revoked && revoked.error().code != ErrorCode::NotFound)
            m_unwritten.push_back(std::move(entry)); // it holds all the same, and goes with the next save
        return revoked;
    }

    Result<> note(AuditEntry entry)
    {
        entry.revision = m_revision;
        auto transaction = Transaction::begin(*m_database);
        if (!transaction)
            return std::unexpected(transaction.error());
        if (auto written = m_audit.append({std::move(entry)}); !written)
            return written;
        return transaction->commit();
    }

    Result<> rotateKeys(const std::vector<NewSecret> &secrets, std::chrono::milliseconds grace, const Editor &editor)
    {
        auto rotated = m_keys.rotate(secrets, grace, [&] {
            std::unordered_map<std::string_view, std::string_view> names;
            for (const Entry &entry : m_entries) {
                if (entry.kind == entry_kind::key)
                    names.emplace(entry.id, entry.name);
            }
            std::vector<AuditEntry> entries;
            for (const NewSecret &secret : secrets)
                entries.push_back(entryOf(editor, "key", std::string(names[secret.keyId]), audit_action::rotated, {}));
            return audit(std::move(entries));
        });
        if (rotated)
            m_unwritten.clear();
        return rotated;
    }

    Result<std::vector<Entry>> entriesAt(std::uint64_t revision) const
    {
        if (revision == 0 || revision > m_revision)
            return fail(ErrorCode::NotFound, fmt::format("There is no revision {} of the configuration; the newest is {}.", revision, m_revision));
        return readEntries(*m_database, revision);
    }

    Result<std::vector<StoredRevision>> revisions(int limit) const
    {
        auto query = m_database->prepare("SELECT number, at_us, author, note, diff FROM revisions ORDER BY number DESC LIMIT ?");
        if (!query)
            return std::unexpected(query.error());
        if (auto run = query->bind(std::int64_t {limit}).run(); !run)
            return std::unexpected(run.error());
        std::vector<StoredRevision> found;
        while (query->next()) {
            found.push_back(StoredRevision {.number = static_cast<std::uint64_t>(query->integer(0)),
                                            .at = WallTime(std::chrono::microseconds(query->integer(1))),
                                            .author = query->text(2),
                                            .note = query->text(3),
                                            .diff = query->text(4)});
        }
        if (auto failed = query->failure(); !failed)
            return std::unexpected(failed.error());
        return found;
    }

    Result<std::vector<std::uint64_t>> heldSince(std::string_view kind, const std::vector<std::string> &ids) const
    {
        auto query = m_database->prepare("SELECT from_revision FROM entries WHERE kind = ? AND id = ? AND to_revision IS NULL");
        if (!query)
            return std::unexpected(query.error());
        std::vector<std::uint64_t> revisions;
        for (const std::string &id : ids) {
            if (auto run = query->bind(kind).bind(id).run(); !run)
                return std::unexpected(run.error());
            revisions.push_back(query->next() ? static_cast<std::uint64_t>(query->integer(0)) : 0);
        }
        return revisions;
    }

    void leaveSecretsOut(config::Provider &provider) const
    {
        for (config::Credential &credential : provider.credentials) {
            for (const config::CredentialMember &member : config::credentialMembers()) {
                if (member.isSecret())
                    member.of(credential).clear();
            }
        }
        std::erase_if(provider.headers, [](const auto &header) { return config::isSecretHeader(header.first); });
        if (!resolveProvider(provider, *m_vault))
            provider.headers.clear(); // the vault was damaged since: what is not known is not shown
    }

    void leaveSecretsOut(config::Alert &alert) const
    {
        alert.secret = {};
        for (config::Notify &notify : alert.notify) {
            config::Secret address {notify.to};
            if (notify.isWebhook())
                notify.to = resolveSecret(address, *m_vault) ? config::shownWebhook(address.value) : std::string();
        }
    }

    KeyStates &keys() { return m_keys; }
    [[nodiscard]] const KeyStates &keys() const { return m_keys; }
    [[nodiscard]] std::uint64_t revision() const { return m_revision; }
    Vault &vault() { return *m_vault; }
    [[nodiscard]] const AuditLog &log() const { return m_audit; }

private:
    Result<> resolveSecrets(config::Config &config) const
    {
        for (config::Provider &provider : config.providers) {
            if (auto resolved = resolveProvider(provider, *m_vault); !resolved)
                return resolved;
        }
        if (auto resolved = resolveHeaders(config.telemetry.otlpHeaders, *m_vault); !resolved)
            return resolved;
        for (config::Alert &alert : config.alerts) {
            if (auto resolved = resolveAlert(alert, *m_vault); !resolved)
                return resolved;
        }
        for (config::LogSink &sink : config.telemetry.sinks) {
            if (auto resolved = resolveSink(sink, *m_vault); !resolved)
                return resolved;
        }
        if (auto resolved = resolveSecret(config.smtp.password, *m_vault); !resolved)
            return resolved;
        return resolveSecret(config.gateway.metricsToken, *m_vault);
    }

    /// Puts the provider's secrets in, and takes out what the vault has no more.
    void leaveLostSecretsOut(config::Provider &provider, std::vector<std::string> &lost) const
    {
        for (config::Credential &credential : provider.credentials) {
            for (const config::CredentialMember &member : config::credentialMembers()) {
                if (!member.isSecret() || resolveSecret(credential.*member.secret, *m_vault))
                    continue;
                credential.*member.secret = {};
                lost.push_back(fmt::format("{} of the credential {} of provider {}", member.name, credential.name, provider.name));
            }
        }
        leaveLostHeadersOut(provider.headers, "of provider " + provider.name, lost);
    }

    void leaveLostHeadersOut(std::map<std::string, std::string> &headers, std::string_view whose, std::vector<std::string> &lost) const
    {
        for (auto header = headers.begin(); header != headers.end();) {
            config::Secret value {header->second};
            if (resolveSecret(value, *m_vault)) {
                header->second = std::move(value.value);
                ++header;
                continue;
            }
            lost.push_back(fmt::format("the header {} {}", header->first, whose));
            header = headers.erase(header);
        }
    }

    void leaveLostSecretsOut(config::Alert &alert, std::vector<std::string> &lost) const
    {
        if (!resolveSecret(alert.secret, *m_vault)) {
            alert.secret = {};
            lost.push_back(fmt::format("the secret of alert {}", alert.name));
        }
        std::erase_if(alert.notify, [&](config::Notify &notify) {
            config::Secret address {notify.to};
            if (!notify.isWebhook() || resolveSecret(address, *m_vault)) {
                notify.to = std::move(address.value);
                return false;
            }
            lost.push_back(fmt::format("the address of a webhook of alert {}", alert.name));
            return true;
        });
    }

    void leaveLostSecretsOut(config::LogSink &sink, std::vector<std::string> &lost) const
    {
        for (const auto &[key, secret] : config::s3Secrets) {
            if (resolveSecret(sink.s3.*secret, *m_vault))
                continue;
            sink.s3.*secret = {};
            lost.push_back(fmt::format("{} of the log sink {}", key, sink.name));
        }
    }

    /// An admin token comes back with the secret that it has now: a former one was taken from it for a reason.
    static void keepTokens(const std::vector<config::AdminToken> &now, std::vector<config::AdminToken> &former, std::vector<std::string> &lost)
    {
        for (config::AdminToken &token : former) {
            const auto same = std::ranges::find(now, token.id, &config::AdminToken::id);
            token.hash = same == now.end() ? std::string() : same->hash;
            if (token.hash.empty() && token.origin == config::Origin::Database)
                lost.push_back(fmt::format("the admin token {}", token.name));
        }
    }

    static void keepFileEntries(const config::Config &now, config::Config &target)
    {
        const auto keep = [](const auto &from, auto &to) {
            for (const auto &item : from) {
                if (item.origin == config::Origin::File)
                    to.push_back(item);
            }
        };
        config::forEachList([&](const auto &list) { keep(now.*list.member, target.*list.member); });
        config::forEachSection([&](const auto &section) {
            if (now.fileSections.contains(std::string(section.name)))
                target.*section.member = now.*section.member;
        });
        target.fileSections = now.fileSections;
        if (!now.fileSettings.empty()) {
            if (auto merged = withOwnValues(target.gateway, now.gateway, now.fileSettings))
                target.gateway = std::move(*merged);
            target.fileSettings = now.fileSettings;
        }
    }

    bool sameSet(const std::vector<Entry> &next) const
    {
        if (next.size() != m_entries.size())
            return false;
        std::map<Identity, const Entry *> before;
        for (const Entry &entry : m_entries)
            before.emplace(identity(entry), &entry);
        return std::ranges::all_of(next, [&](const Entry &entry) {
            const auto old = before.find(identity(entry));
            return old != before.end() && *old->second == entry;
        });
    }

    AuditEntry entryOf(const Editor &editor, std::string kind, std::string name, std::string action, std::string diff) const
    {
        return {.author = editor.author, .from = editor.from, .kind = std::move(kind), .name = std::move(name), .action = std::move(action), .revision = m_revision, .diff = std::move(diff)};
    }

    std::string keyName(const std::string &id) const
    {
        const auto found = std::ranges::find_if(m_entries, [&](const Entry &entry) { return entry.kind == entry_kind::key && entry.id == id; });
        return found == m_entries.end() ? id : found->name;
    }

    /// Within a transaction: also what could not be written before.
    Result<> audit(std::vector<AuditEntry> entries)
    {
        entries.insert(entries.begin(), m_unwritten.begin(), m_unwritten.end());
        return m_audit.append(std::move(entries));
    }

    Result<> auditSave(std::uint64_t number, const std::vector<config::Change> &changes, const Editor &editor, const std::string &note, const char *how)
    {
        std::vector<AuditEntry> entries;
        if (how != nullptr)
            entries.push_back(entryOf(editor, "configuration", {}, how, note));
        for (const config::Change &change : changes) {
            using Kind = config::Change::Kind;
            const char *action = change.kind == Kind::Added ? audit_action::created : change.kind == Kind::Removed ? audit_action::deleted : audit_action::changed;
            entries.push_back(entryOf(editor, change.subject, change.name, action, change.fieldText()));
        }
        if (entries.empty()) // what differs is no field: the order of entries, or what a vault entry holds
            entries.push_back(entryOf(editor, "configuration", {}, audit_action::changed, note));
        for (AuditEntry &entry : entries)
            entry.revision = number;
        return audit(std::move(entries));
    }

    static std::string textOf(const std::vector<config::Change> &changes)
    {
        std::string text;
        for (const config::Change &change : changes)
            text.append(text.empty() ? "" : "\n").append(change.text());
        return text;
    }

    Result<Saved> write(SavePlan plan, const std::vector<config::Change> &changes, const Editor &editor, const std::string &note, const char *how)
    {
        const std::uint64_t number = m_revision + 1;
        auto transaction = Transaction::begin(*m_database);
        if (!transaction)
            return std::unexpected(transaction.error());
        if (auto added = addRevision(number, editor.author, note, textOf(changes)); !added)
            return std::unexpected(added.error());
        if (auto written = writeEntries(*m_database, m_entries, plan.entries, number); !written)
            return std::unexpected(written.error());
        if (auto written = m_keys.write(plan.keys); !written)
            return std::unexpected(written.error());
        for (VaultWrite &secret : plan.secrets) {
            if (auto written = m_vault->write(secret.name, secret.secret); !written)
                return std::unexpected(written.error());
            sodium_memzero(secret.secret.data(), secret.secret.size());
        }
        if (auto audited = auditSave(number, changes, editor, note, how); !audited)
            return std::unexpected(audited.error());
        if (auto committed = transaction->commit(); !committed)
            return std::unexpected(committed.error());
        m_unwritten.clear();
        m_revision = number;
        if (auto loaded = load(); !loaded)
            return std::unexpected(loaded.error());
        return Saved {.revision = number, .config = std::move(plan.config), .changed = true};
    }

    Result<> addRevision(std::uint64_t number, const std::string &author, const std::string &note, const std::string &diff)
    {
        auto query = m_database->prepare("INSERT INTO revisions (number, at_us, author, note, diff) VALUES (?, ?, ?, ?, ?)");
        if (!query)
            return std::unexpected(query.error());
        query->bind(static_cast<std::int64_t>(number)).bind(m_clock.wallNow().time_since_epoch().count());
        return query->bind(author).bind(note).bind(diff).run();
    }

    std::unique_ptr<Database> m_database;
    std::unique_ptr<Vault> m_vault;
    KeyHasher m_hasher;
    const Clock &m_clock;
    std::uint64_t m_revision = 0;
    std::vector<Entry> m_entries;
    KeyStates m_keys;
    AuditLog m_audit;
    std::vector<AuditEntry> m_unwritten; ///< of revocations that could not be stored yet
    bool m_withFile;
};

ConfigStore::ConfigStore(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ConfigStore::~ConfigStore() = default;

Result<std::unique_ptr<ConfigStore>> ConfigStore::open(Options options, KeySource &keys, const Clock &clock)
{
    // Configuration changes are few and each must last: every commit is on the disk.
    auto database = Database::open(DatabaseOptions {.path = options.path, .backupFolder = options.backupFolder, .fullSync = true, .cacheKiB = 2048}, configSchema());
    if (!database)
        return std::unexpected(database.error());
    auto vault = Vault::open(**database, keys);
    if (!vault)
        return std::unexpected(vault.error());
    if (auto sealed = sealFormerHeaders(**database, **vault); !sealed)
        return std::unexpected(sealed.error());
    forgetPlainHeaders(options.backupFolder);
    auto impl = std::make_unique<Impl>(std::move(*database), std::move(*vault), clock, options.file);
    if (auto loaded = impl->load(); !loaded)
        return std::unexpected(loaded.error());
    if (auto begun = impl->beginAudit(); !begun)
        return std::unexpected(begun.error());
    return std::unique_ptr<ConfigStore>(new ConfigStore(std::move(impl)));
}

Result<config::Config> ConfigStore::current(FileEntries file) const { return m_impl->current(file == FileEntries::Include); }
std::uint64_t ConfigStore::revision() const { return m_impl->revision(); }
Result<std::vector<StoredRevision>> ConfigStore::revisions(int limit) const { return m_impl->revisions(limit); }

Result<std::vector<std::uint64_t>> ConfigStore::heldSince(std::string_view kind, const std::vector<std::string> &ids) const
{
    return m_impl->heldSince(kind, ids);
}

Result<config::Config> ConfigStore::at(std::uint64_t revision) const
{
    auto entries = m_impl->entriesAt(revision);
    if (!entries)
        return std::unexpected(entries.error());
    auto config = toConfig(*entries, true);
    if (!config)
        return config;
    m_impl->keys().fill(config->keys);
    for (config::Provider &provider : config->providers)
        m_impl->leaveSecretsOut(provider);
    config->gateway.metricsToken = {};
    config->telemetry.otlpHeaders.clear();
    for (config::Alert &alert : config->alerts)
        m_impl->leaveSecretsOut(alert);
    config->smtp.password = {};
    for (config::LogSink &sink : config->telemetry.sinks) {
        for (const auto &[key, secret] : config::s3Secrets)
            sink.s3.*secret = {};
    }
    for (config::AdminToken &token : config->adminTokens)
        token.hash.clear();
    return config;
}

Result<config::Config> ConfigStore::prepare(config::Config next) const
{
    auto plan = m_impl->plan(std::move(next));
    if (!plan)
        return std::unexpected(plan.error());
    return std::move(plan->config);
}

Result<ConfigStore::Saved> ConfigStore::save(config::Config next, std::uint64_t baseRevision, const Editor &editor, const std::string &note, const char *how)
{
    return m_impl->save(std::move(next), baseRevision, editor, note, how);
}

Result<ConfigStore::Former> ConfigStore::former(std::uint64_t revision, const config::Config &now) const { return m_impl->former(revision, now); }
Result<bool> ConfigStore::revokeKey(const std::string &keyId, const Editor &editor) { return m_impl->revokeKey(keyId, editor); }
Result<> ConfigStore::rotateKeys(const std::vector<NewSecret> &secrets, std::chrono::milliseconds grace, const Editor &editor) { return m_impl->rotateKeys(secrets, grace, editor); }
Result<> ConfigStore::note(AuditEntry entry) { return m_impl->note(std::move(entry)); }
Result<AuditPage> ConfigStore::audit(const AuditQuery &query) const { return m_impl->log().page(query); }
Result<AuditCheck> ConfigStore::checkAudit() const { return m_impl->log().check(); }
void ConfigStore::fillKeyStates(config::Config &config) const { m_impl->keys().fill(config.keys); }
Vault &ConfigStore::vault() { return m_impl->vault(); }

} // namespace gateway::storage
