// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/report_data.h"
#include "gateway/core/report_sheet.h"

#include <string>

namespace gateway::reports {

/// The report as it is read: of all teams an overview, and each team from a new page on.
ReportSheet sheetOf(const ReportData &data);

/// "search spent $842.17 in week 47, 12 % more than the week before; 61 % of it went to gpt-4o."
std::string headlineOf(const ReportData &data);

} // namespace gateway::reports
