// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/upstream_pool.h"

#include "gateway/net/worker_core.h"

#include <algorithm>

namespace gateway::net {

UpstreamConnection::UpstreamConnection(std::shared_ptr<UpstreamPool> pool, ChannelPtr channel)
    : m_pool(std::move(pool))
    , m_channel(std::move(channel))
    , m_parser(m_pool->worker().buffers())
{
    m_channel->setUser(this);
    m_pool->worker().counters().upstreamConnections.fetch_add(1, std::memory_order_relaxed);
}

UpstreamConnection::~UpstreamConnection()
{
    if (m_channel->ssl() != nullptr)
        forgetSlot(m_channel->ssl());
    m_channel->close();
    m_pool->worker().counters().upstreamConnections.fetch_sub(1, std::memory_order_relaxed);
    m_pool->slot().give();
}

void UpstreamConnection::onReadable()
{
    if (m_user != nullptr)
        m_user->connectionReadable();
    else if (usable())
        m_channel->watchRead();
    else
        m_pool->drop(this);
}

bool UpstreamConnection::usable()
{
    if (!m_channel->readable())
        return true;
    // What was said of the socket may be about the last answer, and TLS has records of its own.
    char byte = 0;
    const Channel::Status status = m_channel->receive({&byte, 1}).status;
    return status == Channel::Status::WantRead || status == Channel::Status::WantWrite;
}

void UpstreamConnection::onWritable()
{
    if (m_user != nullptr)
        m_user->connectionWritable();
}

UpstreamPool::UpstreamPool(WorkerCore &worker, std::shared_ptr<UpstreamSlots::Slot> slot)
    : m_worker(worker)
    , m_slot(std::move(slot))
    , m_sweep(worker.wheel(), &UpstreamPool::sweep, this)
{
}

UpstreamConnectionPtr UpstreamPool::take()
{
    while (!m_idle.empty()) {
        UpstreamConnectionPtr connection = std::move(m_idle.back());
        m_idle.pop_back();
        if (connection->usable()) {
            connection->reused = true;
            return connection;
        }
    }
    return nullptr;
}

bool UpstreamPool::othersTurn()
{
    constexpr std::uint32_t ownInARow = 8; // a new connection costs: the others' calls get each eighth place, and wait no longer than that
    if (m_slot->waiters() <= (asked ? 1 : 0))
        return false;
    return waiting.empty() || ++m_returned % ownInARow == 0;
}

void UpstreamPool::giveBack(UpstreamConnectionPtr connection)
{
    if (othersTurn())
        return;
    connection->setUser(nullptr);
    connection->parser().releaseBuffers();
    connection->idleSince = std::chrono::steady_clock::now();
    // Stays watched for the next answer too: no system call to take it out again.
    connection->channel().watchRead();
    m_idle.push_back(std::move(connection));
    if (m_sweep.due() == pipeline::never)
        m_sweep.set(m_idle.front()->idleSince + m_worker.shared().options.upstreamIdle);
    tellFirst();
}

void UpstreamPool::tellFirst()
{
    if (!waiting.empty())
        waiting.front()->placeFree();
}

void UpstreamPool::drop(UpstreamConnection *connection)
{
    const auto found = std::ranges::find(m_idle, connection, &UpstreamConnectionPtr::get);
    if (found == m_idle.end())
        return;
    const std::shared_ptr<UpstreamPool> self = shared_from_this(); // the connection may be the last that held it
    const UpstreamConnectionPtr dead = std::move(*found);
    m_idle.erase(found);
}

bool UpstreamPool::closeOldest()
{
    if (m_idle.empty())
        return false;
    const UpstreamConnectionPtr dead = std::move(m_idle.front());
    m_idle.pop_front();
    return true;
}

void UpstreamPool::sweep(void *self)
{
    auto &pool = *static_cast<UpstreamPool *>(self);
    const std::shared_ptr<UpstreamPool> hold = pool.shared_from_this();
    const Duration limit = pool.m_worker.shared().options.upstreamIdle;
    const SteadyTime now = std::chrono::steady_clock::now();
    while (!pool.m_idle.empty() && pool.m_idle.front()->idleSince + limit <= now)
        pool.closeOldest();
    if (!pool.m_idle.empty())
        pool.m_sweep.set(pool.m_idle.front()->idleSince + limit);
}

} // namespace gateway::net
