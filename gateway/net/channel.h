// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/loop.h"
#include "gateway/net/tls.h"

#include <boost/asio/ip/address.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <sys/uio.h>

namespace gateway::net {

/// Who is told of a channel's readiness. Called from the worker's loop; may close or drop the channel.
class ChannelUser
{
public:
    virtual void onReadable() = 0;
    virtual void onWritable() = 0;

protected:
    ~ChannelUser() = default;
};

/// One TCP connection, plain or with TLS: receive() and send() try at once and never block; watchRead() and
/// watchWrite() tell the user when it is worth trying again. A watch stays until it fires once, over several requests
/// if need be. The kernel is asked once for all to tell of changes (edge-triggered epoll): a call costs one recv and one
/// sendmsg a side, and its share of an epoll_wait. Lives on one worker.
class Channel final : public boost::intrusive_ref_counter<Channel, boost::thread_unsafe_counter>, private Watched
{
public:
    enum class Status : std::uint8_t {
        Ok,
        WantRead,  ///< wait for readability, then try again
        WantWrite, ///< wait for writability, then try again
        Closed,    ///< the peer ended it cleanly (FIN; close_notify under TLS)
        Lost,      ///< reset by the peer, or cut short under TLS
        Failed,
    };
    struct Io
    {
        Status status = Status::Ok;
        std::size_t count = 0;
    };

    /// @param descriptor  a non-blocking socket, connected or connecting; owned from here on
    Channel(Loop &loop, int descriptor);
    ~Channel();

    void setUser(ChannelUser *user) { m_user = user; }
    /// TLS from here on; where there is TLS already, within that (to a provider, by way of a proxy that has its own).
    void startTls(SslPtr ssl);
    [[nodiscard]] bool hasTls() const { return m_ssl != nullptr; }
    /// A receive() may bring something: what the kernel said last, or decrypted bytes that wait within TLS.
    [[nodiscard]] bool readable() const { return m_readable || (m_ssl && buffered()); }
    /// The peer's FIN or a reset has come, perhaps behind bytes that are still to be read.
    [[nodiscard]] bool peerEnded() const { return m_ended; }
    [[nodiscard]] SSL *ssl() const { return m_ssl.get(); }
    /// One step of the handshake. Failed: sslError() says more.
    Status handshake();
    [[nodiscard]] int sslError() const { return m_sslError; }

    Io receive(std::span<char> space);
    /// Sends what the kernel takes of all pieces, as one gather write where there is no TLS.
    Io send(std::span<const iovec> pieces);

    void watchRead();
    void watchWrite();

    [[nodiscard]] bool open() const { return m_descriptor >= 0; }
    [[nodiscard]] int descriptor() const { return m_descriptor; }
    [[nodiscard]] boost::asio::ip::address peer() const; ///< unspecified where it is gone
    /// How a connect(2) that had to wait ended: 0, or errno. To be asked when it is writable.
    [[nodiscard]] int connectError() const;
    /// No more bytes from this side; with TLS its close_notify first, as far as the kernel takes it at once.
    void shutdownSend();
    /// @param abort  with a reset: what was sent may be lost, and the peer knows that it is not whole
    void close(bool abort = false);

private:
    void onEvents(std::uint32_t events) override;
    [[nodiscard]] bool buffered() const;
    Status tlsStatus(int result);
    Io receiveTls(std::span<char> space);
    Io sendTls(std::span<const iovec> pieces);
    Io writeTls(const char *from, std::size_t size);
    Io sendPlain(std::span<const iovec> pieces);

    Loop &m_loop;
    SslPtr m_outerSsl; ///< of the proxy; carries the bytes of m_ssl
    SslPtr m_ssl;
    ChannelUser *m_user = nullptr;
    int m_descriptor;
    int m_sslError = 0;
    bool m_readable = false;
    bool m_ended = false; ///< the peer's FIN or a reset has come: reading goes on until it shows
    bool m_readWatched = false;
    bool m_writeWatched = false;
    bool m_writeWaitsForRead = false; ///< TLS must read before it can write on
    bool m_readWaitsForWrite = false; ///< and the other way round
    bool m_asked = false;                        ///< the loop calls later
    bool m_handshaken = false;
};

using ChannelPtr = boost::intrusive_ptr<Channel>;

} // namespace gateway::net
