// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/plan_requests.h"

#include "gateway/core/report_data.h"

#include <functional>

namespace gateway::admin {

/// A report on what teams used, for control.sock and the admin API.
/// {"team": "search", "week": "2026-W47", "time_zone": "Europe/Berlin", "format": "json"}: all may be missing. In the place of week: month
/// ("2026-11"), or from and to, days that both belong to it; without any it is the last week that is over. Without team it is of all.
/// Answers with file_name, and by format with report (json), html, or sheet: what `signalbox` draws a PDF from.
/// @param onProgress  may be empty
void report(api::Gateway &gateway, const nlohmann::json &request, QObject *context, JsonAnswer answer, std::function<void(ReportProgress)> onProgress = {});

} // namespace gateway::admin
