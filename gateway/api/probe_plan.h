// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_prober.h"
#include "gateway/config/config.h"

namespace gateway::api {

/// Every provider kind, as the window's form shows it.
std::vector<ProviderKindInfo> providerKindInfos();

/// What to ask of a provider to test it. Invalid where its kind or base URL is wrong.
/// @param provider    with its secrets in clear
/// @param credential  the name of the one to test; empty: the first
/// @param model       what to ask; empty: the first that it lists
Result<ProbePlan> probePlan(const config::Provider &provider, const std::string &credential, const std::string &model);

} // namespace gateway::api
