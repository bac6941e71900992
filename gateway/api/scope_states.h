// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/scope_state.h"

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

} // namespace gateway::api
