// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/simulation.h"
#include "gateway/routing/call_facts.h"
#include "gateway/routing/plan.h"
#include "gateway/routing/surroundings.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace gateway::routing {

/// What providers do in a simulated call.
struct Misbehaviour
{
    const ProviderFaults &faults;
    std::function<Duration(const Target &)> firstByteLimit; ///< how long a slow one is waited for
};

/// Lets a call go through a plan as calls do (AttemptSequence): what rests now rests, who misbehaves fails, the first other one
/// answers. Nothing is sent, counted, claimed or advanced. Any thread; allocates freely.
/// @param seed  for what is drawn
/// @param star  as for AttemptSequence
[[nodiscard]] Simulation simulate(const std::shared_ptr<const Plan> &plan, const Surroundings &around, const CallFacts &call, const Misbehaviour &misbehaviour, std::uint64_t seed,
                                  std::string_view star, SteadyTime now);

} // namespace gateway::routing
