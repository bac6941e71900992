// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/prompt_expander.h"

namespace gateway::stages {

/// Expands calls that name a prompt (architecture.md, step 3), by the prompts of the configuration that the call runs under.
class PromptExpansion final : public pipeline::PromptExpander
{
public:
    Result<void> expand(pipeline::Exchange &x, const wire::RequestScan &scan, const pipeline::NamedPrompt &named) override;
};

} // namespace gateway::stages
