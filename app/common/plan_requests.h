// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <functional>
#include <nlohmann/json_fwd.hpp>

/// What control.sock answers about plans: why a call would go where, and what an edit would have done to the calls of the past.
/// Both change nothing.
namespace app {

/// {"do":"explain", "body":"...", "model":"", "endpoint":"chat_completions", "headers":[["name","value"]], "key":"", "route":"", "seed":1,
///  "config":"..."}: all but the body or the model may be missing; a configuration is laid over the present one, as for config.apply.
/// @param context  as for the facade
void explain(gateway::api::Gateway &gateway, const nlohmann::json &request, QObject *context, std::function<void(const nlohmann::json &)> answer);

/// {"do":"replay", "config":"...", "from":"2026-11-01", "to":"", "filter":"", "sample":1, "seed":1, "listed":20}: times are dates, or
/// how long ago. The routes are those that the configuration names.
void replay(gateway::api::Gateway &gateway, const nlohmann::json &request, QObject *context, std::function<void(const nlohmann::json &)> answer);

} // namespace app
