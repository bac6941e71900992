// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"
#include "gateway/config/check_entries.h"
#include "gateway/config/map_reader.h"

#include <string>

/// Alerts out of their text form. Internal to config/.
namespace gateway::config {

Alert readAlert(Reading &reading, const Node &node, const std::string &field);
SmtpSettings readSmtp(Reading &reading, const Node &node, const std::string &field);

/// One alert by itself.
void checkAlert(Checks &checks, const std::string &field, const Alert &alert);
void checkAlerts(Checks &checks, const std::vector<Alert> &alerts);
void checkSmtp(Checks &checks, const std::string &field, const SmtpSettings &smtp);

} // namespace gateway::config
