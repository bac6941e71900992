// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/config_hub.h"

#include <utility>

namespace gateway::pipeline {

void ConfigHub::publish(std::shared_ptr<const CompiledConfig> next)
{
    {
        const std::lock_guard lock(m_mutex);
        m_config.swap(next);
        m_version.fetch_add(1, std::memory_order_release);
    }
    // The former one may die here, outside the lock.
}

std::shared_ptr<const CompiledConfig> ConfigHub::current() const
{
    const std::lock_guard lock(m_mutex);
    return m_config;
}

const std::shared_ptr<const CompiledConfig> &ConfigHub::Reader::current()
{
    const std::uint64_t version = m_hub.m_version.load(std::memory_order_acquire);
    if (version != m_seen) {
        auto shared = m_hub.current();
        const CompiledConfig *config = shared.get();
        // A control block of this worker's own: calls that take the configuration do not fight over one counter.
        auto own = std::make_shared<std::shared_ptr<const CompiledConfig>>(std::move(shared));
        m_config = std::shared_ptr<const CompiledConfig>(std::move(own), config);
        m_seen = version;
    }
    return m_config;
}

} // namespace gateway::pipeline
