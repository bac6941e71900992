// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_facets.h"
#include "gateway/storage/reader_session.h"

#include <chrono>

/// CallLogReader's answer of this name. Query thread, within one read transaction.
namespace gateway::storage {

Result<CallFacets> answerFacets(ReaderSession &session, const FacetQuery &query, std::chrono::milliseconds patience);

} // namespace gateway::storage
