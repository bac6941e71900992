// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/probe_plan.h"

#include "gateway/config/secret_values.h"
#include "gateway/pipeline/compile.h"
#include "gateway/providers/endpoint_url.h"
#include "gateway/providers/provider_table.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace gateway::api {

namespace {

const config::Credential *findCredential(const config::Provider &provider, const std::string &name)
{
    if (name.empty())
        return provider.credentials.empty() ? nullptr : &provider.credentials.front();
    const auto found = std::ranges::find(provider.credentials, name, &config::Credential::name);
    return found == provider.credentials.end() ? nullptr : &*found;
}

} // namespace

std::vector<ProviderKindInfo> providerKindInfos()
{
    std::vector<ProviderKindInfo> infos;
    for (const providers::ProviderKind &kind : providers::providerKinds()) {
        infos.push_back({.kind = std::string(kind.name),
                         .title = std::string(kind.title),
                         .defaultBaseUrl = std::string(kind.baseUrl),
                         .needsKey = kind.auth == providers::Auth::Bearer,
                         .local = kind.local,
                         .keyPrefixes = std::vector<std::string>(kind.keyPrefixes.begin(), kind.keyPrefixes.end()),
                         .exampleModel = std::string(kind.exampleModel)});
    }
    return infos;
}

Result<ProbePlan> probePlan(const config::Provider &provider, const config::GatewaySettings &gateway, const std::string &credential, const std::string &model)
{
    const providers::ProviderKind *kind = providers::findProviderKind(provider.kind);
    if (!kind)
        return fail(ErrorCode::Invalid, fmt::format("\"{}\" is not a provider kind that this version knows", provider.kind), "kind");
    auto url = providers::parseEndpointUrl(provider.baseUrl.empty() ? kind->baseUrl : std::string_view(provider.baseUrl));
    if (!url) {
        url.error().where = "base_url";
        return std::unexpected(url.error());
    }
    const config::Credential *key = findCredential(provider, credential);
    const std::string secret = key ? key->apiKey.value : std::string();
    ProbePlan plan;
    plan.title = kind->title;
    plan.address = pipeline::upstreamAddress(provider, gateway, *url);
    plan.needsKey = kind->auth == providers::Auth::Bearer;
    plan.hasKey = !secret.empty();
    for (const auto &[endpoint, head] : {std::pair(Endpoint::Models, &plan.models), std::pair(Endpoint::ChatCompletions, &plan.chat)}) {
        if (kind->path(endpoint).empty())
            continue;
        auto made = providers::RequestHead::make(*kind, *url, endpoint, secret, provider.headers);
        if (!made)
            return std::unexpected(made.error());
        *head = std::move(*made);
    }
    if (kind->dialect.openAiReasoningModels)
        plan.tokenLimitName = "max_completion_tokens"; // o* and gpt-5* take no other, and the older ones take both
    plan.model = model;
    plan.secrets = config::secretValues(provider);
    return plan;
}

} // namespace gateway::api
