// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

namespace support {

/// A call log that only remembers. Thread-safe.
class MemoryRecords final : public gateway::RecordSink
{
public:
    enum class Commits {
        AtOnce, ///< every record is stored as soon as it is pushed
        Held,   ///< records wait for commitAll()
    };

    void push(gateway::CallRecord record, std::move_only_function<void(bool)> onCommitted) override
    {
        std::move_only_function<void(bool)> committed;
        {
            const std::lock_guard lock(m_mutex);
            m_records.push_back(std::move(record));
            if (m_commits == Commits::Held && onCommitted)
                m_waiting.push_back(std::move(onCommitted));
            else
                committed = std::move(onCommitted);
        }
        m_changed.notify_all();
        if (committed)
            committed(true);
    }
    [[nodiscard]] bool healthy() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_healthy;
    }

    void setHealthy(bool healthy)
    {
        const std::lock_guard lock(m_mutex);
        m_healthy = healthy;
    }
    void setCommits(Commits commits)
    {
        const std::lock_guard lock(m_mutex);
        m_commits = commits;
    }
    void commitAll()
    {
        std::vector<std::move_only_function<void(bool)>> waiting;
        {
            const std::lock_guard lock(m_mutex);
            waiting.swap(m_waiting);
        }
        for (auto &committed : waiting)
            committed(true);
    }

    [[nodiscard]] std::vector<gateway::CallRecord> all() const
    {
        const std::lock_guard lock(m_mutex);
        return m_records;
    }
    /// Waits until there are so many; false after five seconds.
    [[nodiscard]] bool awaitCount(std::size_t count) const
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(5), [&] { return m_records.size() >= count; });
    }

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    std::vector<gateway::CallRecord> m_records;
    std::vector<std::move_only_function<void(bool)>> m_waiting;
    Commits m_commits = Commits::AtOnce;
    bool m_healthy = true;
};

} // namespace support
