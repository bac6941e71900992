// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

/// The made-up configuration and figures of the pictures.
namespace tests {

gateway::config::Config sceneConfig();
std::vector<gateway::api::ProviderKindInfo> sceneKinds();
std::vector<gateway::api::TargetHealth> sceneHealth();
std::vector<gateway::api::ProviderStrip> sceneStrips(int bins);
gateway::api::UseSummary sceneUse();
gateway::api::StatsView sceneStats();
std::vector<gateway::api::LocalProvider> sceneLocal();
std::vector<gateway::api::ProbeStep> sceneProbe();

} // namespace tests
