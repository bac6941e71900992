// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/save_plan.h"

#include "gateway/config/config_json.h"
#include "gateway/storage/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sodium.h>

namespace gateway::storage {

namespace {

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

template <typename T>
Result<> checkNames(const std::vector<T> &items, std::string_view list, std::string_view what)
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

Result<> checkNames(const config::Config &config)
{
    if (auto fine = checkNames(config.providers, "providers", "provider"); !fine)
        return fine;
    if (auto fine = checkNames(config.routes, "routes", "route"); !fine)
        return fine;
    if (auto fine = checkNames(config.teams, "teams", "team"); !fine)
        return fine;
    return checkNames(config.keys, "keys", "key");
}

bool hasFileParts(const config::Config &config)
{
    const auto ofFile = [](const auto &entries) { return std::ranges::any_of(entries, [](const auto &entry) { return entry.origin == config::Origin::File; }); };
    return !config.fileSettings.empty() || ofFile(config.providers) || ofFile(config.routes) || ofFile(config.teams) || ofFile(config.keys);
}

} // namespace

Result<SavePlan> SavePlanner::plan(config::Config next) const
{
    if (auto named = checkNames(next); !named)
        return std::unexpected(named.error());
    giveIds(next);
    if (auto resolved = resolveKeys(next.keys); !resolved)
        return std::unexpected(resolved.error());
    SavePlan plan;
    plan.keys = m_keys.take(next.keys);
    plan.config = next;
    config::Config stored = std::move(next);
    if (auto planned = planSecrets(stored, plan); !planned)
        return std::unexpected(planned.error());
    auto own = ownGateway(stored);
    if (!own)
        return std::unexpected(own.error());
    plan.entries = toEntries(stored, *own);
    arrange(m_entries, plan.entries);
    if (!m_fileIsLaid && !hasFileParts(stored))
        std::ranges::copy_if(m_entries, std::back_inserter(plan.entries), [](const Entry &entry) { return entry.origin == config::Origin::File; });
    return plan;
}

/// An entry without an id takes that of the entry of its name, so that a file read again keeps its entries' ids; a file's
/// key that is not known by its name, that of the key which had its secret.
template <typename T>
void SavePlanner::giveIds(std::vector<T> &items, std::string_view kind) const
{
    std::set<std::string> taken;
    for (const T &item : items)
        taken.insert(item.id);
    std::set<std::string> seen;
    for (T &item : items) {
        if (item.id.empty() || seen.contains(item.id)) {
            item.id = formerId(kind, item.name, item.origin);
            if constexpr (std::is_same_v<T, config::VirtualKey>) {
                if (item.id.empty() && item.origin == config::Origin::File)
                    item.id = m_keys.idByFileSecret(item.secret.value);
            }
            if (item.id.empty() || taken.contains(item.id))
                item.id = newId(kind);
            taken.insert(item.id);
        }
        seen.insert(item.id);
    }
}

std::string SavePlanner::formerId(std::string_view kind, std::string_view name, config::Origin origin) const
{
    const auto found = std::ranges::find_if(m_entries, [&](const Entry &entry) { return entry.kind == kind && entry.name == name && entry.origin == origin; });
    return found == m_entries.end() ? std::string() : found->id;
}

void SavePlanner::giveIds(config::Config &config) const
{
    giveIds(config.providers, entry_kind::provider);
    giveIds(config.routes, entry_kind::route);
    giveIds(config.teams, entry_kind::team);
    giveIds(config.keys, entry_kind::key);
}

/// `stored` gets references in the place of secrets, plan.config the secrets that references stand for. What the file
/// gives is not stored: it is read again from there.
Result<> SavePlanner::planSecrets(config::Config &stored, SavePlan &plan) const
{
    const References before = referencesBefore();
    for (std::size_t i = 0; i < stored.providers.size(); ++i) {
        config::Provider &provider = stored.providers[i];
        for (std::size_t j = 0; j < provider.credentials.size(); ++j) {
            config::Credential &credential = provider.credentials[j];
            const std::string field = fmt::format("providers[{}].credentials[{}].api_key", i, j);
            config::Secret &clear = plan.config.providers[i].credentials[j].apiKey;
            if (provider.origin == config::Origin::File) {
                credential.apiKey = {};
                if (auto resolved = resolve(clear, field); !resolved)
                    return resolved;
                continue;
            }
            const std::string own = fmt::format("provider/{}/{}", provider.id, credential.name);
            const auto reference = before.find(std::pair(provider.id, credential.name));
            if (auto planned = planSecret(credential.apiKey, clear, own, reference == before.end() ? own : reference->second, field, plan); !planned)
                return planned;
        }
    }
    if (stored.fileSettings.contains(std::string(metricsTokenSetting))) {
        stored.gateway.metricsToken = {};
        return resolve(plan.config.gateway.metricsToken, "gateway.metrics_token");
    }
    return planSecret(stored.gateway.metricsToken, plan.config.gateway.metricsToken, std::string(metricsTokenEntry), std::string(metricsTokenEntry), "gateway.metrics_token", plan);
}

/// The vault's entry in the place of its name; anything else stays.
Result<> SavePlanner::resolve(config::Secret &secret, const std::string &field) const
{
    if (!secret.value.starts_with(vaultScheme))
        return {};
    auto entry = m_vault.read(std::string_view(secret.value).substr(vaultScheme.size()));
    if (!entry)
        return fail(entry.error().code, entry.error().message, field);
    secret.value = std::move(*entry);
    return {};
}

Result<> SavePlanner::resolveKeys(std::vector<config::VirtualKey> &keys) const
{
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (auto resolved = resolve(keys[i].secret, fmt::format("keys[{}].secret", i)); !resolved)
            return resolved;
    }
    return {};
}

Result<> SavePlanner::planSecret(config::Secret &stored, config::Secret &clear, const std::string &own, const std::string &before, const std::string &field, SavePlan &plan) const
{
    if (stored.empty())
        return {};
    if (stored.value.starts_with(vaultScheme))
        return resolve(clear, field);
    // An entry of another name that the credential referred to stays its place while the secret is the same.
    for (const std::string &name : {before, own}) {
        auto kept = m_vault.read(name);
        if (kept && *kept == stored.value) {
            stored.value = fmt::format("{}{}", vaultScheme, name);
            return {};
        }
    }
    plan.secrets.push_back(VaultWrite {.name = own, .secret = stored.value});
    stored.value = fmt::format("{}{}", vaultScheme, own);
    return {};
}

/// The vault entries that credentials (provider's id, name) refer to until now.
SavePlanner::References SavePlanner::referencesBefore() const
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

/// The database's own settings: the edit's, but for those that the file names, which stay as they were.
Result<config::GatewaySettings> SavePlanner::ownGateway(const config::Config &stored) const
{
    auto before = toConfig(m_entries, false);
    if (!before)
        return std::unexpected(before.error());
    return withOwnValues(stored.gateway, before->gateway, stored.fileSettings);
}

} // namespace gateway::storage
