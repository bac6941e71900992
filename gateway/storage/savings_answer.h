// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cost_savings.h"
#include "gateway/storage/reader_session.h"

/// CallLogReader's answer of this name: from the rows, because no sum tells cached tokens. Query thread, within one read transaction.
namespace gateway::storage {

Result<Savings> answerSavings(ReaderSession &session, const SavingsQuery &query, const PricesNow &now);

} // namespace gateway::storage
