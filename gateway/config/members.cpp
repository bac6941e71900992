// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/members.h"

#include <algorithm>
#include <array>

namespace gateway::config {

namespace {

constexpr std::array credentialTable {
    CredentialMember {.name = "api_key", .secret = &Credential::apiKey},
    CredentialMember {.name = "service_account", .secret = &Credential::serviceAccount},
    CredentialMember {.name = "access_key_id", .secret = &Credential::accessKeyId},
    CredentialMember {.name = "secret_access_key", .secret = &Credential::secretAccessKey},
    CredentialMember {.name = "session_token", .secret = &Credential::sessionToken},
    CredentialMember {.name = "tenant_id", .text = &Credential::tenantId},
    CredentialMember {.name = "client_id", .text = &Credential::clientId},
    CredentialMember {.name = "client_secret", .secret = &Credential::clientSecret},
};

constexpr std::array providerTable {
    ProviderMember {"api_version", &Provider::apiVersion},
    ProviderMember {"project", &Provider::project},
    ProviderMember {"location", &Provider::location},
    ProviderMember {"region", &Provider::region},
};
constexpr ProviderMember baseUrl {"base_url", &Provider::baseUrl};

template <typename Table>
auto findIn(const Table &table, std::string_view name) -> const typename Table::value_type *
{
    const auto found = std::find_if(table.begin(), table.end(), [&](const auto &member) { return member.name == name; });
    return found == table.end() ? nullptr : &*found;
}

} // namespace

std::span<const CredentialMember> credentialMembers()
{
    return credentialTable;
}

const CredentialMember *findCredentialMember(std::string_view name)
{
    return findIn(credentialTable, name);
}

std::span<const ProviderMember> providerMembers()
{
    return providerTable;
}

const ProviderMember *findProviderMember(std::string_view name)
{
    return name == baseUrl.name ? &baseUrl : findIn(providerTable, name);
}

} // namespace gateway::config
