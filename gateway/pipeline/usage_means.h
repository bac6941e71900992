// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace gateway::pipeline {

/// How calls of each route have turned out against their estimates (config.md, "The estimate"): running means, of calls that
/// budgets or limits hold for. One for each worker, on its thread; in memory alone.
class UsageMeans
{
public:
    struct Means
    {
        double input = 1;      ///< true input tokens for each that was estimated, within `least` and `most`
        double output = -1;    ///< tokens of an answer; negative: none has come yet
    };
    /// @param route  a number that is stable over edits
    [[nodiscard]] Means of(std::uint64_t route, Endpoint endpoint) const
    {
        const auto found = m_means.find(keyOf(route, endpoint));
        return found == m_means.end() ? Means() : found->second;
    }
    void learn(std::uint64_t route, Endpoint endpoint, std::int64_t estimatedInput, std::int64_t input, std::int64_t output);

private:
    static constexpr std::size_t mostKept = 10'000; ///< more routes than any configuration has: those of former ones
    static std::uint64_t keyOf(std::uint64_t route, Endpoint endpoint) { return route * 31 + static_cast<std::uint64_t>(endpoint); }

    std::unordered_map<std::uint64_t, Means> m_means;
};

} // namespace gateway::pipeline
