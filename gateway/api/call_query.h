// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "gateway/core/usage.h"

/// Questions about the call log, and their answers, under the names by which the window and the admin API know them.
namespace gateway::api {

using gateway::TimeRange;
using gateway::CallCursor;
using gateway::CallQuery;
using gateway::CallRow;
using gateway::CallPage;
using gateway::CallCounts;
using gateway::CallDetail;
using gateway::ErrorClass;
using gateway::SeriesQuery;
using gateway::SeriesBucket;
using gateway::SeriesTotals;
using gateway::Series;
using gateway::UsageQuery;
using gateway::UsageRow;
using gateway::Usage;
using gateway::HistogramBin;
using gateway::FieldValue;
using gateway::StripQuery;
using gateway::StripBin;
using gateway::ProviderStrip;
using gateway::StoreState;
using gateway::KeyUse;
using gateway::TeamUse;
using gateway::UseSummary;
using gateway::errorClass;
using gateway::errorClassCount;

} // namespace gateway::api
