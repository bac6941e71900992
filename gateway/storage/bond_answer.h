// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_tree.h"
#include "gateway/storage/reader_session.h"

#include <chrono>

/// CallLogReader's answers about sessions and traces. Query thread, within one read transaction.
namespace gateway::storage {

Result<CallTree> answerTree(ReaderSession &session, const TreeQuery &query);
Result<Bonds> answerBonds(ReaderSession &session, const BondsQuery &query, std::chrono::milliseconds patience);

} // namespace gateway::storage
