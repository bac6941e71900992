// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/config_store.h"

#include "gateway/config/diff.h"
#include "gateway/config/entry_lists.h"
#include "gateway/config/members.h"
#include "gateway/config/secret_values.h"
#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"
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

namespace gateway::storage {

class ConfigStore::Impl
{
public:
    Impl(std::unique_ptr<Database> database, std::unique_ptr<Vault> vault, const Clock &clock, FileEntries file)
        : m_database(std::move(database)), m_vault(std::move(vault)), m_hasher(m_vault->installationKey()), m_clock(clock), m_keys(*m_database, m_hasher, m_clock),
          m_withFile(file == FileEntries::Include)
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

    Result<SavePlan> plan(config::Config next) const { return SavePlanner(m_entries, m_keys, *m_vault, m_withFile).plan(std::move(next)); }

    Result<Saved> save(config::Config next, std::uint64_t baseRevision, const std::string &author, const std::string &note)
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
        return write(std::move(*planned), config::diffText(*before, planned->config), author, note);
    }

    Result<Saved> rollback(std::uint64_t toRevision, std::uint64_t baseRevision, const std::string &author)
    {
        auto entries = entriesAt(toRevision);
        if (!entries)
            return std::unexpected(entries.error());
        auto target = toConfig(*entries, false);
        if (!target)
            return std::unexpected(target.error());
        auto now = current(m_withFile);
        if (!now)
            return std::unexpected(now.error());
        keepFileEntries(*now, *target);
        if (auto resolved = resolveSecrets(*target); !resolved)
            return std::unexpected(resolved.error());
        return save(std::move(*target), baseRevision, author, fmt::format("Back to revision {}", toRevision));
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

    KeyStates &keys() { return m_keys; }
    [[nodiscard]] const KeyStates &keys() const { return m_keys; }
    [[nodiscard]] std::uint64_t revision() const { return m_revision; }
    Vault &vault() { return *m_vault; }

private:
    Result<> resolveSecrets(config::Config &config) const
    {
        for (config::Provider &provider : config.providers) {
            if (auto resolved = resolveProvider(provider, *m_vault); !resolved)
                return resolved;
        }
        return resolveSecret(config.gateway.metricsToken, *m_vault);
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
        std::map<std::pair<std::string, std::string>, const Entry *> before;
        for (const Entry &entry : m_entries)
            before.emplace(std::pair(entry.kind, entry.id), &entry);
        return std::ranges::all_of(next, [&](const Entry &entry) {
            const auto old = before.find(std::pair(entry.kind, entry.id));
            return old != before.end() && *old->second == entry;
        });
    }

    Result<Saved> write(SavePlan plan, const std::string &diff, const std::string &author, const std::string &note)
    {
        const std::uint64_t number = m_revision + 1;
        auto transaction = Transaction::begin(*m_database);
        if (!transaction)
            return std::unexpected(transaction.error());
        if (auto added = addRevision(number, author, note, diff); !added)
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
        if (auto committed = transaction->commit(); !committed)
            return std::unexpected(committed.error());
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
    return config;
}

Result<config::Config> ConfigStore::prepare(config::Config next) const
{
    auto plan = m_impl->plan(std::move(next));
    if (!plan)
        return std::unexpected(plan.error());
    return std::move(plan->config);
}

Result<ConfigStore::Saved> ConfigStore::save(config::Config next, std::uint64_t baseRevision, const std::string &author, const std::string &note)
{
    return m_impl->save(std::move(next), baseRevision, author, note);
}

Result<ConfigStore::Saved> ConfigStore::rollback(std::uint64_t toRevision, std::uint64_t baseRevision, const std::string &author)
{
    return m_impl->rollback(toRevision, baseRevision, author);
}

Result<bool> ConfigStore::revokeKey(const std::string &keyId) { return m_impl->keys().revoke(keyId); }
Result<> ConfigStore::rotateKey(const std::string &keyId, const std::string &newSecret, std::chrono::milliseconds grace) { return m_impl->keys().rotate(keyId, newSecret, grace); }
void ConfigStore::fillKeyStates(config::Config &config) const { m_impl->keys().fill(config.keys); }
Vault &ConfigStore::vault() { return m_impl->vault(); }

} // namespace gateway::storage
