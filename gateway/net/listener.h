// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/net/server_settings.h"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace gateway::net {

class WorkerPool;

/// Where the listener is.
struct BoundAddress
{
    std::string address;   ///< "127.0.0.1:8787" as bound
    std::uint16_t port = 0;
    bool tls = false;
};

/// Accepts callers and hands each connection to the worker with the fewest. Owned by the control thread.
///
/// One acceptor rather than SO_REUSEPORT for each worker: with that option a second gateway of the same user could
/// share the port in silence, and a handful of long-lived connections would often land on one worker.
class Listener
{
public:
    explicit Listener(WorkerPool &pool); ///< the pool outlives the listener
    ~Listener();                         ///< close()
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    /// Starts listening, or changes over: a new address is bound before the old one is closed, connections stay.
    /// Errors leave everything as it was. Invalid: the address or a TLS file; Busy: the port is taken (the message
    /// names the process where the system tells).
    Result<BoundAddress> apply(const ServerSettings &settings);
    /// Stops accepting; connections stay with their workers.
    void close();
    [[nodiscard]] const BoundAddress *bound() const; ///< nullptr where it is not up

    /// A free port near `port` on the address of "ADDR:PORT", or 0.
    static int freePortNear(const std::string &listen);

private:
    class Acceptor;
    Result<int> bindBesides(const boost::asio::ip::tcp::endpoint &endpoint);

    WorkerPool &m_pool;
    std::shared_ptr<Acceptor> m_acceptor;
    BoundAddress m_bound;
    ServerSettings m_settings;
};

} // namespace gateway::net
