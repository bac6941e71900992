// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/pipeline/task.h"

#include <cstdint>
#include <string_view>

namespace gateway::pipeline {

/// The two ends of a Tunnel.
enum class TunnelEnd : std::uint8_t { Caller, Provider };

constexpr TunnelEnd otherEnd(TunnelEnd end)
{
    return end == TunnelEnd::Caller ? TunnelEnd::Provider : TunnelEnd::Caller;
}

/// What happens next in a tunnel.
struct TunnelEvent
{
    enum class Kind : std::uint8_t {
        Bytes,    ///< `bytes` came from `end`; they hold until the next call
        Closed,   ///< `end` has closed its connection, or takes nothing any more: nothing comes from there, told once
        Draining, ///< the gateway shuts down, told once
        Woken,    ///< the wake moment passed
        Cancelled ///< the call's CancelSource fired
    };
    Kind kind = Kind::Cancelled;
    TunnelEnd end = TunnelEnd::Caller;
    std::string_view bytes {};
};

/// A caller's and a provider's connection that have both left HTTP behind (101). One coroutine serves both directions, and
/// neither holds up the other: what an end does not take at once waits here, and meanwhile nothing is read from the end that
/// it came from (back-pressure). Made by CallerStream::join(); destroying it closes the provider's connection, the caller's
/// closes when its handler returns. Lives on its worker.
class Tunnel
{
public:
    virtual ~Tunnel() = default;
    /// Waits for the next event.
    virtual Task<TunnelEvent> next(SteadyTime wake) = 0;
    /// Gives bytes to an end. They are on their way, or go with the next calls of next(); to a closed end they are dropped.
    virtual void send(TunnelEnd to, std::string_view bytes) = 0;
    /// Nothing waits to go there.
    [[nodiscard]] virtual bool isSent(TunnelEnd to) const = 0;
};

} // namespace gateway::pipeline
