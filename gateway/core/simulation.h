// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/money.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// A made-up call through a route while providers misbehave, to see where it goes. Plain values.
namespace gateway {

/// How a provider misbehaves in it.
enum class ProviderFault : std::uint8_t {
    Down,       ///< nobody takes the connection
    Slow,       ///< no first byte within the target's limit
    RateLimited ///< 429, without a word about when to come back
};

/// By provider name; the others answer.
using ProviderFaults = std::map<std::string, ProviderFault, std::less<>>;

/// A target that was asked, or passed over.
struct SimulatedStep
{
    enum class End : std::uint8_t { Answered, Failed, Skipped };
    End end = End::Answered;
    std::string node;            ///< its field below the route's `plan`: "fallback[0]"; of a reference's target the (first) reference's
    std::string provider, credential, model;
    std::string words;           ///< for people: "HTTP 429", "circuit open, for 12 s more"
    Duration startsAt {};        ///< since the call's begin: after waits and what was tried before
    Duration took {};            ///< of an answer: as expected from how the target did of late
    bool tookKnown = true;       ///< false: nobody can tell, `took` is zero
    std::optional<Money> cost {}; ///< of an answer, by the prices; nullopt: unknown, or none
};

struct Simulation
{
    std::vector<SimulatedStep> steps; ///< in their order in time
    bool answered = false;
    std::string error;           ///< what the caller would get, where nobody answered
    Duration latency {};         ///< until the answer or the error, as far as it is known
};

} // namespace gateway
