// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/reader_session.h"

/// Charts and tiles from the call log: CallLogReader's answers of these names. Query thread, within one read transaction.
namespace gateway::storage {

Result<Series> answerSeries(ReaderSession &session, const SeriesQuery &query, const std::string &timeZone, WallTime now);
Result<SeriesTotals> answerToday(ReaderSession &session, const CallFilter &filter, const std::string &timeZone, WallTime now);
Result<std::vector<HistogramBin>> answerHistogram(ReaderSession &session, const CallQuery &query, std::int64_t bucketSeconds, WallTime now);
Result<std::vector<ProviderStrip>> answerStrips(ReaderSession &session, const StripQuery &query, WallTime now);

} // namespace gateway::storage
