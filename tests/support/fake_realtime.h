// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/websocket_peer.h"

#include <cstdint>
#include <memory>
#include <string>

namespace support {

/// A provider of realtime sessions on a loopback port. It answers handshakes; what it says then is the test's own business,
/// over the session that it takes here.
class FakeRealtime
{
public:
    struct Options
    {
        std::string refusal {};  ///< whole answer, in place of 101
        std::string wrongAccept {}; ///< Sec-WebSocket-Accept, in place of the right one
        std::string lines {};    ///< further headers of the 101
        std::string early {};    ///< bytes that leave in one write with the 101
    };

    FakeRealtime() : FakeRealtime(Options()) {}
    explicit FakeRealtime(Options options);
    ~FakeRealtime();
    FakeRealtime(const FakeRealtime &) = delete;
    FakeRealtime &operator=(const FakeRealtime &) = delete;

    [[nodiscard]] std::string baseUrl() const; ///< as configuration files say it
    /// The next session whose handshake was answered; a closed peer where none comes within five seconds.
    WebSocketPeer session();
    [[nodiscard]] std::string lastHead() const; ///< of the last handshake that came, with its request line
    [[nodiscard]] std::size_t handshakes() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace support
