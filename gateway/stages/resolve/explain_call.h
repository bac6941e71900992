// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/core/error.h"
#include "gateway/core/explanation.h"
#include "gateway/core/header_view.h"
#include "gateway/core/simulation.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace gateway::pipeline {
struct CompiledConfig;
class PromptExpander;
}

namespace gateway::routing {
class HealthView;
class PlanMemory;
}

namespace gateway::state {
class Quotas;
}

namespace gateway::stages {

/// What goes on around it.
struct Circumstances
{
    routing::HealthView &health;
    routing::PlanMemory &memory;
    state::Quotas &quotas;
    const Clock &clock;
    const pipeline::PromptExpander &prompts;
};

/// A call that is not made. Views of the caller's own.
struct SupposedCall
{
    Endpoint endpoint = Endpoint::ChatCompletions;
    std::string_view body;                    ///< as a program would send it
    std::string_view pathModel {};            ///< where the path names the model
    std::span<const HeaderView> headers {};
    std::string_view key {};                  ///< the virtual key's name; empty: none
    std::string_view route {};                ///< asked in place of what the body names; empty: what it names
};

/// What this call would meet now: where planning would send it and why (routing/explain.h). Nothing is sent, counted or
/// kept. Any thread.
/// @param config  the running configuration, or one that was compiled to try an edit
/// @param seed    for what is drawn
/// Errors: those of the resolve stage (400, 403, 404), of prompts too; NotFound for a key that is not there.
Result<Explanation> explainCall(const Circumstances &now, const std::shared_ptr<const pipeline::CompiledConfig> &config, const SupposedCall &call,
                                         std::uint64_t seed);

/// A call of which no more is known than how large it is. Views of the caller's own.
struct MadeUpCall
{
    std::string_view route;                   ///< its name, or the model that is asked for by it
    std::string_view key {};                  ///< the virtual key's name; empty: none
    std::string_view metadata {};             ///< JSON object; empty: none
    std::int64_t inputTokens = 0, outputTokens = 0;
};

/// Where such a call would go while these providers misbehave (routing/simulate.h). Nothing is sent, counted or kept. Any
/// thread. Errors: as explainCall().
Result<Simulation> simulateCall(const Circumstances &now, const std::shared_ptr<const pipeline::CompiledConfig> &config, const MadeUpCall &call, const ProviderFaults &faults,
                                std::uint64_t seed);

} // namespace gateway::stages
