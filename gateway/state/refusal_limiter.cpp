// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/refusal_limiter.h"

#include <algorithm>

namespace gateway::state {

namespace {

std::int64_t secondOf(SteadyTime now)
{
    return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
}

} // namespace

std::string RefusalLimiter::networkOf(std::string_view peer)
{
    if (peer.find(':') == std::string_view::npos)
        return std::string(peer);
    // An abbreviated "::" before the fourth group stands for zeros; cutting there keeps what tells networks apart.
    std::size_t end = 0;
    for (int group = 0; group < 4 && end < peer.size(); ++group) {
        const std::size_t colon = peer.find(':', end);
        if (colon == std::string_view::npos || peer.substr(colon).starts_with("::")) {
            end = colon == std::string_view::npos ? peer.size() : colon;
            break;
        }
        end = colon + 1;
    }
    while (end > 0 && peer[end - 1] == ':')
        --end;
    return std::string(peer.substr(0, end)) + "::/64";
}

bool RefusalLimiter::admit(std::string_view peer, SteadyTime now)
{
    const std::int64_t second = secondOf(now);
    const std::scoped_lock lock(m_mutex);
    std::string key = networkOf(peer);
    auto found = m_peers.find(key);
    if (found == m_peers.end()) {
        if (m_peers.size() >= m_capacity)
            std::erase_if(m_peers, [second](const auto &entry) { return entry.second.second != second && entry.second.counted == 0; });
        if (m_peers.size() >= m_capacity)
            key.clear(); // too many at once: the rest share one allowance
        found = m_peers.try_emplace(std::move(key)).first;
    }
    Second &state = found->second;
    if (state.second != second) {
        state.second = second;
        state.seen = 0;
    }
    if (state.seen < recordsASecond) {
        ++state.seen;
        return true;
    }
    ++state.counted;
    return false;
}

std::vector<RefusalLimiter::Summary> RefusalLimiter::takeSummaries(SteadyTime now)
{
    const std::int64_t second = secondOf(now);
    std::vector<Summary> summaries;
    const std::scoped_lock lock(m_mutex);
    for (auto entry = m_peers.begin(); entry != m_peers.end();) {
        if (entry->second.second == second) {
            ++entry;
            continue;
        }
        if (entry->second.counted > 0)
            summaries.push_back({entry->first, entry->second.counted});
        entry = m_peers.erase(entry);
    }
    return summaries;
}

std::size_t RefusalLimiter::addresses() const
{
    const std::scoped_lock lock(m_mutex);
    return m_peers.size();
}

} // namespace gateway::state
