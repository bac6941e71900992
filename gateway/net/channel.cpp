// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace gateway::net {

Channel::Channel(Socket socket)
    : m_socket(std::move(socket))
{
    boost::system::error_code ignored; // a socket that died meanwhile says so at its first use
    m_socket.native_non_blocking(true, ignored);
    m_socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

Channel::~Channel()
{
    close();
}

void Channel::startTls(SslPtr ssl)
{
    m_ssl = std::move(ssl);
    m_handshaken = false;
}

Channel::Status Channel::tlsStatus(int result)
{
    m_sslError = SSL_get_error(m_ssl.get(), result);
    switch (m_sslError) {
    case SSL_ERROR_WANT_READ: return Status::WantRead;
    case SSL_ERROR_WANT_WRITE: return Status::WantWrite;
    case SSL_ERROR_ZERO_RETURN: return Status::Closed;
    default: return Status::Failed;
    }
}

Channel::Status Channel::handshake()
{
    ERR_clear_error();
    errno = 0;
    const int result = SSL_do_handshake(m_ssl.get());
    if (result == 1) {
        m_handshaken = true;
        return Status::Ok;
    }
    const Status status = tlsStatus(result);
    return status == Status::Closed ? Status::Failed : status;
}

Channel::Io Channel::receive(std::span<char> space)
{
    if (!m_socket.is_open())
        return {Status::Failed, 0};
    if (m_ssl) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result = SSL_read_ex(m_ssl.get(), space.data(), space.size(), &count);
        if (result == 1)
            return {Status::Ok, count};
        return {tlsStatus(result), 0};
    }
    for (;;) {
        const ssize_t count = ::recv(m_socket.native_handle(), space.data(), space.size(), 0);
        if (count > 0)
            return {Status::Ok, static_cast<std::size_t>(count)};
        if (count == 0)
            return {Status::Closed, 0};
        if (errno == EINTR)
            continue;
        return {errno == EAGAIN || errno == EWOULDBLOCK ? Status::WantRead : Status::Failed, 0};
    }
}

bool Channel::buffered() const
{
    return m_ssl && SSL_pending(m_ssl.get()) > 0;
}

Channel::Io Channel::writeTls(const char *from, std::size_t size)
{
    Io io;
    while (io.count < size) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result = SSL_write_ex(m_ssl.get(), from + io.count, size - io.count, &count);
        if (result != 1) {
            io.status = tlsStatus(result);
            return io;
        }
        io.count += count;
    }
    return io;
}

Channel::Io Channel::sendTls(std::span<const iovec> pieces)
{
    // Small pieces leave in one record; a repeated try has the same bytes, as OpenSSL demands.
    static thread_local std::array<char, 16 * 1024> record;
    std::size_t total = 0;
    for (const iovec &piece : pieces)
        total += piece.iov_len;
    if (pieces.size() > 1 && total <= record.size()) {
        std::size_t at = 0;
        for (const iovec &piece : pieces) {
            if (piece.iov_len > 0)
                std::memcpy(record.data() + at, piece.iov_base, piece.iov_len);
            at += piece.iov_len;
        }
        return writeTls(record.data(), total);
    }
    Io io;
    for (const iovec &piece : pieces) {
        const Io part = writeTls(static_cast<const char *>(piece.iov_base), piece.iov_len);
        io.count += part.count;
        io.status = part.status;
        if (part.status != Status::Ok)
            break;
    }
    return io;
}

Channel::Io Channel::send(std::span<const iovec> pieces)
{
    if (!m_socket.is_open())
        return {Status::Failed, 0};
    if (m_ssl)
        return sendTls(pieces);
    msghdr message {};
    message.msg_iov = const_cast<iovec *>(pieces.data());
    message.msg_iovlen = pieces.size();
    for (;;) {
        const ssize_t count = ::sendmsg(m_socket.native_handle(), &message, MSG_NOSIGNAL);
        if (count >= 0)
            return {Status::Ok, static_cast<std::size_t>(count)};
        if (errno == EINTR)
            continue;
        return {errno == EAGAIN || errno == EWOULDBLOCK ? Status::WantWrite : Status::Failed, 0};
    }
}

void Channel::watchRead()
{
    if (m_readWatched || !m_socket.is_open())
        return;
    m_readWatched = true;
    m_socket.async_wait(Socket::wait_read, [self = ChannelPtr(this)](const boost::system::error_code &) {
        self->m_readWatched = false;
        // An error shows itself in the read that follows; a closed channel has no user to tell.
        if (self->m_user != nullptr && self->m_socket.is_open())
            self->m_user->onReadable();
    });
}

void Channel::watchWrite()
{
    if (m_writeWatched || !m_socket.is_open())
        return;
    m_writeWatched = true;
    m_socket.async_wait(Socket::wait_write, [self = ChannelPtr(this)](const boost::system::error_code &) {
        self->m_writeWatched = false;
        if (self->m_user != nullptr && self->m_socket.is_open())
            self->m_user->onWritable();
    });
}

void Channel::shutdownSend()
{
    if (!m_socket.is_open())
        return;
    if (m_ssl && m_handshaken) {
        ERR_clear_error();
        SSL_shutdown(m_ssl.get());
    }
    boost::system::error_code ignored; // the peer may be gone already
    m_socket.shutdown(Socket::shutdown_send, ignored);
}

void Channel::close(bool abort)
{
    m_user = nullptr;
    if (!m_socket.is_open())
        return;
    boost::system::error_code ignored;
    if (abort) {
        m_socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    } else if (m_ssl && m_handshaken) {
        ERR_clear_error();
        SSL_shutdown(m_ssl.get());
    }
    m_socket.close(ignored);
}

} // namespace gateway::net
