// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/report_data.h"
#include "gateway/core/report_sheet.h"

#include <vector>

/// The parts of a report's sheet. Internal to reports/.
namespace gateway::reports {

SheetTiles tilesOf(const ReportData &data);
SheetBars daysOf(const ReportData &data);

/// What costs went to, errors, budgets, the largest calls, and what had no price; no table is empty.
void addTables(const ReportData &data, std::vector<SheetBlock> &blocks);

} // namespace gateway::reports
