// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/prompt_expander.h"
#include "gateway/pipeline/stage.h"

#include <memory>

namespace gateway::stages {

struct CallOptions;

/// Reads what is asked for, once: scans the body, finds the route and its plan, estimates the prompt (architecture.md,
/// step 4), of what a prompt's version makes of it where one is named. Refuses bad bodies (400), unknown models (404) and models that the key may not use (403).
class ResolveStage final : public pipeline::Stage
{
public:
    /// @param prompts  expands what names a prompt; not null
    explicit ResolveStage(std::unique_ptr<pipeline::PromptExpander> prompts) : m_prompts(std::move(prompts)) {}
    pipeline::Verdict onRequest(pipeline::Exchange &x) override;

private:
    Result<void> read(pipeline::Exchange &x, CallOptions &options);
    Result<wire::RequestScan> filled(pipeline::Exchange &x, wire::RequestScan scan, std::string_view besideBody, CallOptions &options);

    std::unique_ptr<pipeline::PromptExpander> m_prompts;
};

} // namespace gateway::stages
