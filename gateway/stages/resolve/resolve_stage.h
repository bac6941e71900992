// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/stage.h"

namespace gateway::stages {

/// Reads what is asked for, once: scans the body, finds the route and its plan, estimates the prompt (architecture.md,
/// step 4). Refuses bad bodies (400), unknown models (404) and models that the key may not use (403).
class ResolveStage final : public pipeline::Stage
{
public:
    pipeline::Verdict onRequest(pipeline::Exchange &x) override;
};

} // namespace gateway::stages
