// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/bridge/kinds.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the first run changes in a configuration. Pure.
namespace ui::firstrun {

/// A provider as chosen on the page.
struct ProviderChoice
{
    gateway::config::Provider provider; ///< without a name; base URL empty: the kind's own; at most one credential
    std::string model;
    bool operator==(const ProviderChoice &) const = default;
};

/// The first that looks like a model to talk to: not for embeddings, speech or pictures. Empty where the list is.
std::string firstChatModel(const std::vector<std::string> &models);

/// The choice as a provider, with a name that is free in `config`.
gateway::config::Provider providerOf(const ProviderChoice &choice, const gateway::config::Config &config);

/// The provider in `config` that the choice means already: of the same kind and place, on, and without a new key.
const gateway::config::Provider *sameProvider(const ProviderChoice &choice, const gateway::config::Config &config, const bridge::Kinds &kinds);

/// Adds the provider, unless `existing` names one that is there, and routes to it: one named like the model (a route
/// or alias of that name gets it as a further row of its chain) and "<provider>/*".
/// @return what a program writes as "model"
std::string addProvider(gateway::config::Config &config, const gateway::config::Provider &provider, const std::string &model);

/// What a program can write as "model" now; empty: there is no route yet.
std::string firstModel(const gateway::config::Config &config);

/// "my-first-key", or the next that is free.
std::string freeKeyName(const gateway::config::Config &config);

} // namespace ui::firstrun
