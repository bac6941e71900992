// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/connection_tunnel.h"

#include "gateway/net/worker_core.h"

#include <algorithm>
#include <utility>

namespace gateway::net {

using pipeline::Task;
using pipeline::TunnelEnd;
using pipeline::TunnelEvent;
using Kind = pipeline::TunnelEvent::Kind;

namespace {

constexpr std::size_t readRoom = 8 * 1024;
constexpr std::size_t longestBurst = 256 * 1024; // then the worker's other connections have their turn

} // namespace

ConnectionTunnel::ConnectionTunnel(WorkerCore &worker, Caller caller, UpstreamConnectionPtr provider, pipeline::CancelSource &cancel, Duration writeTimeout)
    : m_worker(worker)
    , m_callerChannel(std::move(caller.channel))
    , m_self(caller.self)
    , m_provider(std::move(provider))
    , m_wait(worker.loop(), worker.wheel(), cancel)
    , m_writeTimeout(writeTimeout)
    , m_ends {End(worker.buffers(), *m_callerChannel, std::move(caller.early)), End(worker.buffers(), m_provider->channel(), m_provider->parser().takeRest())}
{
    m_self = this;
    m_provider->setUser(this);
    m_provider->parser().releaseBuffers();
    m_draining = worker.draining();
}

ConnectionTunnel::~ConnectionTunnel()
{
    m_self = nullptr;
}

void ConnectionTunnel::drain()
{
    m_draining = true;
    m_wait.pokeSoon();
}

void ConnectionTunnel::flush(End &end)
{
    while (!end.waiting.empty() && !end.closed) {
        const iovec piece {.iov_base = end.waiting.data(), .iov_len = end.waiting.size()};
        const Channel::Io io = end.channel.send({&piece, 1});
        if (io.count > 0) {
            end.waiting.erase(0, io.count);
            end.movedAt = m_worker.loop().now();
        }
        if (io.status == Channel::Status::WantWrite || io.status == Channel::Status::WantRead)
            return;
        end.closed = io.status != Channel::Status::Ok;
    }
}

void ConnectionTunnel::send(TunnelEnd to, std::string_view bytes)
{
    End &end = at(to);
    if (end.closed)
        return;
    if (end.waiting.empty())
        end.movedAt = m_worker.loop().now();
    end.waiting.append(bytes);
    flush(end);
}

bool ConnectionTunnel::isSent(TunnelEnd to) const
{
    const End &end = m_ends[static_cast<std::size_t>(to)];
    return end.closed || end.waiting.empty();
}

ConnectionTunnel::Told ConnectionTunnel::tellClosed(TunnelEnd end)
{
    at(end).closed = true;
    if (std::exchange(at(end).told, true))
        return std::nullopt;
    return TunnelEvent {.kind = Kind::Closed, .end = end};
}

ConnectionTunnel::Told ConnectionTunnel::receiveSome(TunnelEnd from)
{
    End &end = at(from);
    if (!end.early.empty()) {
        end.in.clear();
        end.in.append(std::exchange(end.early, {}));
        return TunnelEvent {.kind = Kind::Bytes, .end = from, .bytes = end.in.view()};
    }
    if (!end.channel.readable())
        return std::nullopt;
    end.in.clear();
    end.in.reserve(readRoom);
    const Channel::Io io = end.channel.receive(end.in.tail());
    if (io.status == Channel::Status::WantRead || io.status == Channel::Status::WantWrite)
        return std::nullopt;
    if (io.status != Channel::Status::Ok)
        return tellClosed(from);
    end.in.commit(io.count);
    m_burst += io.count;
    return TunnelEvent {.kind = Kind::Bytes, .end = from, .bytes = end.in.view()};
}

ConnectionTunnel::Told ConnectionTunnel::receive(TunnelEnd from)
{
    End &end = at(from);
    if (end.closed)
        return tellClosed(from);
    if (isSent(otherEnd(from)))
        return receiveSome(from);
    // What it sends cannot be taken, but that it has left is worth knowing at once.
    return end.channel.peerEnded() ? tellClosed(from) : std::nullopt;
}

ConnectionTunnel::Told ConnectionTunnel::look()
{
    for (End &end : m_ends)
        flush(end);
    if (m_draining && !std::exchange(m_drainTold, true))
        return TunnelEvent {.kind = Kind::Draining};
    m_first = otherEnd(m_first);
    for (const TunnelEnd end : {m_first, otherEnd(m_first)}) {
        if (Told told = receive(end))
            return told;
    }
    const SteadyTime now = m_worker.loop().now();
    for (const TunnelEnd end : {TunnelEnd::Caller, TunnelEnd::Provider}) {
        if (!isSent(end) && now >= at(end).movedAt + m_writeTimeout)
            return tellClosed(end);
    }
    return std::nullopt;
}

SteadyTime ConnectionTunnel::stuckAt() const
{
    SteadyTime first = pipeline::never;
    for (const End &end : m_ends) {
        if (!end.closed && !end.waiting.empty())
            first = std::min(first, end.movedAt + m_writeTimeout);
    }
    return first;
}

void ConnectionTunnel::watch()
{
    for (const TunnelEnd each : {TunnelEnd::Caller, TunnelEnd::Provider}) {
        End &end = at(each);
        end.in.release();
        if (end.closed)
            continue;
        if (!end.waiting.empty())
            end.channel.watchWrite();
        if (isSent(otherEnd(each)) || !end.channel.readable()) // else it would be told again and again of what cannot be taken
            end.channel.watchRead();
    }
    m_burst = 0;
}

Task<TunnelEvent> ConnectionTunnel::next(SteadyTime wake)
{
    for (;;) {
        if (m_wait.cancelled())
            co_return TunnelEvent {.kind = Kind::Cancelled};
        if (m_burst >= longestBurst) {
            m_burst = 0;
            co_await m_wait.yield();
        }
        if (const Told told = look())
            co_return *told;
        if (m_worker.loop().now() >= wake)
            co_return TunnelEvent {.kind = Kind::Woken};
        watch();
        m_wait.arm(std::min(wake, stuckAt()));
        co_await m_wait.wait();
        m_wait.disarm();
    }
}

} // namespace gateway::net
