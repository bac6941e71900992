// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_finder.h"

#include <cstdint>
#include <optional>

namespace gateway::storage {

/// How many customers have a call of the filter in the span. From sums by day where these can answer the
/// filter. nullopt: more than 100,000. Query thread.
Result<std::optional<std::uint64_t>> countCustomers(ReaderSession &session, const CallFilter &filter, Span span);

} // namespace gateway::storage
