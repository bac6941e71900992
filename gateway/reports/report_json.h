// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/report_data.h"
#include "gateway/core/report_sheet.h"

#include <nlohmann/json_fwd.hpp>

namespace gateway::reports {

/// A report's figures for programs: money as decimal text, times in RFC 3339, what is not known as null.
nlohmann::json jsonOf(const ReportData &data);

/// A sheet on its way from the process that made it to the one that draws it. Each undoes the other.
nlohmann::json jsonOf(const ReportSheet &sheet);
Result<ReportSheet> sheetFrom(const nlohmann::json &text); ///< Malformed

} // namespace gateway::reports
