// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/alert_view.h"
#include "gateway/core/error.h"

/// The pictures' alerts: how they stand, what they did, and calls of a week to try others on.
namespace tests {

/// Adds alerts, and the mail server that they use.
void addSceneAlerts(gateway::config::Config &config);
gateway::AlertBoard sceneBoard();
std::vector<gateway::AlertFiring> sceneFirings();       ///< newest first
std::vector<gateway::AlertDelivery> sceneDeliveries();  ///< newest first
/// What the real engine makes of made-up calls: routes that fail now and then, teams that spend.
gateway::Result<gateway::AlertPreview> scenePreview(const gateway::config::Alert &alert, gateway::WallTime from, gateway::WallTime to);

} // namespace tests
