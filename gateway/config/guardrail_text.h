// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/check_entries.h"
#include "gateway/config/guardrail.h"
#include "gateway/config/map_reader.h"
#include "gateway/config/map_writer.h"

#include <string>
#include <vector>

/// Guardrails in and out of their text form. Internal to config/.
namespace gateway::config {

Guardrail readGuardrail(Reading &reading, const Node &node, const std::string &field);
Node toNode(const Guardrail &guardrail, const WriteOptions &options);
/// @param field   of the list: "privacy.policies[0].guardrails"
/// @param policy  whose they are, for messages
void checkGuardrails(Checks &checks, const std::string &field, const std::string &policy, const std::vector<Guardrail> &guardrails);

/// 0 to 1 where it is there and a number.
void readThreshold(Reading &reading, MapReader &map, std::optional<double> &out);
void writeThreshold(MapWriter &map, const std::optional<double> &threshold);
/// A name of a rule or guardrail: placeholders and figures are named after it.
void checkOwnName(Checks &checks, const std::string &field, const std::string &name, std::string_view what);

} // namespace gateway::config
