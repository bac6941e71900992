// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/usage.h"
#include "gateway/storage/reader_session.h"

#include <string>

/// CallLogReader's answer of this name. Query thread, within one read transaction.
namespace gateway::storage {

Result<Usage> answerUsage(ReaderSession &session, const UsageQuery &query, const std::string &timeZone);

} // namespace gateway::storage
