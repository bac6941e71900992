// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/channel.h"
#include "gateway/net/deadline_wheel.h"
#include "gateway/net/response_parser.h"
#include "gateway/net/tls.h"
#include "gateway/net/upstream_slots.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace gateway::net {

class UpstreamPool;
class WorkerCore;

/// Who uses an upstream connection right now.
class UpstreamUser
{
public:
    virtual void connectionReadable() = 0;
    virtual void connectionWritable() = 0;

protected:
    ~UpstreamUser() = default;
};

/// One connection to a provider: in use by a call, or idle in its pool with a read watched, which notices at once when
/// the provider closes it. Holds its place under the pool's limit as long as it lives.
class UpstreamConnection final : private ChannelUser
{
public:
    UpstreamConnection(std::shared_ptr<UpstreamPool> pool, ChannelPtr channel);
    ~UpstreamConnection();

    [[nodiscard]] Channel &channel() { return *m_channel; }
    [[nodiscard]] ResponseParser &parser() { return m_parser; }
    [[nodiscard]] UpstreamPool &pool() { return *m_pool; }
    void setUser(UpstreamUser *user) { m_user = user; }
    /// Of an idle one: neither closed, nor are there bytes that nobody asked for.
    [[nodiscard]] bool usable();

    bool reused = false;
    SteadyTime idleSince {};

private:
    void onReadable() override;
    void onWritable() override;

    std::shared_ptr<UpstreamPool> m_pool;
    ChannelPtr m_channel;
    ResponseParser m_parser;
    UpstreamUser *m_user = nullptr;
};

using UpstreamConnectionPtr = std::unique_ptr<UpstreamConnection>;

/// One worker's idle connections of one pool key, and the calls of this worker that wait for one.
class UpstreamPool : public std::enable_shared_from_this<UpstreamPool>
{
public:
    UpstreamPool(WorkerCore &worker, std::shared_ptr<UpstreamSlots::Slot> slot);

    [[nodiscard]] WorkerCore &worker() { return m_worker; }
    [[nodiscard]] UpstreamSlots::Slot &slot() { return *m_slot; }
    [[nodiscard]] const std::shared_ptr<UpstreamSlots::Slot> &sharedSlot() { return m_slot; }
    [[nodiscard]] TlsSessionSlot &session() { return m_session; }

    /// The connection that was used last, or nullptr.
    UpstreamConnectionPtr take();
    void giveBack(UpstreamConnectionPtr connection);
    /// An idle connection was closed by its peer.
    void drop(UpstreamConnection *connection);
    bool closeOldest(); ///< false: none is idle
    void closeAll() { m_idle.clear(); }
    [[nodiscard]] std::size_t idleCount() const { return m_idle.size(); }

    /// Calls of this worker that wait for a place: told when a connection comes back.
    std::deque<class PlaceWait *> waiting;
    bool asked = false; ///< the slot will tell this pool of the next free place
    /// Tells the first of those who wait to look again.
    void tellFirst();

private:
    static void sweep(void *self);
    [[nodiscard]] bool othersTurn();

    WorkerCore &m_worker;
    std::uint32_t m_returned = 0;
    std::shared_ptr<UpstreamSlots::Slot> m_slot;
    TlsSessionSlot m_session;
    std::deque<UpstreamConnectionPtr> m_idle; ///< the oldest first
    Deadline m_sweep;
};

/// A call that waits for a place.
class PlaceWait
{
public:
    virtual void placeFree() = 0;

protected:
    ~PlaceWait() = default;
};

} // namespace gateway::net
