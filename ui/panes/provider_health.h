// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/table_view.h"

#include <optional>

/// From which share of errors on a provider counts as troubled, in one place: its row, its strip and the Overview agree.
/// The gateway gives counts and judges nothing by them; these are marks for eyes. Pure.
namespace ui::panes {

enum class ErrorLevel { Few, Some, Many };

inline constexpr double someErrors = 0.015; ///< of a day's attempts: a warning from here
inline constexpr double manyErrors = 0.04;  ///< an error from here

[[nodiscard]] ErrorLevel errorLevel(const std::optional<double> &share);
[[nodiscard]] widgets::Role errorRole(const std::optional<double> &share); ///< Text, Warn or Err

/// Errors over attempts of the strip's whole time; nullopt: there was no attempt.
[[nodiscard]] std::optional<double> errorShare(const gateway::api::ProviderStrip &strip);
/// One bar of a strip: errors and 429s together, a warning from 1 %, failing from 10 %. A bar is a short time, so that
/// single errors weigh more in it than in the day.
[[nodiscard]] QList<widgets::HealthBin> healthBins(const gateway::api::ProviderStrip &strip);

} // namespace ui::panes
