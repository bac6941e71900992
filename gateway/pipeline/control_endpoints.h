// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/compiled_config.h"
#include "gateway/pipeline/http.h"
#include "gateway/pipeline/reply.h"
#include "gateway/pipeline/services.h"
#include "gateway/wire/path.h"

/// Endpoints that tell about the gateway itself: not calls, so they leave no record.
namespace gateway::pipeline {

/// Whether this path is one of them.
[[nodiscard]] bool isControl(wire::PathKind kind);

/// /healthz: the process answers. /readyz: 503 until a configuration is there, the store takes records and the admin API
/// answers where there is one, and while draining. /version. /metrics: Prometheus text; 401 without gateway.metrics_token, where one is set.
/// @param config  null: none was published yet
Reply controlReply(Services &services, const CompiledConfig *config, const HttpRequest &request, const wire::PathMatch &path);

} // namespace gateway::pipeline
