// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/stage.h"

namespace gateway::stages {

/// Answers count_tokens and countTokens with the gateway's own estimate where the route's first target has no such call of
/// the caller's format; else the provider is asked, like for any other call (wire.md 5.4). An estimate says so in the
/// header x-signalbox-estimated.
class CountStage final : public pipeline::Stage
{
public:
    pipeline::Verdict onRequest(pipeline::Exchange &x) override;
};

} // namespace gateway::stages
