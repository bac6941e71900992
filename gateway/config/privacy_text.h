// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/check_entries.h"
#include "gateway/config/map_reader.h"
#include "gateway/config/map_writer.h"
#include "gateway/config/privacy.h"

#include <span>
#include <string>
#include <string_view>

/// Privacy policies in and out of their text form. Internal to config/.
namespace gateway::config {

PrivacyPolicy readPolicy(Reading &reading, const Node &node, const std::string &field);
/// @param field      of the list: "privacy.policies"
/// @param detectors  the names of the built-in ones
void checkPolicies(Checks &checks, const std::string &field, const std::vector<PrivacyPolicy> &policies, std::span<const std::string_view> detectors);

} // namespace gateway::config
