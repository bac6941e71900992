// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/routing/facts.h"
#include "gateway/routing/health_view.h"
#include "gateway/routing/plan.h"
#include "gateway/routing/random.h"
#include "gateway/routing/surroundings.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How balance nodes choose. Pure but for what they are given; allocates nothing.
namespace gateway::routing {

/// What choosing looks at.
struct Outlook
{
    Facts &facts;
    const Surroundings &around;
    std::string_view star;
    SteadyTime now;
    Random &random;
    bool dry = false; ///< nothing is to be taken: for explanations
};

/// Which of a node's were given already in this call.
struct Given
{
    std::uint32_t mask = 0; ///< a bit for each
    std::uint32_t last = 0; ///< meaningful where one was

    [[nodiscard]] bool has(std::size_t index) const { return (mask >> index & 1U) != 0; }
    void add(std::size_t index)
    {
        mask |= 1U << index;
        last = static_cast<std::uint32_t>(index);
    }
};

/// Who is asked next, of those that were not given yet; nullopt: all were.
///  - latency: of two drawn by chance the one that promises the sooner end: time to the first token, then the expected
///    answer at its tokens a second, times the calls in flight there and one, and more for its share of errors. Without
///    figures it promises the most, while nothing is in flight.
///  - cost: the cheapest for this call; unknown prices last.
///  - least-busy, usage: the fewest in flight; the least used of what is declared. Equal ones by chance.
///  - weight: drawn. round-robin: in turn, by weight.
///  - hash: rendezvous hashing of the field's value, by weight: a value keeps its choice while that is there. Without a
///    value: drawn by weight.
[[nodiscard]] std::optional<std::size_t> chooseNext(const Balance &balance, const Given &given, Outlook &outlook);

/// What a choice is judged by, in words: "0.41 s", "0.0021 USD", "3 in flight"; empty: by nothing of its own.
[[nodiscard]] std::string figureOf(const Balance &balance, const Choice &choice, Outlook &outlook);

/// What this call is expected to cost there; nullopt: the price is not known.
[[nodiscard]] std::optional<Money> expectedCost(const Target &target, Outlook &outlook);

/// How a target has been doing, over all its credentials.
[[nodiscard]] Figures figuresOf(const Target &target, const Outlook &outlook);

/// Seconds until this call's answer is whole, nothing else being in flight; nullopt: no figures yet.
[[nodiscard]] std::optional<double> expectedSeconds(const Figures &figures, const CallFacts &call);

} // namespace gateway::routing
