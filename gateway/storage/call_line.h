// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/core/error.h"

#include <cstddef>
#include <string>
#include <string_view>

/// A call as one line of JSON: what `calls export` and log sinks write and `calls import` reads. Names are those of
/// GET /admin/v1/calls/{id} (call_json.h). Pure; thread-safe. What is written reads back as the same record, but for what no log
/// keeps (charges, keepsakes) and for bytes that are no UTF-8 outside of bodies.
namespace gateway::storage {

/// Longer lines are not read.
inline constexpr std::size_t longestCallLine = std::size_t {128} * 1024 * 1024;

/// Without a line end.
/// @param bodies  whether they go along; those that are no UTF-8 as "base64" in the place of "text"
[[nodiscard]] std::string callLine(const CallRecord &record, bool bodies);

/// Unknown members are passed over. Errors: Malformed, with the member in `where` ("attempts[0].ended_ms"), where the line is no
/// JSON, lacks `id` or `started_at`, or has a value that no record can hold.
[[nodiscard]] Result<CallRecord> readCallLine(std::string_view line);

} // namespace gateway::storage
