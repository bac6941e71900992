// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/restored_config.h"

#include "gateway/core/audit.h"
#include "gateway/core/clock.h"
#include "gateway/storage/audit_log.h"
#include "gateway/storage/backup.h"
#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/secret_entries.h"
#include "gateway/storage/vault.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <sodium.h>

namespace gateway::storage {

namespace {

using Json = nlohmann::ordered_json;

Result<> writeSecrets(Vault &vault, std::map<std::string, std::string> &secrets)
{
    for (auto &[name, secret] : secrets) {
        auto written = vault.write(name, secret);
        sodium_memzero(secret.data(), secret.size());
        if (!written)
            return written;
    }
    return {};
}

Result<> attachPresent(Database &database, const std::string &present)
{
    auto attach = database.prepare("ATTACH ? AS present");
    if (!attach)
        return std::unexpected(attach.error());
    return attach->bind(present).run();
}

/// The sealed entries of the present database, as they are: they are under the folder's master key. Nothing where they cannot
/// be had: then the backup goes without.
Result<> takePresentVault(Database &database, const std::string &present)
{
    if (!attachPresent(database, present))
        return {};
    static_cast<void>(database.run("INSERT OR REPLACE INTO main.vault (name, nonce, sealed) SELECT name, nonce, sealed FROM present.vault"));
    static_cast<void>(database.run("DETACH present"));
    return {};
}

/// The vault with the present installation's entries; empty of them where they are another's, or do not open.
Result<std::unique_ptr<Vault>> vaultOf(Database &database, const RestoredConfig &config, KeySource &keys)
{
    if (!config.present.empty()) {
        if (auto taken = takePresentVault(database, config.present); !taken)
            return std::unexpected(taken.error());
        auto vault = Vault::open(database, keys);
        if (vault && installationMark((*vault)->installationKey()) == config.installation)
            return vault;
        if (auto emptied = database.run("DELETE FROM vault"); !emptied)
            return std::unexpected(emptied.error());
    }
    return Vault::open(database, keys);
}

std::string nameIn(const Json &item)
{
    const auto name = item.is_object() ? item.find("name") : item.end();
    return name != item.end() && name->is_string() ? name->get<std::string>() : std::string("?");
}

/// Takes references to what the vault has not out of an entry's body. @return whether it had any
bool dropMissing(Json &value, const std::set<std::string> &known, const std::string &place, std::set<std::string> &without)
{
    bool dropped = false;
    if (value.is_array()) {
        for (Json &item : value)
            dropped |= dropMissing(item, known, fmt::format("{}, {}", place, nameIn(item)), without);
    }
    if (!value.is_object())
        return dropped;
    for (auto member = value.begin(); member != value.end();) {
        const bool missing = member->is_string() && member->get_ref<const std::string &>().starts_with(vaultScheme)
            && !known.contains(member->get_ref<const std::string &>().substr(vaultScheme.size()));
        if (missing) {
            without.insert(fmt::format("{}: {}", place, member.key()));
            member = value.erase(member);
            dropped = true;
            continue;
        }
        dropped |= dropMissing(*member, known, place, without);
        ++member;
    }
    return dropped;
}

Result<std::vector<std::string>> dropMissing(Database &database, const Vault &vault)
{
    const auto names = vault.names();
    if (!names)
        return std::unexpected(names.error());
    const std::set<std::string> known(names->begin(), names->end());
    // Of kinds in whose texts nobody but the store writes a reference.
    auto rows = database.prepare("SELECT kind, id, from_revision, name, body, to_revision IS NULL FROM entries WHERE kind IN ('provider', 'gateway', 'admin', 'section') AND body LIKE '%\"vault:%'");
    auto update = database.prepare("UPDATE entries SET body = ? WHERE kind = ? AND id = ? AND from_revision = ?");
    if (!rows || !update)
        return std::unexpected(rows ? update.error() : rows.error());
    if (auto asked = rows->run(); !asked)
        return std::unexpected(asked.error());
    std::set<std::string> without, before;
    while (rows->next()) {
        Json body = Json::parse(rows->text(4), nullptr, false);
        const std::string place = rows->text(0) == "gateway" ? std::string("gateway") : fmt::format("{} {}", rows->text(0), rows->text(3));
        if (body.is_discarded() || !dropMissing(body, known, place, rows->integer(5) != 0 ? without : before))
            continue;
        if (auto done = update->bind(body.dump(-1, ' ', false, Json::error_handler_t::replace)).bind(rows->text(0)).bind(rows->text(1)).bind(rows->integer(2)).run(); !done)
            return std::unexpected(done.error());
    }
    if (auto failed = rows->failure(); !failed)
        return std::unexpected(failed.error());
    return std::vector<std::string>(without.begin(), without.end());
}

/// Rows that were written since the backup was made stay: a restore is no way to be rid of them. It is the same log where the
/// backup's last row is there too, or where it has none and the installation is the same.
void takePresentAudit(Database &database, const std::string &present, bool sameInstallation)
{
    if (present.empty() || !attachPresent(database, present))
        return;
    constexpr std::string_view columns = "row, at_us, author, place, kind, name, action, revision, diff, hash";
    const std::string same = sameInstallation ? "NOT EXISTS (SELECT 1 FROM main.audit) OR " : "";
    // Nothing comes of it where the present one is of a version that has no log, or cannot be read.
    static_cast<void>(database.run(fmt::format("INSERT INTO main.audit ({0}) SELECT {0} FROM present.audit WHERE row > (SELECT coalesce(max(row), 0) FROM main.audit) "
                                               "AND ({1}(SELECT hash FROM main.audit ORDER BY row DESC LIMIT 1) = (SELECT hash FROM present.audit WHERE row = (SELECT max(row) FROM main.audit))) ORDER BY row",
                                               columns, same)));
    static_cast<void>(database.run("DETACH present"));
}

/// A row for the restore itself.
Result<> writeDown(Database &database, Vault &vault, const std::string &words)
{
    const auto revision = database.number("SELECT coalesce(max(number), 0) FROM revisions");
    if (!revision)
        return std::unexpected(revision.error());
    const SystemClock clock;
    AuditLog log(database, vault, clock);
    if (auto begun = log.begin(static_cast<std::uint64_t>(*revision)); !begun)
        return begun;
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return std::unexpected(transaction.error());
    AuditEntry entry {.author = "command line", .from = "command line", .kind = "configuration", .action = audit_action::restored, .revision = static_cast<std::uint64_t>(*revision), .diff = words};
    std::vector<AuditEntry> entries {std::move(entry)};
    if (auto added = log.append(std::move(entries)); !added)
        return added;
    return transaction->commit();
}

/// Hashes under another installation's key know no secret again.
Result<std::size_t> putKeysToSleep(Database &database)
{
    const auto awake = database.number("SELECT count(*) FROM key_state WHERE hash <> '' AND revoked = 0");
    if (!awake)
        return std::unexpected(awake.error());
    if (auto done = database.run("UPDATE key_state SET hash = '', file_hash = '', prefix = '', former_hash = '', former_until_us = 0"); !done)
        return std::unexpected(done.error());
    return static_cast<std::size_t>(*awake);
}

/// The same of admin tokens, in all versions: a rollback must not bring one back either. @return how many there are now
Result<std::size_t> putTokensToSleep(Database &database)
{
    auto rows = database.prepare("SELECT id, from_revision, body, to_revision IS NULL FROM entries WHERE kind = 'admin-token'");
    auto update = database.prepare("UPDATE entries SET body = ? WHERE kind = 'admin-token' AND id = ? AND from_revision = ?");
    if (!rows || !update)
        return std::unexpected(rows ? update.error() : rows.error());
    if (auto asked = rows->run(); !asked)
        return std::unexpected(asked.error());
    std::size_t awake = 0;
    while (rows->next()) {
        Json body = Json::parse(rows->text(2), nullptr, false);
        if (!body.is_object() || body.erase("hash") == 0)
            continue;
        awake += rows->integer(3) != 0 ? 1 : 0;
        if (auto done = update->bind(body.dump(-1, ' ', false, Json::error_handler_t::replace)).bind(rows->text(0)).bind(rows->integer(1)).run(); !done)
            return std::unexpected(done.error());
    }
    if (auto failed = rows->failure(); !failed)
        return std::unexpected(failed.error());
    return awake;
}

} // namespace

Result<FittedConfig> fitRestored(RestoredConfig config, KeySource &keys)
{
    auto database = Database::open({.path = config.path}, configSchema());
    if (!database)
        return std::unexpected(database.error());
    const bool whole = config.secrets.has_value();
    auto vault = whole ? Vault::open(**database, keys) : vaultOf(**database, config, keys);
    if (!vault)
        return std::unexpected(vault.error());
    FittedConfig fitted;
    bool sameInstallation = false;
    if (whole) {
        if (auto written = writeSecrets(**vault, *config.secrets); !written)
            return std::unexpected(written.error());
        vault = Vault::open(**database, keys); // with the installation's key that came with them
        if (!vault)
            return std::unexpected(vault.error());
    } else if (installationMark((*vault)->installationKey()) != config.installation) {
        auto asleep = putKeysToSleep(**database);
        if (!asleep)
            return std::unexpected(asleep.error());
        fitted.asleep = *asleep;
        auto tokens = putTokensToSleep(**database);
        if (!tokens)
            return std::unexpected(tokens.error());
        fitted.tokensAsleep = *tokens;
    } else {
        sameInstallation = true;
    }
    if (auto sealed = sealFormerHeaders(**database, **vault); !sealed)
        return std::unexpected(sealed.error());
    auto without = dropMissing(**database, **vault);
    if (!without)
        return std::unexpected(without.error());
    fitted.without = std::move(*without);
    takePresentAudit(**database, config.present, sameInstallation);
    if (auto written = writeDown(**database, **vault, config.words); !written)
        return std::unexpected(written.error());
    return fitted;
}

} // namespace gateway::storage
