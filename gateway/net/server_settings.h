// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gateway::net {

/// What the listener and its connections follow. A plain value; config.md names most of it. Published to every worker
/// as an immutable snapshot: connections take the new one with their next request.
struct ServerSettings
{
    std::string listen = "127.0.0.1:8787"; ///< "ADDR:PORT", "[::1]:PORT", "NAME:PORT" is refused; port 0: any free one
    std::string tlsCert;                   ///< PEM file with the chain; empty: plain HTTP
    std::string tlsKey;
    std::string tlsClientCa;               ///< PEM file: callers must show a certificate signed by it
    std::size_t maxHeader = 64 * 1024;     ///< request line and headers together; more is 431
    std::size_t maxBody = 32 * 1024 * 1024;///< after decoding gzip or zstd; more is 413
    std::size_t maxReading = 256 * 1024 * 1024; ///< held of all requests that are not whole yet; what asks for more is 503
    std::size_t maxRatio = 100;            ///< decoded to encoded size of a compressed body; more is 415
    int maxConnections = 20000;            ///< further ones get 503 and are closed
    std::vector<std::string> trustedProxies; ///< addresses and CIDR ranges that may say X-Forwarded-For
    Duration headTimeout = std::chrono::seconds {30};  ///< from a request's first byte to the end of its head; else 408
    Duration bodyTimeout = std::chrono::seconds {30};  ///< between two reads of a body; else 408
    Duration requestTimeout = std::chrono::seconds {300}; ///< for the whole request; else 408
    Duration keepAlive = std::chrono::seconds {75};    ///< an idle connection is closed after it
    Duration writeTimeout = std::chrono::seconds {120};///< a caller that takes no byte for so long counts as gone
};

} // namespace gateway::net
