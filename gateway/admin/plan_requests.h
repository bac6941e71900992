// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <functional>
#include <nlohmann/json_fwd.hpp>

/// Questions about plans in JSON: why a call would go where, and what an edit would have done to the calls of the past. Both change
/// nothing. For control.sock and the admin API.
namespace gateway::admin {

using JsonAnswer = std::function<void(Result<nlohmann::json>)>;

/// {"body": TEXT or OBJECT, "model":"", "endpoint":"chat_completions", "headers":[["name","value"]] or {"name":"value"}, "key":"", "route":"", "seed":1,
///  "config": TEXT or OBJECT}: all but the body or the model may be missing; a configuration is laid over the present one, as for
/// config/apply.
/// @param context  as for the facade
void explain(api::Gateway &gateway, const nlohmann::json &request, QObject *context, JsonAnswer answer);

/// {"config": TEXT or OBJECT, "from":"2026-11-01", "to":"", "filter":"", "sample":1, "seed":1, "listed":20}: times are dates, or
/// how long ago. The routes are those that the configuration names.
void replay(api::Gateway &gateway, const nlohmann::json &request, QObject *context, JsonAnswer answer);

/// "2026-11-01", "2026-11-01T08:00:00Z", or "24h": so long ago. Empty: `otherwise`. Errors: BadRequest with that key.
Result<WallTime> timeOf(const nlohmann::json &request, const char *key, WallTime otherwise);

} // namespace gateway::admin
