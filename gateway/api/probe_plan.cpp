// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/probe_plan.h"

#include "gateway/providers/endpoint_url.h"
#include "gateway/providers/provider_table.h"

#include <algorithm>
#include <fmt/format.h>

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

Result<ProbePlan> probePlan(const config::Provider &provider, const std::string &credential, const std::string &model)
{
    const providers::ProviderKind *kind = providers::findProviderKind(provider.kind);
    if (!kind)
        return fail(ErrorCode::Invalid, fmt::format("\"{}\" is not a provider kind that this version knows", provider.kind), "kind");
    auto url = providers::parseEndpointUrl(provider.baseUrl.empty() ? kind->baseUrl : std::string_view(provider.baseUrl));
    if (!url) {
        url.error().where = "base_url";
        return std::unexpected(url.error());
    }

    const std::string origin = fmt::format("{}://{}", url->tls ? "https" : "http", url->authority);
    const auto at = [&](std::string_view path) {
        return path.empty() ? std::string() : origin + providers::joinTarget(url->basePath, kind->versionPrefix, path);
    };
    const config::Credential *key = findCredential(provider, credential);
    ProbePlan plan;
    plan.title = kind->title;
    plan.host = url->host;
    plan.port = url->port;
    plan.tls = url->tls;
    plan.needsKey = kind->auth == providers::Auth::Bearer;
    plan.hasKey = key && !key->apiKey.empty();
    plan.modelsUrl = at(kind->modelsPath);
    plan.chatUrl = at(kind->chatPath);
    plan.headers.assign(provider.headers.begin(), provider.headers.end());
    if (plan.hasKey)
        plan.headers.emplace_back("Authorization", "Bearer " + key->apiKey.value);
    if (kind->dialect.openAiReasoningModels)
        plan.tokenLimitName = "max_completion_tokens"; // o* and gpt-5* take no other, and the older ones take both
    plan.model = model;
    return plan;
}

} // namespace gateway::api
