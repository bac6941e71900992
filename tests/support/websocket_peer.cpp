// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/websocket_peer.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace support {

using Clock = std::chrono::steady_clock;

namespace {

constexpr std::uint32_t clientsMask = 0x5a13c7e1;

std::string maskBytes(std::uint32_t mask)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(mask >> shift);
    return bytes;
}

} // namespace

int WebSocketPeer::Frame::closeCode() const
{
    return opcode == 8 && body.size() >= 2 ? static_cast<unsigned char>(body[0]) * 256 + static_cast<unsigned char>(body[1]) : -1;
}

WebSocketPeer::WebSocketPeer(WebSocketPeer &&other) noexcept
    : m_socket(std::exchange(other.m_socket, -1)), m_role(other.m_role), m_in(std::move(other.m_in)), m_head(std::move(other.m_head)), m_ended(other.m_ended)
{
}

WebSocketPeer &WebSocketPeer::operator=(WebSocketPeer &&other) noexcept
{
    close();
    m_socket = std::exchange(other.m_socket, -1);
    m_role = other.m_role;
    m_in = std::move(other.m_in);
    m_head = std::move(other.m_head);
    m_ended = other.m_ended;
    return *this;
}

WebSocketPeer WebSocketPeer::open(std::uint16_t port, std::string_view target, std::string_view headers, int receiveBuffer)
{
    WebSocketPeer peer(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), Role::Client);
    if (receiveBuffer > 0)
        ::setsockopt(peer.m_socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(peer.m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return peer;
    peer.sendRaw(fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}\r\n",
                             target, headers));
    const auto until = Clock::now() + std::chrono::seconds(10);
    while (peer.m_in.find("\r\n\r\n") == std::string::npos && peer.readMore(until)) { }
    if (!peer.m_in.starts_with("HTTP/1.1 101 ")) { // a refusal has a body
        while (!peer.m_in.ends_with("}") && peer.readMore(until)) { }
        peer.m_head = std::exchange(peer.m_in, {});
        return peer;
    }
    const std::size_t end = peer.m_in.find("\r\n\r\n") + 4;
    peer.m_head = peer.m_in.substr(0, end);
    peer.m_in.erase(0, end);
    return peer;
}

std::string WebSocketPeer::frame(std::string_view body, int opcode, bool final, std::optional<std::uint32_t> mask)
{
    std::string out(1, static_cast<char>((final ? 0x80 : 0) | opcode));
    const int bit = mask ? 0x80 : 0;
    if (body.size() < 126) {
        out += static_cast<char>(bit | static_cast<int>(body.size()));
    } else {
        const bool large = body.size() > 65535;
        out += static_cast<char>(bit | (large ? 127 : 126));
        for (int shift = large ? 56 : 8; shift >= 0; shift -= 8)
            out += static_cast<char>(static_cast<std::uint64_t>(body.size()) >> shift);
    }
    if (!mask)
        return out.append(body);
    const std::string key = maskBytes(*mask);
    out += key;
    for (std::size_t i = 0; i < body.size(); ++i)
        out += static_cast<char>(body[i] ^ key[i % 4]);
    return out;
}

bool WebSocketPeer::sendRaw(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool WebSocketPeer::send(std::string_view text, int opcode, bool final)
{
    return sendRaw(frame(text, opcode, final, m_role == Role::Client ? std::optional(clientsMask) : std::nullopt));
}

bool WebSocketPeer::sendClose(int code, std::string_view reason)
{
    std::string body;
    body += static_cast<char>(code >> 8);
    body += static_cast<char>(code & 0xff);
    return send(body.append(reason), 8);
}

bool WebSocketPeer::readMore(Clock::time_point until)
{
    if (m_ended || m_socket < 0)
        return false;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd waiting {.fd = m_socket, .events = POLLIN, .revents = 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0)
        return false;
    char buffer[65536];
    const auto got = ::recv(m_socket, buffer, sizeof buffer, 0);
    if (got <= 0) {
        m_ended = true;
        return false;
    }
    m_in.append(buffer, static_cast<std::size_t>(got));
    return true;
}

WebSocketPeer::Frame WebSocketPeer::receive(Limit limit)
{
    const auto until = Clock::now() + limit;
    const auto has = [&](std::size_t size) {
        while (m_in.size() < size) {
            if (!readMore(until))
                return false;
        }
        return true;
    };
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(m_in[at]); };
    if (!has(2))
        return {};
    Frame frame {.opcode = byte(0) & 15, .final = (byte(0) & 0x80) != 0, .masked = (byte(1) & 0x80) != 0, .body = {}, .raw = {}};
    std::size_t at = 2;
    std::uint64_t size = byte(1) & 0x7f;
    if (const std::size_t more = size == 127 ? 8 : size == 126 ? 2 : 0) {
        if (!has(at + more))
            return {};
        size = 0;
        for (std::size_t i = 0; i < more; ++i)
            size = size << 8 | byte(at + i);
        at += more;
    }
    const std::size_t key = at;
    at += frame.masked ? 4 : 0;
    if (!has(at + size))
        return {};
    frame.body = m_in.substr(at, size);
    for (std::size_t i = 0; frame.masked && i < size; ++i)
        frame.body[i] = static_cast<char>(frame.body[i] ^ m_in[key + i % 4]);
    frame.raw = m_in.substr(0, at + size);
    m_in.erase(0, at + size);
    return frame;
}

WebSocketPeer::Frame WebSocketPeer::receiveData(Limit limit)
{
    Frame frame = receive(limit);
    while (frame.opcode == 9)
        frame = receive(limit);
    return frame;
}

bool WebSocketPeer::ended(Limit limit)
{
    const auto until = Clock::now() + limit;
    while (readMore(until))
        m_in.clear();
    return m_ended;
}

void WebSocketPeer::close()
{
    if (m_socket >= 0)
        ::close(std::exchange(m_socket, -1));
}

void WebSocketPeer::shutDown()
{
    ::shutdown(m_socket, SHUT_RDWR);
}

void WebSocketPeer::reset()
{
    const linger now {.l_onoff = 1, .l_linger = 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

} // namespace support
