// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_probe.h"

#include <vector>

namespace gateway::pipeline {
struct CompiledConfig;
}

namespace gateway::api {

/// Compares each target with its peers: those that stand beside it in some route's plan, and its own model with other
/// credentials; of both, those that were asked in about the last half minute. Fills in TargetHealth::peers. Targets of wildcards are compared with nothing
/// but themselves under other credentials. Pure.
void compareWithPeers(std::vector<TargetHealth> &all, const pipeline::CompiledConfig &config);

} // namespace gateway::api
