// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/config_json.h"

#include <string>

namespace gateway::config {

/// The configuration as YAML, as config.md lays it out: keys in one order, defaults left out, so that equal
/// configurations give equal text. readConfig() of it gives the same configuration back, but for what the text form
/// does not hold: ids, origins, hashes of keys, revocation, and secrets where they are left out.
std::string toYaml(const Config &config, Secrets secrets = Secrets::LeaveOut);

/// One route or condition as the routes pane shows it: texts are literal, as in what is read with ReadOptions::local off.
std::string toYaml(const Route &route);
std::string toYaml(const Condition &condition);

} // namespace gateway::config
