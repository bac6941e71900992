// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/key_attempts.h"

#include "gateway/state/refusal_limiter.h"

#include <cstring>
#include <functional>

namespace gateway::state {

std::uint64_t KeyAttempts::markOf(std::string_view peer, const KeyHasher::Digest &digest)
{
    std::uint64_t mark = 0; // a digest is evenly spread already
    std::memcpy(&mark, digest.data(), sizeof mark);
    return (mark ^ std::hash<std::string_view> {}(peer)) | 1;
}

bool KeyAttempts::isSlowed(std::string_view peer, const KeyHasher::Digest &digest, SteadyTime now)
{
    if (!m_any.load(std::memory_order_relaxed))
        return false;
    const std::uint64_t mark = markOf(peer, digest);
    if (placeOf(mark).load(std::memory_order_relaxed) == mark)
        return false;
    const std::string network = RefusalLimiter::networkOf(peer);
    const std::scoped_lock lock(m_mutex);
    const auto found = m_networks.find(m_networks.contains(network) ? network : std::string());
    return found != m_networks.end() && found->second.count >= wrongOnes && now - found->second.since < slowFor;
}

void KeyAttempts::wrong(std::string_view peer, const KeyHasher::Digest &digest, SteadyTime now)
{
    const std::uint64_t mark = markOf(peer, digest);
    const std::string network = RefusalLimiter::networkOf(peer);
    const std::scoped_lock lock(m_mutex);
    if (m_networks.size() >= mostNetworks)
        std::erase_if(m_networks, [&](const auto &each) { return now - each.second.since >= slowFor; });
    const bool full = m_networks.size() >= mostNetworks && !m_networks.contains(network);
    Network &counted = m_networks.try_emplace(full ? std::string() : network, Network {.since = now}).first->second;
    if (now - counted.since >= slowFor)
        counted = {.since = now};
    if (counted.last == mark)
        return;
    counted.last = mark;
    if (++counted.count >= wrongOnes)
        m_any.store(true, std::memory_order_relaxed);
}

void KeyAttempts::right(std::string_view peer, const KeyHasher::Digest &digest)
{
    const std::uint64_t mark = markOf(peer, digest);
    std::atomic<std::uint64_t> &place = placeOf(mark);
    if (place.load(std::memory_order_relaxed) != mark) // a line that all workers read stays theirs
        place.store(mark, std::memory_order_relaxed);
}

} // namespace gateway::state
