// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/services.h"
#include "gateway/pipeline/stage.h"

namespace gateway::stages {

/// Answers GET /v1/models and /v1/models/{id}: the routes and aliases that this key may use, wildcards expanded from the
/// providers' lists; `?format=detailed` adds context, prices and capabilities (api.md). Everything else goes on.
class ModelsStage final : public pipeline::Stage
{
public:
    explicit ModelsStage(pipeline::Services &services) : m_services(services) {}
    pipeline::Verdict onRequest(pipeline::Exchange &x) override;

private:
    pipeline::Services &m_services;
};

} // namespace gateway::stages
