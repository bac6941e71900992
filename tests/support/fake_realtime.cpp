// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_realtime.h"

#include <arpa/inet.h>
#include <condition_variable>
#include <deque>
#include <fmt/format.h>
#include <mutex>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace support {

namespace {

std::string acceptOf(const std::string &key)
{
    const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
    unsigned char base64[64];
    return {reinterpret_cast<const char *>(base64), static_cast<std::size_t>(EVP_EncodeBlock(base64, digest, static_cast<int>(size)))};
}

std::string valueOf(const std::string &head, const std::string &name)
{
    const std::size_t at = head.find("\r\n" + name + ": ");
    return at == std::string::npos ? std::string() : head.substr(at + name.size() + 4, head.find("\r\n", at + 2) - at - name.size() - 4);
}

} // namespace

class FakeRealtime::Impl
{
public:
    explicit Impl(Options theOptions) : options(std::move(theOptions)), listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listener, reinterpret_cast<const sockaddr *>(&address), sizeof address);
        ::listen(listener, 16);
        ::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size);
        port = ntohs(address.sin_port);
        thread = std::thread([this] { serve(); });
    }

    ~Impl()
    {
        ::shutdown(listener, SHUT_RDWR);
        thread.join();
        ::close(listener);
    }

    void serve()
    {
        for (;;) {
            const int socket = ::accept(listener, nullptr, nullptr);
            if (socket < 0)
                return;
            std::string head;
            char buffer[4096];
            while (head.find("\r\n\r\n") == std::string::npos) {
                const auto got = ::recv(socket, buffer, sizeof buffer, 0);
                if (got <= 0)
                    break;
                head.append(buffer, static_cast<std::size_t>(got));
            }
            answer(socket, std::move(head));
        }
    }

    void answer(int socket, std::string head)
    {
        const std::string accept = options.wrongAccept.empty() ? acceptOf(valueOf(head, "Sec-WebSocket-Key")) : options.wrongAccept;
        const std::string bytes = options.refusal.empty() ? fmt::format("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n{}\r\n{}", accept, options.lines,
                                                                        options.early)
                                                          : options.refusal;
        const std::lock_guard lock(mutex); // before the answer goes out: whoever gets it may ask for the head
        ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        last = std::move(head);
        ++count;
        if (options.refusal.empty())
            sessions.emplace_back(socket, WebSocketPeer::Role::Server);
        else
            ::close(socket);
        changed.notify_all();
    }

    Options options;
    int listener;
    std::uint16_t port = 0;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<WebSocketPeer> sessions;
    std::string last;
    std::size_t count = 0;
    std::thread thread;
};

FakeRealtime::FakeRealtime(Options options) : m_impl(std::make_unique<Impl>(std::move(options))) {}
FakeRealtime::~FakeRealtime() = default;

std::string FakeRealtime::baseUrl() const
{
    return fmt::format("http://127.0.0.1:{}/v1", m_impl->port);
}

WebSocketPeer FakeRealtime::session()
{
    std::unique_lock lock(m_impl->mutex);
    if (!m_impl->changed.wait_for(lock, std::chrono::seconds(5), [&] { return !m_impl->sessions.empty(); }))
        return {};
    WebSocketPeer session = std::move(m_impl->sessions.front());
    m_impl->sessions.pop_front();
    return session;
}

std::string FakeRealtime::lastHead() const
{
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->last;
}

std::size_t FakeRealtime::handshakes() const
{
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->count;
}

} // namespace support
