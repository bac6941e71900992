// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

/// The made-up configuration and figures of the pictures.
namespace tests {

gateway::config::Config sceneConfig();
std::vector<gateway::api::ProviderKindInfo> sceneKinds();
/// "az", "vx" and "br": providers of the kinds azure, vertex and bedrock, with one credential of each way.
std::vector<gateway::config::Provider> sceneClouds();
/// The JSON text of a service account's key, made up.
inline constexpr const char *serviceAccountText = "{\"type\":\"service_account\",\"project_id\":\"my-project-123\",\"private_key_id\":\"f00d\","
                                                  "\"private_key\":\"-----BEGIN PRIVATE KEY-----\\nc2VjcmV0\\n-----END PRIVATE KEY-----\\n\","
                                                  "\"client_email\":\"signalbox@my-project-123.iam.gserviceaccount.com\"}";
std::vector<gateway::api::TargetHealth> sceneHealth();
std::vector<gateway::api::ProviderStrip> sceneStrips(int bins);
gateway::api::UseSummary sceneUse();
gateway::api::StatsView sceneStats();
std::vector<gateway::api::LocalProvider> sceneLocal();
std::vector<gateway::api::ProbeStep> sceneProbe();

} // namespace tests
