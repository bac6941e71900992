// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace gateway::pipeline {

struct CompiledConfig;

/// The configuration that new calls run under. One for each gateway. A call takes it once and keeps it to its end, so
/// that an edit fails no call (faults.md G04).
class ConfigHub
{
public:
    ConfigHub() = default;
    ConfigHub(const ConfigHub &) = delete;
    ConfigHub &operator=(const ConfigHub &) = delete;

    /// Swaps in the next configuration; workers see it with their next call. Any thread.
    void publish(std::shared_ptr<const CompiledConfig> next);

    /// The configuration of now; null before the first publish(). Any thread; takes a lock: workers use a Reader.
    [[nodiscard]] std::shared_ptr<const CompiledConfig> current() const;

    /// One worker's view: in between two edits it costs one relaxed load, and no counter that other workers write.
    class Reader
    {
    public:
        explicit Reader(const ConfigHub &hub) : m_hub(hub) {}
        /// The configuration of now. The owner's thread only.
        [[nodiscard]] const std::shared_ptr<const CompiledConfig> &current();

    private:
        const ConfigHub &m_hub;
        std::uint64_t m_seen = 0;
        std::shared_ptr<const CompiledConfig> m_config;
    };

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const CompiledConfig> m_config;
    std::atomic<std::uint64_t> m_version {0};
};

} // namespace gateway::pipeline
