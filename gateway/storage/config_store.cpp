// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/config_store.h"

#include "gateway/config/config_json.h"
#include "gateway/config/diff.h"
#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"
#include "gateway/storage/config_entries.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sodium.h>

namespace gateway::storage {

namespace {

constexpr std::string_view vaultScheme = "vault:";
constexpr std::string_view metricsTokenEntry = "gateway/metrics_token";
constexpr std::string_view metricsTokenSetting = "metrics_token";

std::string newId(std::string_view kind)
{
    constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
    std::string id = fmt::format("{}_", kind);
    for (int i = 0; i < 12; ++i)
        id += letters[randombytes_uniform(letters.size())];
    return id;
}

struct VaultWrite
{
    std::string name;
    std::string secret;
};

} // namespace

class ConfigStore::Impl
{
public:
    Impl(std::unique_ptr<Database> database, std::unique_ptr<Vault> vault, const Clock &clock)
        : m_database(std::move(database)), m_vault(std::move(vault)), m_hasher(m_vault->installationKey()), m_clock(clock)
    {
    }

    /// All that a save would write, worked out before anything is written.
    struct Plan
    {
        config::Config config;                   ///< what becomes current: ids, hashes, secrets in clear
        config::GatewaySettings ownGateway;      ///< references for secrets
        std::vector<Entry> entries;
        std::map<std::string, KeyState> states;  ///< those that differ from the stored
        std::vector<VaultWrite> secrets;
    };

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
        auto states = readKeyStates(*m_database);
        if (!states)
            return std::unexpected(states.error());
        m_states = std::move(*states);
        return {};
    }

    Result<config::Config> current(bool withFile) const
    {
        auto config = toConfig(m_entries, withFile);
        if (!config)
            return config;
        fillKeyStates(*config);
        if (auto resolved = resolveSecrets(*config); !resolved)
            return std::unexpected(resolved.error());
        return config;
    }

    Result<Plan> plan(config::Config next) const
    {
        if (auto named = checkNames(next); !named)
            return std::unexpected(named.error());
        giveIds(next);
        Plan plan;
        planKeys(next, plan);
        plan.config = next;
        config::Config stored = std::move(next);
        if (auto planned = planSecrets(stored, plan); !planned)
            return std::unexpected(planned.error());
        auto own = ownGateway(stored);
        if (!own)
            return std::unexpected(own.error());
        plan.entries = toEntries(stored, *own);
        arrange(m_entries, plan.entries);
        return plan;
    }

    Result<Saved> save(config::Config next, std::uint64_t baseRevision, const std::string &author, const std::string &note)
    {
        if (baseRevision != m_revision)
            return fail(ErrorCode::Conflict,
                        fmt::format("The configuration was changed meanwhile: this edit began at revision {}, the newest is {}. Look at what changed and edit again.", baseRevision, m_revision));
        auto planned = plan(std::move(next));
        if (!planned)
            return std::unexpected(planned.error());
        const bool sameEntries = sameSet(planned->entries) && m_revision != 0;
        if (sameEntries && planned->secrets.empty() && planned->states.empty())
            return Saved {.revision = m_revision, .config = std::move(planned->config), .changed = false};
        auto before = current(true);
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
        auto now = current(true);
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

    Result<bool> revoke(const std::string &keyId)
    {
        auto state = stateOf(keyId);
        if (!state)
            return std::unexpected(state.error());
        if (state->revoked)
            return false;
        state->revoked = true;
        if (auto written = keepState(keyId, *state); !written)
            return std::unexpected(written.error());
        return true;
    }

    Result<> rotate(const std::string &keyId, const std::string &newSecret)
    {
        auto state = stateOf(keyId);
        if (!state)
            return std::unexpected(state.error());
        state->hash = m_hasher.hashHex(newSecret);
        state->prefix = keyPrefix(newSecret);
        state->revoked = false;
        return keepState(keyId, *state);
    }

    void fillKeyStates(config::Config &config) const
    {
        for (config::VirtualKey &key : config.keys) {
            const auto state = m_states.find(key.id);
            if (state == m_states.end())
                continue;
            key.hash = state->second.hash;
            key.prefix = state->second.prefix;
            key.revoked = state->second.revoked;
            key.createdAt = state->second.createdAt;
        }
    }

    [[nodiscard]] std::uint64_t revision() const { return m_revision; }
    Vault &vault() { return *m_vault; }

private:
    template <typename T>
    static Result<> checkNames(const std::vector<T> &items, std::string_view list, std::string_view what)
    {
        std::map<std::string_view, const T *> seen;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto [first, fresh] = seen.emplace(items[i].name, &items[i]);
            if (fresh)
                continue;
            const bool withFile = first->second->origin != items[i].origin;
            return fail(ErrorCode::Conflict,
                        withFile ? fmt::format("The {} \"{}\" is in the configuration file and in the database. Rename or remove one of them.", what, items[i].name)
                                 : fmt::format("There are two {}s named \"{}\". Rename one of them.", what, items[i].name),
                        fmt::format("{}[{}].name", list, i));
        }
        return {};
    }

    static Result<> checkNames(const config::Config &config)
    {
        if (auto fine = checkNames(config.providers, "providers", "provider"); !fine)
            return fine;
        if (auto fine = checkNames(config.routes, "routes", "route"); !fine)
            return fine;
        if (auto fine = checkNames(config.teams, "teams", "team"); !fine)
            return fine;
        return checkNames(config.keys, "keys", "key");
    }

    /// An entry without an id takes that of the entry of its name, so that a file read again keeps its entries' ids.
    template <typename T>
    void giveIds(std::vector<T> &items, std::string_view kind) const
    {
        std::set<std::string> taken;
        for (const T &item : items)
            taken.insert(item.id);
        std::set<std::string> seen;
        for (T &item : items) {
            if (item.id.empty() || seen.contains(item.id)) {
                item.id.clear();
                for (const Entry &entry : m_entries) {
                    if (entry.kind == kind && entry.name == item.name && !taken.contains(entry.id))
                        item.id = entry.id;
                }
                if (item.id.empty())
                    item.id = newId(kind);
                taken.insert(item.id);
            }
            seen.insert(item.id);
        }
    }

    void giveIds(config::Config &config) const
    {
        giveIds(config.providers, entry_kind::provider);
        giveIds(config.routes, entry_kind::route);
        giveIds(config.teams, entry_kind::team);
        giveIds(config.keys, entry_kind::key);
    }

    /// Keys' secrets become hashes; the stored state wins over what the edit says of it.
    void planKeys(config::Config &config, Plan &plan) const
    {
        for (config::VirtualKey &key : config.keys) {
            const auto stored = m_states.find(key.id);
            const bool known = stored != m_states.end();
            KeyState state = known ? stored->second : KeyState {.hash = key.hash, .prefix = key.prefix, .createdAt = key.createdAt};
            if (state.createdAt == WallTime {})
                state.createdAt = m_clock.wallNow();
            takeSecret(key, state);
            if (!known || state != stored->second)
                plan.states.emplace(key.id, state);
            sodium_memzero(key.secret.value.data(), key.secret.value.size());
            key.secret = {};
            key.hash = state.hash;
            key.prefix = state.prefix;
            key.revoked = state.revoked;
            key.createdAt = state.createdAt;
        }
    }

    void takeSecret(const config::VirtualKey &key, KeyState &state) const
    {
        const bool fromFile = key.origin == config::Origin::File;
        if (key.secret.empty() && !key.hash.empty())
            return; // an edit of something else, or a file key as it was read before
        if (key.secret.empty()) {
            // The file had one and has none now: the key sleeps, unless it was rotated since.
            if (fromFile && !state.fileHash.empty() && state.hash == state.fileHash)
                state.hash.clear();
            if (fromFile)
                state.fileHash.clear();
            return;
        }
        const std::string hash = m_hasher.hashHex(key.secret.value);
        if (fromFile && state.fileHash == hash)
            return; // the same file as before: what was rotated since stays
        state.hash = hash;
        state.prefix = keyPrefix(key.secret.value);
        state.fileHash = fromFile ? hash : std::string();
    }

    /// `stored` gets references in the place of secrets, plan.config the secrets that references stand for. What the file
    /// gives is not stored: it is read again from there.
    Result<> planSecrets(config::Config &stored, Plan &plan) const
    {
        const References before = referencesBefore();
        for (std::size_t i = 0; i < stored.providers.size(); ++i) {
            config::Provider &provider = stored.providers[i];
            for (std::size_t j = 0; j < provider.credentials.size(); ++j) {
                config::Credential &credential = provider.credentials[j];
                if (provider.origin == config::Origin::File) {
                    credential.apiKey = {};
                    continue;
                }
                const std::string field = fmt::format("providers[{}].credentials[{}].api_key", i, j);
                const std::string own = fmt::format("provider/{}/{}", provider.id, credential.name);
                const auto reference = before.find(std::pair(provider.id, credential.name));
                config::Secret &clear = plan.config.providers[i].credentials[j].apiKey;
                if (auto planned = planSecret(credential.apiKey, clear, own, reference == before.end() ? own : reference->second, field, plan); !planned)
                    return planned;
            }
        }
        if (stored.fileSettings.contains(std::string(metricsTokenSetting))) {
            stored.gateway.metricsToken = {};
            return {};
        }
        return planSecret(stored.gateway.metricsToken, plan.config.gateway.metricsToken, std::string(metricsTokenEntry), std::string(metricsTokenEntry), "gateway.metrics_token", plan);
    }

    Result<> planSecret(config::Secret &stored, config::Secret &clear, const std::string &own, const std::string &before, const std::string &field, Plan &plan) const
    {
        if (stored.empty())
            return {};
        if (stored.value.starts_with(vaultScheme)) {
            auto secret = m_vault->read(std::string_view(stored.value).substr(vaultScheme.size()));
            if (!secret)
                return fail(secret.error().code, secret.error().message, field);
            clear.value = std::move(*secret);
            return {};
        }
        // An entry of another name that the credential referred to stays its place while the secret is the same.
        for (const std::string &name : {before, own}) {
            auto kept = m_vault->read(name);
            if (kept && *kept == stored.value) {
                stored.value = fmt::format("{}{}", vaultScheme, name);
                return {};
            }
        }
        plan.secrets.push_back(VaultWrite {.name = own, .secret = stored.value});
        stored.value = fmt::format("{}{}", vaultScheme, own);
        return {};
    }

    using References = std::map<std::pair<std::string, std::string>, std::string>;

    /// The vault entries that credentials (provider's id, name) refer to until now.
    References referencesBefore() const
    {
        References references;
        for (const Entry &entry : m_entries) {
            if (entry.kind != entry_kind::provider)
                continue;
            const auto provider = config::providerFromJson(entry.body);
            if (!provider)
                continue; // current() says so where it matters
            for (const config::Credential &credential : provider->credentials) {
                if (credential.apiKey.value.starts_with(vaultScheme))
                    references.emplace(std::pair(entry.id, credential.name), credential.apiKey.value.substr(vaultScheme.size()));
            }
        }
        return references;
    }

    Result<> resolveSecret(config::Secret &secret) const
    {
        if (!secret.value.starts_with(vaultScheme))
            return {};
        auto clear = m_vault->read(std::string_view(secret.value).substr(vaultScheme.size()));
        if (!clear)
            return std::unexpected(clear.error());
        secret.value = std::move(*clear);
        return {};
    }

    Result<> resolveSecrets(config::Config &config) const
    {
        for (config::Provider &provider : config.providers) {
            for (config::Credential &credential : provider.credentials) {
                if (auto resolved = resolveSecret(credential.apiKey); !resolved)
                    return resolved;
            }
        }
        return resolveSecret(config.gateway.metricsToken);
    }

    /// The database's own settings: the edit's, but for those that the file names, which stay as they were.
    Result<config::GatewaySettings> ownGateway(const config::Config &stored) const
    {
        auto before = toConfig(m_entries, false);
        if (!before)
            return std::unexpected(before.error());
        return withOwnValues(stored.gateway, before->gateway, stored.fileSettings);
    }

    static void keepFileEntries(const config::Config &now, config::Config &target)
    {
        const auto keep = [](const auto &from, auto &to) {
            for (const auto &item : from) {
                if (item.origin == config::Origin::File)
                    to.push_back(item);
            }
        };
        keep(now.providers, target.providers);
        keep(now.routes, target.routes);
        keep(now.teams, target.teams);
        keep(now.keys, target.keys);
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

    Result<Saved> write(Plan plan, const std::string &diff, const std::string &author, const std::string &note)
    {
        const std::uint64_t number = m_revision + 1;
        auto transaction = Transaction::begin(*m_database);
        if (!transaction)
            return std::unexpected(transaction.error());
        if (auto added = addRevision(number, author, note, diff); !added)
            return std::unexpected(added.error());
        if (auto written = writeEntries(*m_database, m_entries, plan.entries, number); !written)
            return std::unexpected(written.error());
        for (const auto &[id, state] : plan.states) {
            if (auto written = writeKeyState(*m_database, id, state, m_clock.wallNow()); !written)
                return std::unexpected(written.error());
        }
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

    Result<KeyState> stateOf(const std::string &keyId) const
    {
        const auto state = m_states.find(keyId);
        if (state == m_states.end())
            return fail(ErrorCode::NotFound, fmt::format("There is no virtual key with the id \"{}\".", keyId), keyId);
        return state->second;
    }

    Result<> keepState(const std::string &keyId, const KeyState &state)
    {
        if (auto written = writeKeyState(*m_database, keyId, state, m_clock.wallNow()); !written)
            return written;
        m_states[keyId] = state;
        return {};
    }

    std::unique_ptr<Database> m_database;
    std::unique_ptr<Vault> m_vault;
    KeyHasher m_hasher;
    const Clock &m_clock;
    std::uint64_t m_revision = 0;
    std::vector<Entry> m_entries;
    std::map<std::string, KeyState> m_states;
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
    auto impl = std::make_unique<Impl>(std::move(*database), std::move(*vault), clock);
    if (auto loaded = impl->load(); !loaded)
        return std::unexpected(loaded.error());
    return std::unique_ptr<ConfigStore>(new ConfigStore(std::move(impl)));
}

Result<config::Config> ConfigStore::current(FileEntries file) const { return m_impl->current(file == FileEntries::Include); }
std::uint64_t ConfigStore::revision() const { return m_impl->revision(); }
Result<std::vector<StoredRevision>> ConfigStore::revisions(int limit) const { return m_impl->revisions(limit); }

Result<config::Config> ConfigStore::at(std::uint64_t revision) const
{
    auto entries = m_impl->entriesAt(revision);
    if (!entries)
        return std::unexpected(entries.error());
    auto config = toConfig(*entries, true);
    if (!config)
        return config;
    m_impl->fillKeyStates(*config);
    for (config::Provider &provider : config->providers) {
        for (config::Credential &credential : provider.credentials)
            credential.apiKey = {};
    }
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

Result<bool> ConfigStore::revokeKey(const std::string &keyId) { return m_impl->revoke(keyId); }
Result<> ConfigStore::rotateKey(const std::string &keyId, const std::string &newSecret) { return m_impl->rotate(keyId, newSecret); }
Vault &ConfigStore::vault() { return m_impl->vault(); }

} // namespace gateway::storage
