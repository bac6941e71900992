// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/stage.h"

namespace gateway::stages {

/// Hands questions of a key about its own calls, and feedback, to whoever answers them (api.md, /v1/calls, /v1/feedback). Everything else goes on.
class LogStage final : public pipeline::Stage
{
public:
    pipeline::Verdict onRequest(pipeline::Exchange &x) override;
};

} // namespace gateway::stages
