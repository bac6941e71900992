// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/attempts_elsewhere.h"
#include "gateway/storage/reader_session.h"

#include <vector>

/// CallLogReader's answer of this name, as far back as calls are kept. Query thread, within one read transaction.
namespace gateway::storage {

Result<std::vector<AttemptsElsewhere>> answerAttemptsElsewhere(ReaderSession &session, const TimeRange &range);

} // namespace gateway::storage
