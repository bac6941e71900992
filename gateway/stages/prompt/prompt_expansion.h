// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/prompt_expander.h"

namespace gateway::stages {

/// Expands calls that name a prompt (architecture.md, step 3), by the prompts of a configuration.
class PromptExpansion final : public pipeline::PromptExpander
{
public:
    [[nodiscard]] Result<pipeline::ExpandedPrompt> expand(const pipeline::CompiledConfig &config, const wire::RequestScan &scan, const pipeline::NamedPrompt &named) const override;
};

} // namespace gateway::stages
