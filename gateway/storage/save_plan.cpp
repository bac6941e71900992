// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/save_plan.h"

#include "gateway/config/config_json.h"
#include "gateway/config/entry_lists.h"
#include "gateway/config/log_sink_members.h"
#include "gateway/config/members.h"
#include "gateway/config/names.h"
#include "gateway/config/secret_values.h"
#include "gateway/core/text.h"
#include "gateway/storage/secret_entries.h"
#include "gateway/storage/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <sodium.h>
#include <unordered_map>
#include <unordered_set>

namespace gateway::storage {

namespace {

constexpr std::string_view metricsTokenEntry = "gateway/metrics_token";
constexpr std::string_view alertKind = "alert";
constexpr std::string_view metricsTokenSetting = "metrics_token";

std::string newId(std::string_view kind)
{
    return fmt::format("{}_{}", kind, randomWord(12));
}

template <typename T>
Result<> checkNames(const std::vector<T> &items, std::string_view list, std::string_view what)
{
    std::unordered_map<std::string_view, const T *> seen;
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
    Result<> fine;
    config::forEachList([&](const auto &list) {
        if (fine)
            fine = checkNames(config.*list.member, list.name, list.kind);
    });
    return fine;
}

/// The ids that entries of a kind have until now.
class FormerIds
{
public:
    FormerIds(const std::vector<Entry> &entries, const KeyStates &keys, std::string_view kind) : m_byFileHash(keys.idsByFileHash())
    {
        for (const Entry &entry : entries) {
            if (entry.kind == kind)
                (entry.origin == config::Origin::File ? m_ofFile : m_ofDatabase).emplace(entry.name, entry.id);
        }
    }
    /// Empty: none.
    [[nodiscard]] std::string byName(std::string_view name, config::Origin origin) const { return find(origin == config::Origin::File ? m_ofFile : m_ofDatabase, name); }
    [[nodiscard]] std::string byFileHash(std::string_view hash) const { return find(m_byFileHash, hash); }

private:
    using Ids = std::unordered_map<std::string_view, std::string_view>;
    static std::string find(const Ids &ids, std::string_view name)
    {
        const auto found = ids.find(name);
        return found == ids.end() ? std::string() : std::string(found->second);
    }

    Ids m_ofDatabase, m_ofFile, m_byFileHash;
};

/// The entries that are no list's: few, where there may be very many keys.
std::vector<Entry> settingsOf(const std::vector<Entry> &entries)
{
    std::vector<Entry> settings;
    std::ranges::copy_if(entries, std::back_inserter(settings), [](const Entry &entry) { return entry.kind == entry_kind::gateway || entry.kind == entry_kind::section; });
    return settings;
}

bool hasFileParts(const config::Config &config)
{
    bool some = !config.fileSettings.empty() || !config.fileSections.empty();
    config::forEachList([&](const auto &list) {
        some = some || std::ranges::any_of(config.*list.member, [](const auto &entry) { return entry.origin == config::Origin::File; });
    });
    return some;
}

} // namespace

Result<SavePlan> SavePlanner::plan(config::Config next) const
{
    if (auto named = checkNames(next); !named)
        return std::unexpected(named.error());
    giveIds(next);
    if (auto resolved = resolveKeys(next.keys); !resolved)
        return std::unexpected(resolved.error());
    if (auto hashed = hashTokens(next.adminTokens); !hashed)
        return std::unexpected(hashed.error());
    SavePlan plan;
    plan.keys = m_keys.take(next.keys);
    plan.config = next;
    config::Config stored = std::move(next);
    if (auto planned = planSecrets(stored, plan); !planned)
        return std::unexpected(planned.error());
    auto own = ownParts(stored);
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
    std::unordered_set<std::string> taken;
    for (const T &item : items)
        taken.insert(item.id);
    std::optional<FormerIds> former; // asked for by few edits
    std::unordered_set<std::string> seen;
    for (T &item : items) {
        if (item.id.empty() || seen.contains(item.id)) {
            if (!former)
                former.emplace(m_entries, m_keys, kind);
            item.id = former->byName(item.name, item.origin);
            if constexpr (std::is_same_v<T, config::VirtualKey>) {
                if (item.id.empty() && item.origin == config::Origin::File && !item.secret.empty())
                    item.id = former->byFileHash(m_hasher.hashHex(item.secret.value));
            }
            if (item.id.empty() || taken.contains(item.id))
                item.id = newId(kind);
            taken.insert(item.id);
        }
        seen.insert(item.id);
    }
}

void SavePlanner::giveIds(config::Config &config) const
{
    config::forEachList([&](const auto &list) { giveIds(config.*list.member, list.kind); });
}

/// `stored` gets references in the place of secrets, plan.config the secrets that references stand for. What the file
/// gives is not stored: it is read again from there.
Result<> SavePlanner::planSecrets(config::Config &stored, SavePlan &plan) const
{
    const References before = referencesBefore();
    for (std::size_t i = 0; i < stored.providers.size(); ++i) {
        config::Provider &provider = stored.providers[i];
        if (provider.origin == config::Origin::File)
            std::erase_if(provider.headers, [](const auto &header) { return config::isSecretHeader(header.first); });
        planHeaders(provider.headers, provider.id, before, plan);
        for (std::size_t j = 0; j < provider.credentials.size(); ++j) {
            const std::string field = fmt::format("providers[{}].credentials[{}]", i, j);
            if (auto planned = planCredential(provider, provider.credentials[j], plan.config.providers[i].credentials[j], before, field, plan); !planned)
                return planned;
        }
    }
    if (stored.fileSections.contains(std::string(telemetryOwner)))
        stored.telemetry.otlpHeaders.clear();
    planHeaders(stored.telemetry.otlpHeaders, telemetryOwner, before, plan);
    for (std::size_t i = 0; i < stored.alerts.size(); ++i) {
        if (auto planned = planAlert(stored.alerts[i], plan.config.alerts[i], before, fmt::format("alerts[{}].secret", i), plan); !planned)
            return planned;
    }
    if (auto planned = planSmtp(stored, plan); !planned)
        return planned;
    if (auto planned = planSinks(stored, plan); !planned)
        return planned;
    if (stored.fileSettings.contains(std::string(metricsTokenSetting))) {
        stored.gateway.metricsToken = {};
        return resolve(plan.config.gateway.metricsToken, "gateway.metrics_token");
    }
    return planSecret(stored.gateway.metricsToken, plan.config.gateway.metricsToken, std::string(metricsTokenEntry), std::string(metricsTokenEntry), "gateway.metrics_token", plan);
}

Result<> SavePlanner::planAlert(config::Alert &stored, config::Alert &clear, const References &before, const std::string &field, SavePlan &plan) const
{
    if (stored.origin == config::Origin::File) {
        for (config::Notify &notify : stored.notify) {
            if (notify.isWebhook())
                notify.to = config::shownWebhook(notify.to);
        }
        stored.secret = {};
        return resolve(clear.secret, field);
    }
    auto addresses = webhooksOf(stored);
    planHeaders(addresses, stored.id, before, plan);
    putWebhooks(stored, addresses);
    const std::string own = alertSecretEntry(stored.id);
    return planSecret(stored.secret, clear.secret, own, own, field, plan);
}

Result<> SavePlanner::planSmtp(config::Config &stored, SavePlan &plan) const
{
    const std::string field = "smtp.password", own(smtpPasswordEntry);
    if (!stored.fileSections.contains("smtp"))
        return planSecret(stored.smtp.password, plan.config.smtp.password, own, own, field, plan);
    stored.smtp.password = {};
    return resolve(plan.config.smtp.password, field);
}

Result<> SavePlanner::planSinks(config::Config &stored, SavePlan &plan) const
{
    const bool ofFile = stored.fileSections.contains(std::string(telemetryOwner));
    for (std::size_t i = 0; i < stored.telemetry.sinks.size(); ++i) {
        config::LogSink &sink = stored.telemetry.sinks[i];
        for (const auto &[key, secret] : config::s3Secrets) {
            const std::string field = fmt::format("telemetry.sinks[{}].s3.{}", i, key), own = sinkEntry(sink.name, key);
            config::Secret &clear = plan.config.telemetry.sinks[i].s3.*secret;
            if (ofFile)
                sink.s3.*secret = {};
            if (auto planned = ofFile ? resolve(clear, field) : planSecret(sink.s3.*secret, clear, own, own, field, plan); !planned)
                return planned;
        }
    }
    return {};
}

Result<> SavePlanner::planCredential(const config::Provider &provider, config::Credential &stored, config::Credential &clear, const References &before, const std::string &field,
                                     SavePlan &plan) const
{
    for (const config::CredentialMember &member : config::credentialMembers()) {
        if (!member.isSecret())
            continue;
        const std::string at = fmt::format("{}.{}", field, member.name);
        config::Secret &secret = stored.*member.secret;
        if (provider.origin == config::Origin::File) {
            secret = {};
            if (auto resolved = resolve(clear.*member.secret, at); !resolved)
                return resolved;
            continue;
        }
        const std::string own = credentialEntry(provider.id, stored.name, member);
        const auto reference = before.find(own);
        if (auto planned = planSecret(secret, clear.*member.secret, own, reference == before.end() ? own : reference->second, at, plan); !planned)
            return planned;
    }
    return {};
}

/// Any header may hold a secret, whatever its name says. Each value gets an entry of its own, so that former versions keep
/// theirs; a literal "vault:x" is a value as any other.
void SavePlanner::planHeaders(std::map<std::string, std::string> &headers, std::string_view owner, const References &before, SavePlan &plan) const
{
    for (auto &[name, value] : headers) {
        const std::string place = headerPlace(owner, name);
        std::string entry;
        if (const auto reference = before.find(place); reference != before.end()) {
            const auto kept = m_vault.read(reference->second);
            if (kept && *kept == value)
                entry = reference->second;
        }
        if (entry.empty()) {
            entry = newHeaderEntry(owner, name);
            plan.secrets.push_back(VaultWrite {.name = entry, .secret = value});
        }
        value = fmt::format("{}{}", vaultScheme, entry);
    }
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
        const std::string field = fmt::format("keys[{}].secret", i);
        if (auto resolved = resolve(keys[i].secret, field); !resolved)
            return resolved;
        if (!keys[i].secret.empty() && keys[i].secret.value.size() < config::shortestKeySecret) // of a hash nobody can tell later
            return fail(ErrorCode::Invalid, fmt::format("the secret of key {} has under {} characters", jsonQuoted(keys[i].name), config::shortestKeySecret), field);
    }
    return {};
}

/// Of an admin token nobody needs the secret again: only its hash is kept.
Result<> SavePlanner::hashTokens(std::vector<config::AdminToken> &tokens) const
{
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        config::Secret &secret = tokens[i].secret;
        if (auto resolved = resolve(secret, fmt::format("admin.tokens[{}].secret", i)); !resolved)
            return resolved;
        if (secret.empty())
            continue;
        if (secret.value.size() < config::shortestAdminToken) // of a hash nobody can tell later
            return fail(ErrorCode::Invalid, fmt::format("the secret of the admin token {} has under {} characters", jsonQuoted(tokens[i].name), config::shortestAdminToken),
                        fmt::format("admin.tokens[{}].secret", i));
        tokens[i].hash = m_hasher.hashHex(secret.value);
        sodium_memzero(secret.value.data(), secret.value.size());
        secret = {};
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

/// The vault entries that are referred to until now, by the places where they would be of themselves.
SavePlanner::References SavePlanner::referencesBefore() const
{
    References references;
    const auto add = [&](const std::string &place, const std::string &value) {
        if (value.starts_with(vaultScheme))
            references.emplace(place, value.substr(vaultScheme.size()));
    };
    for (const Entry &entry : m_entries) {
        if (entry.kind == entry_kind::section && entry.name == telemetryOwner) {
            const auto telemetry = config::fromJson<config::TelemetrySettings>(entry.body);
            for (const auto &[name, value] : telemetry ? telemetry->otlpHeaders : std::map<std::string, std::string> {})
                add(headerPlace(telemetryOwner, name), value);
        }
        if (entry.kind == alertKind) {
            const auto alert = config::fromJson<config::Alert>(entry.body);
            for (const auto &[place, address] : alert ? webhooksOf(*alert) : std::map<std::string, std::string> {})
                add(headerPlace(entry.id, place), address);
        }
        if (entry.kind != entry_kind::provider)
            continue;
        const auto provider = config::fromJson<config::Provider>(entry.body);
        if (!provider)
            continue; // current() says so where it matters
        for (const config::Credential &credential : provider->credentials) {
            for (const config::CredentialMember &member : config::credentialMembers()) {
                if (member.isSecret())
                    add(credentialEntry(entry.id, credential.name, member), member.of(credential));
            }
        }
        for (const auto &[name, value] : provider->headers)
            add(headerPlace(entry.id, name), value);
    }
    return references;
}

/// The database's own settings and sections: the edit's, but for those that the file names, which stay as they were.
Result<config::Config> SavePlanner::ownParts(const config::Config &stored) const
{
    auto own = toConfig(settingsOf(m_entries), false);
    if (!own)
        return own;
    auto settings = withOwnValues(stored.gateway, own->gateway, stored.fileSettings);
    if (!settings)
        return std::unexpected(settings.error());
    own->gateway = std::move(*settings);
    config::forEachSection([&](const auto &section) {
        if (!stored.fileSections.contains(std::string(section.name)))
            (*own).*section.member = stored.*section.member;
    });
    return own;
}

} // namespace gateway::storage
