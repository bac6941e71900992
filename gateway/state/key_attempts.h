// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway::state {

/// Slows those down who try virtual keys. A network that has sent so many different wrong ones within a minute gets no key
/// looked up for the rest of it but those that were right from that very address before: programs that share it with
/// whoever guesses go on. Thread-safe; bounded; a call with a right key costs it two reads.
class KeyAttempts
{
public:
    static constexpr int wrongOnes = 100;         ///< different ones of a network within `slowFor`
    static constexpr Duration slowFor = std::chrono::minutes {1};
    static constexpr std::size_t mostNetworks = 4096; ///< that are counted each; beyond, all others are one

    /// Whether this key must not even be looked up now.
    /// @param peer  the caller's address without port
    [[nodiscard]] bool isSlowed(std::string_view peer, const KeyHasher::Digest &digest, SteadyTime now);
    /// It is nobody's. The same one again does not count: that is a program that was set up wrong.
    void wrong(std::string_view peer, const KeyHasher::Digest &digest, SteadyTime now);
    void right(std::string_view peer, const KeyHasher::Digest &digest);

private:
    struct Network
    {
        SteadyTime since {};
        int count = 0;
        std::uint64_t last = 0; ///< mark of the wrong one before
    };
    static std::uint64_t markOf(std::string_view peer, const KeyHasher::Digest &digest);
    std::atomic<std::uint64_t> &placeOf(std::uint64_t mark) { return m_right[mark % m_right.size()]; }

    std::array<std::atomic<std::uint64_t>, 4096> m_right {}; ///< marks of what was right; two of one place forget one another
    std::atomic<bool> m_any {false};                         ///< some network has reached its number, of late
    std::mutex m_mutex;
    std::unordered_map<std::string, Network> m_networks;     ///< guarded
};

} // namespace gateway::state
