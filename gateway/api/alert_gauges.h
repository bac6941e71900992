// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/alerts/watch.h"
#include "gateway/core/scope_state.h"
#include "gateway/state/health_store.h"

#include <span>
#include <string>
#include <vector>

namespace gateway::api {

/// States of now as alerts look at them: how far budgets are used and will be at their periods' ends, and how many of each
/// provider's circuits are open.
/// @param providers  all of the configuration's
[[nodiscard]] std::vector<alerts::AlertGauge> alertGauges(std::span<const ScopeState> scopes, std::span<const state::TargetHealth> health, std::span<const std::string> providers, WallTime now);

} // namespace gateway::api
