// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/scope_name.h"

#include <vector>

namespace gateway::pipeline {
struct CompiledConfig;
}

namespace gateway::state {
class Quotas;
}

namespace gateway::api {

/// How the scopes of a configuration that have budgets or limits stand: the organisation, teams, keys, providers, routes
/// and tags, each kind by name, and of customers the fullest. Any thread.
std::vector<ScopeState> scopeStates(const pipeline::CompiledConfig &config, state::Quotas &quotas);

/// Of these alone, without a look at the others, as Gateway::scopesOf() has them.
std::vector<ScopeState> scopeStates(const pipeline::CompiledConfig &config, state::Quotas &quotas, const std::vector<ScopeName> &names);

} // namespace gateway::api
