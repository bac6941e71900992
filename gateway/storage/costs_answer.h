// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/costs.h"
#include "gateway/storage/reader_session.h"

/// CallLogReader's answer of this name. Query thread, within one read transaction.
namespace gateway::storage {

Result<Costs> answerCosts(ReaderSession &session, const CostQuery &query);

} // namespace gateway::storage
