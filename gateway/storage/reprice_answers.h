// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cost_savings.h"
#include "gateway/core/repricing.h"
#include "gateway/storage/reader_session.h"

#include <string>
#include <vector>

/// CallLogReader's answers about re-pricings. Query thread, within one read transaction.
namespace gateway::storage {

/// What one would do, by provider and model: looks at every call of the query.
Result<RepricePreview> answerRepricePreview(ReaderSession &session, const RepriceQuery &query, const PricesNow &now);

/// The latest first.
Result<std::vector<RepriceRun>> answerRepriceRuns(ReaderSession &session);

/// Looks at every second figure there is.
Result<RepricedTotal> answerRepricedTotal(ReaderSession &session, const RepriceQuery &query);

/// A call's second figure; nullopt: it has none.
Result<std::optional<RepricedCall>> answerRepricedCall(ReaderSession &session, std::int64_t row);

} // namespace gateway::storage
