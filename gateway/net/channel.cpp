// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace gateway::net {

namespace {

/// The peer has ended the connection, rather than that the network failed on the way.
bool lost(int error)
{
    return error == ECONNRESET || error == EPIPE;
}

bool again(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK;
}

} // namespace

Channel::Channel(Loop &loop, int descriptor)
    : m_loop(loop)
    , m_descriptor(descriptor)
{
    // A socket that died meanwhile says so at its first use.
    const int on = 1;
    ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!m_loop.watch(m_descriptor, *this, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET))
        close();
}

Channel::~Channel()
{
    close();
}

void Channel::onEvents(std::uint32_t events)
{
    const ChannelPtr self(this); // the user may let go of it
    if (events == 0)
        m_asked = false;
    if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        m_ended = true;
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        m_readable = true;
    const bool writable = (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) || (m_writeWaitsForRead && m_readable);
    if (writable && std::exchange(m_readWaitsForWrite, false))
        m_readable = true;
    if (m_readWatched && readable() && m_user != nullptr) {
        m_readWatched = false;
        m_user->onReadable();
    }
    if (m_writeWatched && writable && m_user != nullptr) {
        m_writeWatched = m_writeWaitsForRead = false;
        m_user->onWritable();
    }
}

boost::asio::ip::address Channel::peer() const
{
    sockaddr_storage storage {};
    socklen_t size = sizeof storage;
    if (::getpeername(m_descriptor, reinterpret_cast<sockaddr *>(&storage), &size) != 0)
        return {};
    if (storage.ss_family == AF_INET)
        return boost::asio::ip::address_v4(ntohl(reinterpret_cast<const sockaddr_in &>(storage).sin_addr.s_addr));
    boost::asio::ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6 &>(storage).sin6_addr, bytes.size());
    return boost::asio::ip::address_v6(bytes);
}

int Channel::connectError() const
{
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

void Channel::startTls(SslPtr ssl)
{
    if (m_ssl) {
        BIO *const through = BIO_new(BIO_f_ssl());
        BIO_set_ssl(through, m_ssl.get(), BIO_NOCLOSE);
        SSL_set_bio(ssl.get(), through, through);
        m_outerSsl = std::move(m_ssl);
    }
    m_ssl = std::move(ssl);
    m_handshaken = false;
}

Channel::Status Channel::tlsStatus(int result)
{
    m_sslError = SSL_get_error(m_ssl.get(), result);
    switch (m_sslError) {
    case SSL_ERROR_WANT_READ: m_readable = false; return Status::WantRead;
    case SSL_ERROR_WANT_WRITE: return Status::WantWrite;
    case SSL_ERROR_ZERO_RETURN: return Status::Closed;
    case SSL_ERROR_SYSCALL: return errno == 0 || lost(errno) ? Status::Lost : Status::Failed;
    default: return ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING ? Status::Lost : Status::Failed;
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
    return status == Status::Closed || status == Status::Lost ? Status::Failed : status;
}

Channel::Io Channel::receiveTls(std::span<char> space)
{
    ERR_clear_error();
    errno = 0;
    std::size_t count = 0;
    const int result = SSL_read_ex(m_ssl.get(), space.data(), space.size(), &count);
    if (result == 1)
        return {Status::Ok, count}; // there may be more: only WantRead says that the kernel has none
    const Status status = tlsStatus(result);
    if (status == Status::WantWrite) {
        m_readWaitsForWrite = true;
        m_readable = false;
    }
    return {status, 0};
}

Channel::Io Channel::receive(std::span<char> space)
{
    if (!open())
        return {Status::Failed, 0};
    if (m_ssl)
        return receiveTls(space);
    for (;;) {
        const ssize_t count = ::recv(m_descriptor, space.data(), space.size(), 0);
        if (count > 0) {
            // A short read emptied the socket (epoll(7)): trying again would only be told so.
            m_readable = static_cast<std::size_t>(count) == space.size() || m_ended;
            return {Status::Ok, static_cast<std::size_t>(count)};
        }
        if (count == 0)
            return {Status::Closed, 0};
        if (errno == EINTR)
            continue;
        if (!again(errno))
            return {lost(errno) ? Status::Lost : Status::Failed, 0};
        m_readable = false;
        return {Status::WantRead, 0};
    }
}

bool Channel::buffered() const
{
    return SSL_pending(m_ssl.get()) > 0 || (m_outerSsl && SSL_pending(m_outerSsl.get()) > 0);
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

Channel::Io Channel::sendPlain(std::span<const iovec> pieces)
{
    msghdr message {};
    message.msg_iov = const_cast<iovec *>(pieces.data());
    message.msg_iovlen = pieces.size();
    for (;;) {
        const ssize_t count = ::sendmsg(m_descriptor, &message, MSG_NOSIGNAL);
        if (count >= 0)
            return {Status::Ok, static_cast<std::size_t>(count)};
        if (errno == EINTR)
            continue;
        if (again(errno))
            return {Status::WantWrite, 0};
        return {lost(errno) ? Status::Lost : Status::Failed, 0};
    }
}

Channel::Io Channel::send(std::span<const iovec> pieces)
{
    if (!open())
        return {Status::Failed, 0};
    const Io io = m_ssl ? sendTls(pieces) : sendPlain(pieces);
    m_writeWaitsForRead = io.status == Status::WantRead;
    if (io.status == Status::Lost || io.status == Status::Failed)
        m_readable = true; // what came before the end may still be read
    return io;
}

void Channel::watchRead()
{
    if (!open())
        return;
    m_readWatched = true;
    if (readable() && !std::exchange(m_asked, true))
        m_loop.later(*this); // the kernel has told of it already and will not again
}

void Channel::watchWrite()
{
    m_writeWatched = open();
}

void Channel::shutdownSend()
{
    if (!open())
        return;
    if (m_ssl && m_handshaken) {
        ERR_clear_error();
        SSL_shutdown(m_ssl.get());
    }
    ::shutdown(m_descriptor, SHUT_WR); // the peer may be gone already
}

void Channel::close(bool abort)
{
    m_user = nullptr;
    if (!open())
        return;
    if (abort) {
        const linger reset {.l_onoff = 1, .l_linger = 0};
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    } else if (m_ssl && m_handshaken) {
        ERR_clear_error();
        SSL_shutdown(m_ssl.get());
    }
    m_readable = true; // a receive() says that it is closed
    m_loop.forget(*this);
    ::close(std::exchange(m_descriptor, -1)); // takes it out of the loop too
}

} // namespace gateway::net
