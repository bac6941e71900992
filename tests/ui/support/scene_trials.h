// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/api/simulation.h"

#include <deque>

/// What comes of trying a plan in the made-up gateway: simple-minded, but always by the plan that is given, so that the window's
/// tests see their edits.
namespace tests {

/// Asks the targets of a route's chains in order, of other nodes the first way.
gateway::Simulation sceneSimulation(const gateway::api::SimulationQuery &query);
/// The same way, node by node; local-vllm rests. Errors: UnknownModel for what is no route of `config`; BadRequest for a body
/// that is no JSON object.
gateway::Result<gateway::Explanation> sceneExplanation(const gateway::api::ExplainQuery &query, const gateway::config::Config &config);
/// Each call of the route in the time, as if it went to the first target of that way.
gateway::ReplayReport sceneReplay(const gateway::config::Config &edited, const gateway::ReplayQuery &query, const std::deque<gateway::CallRecord> &log);

} // namespace tests
