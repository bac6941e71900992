// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compile_parts.h"

#include "gateway/config/members.h"
#include "gateway/config/names.h"
#include "gateway/config/secret_values.h"
#include "gateway/pipeline/compile.h"
#include "gateway/pipeline/token_source.h"
#include "gateway/providers/endpoint_url.h"
#include "gateway/providers/provider_table.h"
#include "gateway/routing/health_view.h"
#include "gateway/telemetry/stats_hub.h"

#include <fmt/format.h>
#include <utility>
#include <variant>

namespace gateway::pipeline {

namespace {

const providers::ProviderKind *kindOf(const config::Provider &provider, const std::string &field, ProblemList &problems)
{
    if (const providers::ProviderKind *kind = providers::findProviderKind(provider.kind))
        return kind;
    std::vector<std::string_view> names;
    for (const providers::ProviderKind &known : providers::providerKinds())
        names.push_back(known.name);
    const std::string hint = didYouMean(provider.kind, names);
    problems.error(field + ".kind", fmt::format("provider \"{}\" is of kind \"{}\", which this version does not know{} Servers that speak OpenAI's API take openai-compatible.",
                                                provider.name, provider.kind, hint.empty() ? std::string(".") : hint));
    return nullptr;
}

/// Whether the credential has something to show; where it has not, the words that the kind's fields give are said by config::check.
bool isUsable(const config::Credential &credential, const providers::ProviderKind &kind)
{
    switch (kind.auth) {
    case providers::Auth::OptionalBearer: return true;
    case providers::Auth::Bearer:
    case providers::Auth::XApiKey:
    case providers::Auth::GoogApiKey: return !credential.apiKey.empty();
    case providers::Auth::ApiKey: return !credential.apiKey.empty() || !credential.clientSecret.empty();
    case providers::Auth::GoogleToken: return !credential.serviceAccount.empty() || credential.source == config::CredentialSource::Metadata;
    case providers::Auth::Aws:
        return !credential.apiKey.empty() || !credential.secretAccessKey.empty() || credential.source == config::CredentialSource::Environment;
    }
    return false;
}

std::uint64_t fingerprintOf(const config::Credential &credential)
{
    std::string all;
    for (const config::CredentialMember &member : config::credentialMembers())
        all.append(member.of(credential)).append(1, '\0');
    return routing::stableId(all, config::toText(credential.source));
}

void addCredentials(const config::Provider &provider, const config::GatewaySettings &gateway, const std::string &field, CompiledProvider &compiled, ProblemList &problems)
{
    const auto add = [&](const config::Credential &credential, const std::string &place) {
        auto proof = providers::makeCallProof(*compiled.site, provider, credential);
        if (!proof) {
            problems.warn(place, fmt::format("credential \"{}\" of provider \"{}\" {}. It is left out.", credential.name, provider.name, proof.error().message));
            return;
        }
        if (auto made = compileCredential(credential, provider, gateway, *compiled.site, std::move(*proof)))
            compiled.credentials.push_back(std::move(*made));
        else
            problems.error(place, fmt::format("provider \"{}\": {}", provider.name, made.error().message));
    };
    for (std::size_t i = 0; i < provider.credentials.size(); ++i) {
        const config::Credential &credential = provider.credentials[i];
        const std::string place = fmt::format("{}.credentials[{}]", field, i);
        if (isUsable(credential, compiled.kind()))
            add(credential, place);
        else
            problems.warn(place, fmt::format("credential \"{}\" of provider \"{}\" has no key and is left out.", credential.name, provider.name));
    }
    if (!compiled.credentials.empty())
        return;
    if (compiled.kind().auth == providers::Auth::OptionalBearer)
        add({}, field);
    else if (provider.enabled)
        problems.warn(field + ".credentials", fmt::format("provider \"{}\" has no credential, so it cannot be used. Add one under providers/{}/credentials.",
                                                          provider.name, provider.name));
}

} // namespace

Result<CompiledCredential> compileCredential(const config::Credential &credential, const config::Provider &provider, const config::GatewaySettings &gateway,
                                             const providers::ProviderSite &site, providers::CallProof proof)
{
    auto head = providers::RequestHead::make(site.kind(), site.url(), credential.apiKey.value, provider.headers);
    if (!head)
        return std::unexpected(std::move(head.error()));
    CompiledCredential compiled {.name = credential.name, .head = std::move(*head), .proof = std::move(proof)};
    compiled.fingerprint = fingerprintOf(credential);
    if (const auto *grant = std::get_if<providers::TokenGrant>(&compiled.proof))
        compiled.tokenAddress = tokenAddress(*grant, gateway);
    return compiled;
}

UpstreamAddress upstreamAddress(const config::Provider &provider, const config::GatewaySettings &gateway, const providers::EndpointUrl &url)
{
    UpstreamAddress address;
    address.host = url.host;
    address.authority = url.authority;
    address.port = url.port;
    address.tls = url.tls;
    address.proxy = gateway.proxy;
    address.maxConnections = provider.maxConnections;
    address.allowPrivate = gateway.allowPrivateUpstreams;
    // All that makes one connection differ from another, or that forbids it: an edit of anything else keeps the pool.
    address.pool = fmt::format("{}|{}://{}:{}|{}|{}", provider.id.empty() ? provider.name : provider.id, url.tls ? "https" : "http", url.host,
                               url.port, gateway.proxy, address.allowPrivate ? "any" : "public");
    return address;
}

void compileProviders(const config::Config &config, telemetry::StatsHub *stats, CompiledConfig &compiled, ProblemList &problems)
{
    if (!config.gateway.proxy.empty() && !config.gateway.allowPrivateUpstreams)
        problems.warn("gateway.allow_private_upstreams",
                      "behind gateway.proxy only base URLs that name a private address themselves are refused: what other names lead to is found out by the proxy. "
                      "Let it refuse private addresses too.");
    for (std::size_t i = 0; i < config.providers.size(); ++i) {
        const config::Provider provider = providers::withEnvironment(config.providers[i]);
        const std::string field = fmt::format("providers[{}]", i);
        CompiledProvider &entry = compiled.providers.emplace_back();
        entry.id = provider.id.empty() ? provider.name : provider.id;
        entry.name = provider.name;
        entry.models = provider.models;
        entry.slot = stats ? stats->slot(telemetry::Dimension::Provider, provider.name) : telemetry::Slot {};
        const providers::ProviderKind *kind = kindOf(provider, field, problems);
        if (!kind)
            continue;
        auto site = providers::ProviderSite::make(*kind, provider);
        if (!site) {
            problems.error(field + "." + site.error().where, fmt::format("provider \"{}\" {}", provider.name, site.error().message));
            continue;
        }
        entry.site = std::move(*site);
        if (provider.healthProbe == config::HealthProbe::Models && !entry.site->has(Endpoint::Models))
            problems.error(field + ".health_probe", fmt::format("provider \"{}\" cannot be probed by its list of models: {} has none. Write tiny-call, or off.", provider.name, kind->title));
        entry.address = upstreamAddress(provider, config.gateway, entry.site->url());
        entry.secrets = config::secretValues(provider);
        addCredentials(provider, config.gateway, field, entry, problems);
    }
}

} // namespace gateway::pipeline
