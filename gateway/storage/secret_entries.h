// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/members.h"
#include "gateway/core/error.h"

#include <map>
#include <string>
#include <string_view>

namespace gateway::storage {

class Database;
class Vault;

/// What stands in a stored secret's place: "vault:NAME".
inline constexpr std::string_view vaultScheme = "vault:";

/// The vault's entry for a secret of a credential: "provider/ID/NAME" for an api_key, as all versions have it, with the
/// member's name behind it for others.
std::string credentialEntry(std::string_view providerId, std::string_view credential, const config::CredentialMember &member);

/// Whose headers those of the collector are, beside providers' ids; also its section's name.
inline constexpr std::string_view telemetryOwner = "telemetry";

/// The vault's entries for what an alert's webhooks are signed with, and for the mail server's password.
std::string alertSecretEntry(std::string_view alertId);
inline constexpr std::string_view smtpPasswordEntry = "smtp/password";
/// And for a secret of a log sink, by its key (config/log_sink_members.h).
std::string sinkEntry(std::string_view sink, std::string_view key);

/// An alert's webhooks by their places, as headers are: addresses that are secrets each.
std::map<std::string, std::string> webhooksOf(const config::Alert &alert);
void putWebhooks(config::Alert &alert, const std::map<std::string, std::string> &addresses);

/// Where a header of a provider, or of telemetryOwner, is kept. The entries for its values are below it: each value has one of its own, made by
/// newHeaderEntry(), so that a rollback finds the value that there was.
std::string headerPlace(std::string_view owner, std::string_view header);
std::string newHeaderEntry(std::string_view owner, std::string_view header);

/// Letters and digits by chance, none of which is taken for another.
std::string randomWord(int length);

/// Puts the secret in the place of a reference to it. Headers are references each: none is a literal.
Result<> resolveSecret(config::Secret &secret, const Vault &vault);
Result<> resolveHeaders(std::map<std::string, std::string> &headers, const Vault &vault);
Result<> resolveProvider(config::Provider &provider, const Vault &vault);
Result<> resolveAlert(config::Alert &alert, const Vault &vault);
Result<> resolveSink(config::LogSink &sink, const Vault &vault);

/// Puts into the vault what versions before the third of signalbox.db stored of headers in plain text, in all revisions, and
/// writes zeros over it. In a transaction of its own; does nothing where all is done. Control thread.
Result<> sealFormerHeaders(Database &database, Vault &vault);

} // namespace gateway::storage
