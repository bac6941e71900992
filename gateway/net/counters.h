// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

namespace gateway::net {

/// What the network side has seen since the start. Relaxed atomics: readable from any thread at any time.
struct Counters
{
    std::atomic<std::int64_t> openConnections {0};    ///< callers' connections, now
    std::atomic<std::uint64_t> acceptedConnections {0};
    std::atomic<std::uint64_t> refusedConnections {0};///< over max_connections, or failed in their TLS handshake
    std::atomic<std::uint64_t> requests {0};          ///< complete ones, handed to the handler
    std::atomic<std::uint64_t> refusedRequests {0};   ///< malformed, too large, too slow
    std::atomic<std::int64_t> runningRequests {0};
    std::atomic<std::int64_t> readingBytes {0};       ///< held of requests that are not whole yet
    std::atomic<std::int64_t> upstreamConnections {0};///< open now, idle ones included
    std::atomic<std::uint64_t> upstreamDials {0};     ///< connections made
    std::atomic<std::uint64_t> upstreamStale {0};     ///< pooled connections that turned out closed and were replaced
};

} // namespace gateway::net
