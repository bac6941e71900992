// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/condition.h"
#include "gateway/config/entity_writer.h"
#include "gateway/config/map_reader.h"

/// Conditions from and to Node trees. Internal to config/.
namespace gateway::config {

Condition readCondition(Reading &reading, const Node &node, const std::string &field);

/// The shortest form that reads back as the same condition.
Node toNode(const Condition &condition, const WriteOptions &options);

} // namespace gateway::config
