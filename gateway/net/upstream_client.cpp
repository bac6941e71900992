// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/upstream_client.h"

#include "gateway/net/upstream_exchange.h"
#include "gateway/net/worker_core.h"

namespace gateway::net {

using pipeline::Task;

namespace {
/// More pools than this, and those that nobody uses any more are looked for.
constexpr std::size_t manyPools = 256;
}

std::shared_ptr<UpstreamPool> UpstreamClient::poolOf(const std::string &key)
{
    const auto found = m_pools.find(key);
    if (found != m_pools.end())
        return found->second;
    if (m_pools.size() > manyPools)
        std::erase_if(m_pools, [](const auto &entry) { return entry.second.use_count() == 1 && entry.second->idleCount() == 0; });
    auto pool = std::make_shared<UpstreamPool>(m_worker, m_worker.shared().slots.of(key));
    m_pools.emplace(key, pool);
    return pool;
}

Task<Result<std::unique_ptr<pipeline::UpstreamCall>>> UpstreamClient::start(pipeline::UpstreamRequest request, pipeline::CancelSource &cancel)
{
    std::shared_ptr<UpstreamPool> pool = poolOf(request.address->pool);
    auto exchange = std::make_unique<UpstreamExchange>(m_worker, std::move(pool), std::move(request), cancel);
    const Result<void> begun = co_await exchange->begin();
    if (!begun)
        co_return std::unexpected(begun.error());
    std::unique_ptr<pipeline::UpstreamCall> call = std::move(exchange);
    co_return call;
}

void UpstreamClient::askForPlace(const std::string &pool)
{
    for (const auto &other : m_worker.shared().workers) {
        if (other.get() == &m_worker)
            continue;
        other->post([core = other.get(), pool] {
            const auto found = core->upstream().m_pools.find(pool);
            if (found != core->upstream().m_pools.end())
                found->second->closeOldest();
        });
    }
}

void UpstreamClient::closeIdle()
{
    for (const auto &[key, pool] : m_pools)
        pool->closeAll();
}

} // namespace gateway::net
