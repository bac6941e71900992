// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/tls.h"
#include "gateway/net/waiter.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <sys/uio.h>

namespace gateway::net {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

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
/// if need be: so a call costs one recv, one sendmsg and one re-arm a side. Lives on one worker.
class Channel : public boost::intrusive_ref_counter<Channel, boost::thread_unsafe_counter>
{
public:
    enum class Status : std::uint8_t {
        Ok,
        WantRead,  ///< wait for readability, then try again
        WantWrite, ///< wait for writability, then try again
        Closed,    ///< the peer ended it cleanly (FIN; close_notify under TLS)
        Failed,    ///< reset, or cut short under TLS
    };
    struct Io
    {
        Status status = Status::Ok;
        std::size_t count = 0;
    };

    explicit Channel(Socket socket);
    ~Channel();

    void setUser(ChannelUser *user) { m_user = user; }
    /// TLS from here on. @param server  this side answers the handshake
    void startTls(SslPtr ssl);
    [[nodiscard]] bool hasTls() const { return m_ssl != nullptr; }
    /// Decrypted bytes wait within TLS: the kernel would not say readable for them.
    [[nodiscard]] bool buffered() const;
    [[nodiscard]] SSL *ssl() const { return m_ssl.get(); }
    /// One step of the handshake. Failed: sslError() says more.
    Status handshake();
    [[nodiscard]] int sslError() const { return m_sslError; }

    Io receive(std::span<char> space);
    /// Sends what the kernel takes of all pieces, as one gather write where there is no TLS.
    Io send(std::span<const iovec> pieces);

    void watchRead();
    void watchWrite();
    [[nodiscard]] bool watchesRead() const { return m_readWatched; }

    [[nodiscard]] bool open() const { return m_socket.is_open(); }
    [[nodiscard]] Socket &socket() { return m_socket; }
    /// No more bytes from this side; with TLS its close_notify first, as far as the kernel takes it at once.
    void shutdownSend();
    /// @param abort  with a reset: what was sent may be lost, and the peer knows that it is not whole
    void close(bool abort = false);

private:
    Status tlsStatus(int result);
    Io sendTls(std::span<const iovec> pieces);
    Io writeTls(const char *from, std::size_t size);

    Socket m_socket;
    SslPtr m_ssl;
    ChannelUser *m_user = nullptr;
    int m_sslError = 0;
    bool m_readWatched = false;
    bool m_writeWatched = false;
    bool m_handshaken = false;
};

using ChannelPtr = boost::intrusive_ptr<Channel>;

} // namespace gateway::net
