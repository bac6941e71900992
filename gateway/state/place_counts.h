// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace gateway::state {

/// How many attempts are under way at each provider, over all workers. Counted only while some route has a queue. Thread-safe.
class PlaceCounts
{
public:
    /// One attempt's place at its provider, as long as it lives.
    class Place
    {
    public:
        Place() = default;
        Place(Place &&other) noexcept : m_counts(std::exchange(other.m_counts, nullptr)), m_provider(other.m_provider) {}
        Place &operator=(Place &&other) noexcept
        {
            std::swap(m_counts, other.m_counts);
            std::swap(m_provider, other.m_provider);
            return *this;
        }
        ~Place()
        {
            if (m_counts)
                m_counts->give(m_provider);
        }
        [[nodiscard]] explicit operator bool() const { return m_counts != nullptr; }

    private:
        friend class PlaceCounts;
        Place(PlaceCounts &counts, std::uint64_t provider) : m_counts(&counts), m_provider(provider) {}
        PlaceCounts *m_counts = nullptr;
        std::uint64_t m_provider = 0;
    };

    /// @param provider  its stable id
    /// @param most      how many there may be; an empty place: there are as many
    [[nodiscard]] Place take(std::uint64_t provider, int most)
    {
        const std::scoped_lock lock(m_mutex);
        int &taken = m_taken[provider];
        if (taken >= most)
            return {};
        ++taken;
        return {*this, provider};
    }
    [[nodiscard]] int taken(std::uint64_t provider) const
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_taken.find(provider);
        return found == m_taken.end() ? 0 : found->second;
    }

private:
    void give(std::uint64_t provider)
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_taken.find(provider);
        if (--found->second == 0)
            m_taken.erase(found);
    }

    mutable std::mutex m_mutex;
    std::unordered_map<std::uint64_t, int> m_taken;
};

} // namespace gateway::state
