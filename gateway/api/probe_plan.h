// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_probe.h"
#include "gateway/config/config.h"
#include "gateway/core/error.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/providers/provider_site.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::api {

/// What asking a provider takes, made from its settings.
struct ProbePlan
{
    std::string title;                      ///< "Together AI", for the words
    pipeline::UpstreamAddress address;
    providers::ProviderSite site;
    std::shared_ptr<const pipeline::CompiledCredential> credential;
    bool needsKey = true;
    bool hasKey = false;
    std::string model {};                   ///< empty: the first of the list
    std::vector<std::string> secrets {};    ///< masked in all that the provider says

    struct Call
    {
        std::string head {};
        std::string body {};
    };
    [[nodiscard]] std::string modelsHead() const;     ///< empty: this kind has no list to ask
    [[nodiscard]] Result<Call> chat(std::int64_t maxTokens = 16) const; ///< a small question to `model`
    /// Who is asked for an access token first; empty: none is needed.
    [[nodiscard]] std::string_view tokenServer() const { return credential->tokenAddress.authority; }
    [[nodiscard]] bool isAnswer(std::string_view body) const; ///< whether a 200 to it holds an answer
};

/// Every provider kind, as the window's form shows it.
std::vector<ProviderKindInfo> providerKindInfos();

/// What to ask of a provider to test it. Invalid where its kind, base URL, key or a header is wrong.
/// @param provider    with its secrets in clear
/// @param credential  the name of the one to test; empty: the first
/// @param model       what to ask; empty: the first that it lists
Result<ProbePlan> probePlan(const config::Provider &provider, const config::GatewaySettings &gateway, const std::string &credential, const std::string &model);

} // namespace gateway::api
