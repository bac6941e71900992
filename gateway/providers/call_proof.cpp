// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/call_proof.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <utility>

namespace gateway::providers {
namespace {

constexpr std::string_view metadataHost = "metadata.google.internal";
constexpr std::array<std::string_view, 1> tokenHeaders {"authorization"};
constexpr std::array<std::string_view, 4> signatureHeaders {"authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"};

std::string environment(const char *name)
{
    const char *value = std::getenv(name);
    return value != nullptr ? std::string(trimmed(value)) : std::string();
}

/// A token or signature goes in headers that nobody else may set.
Result<void> checkHeaders(const config::Provider &provider, std::span<const std::string_view> taken)
{
    for (const auto &[name, value] : provider.headers) {
        if (std::ranges::any_of(taken, [&](std::string_view own) { return equalsIgnoringCase(own, name); }))
            return fail(ErrorCode::Invalid, fmt::format("makes the header \"{}\" itself; take it out of the provider's headers", name), "headers");
    }
    return {};
}

Result<TokenGrant> googleGrant(const config::Credential &credential)
{
    if (credential.source == config::CredentialSource::Metadata) {
        const std::string other = environment("GCE_METADATA_HOST"); // as in Google's own libraries
        return TokenGrant::forMetadata(other.empty() ? metadataHost : std::string_view(other));
    }
    auto grant = TokenGrant::forServiceAccount(credential.serviceAccount.value);
    if (!grant)
        grant.error().message.insert(0, "`service_account` ");
    return grant;
}

Result<CallProof> tokenProof(const config::Provider &provider, Result<TokenGrant> grant)
{
    if (!grant)
        return fail(grant.error().code, fmt::format("cannot be used: {}", grant.error().message));
    if (auto free = checkHeaders(provider, tokenHeaders); !free)
        return std::unexpected(std::move(free.error()));
    return CallProof(std::move(*grant));
}

Result<CallProof> signatureProof(const config::Provider &provider, const config::Credential &credential)
{
    auto signer = AwsSigner::make(credential, provider.region);
    if (!signer && credential.source == config::CredentialSource::Environment)
        return fail(signer.error().code, fmt::format("takes AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from the gateway's environment, and {}", signer.error().message));
    if (!signer)
        return std::unexpected(std::move(signer.error()));
    if (auto free = checkHeaders(provider, signatureHeaders); !free)
        return std::unexpected(std::move(free.error()));
    return CallProof(std::move(*signer));
}

} // namespace

Result<CallProof> makeCallProof(const ProviderSite &site, const config::Provider &provider, const config::Credential &credential)
{
    if (!credential.apiKey.empty())
        return CallProof();
    switch (site.kind().auth) {
    case Auth::Bearer:
    case Auth::OptionalBearer:
    case Auth::XApiKey:
    case Auth::GoogApiKey: break;
    case Auth::ApiKey:
        if (!credential.clientSecret.empty())
            return tokenProof(provider, TokenGrant::forEntra(credential.tenantId, credential.clientId, credential.clientSecret.value, entraScope(site.url().host)));
        break;
    case Auth::GoogleToken: return tokenProof(provider, googleGrant(credential));
    case Auth::Aws: return signatureProof(provider, credential);
    }
    return CallProof();
}

config::Provider withEnvironment(config::Provider provider)
{
    for (config::Credential &credential : provider.credentials) {
        if (credential.source != config::CredentialSource::Environment)
            continue;
        credential.accessKeyId.value = environment("AWS_ACCESS_KEY_ID");
        credential.secretAccessKey.value = environment("AWS_SECRET_ACCESS_KEY");
        credential.sessionToken.value = environment("AWS_SESSION_TOKEN");
    }
    return provider;
}

std::string bearerLine(std::string_view token)
{
    return fmt::format("Authorization: Bearer {}\r\n", token);
}

} // namespace gateway::providers
