// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <QMenu>

#include <functional>
#include <optional>

namespace ui::alerts {

/// Fills a menu with how long to mute, and with the end of a mute.
/// @param muted   there is one to be ended
/// @param chosen  gets until when; nullopt: not any more
void fillMuteMenu(QMenu *menu, gateway::WallTime now, bool muted, std::function<void(std::optional<gateway::WallTime>)> chosen);

} // namespace ui::alerts
