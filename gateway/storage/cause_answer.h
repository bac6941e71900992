// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error_cause.h"
#include "gateway/storage/reader_session.h"

#include <chrono>

/// CallLogReader's answer of this name. Query thread, within one read transaction.
namespace gateway::storage {

Result<ErrorCauses> answerCauses(ReaderSession &session, const CauseQuery &query, std::chrono::milliseconds patience);

} // namespace gateway::storage
