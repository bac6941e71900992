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
ModelSettings readModel(Reading &reading, const Node &node, const std::string &field);
Provider readProvider(Reading &reading, const Node &node, const std::string &field);
Route readRoute(Reading &reading, const Node &node, const std::string &field);
Team readTeam(Reading &reading, const Node &node, const std::string &field);
VirtualKey readKey(Reading &reading, const Node &node, const std::string &field);

/// The same by type, for what goes over entry_lists.h.
inline void readEntry(Reading &reading, const Node &node, const std::string &field, Provider &out) { out = readProvider(reading, node, field); }
inline void readEntry(Reading &reading, const Node &node, const std::string &field, Route &out) { out = readRoute(reading, node, field); }
inline void readEntry(Reading &reading, const Node &node, const std::string &field, Team &out) { out = readTeam(reading, node, field); }
inline void readEntry(Reading &reading, const Node &node, const std::string &field, VirtualKey &out) { out = readKey(reading, node, field); }
inline void readEntry(Reading &reading, const Node &node, const std::string &field, ModelSettings &out) { out = readModel(reading, node, field); }
void readEntry(Reading &reading, const Node &node, const std::string &field, Tag &out);
void readEntry(Reading &reading, const Node &node, const std::string &field, AdminToken &out);
void readEntry(Reading &reading, const Node &node, const std::string &field, Organisation &out);
void readEntry(Reading &reading, const Node &node, const std::string &field, Customers &out);
void readEntry(Reading &reading, const Node &node, const std::string &field, TelemetrySettings &out);
void readEntry(Reading &reading, const Node &node, const std::string &field, PrivacyPolicy &out);
void readEntry(Reading &reading, const Node &node, const std::string &field, Prompt &out);
void readEntry(Reading &reading, const Node &node, const std::string &field, CacheSettings &out);
void readEntry(Reading &reading, const Node &node, const std::string &field, Alert &out);
void readEntry(Reading &reading, const Node &node, const std::string &field, Report &out);
void readEntry(Reading &reading, const Node &node, const std::string &field, SmtpSettings &out);

/// What a text names of those parts that it need not name whole.
struct NamedParts
{
    std::set<std::string> settings; ///< of `gateway`
    std::set<std::string> sections; ///< of entry_lists.h
};

/// A whole configuration.
Config readRoot(Reading &reading, const Node &root, NamedParts &named);

} // namespace gateway::config
