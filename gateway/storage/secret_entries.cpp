// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/secret_entries.h"

#include "gateway/config/log_sink_members.h"
#include "gateway/storage/database.h"
#include "gateway/storage/vault.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <sodium.h>
#include <tuple>
#include <vector>

namespace gateway::storage {

namespace {

using Json = nlohmann::ordered_json;

struct PlainRow
{
    std::string id;
    std::int64_t fromRevision = 0;
    std::string body;
};

Result<std::vector<PlainRow>> plainRows(Database &database)
{
    auto query = database.prepare("SELECT e.id, e.from_revision, e.body FROM unsealed_headers u JOIN entries e ON e.kind = 'provider' AND e.id = u.id AND e.from_revision = u.from_revision");
    if (!query)
        return std::unexpected(query.error());
    if (auto run = query->run(); !run)
        return std::unexpected(run.error());
    std::vector<PlainRow> rows;
    while (query->next())
        rows.push_back({query->text(0), query->integer(1), query->text(2)});
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return rows;
}

/// The entries that were made, so that a value that held over many revisions has one.
using Sealed = std::map<std::tuple<std::string, std::string, std::string>, std::string>;

/// The body with references in the place of its headers' values; empty: it has none, or is damaged, which readEntries() tells.
Result<std::string> sealed(const PlainRow &row, Sealed &entries, Vault &vault)
{
    Json body = Json::parse(row.body, nullptr, false);
    if (!body.is_object() || !body.contains("headers") || !body["headers"].is_object())
        return std::string();
    for (auto &[name, value] : body["headers"].items()) {
        if (!value.is_string())
            continue;
        const auto [place, fresh] = entries.try_emplace({row.id, name, value.get<std::string>()}, newHeaderEntry(row.id, name));
        if (fresh) {
            if (auto written = vault.write(place->second, value.get<std::string>()); !written)
                return std::unexpected(written.error());
        }
        value = fmt::format("{}{}", vaultScheme, place->second);
    }
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<> sealRows(Database &database, Vault &vault, const std::vector<PlainRow> &rows)
{
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return std::unexpected(transaction.error());
    auto update = database.prepare("UPDATE entries SET body = ? WHERE kind = 'provider' AND id = ? AND from_revision = ?");
    if (!update)
        return std::unexpected(update.error());
    Sealed entries;
    for (const PlainRow &row : rows) {
        auto body = sealed(row, entries, vault);
        if (!body)
            return std::unexpected(body.error());
        if (body->empty())
            continue;
        if (auto updated = update->bind(*body).bind(row.id).bind(row.fromRevision).run(); !updated)
            return updated;
    }
    if (auto done = database.run("DELETE FROM unsealed_headers"); !done)
        return done;
    return transaction->commit();
}

} // namespace

std::string credentialEntry(std::string_view providerId, std::string_view credential, const config::CredentialMember &member)
{
    if (member.secret == &config::Credential::apiKey)
        return fmt::format("provider/{}/{}", providerId, credential);
    return fmt::format("provider/{}/{}/{}", providerId, credential, member.name);
}

std::string alertSecretEntry(std::string_view alertId)
{
    return fmt::format("alert/{}/secret", alertId);
}

std::string sinkEntry(std::string_view sink, std::string_view key)
{
    return fmt::format("sink/{}/{}", sink, key);
}

std::map<std::string, std::string> webhooksOf(const config::Alert &alert)
{
    std::map<std::string, std::string> addresses;
    for (std::size_t i = 0; i < alert.notify.size(); ++i) {
        if (alert.notify[i].isWebhook())
            addresses.emplace(fmt::format("webhook-{}", i), alert.notify[i].to);
    }
    return addresses;
}

void putWebhooks(config::Alert &alert, const std::map<std::string, std::string> &addresses)
{
    for (std::size_t i = 0; i < alert.notify.size(); ++i) {
        if (const auto address = addresses.find(fmt::format("webhook-{}", i)); address != addresses.end())
            alert.notify[i].to = address->second;
    }
}

std::string headerPlace(std::string_view owner, std::string_view header)
{
    return fmt::format("headers/{}/{}", owner, header);
}

std::string newHeaderEntry(std::string_view owner, std::string_view header)
{
    return fmt::format("{}/{}", headerPlace(owner, header), randomWord(8));
}

std::string randomWord(int length)
{
    constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
    std::string word;
    for (int i = 0; i < length; ++i)
        word += letters[randombytes_uniform(letters.size())];
    return word;
}

Result<> resolveSecret(config::Secret &secret, const Vault &vault)
{
    if (!secret.value.starts_with(vaultScheme))
        return {};
    auto clear = vault.read(std::string_view(secret.value).substr(vaultScheme.size()));
    if (!clear)
        return std::unexpected(clear.error());
    secret.value = std::move(*clear);
    return {};
}

Result<> resolveHeaders(std::map<std::string, std::string> &headers, const Vault &vault)
{
    for (auto &[name, value] : headers) {
        config::Secret clear {value};
        if (auto resolved = resolveSecret(clear, vault); !resolved)
            return resolved;
        value = std::move(clear.value);
    }
    return {};
}

Result<> resolveProvider(config::Provider &provider, const Vault &vault)
{
    for (config::Credential &credential : provider.credentials) {
        for (const config::CredentialMember &member : config::credentialMembers()) {
            if (!member.isSecret())
                continue;
            if (auto resolved = resolveSecret(credential.*member.secret, vault); !resolved)
                return resolved;
        }
    }
    return resolveHeaders(provider.headers, vault);
}

Result<> resolveAlert(config::Alert &alert, const Vault &vault)
{
    auto addresses = webhooksOf(alert);
    if (auto resolved = resolveHeaders(addresses, vault); !resolved)
        return resolved;
    putWebhooks(alert, addresses);
    return resolveSecret(alert.secret, vault);
}

Result<> resolveSink(config::LogSink &sink, const Vault &vault)
{
    for (const auto &[key, secret] : config::s3Secrets) {
        if (auto resolved = resolveSecret(sink.s3.*secret, vault); !resolved)
            return resolved;
    }
    return {};
}

Result<> sealFormerHeaders(Database &database, Vault &vault)
{
    const auto rows = plainRows(database);
    if (!rows)
        return std::unexpected(rows.error());
    if (rows->empty())
        return {};
    if (auto on = database.run("PRAGMA secure_delete=ON"); !on)
        return on;
    if (auto done = sealRows(database, vault, *rows); !done) {
        done.error().message = fmt::format("Encrypting the headers of providers in {} failed, and nothing was changed. {}", database.path(), done.error().message);
        return done;
    }
    // Pages that were free before may hold former values. Where this fails, on a full disk for one, all works on.
    static_cast<void>(database.run("VACUUM"));
    static_cast<void>(database.run("PRAGMA wal_checkpoint(TRUNCATE)"));
    static_cast<void>(database.run("PRAGMA secure_delete=FAST"));
    return {};
}

} // namespace gateway::storage
