// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/widgets/dialog.h"

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace ui::keys {

/// Asks whether keys get new secrets, and how long the former ones work on; says before what uses each of them.
/// @param staying   of those that were chosen, the revoked ones that stay as they are
/// @param use       nullopt: not known
/// @param rotate    with the grace, and with what becomes of the old secrets in words
void askToRotate(const std::vector<gateway::config::VirtualKey> &keys, const std::vector<gateway::config::VirtualKey> &staying, const std::optional<gateway::api::UseSummary> &use, gateway::WallTime now,
                 QWidget *parent, std::function<void(std::chrono::hours grace, const QString &old)> rotate);

} // namespace ui::keys
