// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/check_entries.h"
#include "gateway/config/map_reader.h"
#include "gateway/config/map_writer.h"
#include "gateway/config/quota.h"

#include <string>
#include <string_view>

/// Budgets and limits in and out of their text form, for every scope that has them. Internal to config/.
namespace gateway::config {

/// `budgets` and `limits` of a scope.
void readQuota(Reading &reading, MapReader &parent, Quota &out);
void writeQuota(MapWriter &parent, const Quota &quota);
/// @param field  of the scope: "teams[0]"
void checkQuota(Checks &checks, const std::string &field, const Quota &quota);

/// One of them alone, as customers have.
Budget readBudget(Reading &reading, const Node &node, const std::string &field);
Limit readLimit(Reading &reading, const Node &node, const std::string &field);
Node budgetNode(const Budget &budget, const WriteOptions &options);
Node limitNode(const Limit &limit, const WriteOptions &options);
void checkBudget(Checks &checks, const std::string &field, const Budget &budget);
void checkLimit(Checks &checks, const std::string &field, const Limit &limit);

} // namespace gateway::config
