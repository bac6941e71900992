// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace app::demo {

/// For whom the demo's programs call, and in which conversation: what sessions, traces and costs by customer show. The same seed
/// and questions give the same callers. Not thread-safe.
class DemoCallers
{
public:
    explicit DemoCallers(std::uint32_t seed) : m_random(seed) {}

    struct Caller
    {
        std::string customer {};   ///< empty: of the house itself
        std::string session {};    ///< empty: a call on its own
        std::string trace {};      ///< 32 hex digits: the run of an agent; empty: none
        int turn = 0;              ///< calls of the session before this one
    };
    /// @param at  not before the one that was asked for last
    /// @param talks  whether it may belong to a conversation
    Caller next(std::string_view team, gateway::WallTime at, bool talks);

private:
    struct Conversation
    {
        Caller caller;
        gateway::WallTime last {};
    };
    bool chance(double share) { return std::uniform_real_distribution<double>(0, 1)(m_random) < share; }
    std::string hex(int digits);
    std::string customer();
    Conversation begin(std::string_view team);

    std::mt19937 m_random;
    std::map<std::string, std::vector<Conversation>, std::less<>> m_open; ///< by team
};

} // namespace app::demo
