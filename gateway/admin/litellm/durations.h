// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/calendar.h"
#include "gateway/core/clock.h"

#include <optional>
#include <string_view>

/// Durations as LiteLLM writes them: "30s", "30m", "30h", "30d", "2w", "1mo". Pure.
namespace gateway::admin::litellm {

/// When what begins at `from` and lasts so long ends; months end on the same day, or on the last of a shorter month.
/// nullopt: it is no duration, or one of nothing or of more than 100 years.
std::optional<WallTime> endOf(std::string_view duration, WallTime from);

/// The duration that a budget's period is; empty for Total, which has none.
std::string_view durationOf(Period period);

} // namespace gateway::admin::litellm
