// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/check_entries.h"
#include "gateway/config/map_reader.h"
#include "gateway/config/report.h"

#include <string>
#include <vector>

/// Reports out of their text form. Internal to config/.
namespace gateway::config {

Report readReport(Reading &reading, const Node &node, const std::string &field);
void checkReports(Checks &checks, const std::vector<Report> &reports);

} // namespace gateway::config
