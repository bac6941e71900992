// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QObject>

#include <functional>
#include <nlohmann/json_fwd.hpp>

/// calls.import and calls.prune of control.sock (command_handler.h).
namespace app {

using JsonTold = std::function<void(const nlohmann::json &)>;

/// @param asker   ends what was begun when it goes
/// @param answer  once, {"ok": ...}
/// @param told    {"progress": {"done", "all"}} before it; may be empty
void importCalls(gateway::api::Gateway &gateway, const nlohmann::json &request, QObject *asker, JsonTold answer, JsonTold told);
void pruneCalls(gateway::api::Gateway &gateway, const nlohmann::json &request, QObject *asker, JsonTold answer, JsonTold told);

} // namespace app
