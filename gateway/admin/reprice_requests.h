// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/endpoint.h"
#include "gateway/admin/plan_requests.h"

namespace gateway::admin {

/// Calls of the past by the prices of now, in JSON, for control.sock and the admin API.
/// {"from":"2026-11-01", "to":"", "filter":"", "dry_run":false}: all may be missing; times are dates.
/// With dry_run what would change, by provider and model. Else the run's number.
/// @param wait  answers once the run is over, with what came of it
void reprice(api::Gateway &gateway, const nlohmann::json &request, bool wait, const api::EditNote &by, QObject *context, JsonAnswer answer);

void addRepriceEndpoints(std::vector<Endpoint> &table); ///< the same, a part of the table

} // namespace gateway::admin
