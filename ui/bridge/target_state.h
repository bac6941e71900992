// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_probe.h"
#include "gateway/config/config.h"

#include <QStringList>

#include <optional>
#include <string>
#include <vector>

/// Health of targets as the panes show it: one figure of many credentials and models. Pure.
namespace ui::bridge {

/// From best to worst.
enum class TargetState { Unknown, Well, RateLimited, QuotaGone, KeyRejected, HalfOpen, Resting, CircuitOpen };

struct TargetFigures
{
    TargetState state = TargetState::Unknown;         ///< Unknown: not asked yet
    std::optional<gateway::Duration> restsFor;        ///< of the state, where it ends by itself
    std::optional<gateway::Duration> p95;             ///< the slowest credential's
    std::optional<double> errorRate;                  ///< weighted by traffic
    double callsPerSecond = 0;
    std::optional<gateway::WallTime> lastUsed;
    int rejectedKeys = 0;
};

/// What holds for all of `health` that is of this provider (and, where given, model and credential). A target that has
/// several credentials is as well as its best one; a provider without a model named is as bad as its worst open circuit.
TargetFigures figuresOf(const std::vector<gateway::api::TargetHealth> &health, const std::string &provider, const std::optional<std::string> &model = std::nullopt,
    const std::optional<std::string> &credential = std::nullopt);

/// Routes that send calls to this provider in their own plan, by name.
QStringList routesUsing(const gateway::config::Config &config, const std::string &provider);

} // namespace ui::bridge
