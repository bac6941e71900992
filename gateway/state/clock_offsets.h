// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace gateway::state {

/// How far the clocks of hosts are from this machine's: a signature holds for five minutes around its time (wire.md section
/// 10). Learnt from what they say when they refuse one. Thread-safe; bounded: `capacity` hosts.
class ClockOffsets
{
public:
    static constexpr std::size_t capacity = 256;
    static constexpr Duration tolerated = std::chrono::minutes {2}; ///< less explains no refusal

    /// The host's clock, as near as it is known.
    [[nodiscard]] WallTime at(std::string_view host, WallTime now) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_offsets.find(host);
        return found == m_offsets.end() ? now : now + found->second;
    }

    /// @param theirs  what the host says that it is
    /// @return whether at() was wrong by more than is tolerated: it is right now
    bool learn(std::string_view host, WallTime theirs, WallTime now)
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_offsets.find(host);
        const std::chrono::microseconds known = found == m_offsets.end() ? std::chrono::microseconds {} : found->second;
        if (std::chrono::abs(theirs - (now + known)) <= tolerated)
            return false;
        if (found == m_offsets.end() && m_offsets.size() >= capacity)
            m_offsets.clear();
        m_offsets.insert_or_assign(std::string(host), theirs - now);
        return true;
    }

private:
    mutable std::mutex m_mutex;
    std::map<std::string, std::chrono::microseconds, std::less<>> m_offsets; ///< guarded
};

} // namespace gateway::state
