// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/buffer_pool.h"
#include "gateway/net/call_wait.h"
#include "gateway/net/channel.h"
#include "gateway/net/upstream_pool.h"
#include "gateway/pipeline/tunnel.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace gateway::net {

class WorkerCore;

/// A caller's connection joined with a provider's. See pipeline::Tunnel.
class ConnectionTunnel final : public pipeline::Tunnel, private UpstreamUser
{
public:
    /// The caller's side. Who owns the connection passes its events on to poke().
    struct Caller
    {
        ChannelPtr channel;
        std::string early;       ///< what came before there was a tunnel
        ConnectionTunnel *&self; ///< this tunnel while it lives, then null
    };

    /// @param writeTimeout  an end that takes nothing for so long counts as closed
    ConnectionTunnel(WorkerCore &worker, Caller caller, UpstreamConnectionPtr provider, pipeline::CancelSource &cancel, Duration writeTimeout);
    ~ConnectionTunnel() override;

    pipeline::Task<pipeline::TunnelEvent> next(SteadyTime wake) override;
    void send(pipeline::TunnelEnd to, std::string_view bytes) override;
    [[nodiscard]] bool isSent(pipeline::TunnelEnd to) const override;

    void poke() { m_wait.poke(); } ///< the caller's channel is readable or writable
    void drain();

private:
    struct End
    {
        End(BufferPool &pool, Channel &itsChannel, std::string itsEarly) : channel(itsChannel), early(std::move(itsEarly)), in(pool) {}

        Channel &channel;
        std::string early;   ///< came before there was a tunnel, not told yet
        Buffer in;           ///< of the event that was told last
        std::string waiting; ///< to go there
        SteadyTime movedAt {}; ///< when it last took some of that
        bool closed = false;
        bool told = false;   ///< that it is closed
    };
    using Told = std::optional<pipeline::TunnelEvent>;

    void connectionReadable() override { m_wait.poke(); }
    void connectionWritable() override { m_wait.poke(); }

    End &at(pipeline::TunnelEnd end) { return m_ends[static_cast<std::size_t>(end)]; }
    void flush(End &end);
    Told receive(pipeline::TunnelEnd from);
    Told look();
    Told receiveSome(pipeline::TunnelEnd from);
    Told tellClosed(pipeline::TunnelEnd end);
    [[nodiscard]] SteadyTime stuckAt() const;
    void watch();

    WorkerCore &m_worker;
    ChannelPtr m_callerChannel;
    ConnectionTunnel *&m_self;
    UpstreamConnectionPtr m_provider;
    CallWait m_wait;
    Duration m_writeTimeout;
    std::array<End, 2> m_ends;
    pipeline::TunnelEnd m_first = pipeline::TunnelEnd::Caller; ///< who is looked at first, in turn
    std::size_t m_burst = 0; ///< bytes read since this last waited
    bool m_draining = false;
    bool m_drainTold = false;
};

} // namespace gateway::net
