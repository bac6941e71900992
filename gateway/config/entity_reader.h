// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/document.h"
#include "gateway/config/map_reader.h"

#include <set>

/// Node trees to the configuration's entries. What is wrong goes to the Reading. Internal to config/.
namespace gateway::config {

/// @param named  takes the settings that the map has ("listen", "log.keep")
GatewaySettings readGateway(Reading &reading, const Node &node, const std::string &field, std::set<std::string> &named);
Provider readProvider(Reading &reading, const Node &node, const std::string &field);
Route readRoute(Reading &reading, const Node &node, const std::string &field);
Team readTeam(Reading &reading, const Node &node, const std::string &field);
VirtualKey readKey(Reading &reading, const Node &node, const std::string &field);

/// A whole configuration.
Config readRoot(Reading &reading, const Node &root, std::set<std::string> &named);

} // namespace gateway::config
