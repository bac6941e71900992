// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <nlohmann/json_fwd.hpp>

/// Calls as JSON: the names that the admin API, exports (call_line.h) and log sinks have for what is kept of a call. Pure.
namespace gateway::storage {

/// What a list of calls shows: all but bodies, attempts and what few calls have.
[[nodiscard]] nlohmann::ordered_json callJson(const CallRecord &record);

/// Adds all the rest but bodies.
void addCallDetails(nlohmann::ordered_json &call, const CallRecord &record);

/// Of each body its text, in which bytes that are no UTF-8 are replaced, and whether it was cut; null: there is none.
[[nodiscard]] nlohmann::ordered_json bodiesJson(const CapturedBodies &bodies);

} // namespace gateway::storage
