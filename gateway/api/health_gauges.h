// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/state/health_store.h"
#include "gateway/telemetry/prometheus_text.h"

#include <span>
#include <vector>

namespace gateway::pipeline {
struct CompiledConfig;
}

namespace gateway::api {

/// The state of breakers, rests and credentials for /metrics: one sample for each target and credential of the
/// configuration, asked or not. A wildcard's models, which callers name, are one sample with the model as configured, that
/// of the worst; so labels are bounded by the configuration.
std::vector<telemetry::Gauge> healthGauges(const pipeline::CompiledConfig &config, std::span<const state::TargetHealth> health);

} // namespace gateway::api
