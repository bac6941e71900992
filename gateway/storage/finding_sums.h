// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/finding_counts.h"
#include "gateway/storage/reader_session.h"

/// CallLogReader's answer about findings. Query thread, within one read transaction.
namespace gateway::storage {

/// @param now  where the range is open
Result<FindingSummary> answerFindings(ReaderSession &session, const FindingQuery &query, WallTime now);

} // namespace gateway::storage
