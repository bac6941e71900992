// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/entity_writer.h"
#include "gateway/config/map_reader.h"

/// Plans from and to Node trees. Internal to config/.
namespace gateway::config {

/// Over what is in `out`: a target's retry changes single fields of its route's.
void readRetry(Reading &reading, const Node &node, const std::string &field, Retry &out);
Node retryNode(const Retry &retry, const Retry &standard, const WriteOptions &options);

/// @param routeRetry  what targets without one have, and those with one change fields of
PlanNode readPlan(Reading &reading, const Node &node, const std::string &field, const Retry &routeRetry);
Node planNode(const PlanNode &plan, const Retry &routeRetry, const WriteOptions &options);

} // namespace gateway::config
