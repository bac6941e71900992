// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

/// The made-up budgets and limits of the pictures, how they stand, and what was spent on the days before.
namespace tests {

void addSceneQuotas(gateway::config::Config &config);
std::vector<gateway::ScopeState> sceneScopes();

/// Whether a question to the log is about days of spend rather than about the hour that the made-up log has.
bool asksForSpend(const gateway::api::SeriesQuery &query);
gateway::api::Series sceneSpend(const gateway::api::SeriesQuery &query, gateway::WallTime now);

} // namespace tests
