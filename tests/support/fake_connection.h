// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/script_state.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace support::detail {

/// What a connection tells and asks the provider that it belongs to. All on the provider's thread.
class ConnectionHost
{
public:
    virtual ~ConnectionHost() = default;
    /// Notes the request. @return its index, for the calls below
    virtual std::size_t note(Received request) = 0;
    virtual Rendered scriptFor(std::size_t request) = 0;
    virtual void answered(std::size_t request) = 0;
    virtual void clientLeft(std::size_t request) = 0;
    virtual void sent(std::size_t bytes) = 0;
    virtual void handshakeFailed() = 0;
    virtual void closed(std::size_t connection) = 0;
    /// A script has come to hold(). True where a release() has been given that nobody waited for yet; takes it.
    virtual bool comesToHold() = 0;
};

/// One accepted connection: reads requests all the time (so that it sees its client go), answers them one behind another.
class FakeConnection
{
public:
    virtual ~FakeConnection() = default;
    virtual void start() = 0;
    /// Goes on behind hold(), where it waits there. @return whether it did
    virtual bool release() = 0;
    virtual void closeIfIdle() = 0;
};

std::shared_ptr<FakeConnection> makeConnection(boost::asio::ip::tcp::socket socket, std::size_t number, ConnectionHost &host);
std::shared_ptr<FakeConnection> makeTlsConnection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context &context, std::size_t number, ConnectionHost &host);

} // namespace support::detail
