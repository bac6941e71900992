// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/explanation.h"
#include "gateway/routing/call_facts.h"
#include "gateway/routing/plan.h"
#include "gateway/routing/surroundings.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace gateway::routing {

/// What planning would do with this call now, were every attempt to fail: each node that it comes by, what that saw and
/// decided, and each target in the order in which it would be asked. Nothing is sent, counted, claimed or advanced.
/// Any thread; takes microseconds, allocates freely.
/// @param seed  for what is drawn: a call with another one may go elsewhere
/// @param star  as for AttemptSequence
[[nodiscard]] Explanation explain(const std::shared_ptr<const Plan> &plan, const Surroundings &around, const CallFacts &call, std::uint64_t seed, std::string_view star,
                                  SteadyTime now);

} // namespace gateway::routing
