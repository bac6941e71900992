// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/plan_requests.h"

namespace gateway::admin {

/// A provider's bill beside the log, in JSON, for control.sock and the admin API.
/// {"exports": [TEXT...], "providers": ["openai"], "tolerance": 0.005}: all but the exports may be missing. The tolerance is a
/// share of the larger side; a cent is never told.
void reconcile(api::Gateway &gateway, const nlohmann::json &request, QObject *context, JsonAnswer answer);

} // namespace gateway::admin
