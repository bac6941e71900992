// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_finder.h"

#include <cstdint>
#include <optional>

namespace gateway::storage {

/// How many customers have a call of the filter in the span. Steps from one to the next through their index, so that
/// calls without a customer cost nothing, and of the others a few are looked at. nullopt: more than 100,000. Query thread.
Result<std::optional<std::uint64_t>> countCustomers(ReaderSession &session, const CallFilter &filter, Span span);

} // namespace gateway::storage
