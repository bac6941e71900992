// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_probe.h"
#include "gateway/config/config.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the first run changes in a configuration. Pure.
namespace ui::firstrun {

/// A provider as chosen on the page.
struct ProviderChoice
{
    std::string kind;
    std::string baseUrl;  ///< empty: the kind's own
    std::string apiKey;   ///< empty: none
    std::string model;
    bool operator==(const ProviderChoice &) const = default;
};

/// Which kind a pasted key is of, by its longest known prefix ("sk-or-" before "sk-"); null: none known.
const gateway::api::ProviderKindInfo *guessKind(const std::vector<gateway::api::ProviderKindInfo> &kinds, std::string_view key);
const gateway::api::ProviderKindInfo *findKind(const std::vector<gateway::api::ProviderKindInfo> &kinds, std::string_view kind);

/// The first that looks like a model to talk to: not for embeddings, speech or pictures. Empty where the list is.
std::string firstChatModel(const std::vector<std::string> &models);

/// The choice as a provider, with a name that is free in `config`.
gateway::config::Provider providerOf(const ProviderChoice &choice, const gateway::config::Config &config);

/// The provider in `config` that the choice means already: of the same kind and place, on, and without a new key.
const gateway::config::Provider *sameProvider(const ProviderChoice &choice, const gateway::config::Config &config, const std::vector<gateway::api::ProviderKindInfo> &kinds);

/// Adds the provider, unless `existing` names one that is there, and routes to it: one named like the model (a route
/// or alias of that name gets it as a further row of its chain) and "<provider>/*".
/// @return what a program writes as "model"
std::string addProvider(gateway::config::Config &config, const gateway::config::Provider &provider, const std::string &model);

/// What a program can write as "model" now; empty: there is no route yet.
std::string firstModel(const gateway::config::Config &config);

/// "my-first-key", or the next that is free.
std::string freeKeyName(const gateway::config::Config &config);

} // namespace ui::firstrun
