// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/listener.h"
#include "gateway/net/worker_pool.h"
#include "gateway/pipeline/http.h"

#include <arpa/inet.h>
#include <chrono>
#include <cstring>
#include <functional>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <type_traits>
#include <unistd.h>

/// Real sockets for the tests of net/: a raw client that says exactly what it wants, a raw server that does too, and a
/// gateway of nothing but net/ with the test's own handler.
namespace nettest {

using namespace gateway;
using namespace std::chrono_literals;
using pipeline::CallerStream;
using pipeline::CancelSource;
using pipeline::HttpHead;
using pipeline::HttpRequest;
using pipeline::Task;
using pipeline::UpstreamBytes;

constexpr int patience = 10'000; ///< ms; only a broken test waits so long

/// True as soon as `condition` holds; polls.
inline bool eventually(const std::function<bool()> &condition)
{
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until)
            return false;
        std::this_thread::yield();
        ::poll(nullptr, 0, 1);
    }
    return true;
}

/// A blocking socket with patience.
class RawSocket
{
public:
    RawSocket() = default;
    explicit RawSocket(int descriptor) : m_descriptor(descriptor) { setUp(); }
    ~RawSocket() { close(); }
    RawSocket(RawSocket &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)), m_rest(std::move(other.m_rest)) {}
    RawSocket &operator=(RawSocket &&other) noexcept
    {
        close();
        m_descriptor = std::exchange(other.m_descriptor, -1);
        m_rest = std::move(other.m_rest);
        return *this;
    }

    static RawSocket to(int port, int receiveBuffer = 0)
    {
        RawSocket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (receiveBuffer > 0)
            ::setsockopt(socket.m_descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket.m_descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
            socket.close();
        return socket;
    }

    [[nodiscard]] bool ok() const { return m_descriptor >= 0; }
    [[nodiscard]] int descriptor() const { return m_descriptor; }

    bool send(std::string_view bytes) const
    {
        while (!bytes.empty()) {
            const ssize_t count = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    void sendByteByByte(std::string_view bytes) const
    {
        for (const char c : bytes)
            send({&c, 1});
    }

    /// What comes next, or empty at the end (or when patience ends; `timedOut` says which).
    std::string receiveSome(std::size_t most = 65536)
    {
        if (!m_rest.empty())
            return std::exchange(m_rest, {});
        std::string bytes(most, '\0');
        const ssize_t count = ::recv(m_descriptor, bytes.data(), bytes.size(), 0);
        timedOut = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        reset = count < 0 && errno == ECONNRESET;
        bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return bytes;
    }
    /// Up to and with `mark`; the rest is kept.
    std::string receiveUntil(std::string_view mark)
    {
        std::string bytes;
        for (;;) {
            const std::size_t at = bytes.find(mark);
            if (at != std::string::npos) {
                m_rest = bytes.substr(at + mark.size()) + m_rest;
                bytes.resize(at + mark.size());
                return bytes;
            }
            const std::string more = receiveSome();
            if (more.empty())
                return bytes;
            bytes += more;
        }
    }
    std::string receiveExactly(std::size_t size)
    {
        std::string bytes;
        while (bytes.size() < size) {
            const std::string more = receiveSome();
            if (more.empty())
                break;
            bytes += more;
        }
        if (bytes.size() > size) {
            m_rest = bytes.substr(size) + m_rest;
            bytes.resize(size);
        }
        return bytes;
    }
    std::string receiveAll()
    {
        std::string bytes;
        for (;;) {
            const std::string more = receiveSome();
            if (more.empty())
                return bytes;
            bytes += more;
        }
    }
    /// One answer with a Content-Length, or a chunked one (its chunks still on it).
    std::string receiveAnswer()
    {
        std::string head = receiveUntil("\r\n\r\n");
        const std::size_t at = head.find("Content-Length: ");
        if (at != std::string::npos)
            return head + receiveExactly(std::stoul(head.substr(at + 16)));
        if (head.find("chunked") != std::string::npos)
            return head + receiveUntil("0\r\n\r\n");
        return head;
    }

    void shutdownSend() const { ::shutdown(m_descriptor, SHUT_WR); }
    /// Closes with a reset.
    void abort()
    {
        const linger hard {1, 0};
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close();
    }
    void close()
    {
        if (m_descriptor >= 0)
            ::close(std::exchange(m_descriptor, -1));
    }

    bool timedOut = false;
    bool reset = false;

private:
    void setUp() const
    {
        const timeval limit {patience / 1000, 0};
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    }
    int m_descriptor = -1;
    std::string m_rest;
};

/// A server whose every connection runs a script on a thread of its own, one connection after another.
class RawServer
{
public:
    using Script = std::function<void(RawSocket &socket, int number)>;

    explicit RawServer(Script script, const char *address = "127.0.0.1")
        : m_script(std::move(script))
    {
        m_descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in where {};
        where.sin_family = AF_INET;
        ::inet_pton(AF_INET, address, &where.sin_addr);
        ::bind(m_descriptor, reinterpret_cast<sockaddr *>(&where), sizeof where);
        ::listen(m_descriptor, 64);
        socklen_t size = sizeof where;
        ::getsockname(m_descriptor, reinterpret_cast<sockaddr *>(&where), &size);
        port = ntohs(where.sin_port);
        m_thread = std::thread([this] { run(); });
    }
    ~RawServer()
    {
        ::shutdown(m_descriptor, SHUT_RDWR);
        m_thread.join();
        for (std::thread &thread : m_connections)
            thread.join();
        ::close(m_descriptor);
    }

    int port = 0;
    std::atomic<int> accepted {0};

private:
    void run()
    {
        for (;;) {
            const int descriptor = ::accept(m_descriptor, nullptr, nullptr);
            if (descriptor < 0)
                return;
            const int number = accepted++;
            m_connections.emplace_back([this, descriptor, number] {
                RawSocket socket(descriptor);
                m_script(socket, number);
            });
        }
    }
    Script m_script;
    int m_descriptor = -1;
    std::thread m_thread;
    std::vector<std::thread> m_connections;
};

using Handle = std::function<Task<void>(net::Worker &worker, const HttpRequest &request, CallerStream &caller)>;

/// A handler with a state of its own, which each call keeps: a coroutine lambda's captures would die with the lambda.
template <typename State>
Handle with(State state, std::type_identity_t<Task<void> (*)(State, net::Worker &, const HttpRequest &, CallerStream &)> handle)
{
    return [state, handle](net::Worker &worker, const HttpRequest &request, CallerStream &caller) { return handle(state, worker, request, caller); };
}

class FunctionHandler final : public pipeline::HttpHandler
{
public:
    FunctionHandler(net::Worker &worker, Handle handle) : m_worker(worker), m_handle(std::move(handle)) {}
    Task<void> handle(const HttpRequest &request, CallerStream &caller) override { return m_handle(m_worker, request, caller); }
    std::string refuse(int status, std::string_view path, std::string_view peer, std::string_view why) override
    {
        return std::to_string(status) + " " + std::string(path) + " " + std::string(why) + " from " + std::string(peer);
    }

private:
    net::Worker &m_worker;
    Handle m_handle;
};

/// Workers and a listener on a free port of 127.0.0.1.
class TestNet
{
public:
    explicit TestNet(Handle handle, net::ServerSettings settings = {}, net::WorkerPoolOptions options = {.workers = 2})
        : pool(std::move(options), [handle](net::Worker &worker) { return std::make_unique<FunctionHandler>(worker, handle); })
        , listener(pool)
    {
        pool.start();
        settings.listen = "127.0.0.1:0";
        const Result<net::BoundAddress> bound = listener.apply(settings);
        port = bound ? bound->port : 0;
        if (!bound)
            problem = bound.error().message;
    }
    ~TestNet()
    {
        listener.close();
        pool.stop();
    }

    net::WorkerPool pool;
    net::Listener listener;
    int port = 0;
    std::string problem;
};

inline std::string get(std::string_view path = "/")
{
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

inline std::string post(std::string_view body, std::string_view headers = {})
{
    return "POST /v1/chat HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

/// Answers with method, path, query and body.
inline Handle echo()
{
    return [](net::Worker &, const HttpRequest &request, CallerStream &caller) -> Task<void> {
        const std::string text = std::string(request.method) + " " + std::string(request.path) + "?" + std::string(request.query) + " " + std::string(request.body);
        HttpHead head;
        head.contentType = "text/plain";
        co_await caller.send(head, text);
    };
}

inline std::string bodyOf(const std::string &answer)
{
    const std::size_t at = answer.find("\r\n\r\n");
    return at == std::string::npos ? std::string {} : answer.substr(at + 4);
}

inline int statusOf(const std::string &answer)
{
    return answer.size() > 12 ? std::atoi(answer.c_str() + 9) : 0;
}

} // namespace nettest
