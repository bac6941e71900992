// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace gateway::routing {

/// splitmix64: cheap, and each call has a sequence of its own. Equal seeds give equal decisions.
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next()
    {
        m_state += 0x9E3779B97F4A7C15ULL;
        return mixed(m_state);
    }
    /// 0 to `end` - 1; 0 for an `end` of 0.
    std::uint64_t below(std::uint64_t end) { return end == 0 ? 0 : next() % end; }

    /// Spreads the bits of a number evenly.
    static constexpr std::uint64_t mixed(std::uint64_t z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t m_state;
};

} // namespace gateway::routing
