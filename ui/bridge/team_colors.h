// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <string_view>

namespace ui::bridge {

/// Which series colour (0 to 7) a team has everywhere: its place among the configured teams, so that no refresh and no
/// range changes it. -1, the grey of "other": no team, an unknown one, or one past the eighth.
inline int teamColor(const gateway::config::Config &config, std::string_view team)
{
    constexpr int colors = 8;
    for (std::size_t i = 0; i < config.teams.size(); ++i) {
        if (config.teams[i].name == team)
            return i < colors ? static_cast<int>(i) : -1;
    }
    return -1;
}

} // namespace ui::bridge
