// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cache_savings.h"
#include "gateway/storage/reader_session.h"

#include <vector>

/// CallLogReader's answer of this name. Query thread, within one read transaction.
namespace gateway::storage {

Result<std::vector<CacheSavings>> answerCacheSavings(ReaderSession &session, const TimeRange &range);

} // namespace gateway::storage
