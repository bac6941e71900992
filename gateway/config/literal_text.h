// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/map_reader.h"
#include "gateway/config/map_writer.h"

#include <string>
#include <string_view>
#include <vector>

/// Texts and JSON of prompts, rules and guardrails, which are read as they are written: nothing is put into them (config.md).
/// Internal to config/.
namespace gateway::config {

void readLiteral(Reading &reading, MapReader &map, std::string_view key, std::string &out);
void readLiterals(Reading &reading, MapReader &map, std::string_view key, std::vector<std::string> &out);
/// A map or list that is kept as JSON.
void readJson(Reading &reading, MapReader &map, std::string_view key, Node::Kind kind, std::string &out);
void writeLiteral(MapWriter &map, std::string_view key, const std::string &text);
void writeLiterals(MapWriter &map, std::string_view key, const std::vector<std::string> &texts);
void writeJson(MapWriter &map, std::string_view key, const std::string &json); ///< what is none is left out

} // namespace gateway::config
