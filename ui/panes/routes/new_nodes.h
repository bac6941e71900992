// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/routes/plan_leaves.h"

#include <optional>

/// What is put in when something is added: the first useful guess from what is configured. Pure.
namespace ui::routes {

enum class Template { Single, Fallback, Split, Downgrade, Wildcard };

using Kinds = std::vector<gateway::api::ProviderKindInfo>;

/// A model that `route` does not use yet, at a provider that it does not use yet where there is one; the model's name is
/// empty where none is known.
gateway::config::TargetNode freshTarget(const gateway::config::Config &config, const Kinds &kinds, const gateway::config::Route &route);
/// The first route that may be referred to; nullopt: any would be a circle, or there is none.
std::optional<gateway::config::RouteNode> freshReference(const gateway::config::Config &config, const gateway::config::Route &route);
/// A route after the template with a name that is free. @pre a provider is configured
gateway::config::Route freshRoute(const gateway::config::Config &config, const Kinds &kinds, Template form);
/// `wanted`, or with a number behind it where that is a route's name or alias.
std::string freeRouteName(const gateway::config::Config &config, const std::string &wanted);

} // namespace ui::routes
