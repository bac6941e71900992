// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "gateway/core/repricing.h"
#include "gateway/core/usage.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace gateway::admin {

/// A call of the list: all but bodies, headers and attempts.
nlohmann::ordered_json callJson(const CallRecord &record);

/// What people noted at it: "colour" and "comment", null where there is none.
nlohmann::ordered_json markJson(const CallMark &mark);

/// The whole record, with its mark, attempts and bodies as far as they are kept.
nlohmann::ordered_json callJson(const CallDetail &detail);

/// "repriced": what a re-pricing made of its cost, which itself stays as it was logged; null where none did.
nlohmann::ordered_json repricedJson(const std::optional<RepricedCall> &figure);

/// The whole record for the key that made it: without the mark, re-pricings, credentials' names, and without what went between the gateway and providers,
/// into which administrators may put what their callers do not see.
nlohmann::ordered_json ownCallJson(const CallDetail &detail);

/// @param groups  those of the question: the fields' names
nlohmann::ordered_json usageJson(const Usage &usage, const std::vector<UsageField> &groups);

} // namespace gateway::admin
