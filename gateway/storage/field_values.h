// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/reader_session.h"

namespace gateway::storage {

/// CallLogReader::fieldValues(). Query thread, within one read transaction.
Result<std::vector<FieldValue>> answerFieldValues(ReaderSession &session, const std::string &field, const std::string &prefix);

} // namespace gateway::storage
