// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <span>
#include <string>
#include <string_view>

/// The values of providers and credentials by their names in the configuration file: for all that goes over each of them
/// (reading, writing, checks, masks, the vault, forms). One table each. Pure; thread-safe.
namespace gateway::config {

/// A value of a credential: exactly one of the two pointers is set.
struct CredentialMember
{
    std::string_view name; ///< "api_key"
    Secret Credential::*secret = nullptr;
    std::string Credential::*text = nullptr;

    [[nodiscard]] bool isSecret() const { return secret != nullptr; }
    [[nodiscard]] const std::string &of(const Credential &credential) const { return isSecret() ? (credential.*secret).value : credential.*text; }
    [[nodiscard]] std::string &of(Credential &credential) const { return isSecret() ? (credential.*secret).value : credential.*text; }
};
std::span<const CredentialMember> credentialMembers();
const CredentialMember *findCredentialMember(std::string_view name); ///< nullptr: there is none of that name

/// A text of a provider beside those that every kind has; "deployments" is not one, being a map.
struct ProviderMember
{
    std::string_view name; ///< "region"
    std::string Provider::*text;
};
std::span<const ProviderMember> providerMembers();
const ProviderMember *findProviderMember(std::string_view name); ///< base_url too; nullptr: there is none of that name

} // namespace gateway::config
