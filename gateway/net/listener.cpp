// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/listener.h"

#include "gateway/net/forwarded.h"
#include "gateway/net/http_lines.h"
#include "gateway/net/port_owner.h"
#include "gateway/net/worker_core.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <future>
#include <sys/socket.h>
#include <unistd.h>

namespace gateway::net {

namespace ip = boost::asio::ip;

namespace {

constexpr int backlog = 4096;
constexpr int acceptsInARow = 64;
constexpr Duration outOfDescriptorsPause = std::chrono::milliseconds {100};
constexpr std::string_view fullAnswer = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 136\r\n\r\n"
                                        R"({"error":{"message":"The gateway has as many connections as it may (max_connections).","type":"server_error","param":null,"code":null}})"
                                        "\n";

Result<ip::tcp::endpoint> parseListen(const std::string &text)
{
    const std::size_t colon = text.rfind(':');
    const auto port = colon == std::string::npos ? std::nullopt : parseLength(std::string_view(text).substr(colon + 1));
    std::string host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    boost::system::error_code failed;
    const ip::address address = ip::make_address(host, failed);
    if (failed || !port || *port > 65535)
        return fail(ErrorCode::Invalid, fmt::format("\"{}\" is no listen address: write ADDR:PORT, such as 127.0.0.1:8787 or [::1]:8787.", text), "gateway.listen");
    return ip::tcp::endpoint(address, static_cast<std::uint16_t>(*port));
}

std::string endpointText(const ip::tcp::endpoint &endpoint)
{
    return endpoint.address().is_v6() ? fmt::format("[{}]:{}", addressText(endpoint.address()), endpoint.port()) : fmt::format("{}:{}", addressText(endpoint.address()), endpoint.port());
}

/// A bound and listening socket, or errno.
std::expected<int, int> bindSocket(const ip::tcp::endpoint &endpoint)
{
    const int descriptor = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return std::unexpected(errno);
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); // a restart need not wait for TIME_WAIT
    if (::bind(descriptor, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 || ::listen(descriptor, backlog) != 0) {
        const int code = errno;
        ::close(descriptor);
        return std::unexpected(code);
    }
    return descriptor;
}

Error bindError(const ip::tcp::endpoint &endpoint, int code)
{
    const std::string text = endpointText(endpoint);
    if (code == EADDRINUSE) {
        const std::string owner = portOwner(endpoint.port());
        const int free = Listener::freePortNear(text);
        return {.code = ErrorCode::Busy,
                .message = fmt::format("Port {} is in use{}.{}", endpoint.port(), owner.empty() ? " by another program" : " by " + owner, free > 0 ? fmt::format(" Port {} is free.", free) : ""),
                .where = "gateway.listen"};
    }
    if (code == EACCES)
        return {.code = ErrorCode::Invalid, .message = fmt::format("Port {} needs rights that this user does not have: choose one from 1024 on.", endpoint.port()), .where = "gateway.listen"};
    if (code == EADDRNOTAVAIL)
        return {.code = ErrorCode::Invalid, .message = fmt::format("{} is no address of this computer: use 127.0.0.1, or 0.0.0.0 for all.", addressText(endpoint.address())), .where = "gateway.listen"};
    return {.code = ErrorCode::Io, .message = fmt::format("{} cannot be listened on: {}.", text, std::strerror(code)), .where = "gateway.listen"};
}

} // namespace

/// The listening socket on worker 0's loop.
class Listener::Acceptor final : public std::enable_shared_from_this<Listener::Acceptor>, private Watched
{
public:
    Acceptor(SharedNet &shared, int descriptor)
        : m_shared(shared)
        , m_home(*shared.workers.front())
        , m_descriptor(descriptor)
        , m_pause(std::in_place, m_home.wheel(), &Acceptor::pauseOver, this)
    {
    }
    ~Acceptor()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }

    void setTls(SslContext tls) { std::atomic_store(&m_tls, std::move(tls)); }
    void setMaxConnections(int most) { m_maxConnections.store(most, std::memory_order_relaxed); }

    void start()
    {
        m_home.post([self = shared_from_this()] { self->watch(); });
    }

    /// From another thread than the workers'. Returns when the socket is closed, or after a second.
    void close()
    {
        const auto done = std::make_shared<std::promise<void>>();
        m_home.post([self = shared_from_this(), done] {
            self->m_pause.reset(); // here, where the wheel lives
            self->m_home.loop().forget(*self);
            ::close(std::exchange(self->m_descriptor, -1));
            done->set_value();
        });
        done->get_future().wait_for(std::chrono::seconds {1});
    }

private:
    /// Level-triggered: told again as long as somebody waits, so that callers who come in a flood leave the others a turn.
    void watch()
    {
        if (m_descriptor >= 0 && !m_home.loop().watch(m_descriptor, *this, EPOLLIN))
            pause();
    }

    void pause() { m_pause->set(m_home.loop().now() + outOfDescriptorsPause); }
    static void pauseOver(void *self) { static_cast<Acceptor *>(self)->watch(); }

    void onEvents(std::uint32_t) override
    {
        const auto self = shared_from_this();
        for (int i = 0; i < acceptsInARow; ++i) {
            const int descriptor = ::accept4(m_descriptor, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (descriptor >= 0) {
                hand(descriptor);
                continue;
            }
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                // Trying again at once would only burn the processor: the caller stays in the backlog.
                m_home.loop().unwatch(m_descriptor);
                pause();
                return;
            }
            if (errno == EAGAIN || errno == EWOULDBLOCK)
                return;
        }
    }

    void hand(int descriptor)
    {
        Counters &counters = m_shared.counters;
        const SslContext tls = std::atomic_load(&m_tls);
        if (counters.openConnections.load(std::memory_order_relaxed) >= m_maxConnections.load(std::memory_order_relaxed)) {
            counters.refusedConnections.fetch_add(1, std::memory_order_relaxed);
            if (!tls && ::send(descriptor, fullAnswer.data(), fullAnswer.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
                ::shutdown(descriptor, SHUT_WR);
            ::close(descriptor);
            return;
        }
        counters.acceptedConnections.fetch_add(1, std::memory_order_relaxed);
        counters.openConnections.fetch_add(1, std::memory_order_relaxed);
        WorkerCore *target = nullptr;
        for (std::size_t i = 0; i < m_shared.workers.size(); ++i) {
            WorkerCore &worker = *m_shared.workers[(m_next + i) % m_shared.workers.size()];
            if (target == nullptr || worker.connections.load(std::memory_order_relaxed) < target->connections.load(std::memory_order_relaxed))
                target = &worker;
        }
        ++m_next;
        target->connections.fetch_add(1, std::memory_order_relaxed);
        if (target == &m_home)
            target->adopt(descriptor, tls);
        else
            target->post([target, descriptor, tls] { target->adopt(descriptor, tls); });
    }

    SharedNet &m_shared;
    WorkerCore &m_home;
    int m_descriptor;
    std::optional<Deadline> m_pause;
    SslContext m_tls;
    std::atomic<int> m_maxConnections {0};
    std::size_t m_next = 0;
};

Listener::Listener(WorkerPool &pool)
    : m_pool(pool)
{
}

Listener::~Listener()
{
    close();
}

Result<BoundAddress> Listener::apply(const ServerSettings &settings)
{
    const Result<ip::tcp::endpoint> endpoint = parseListen(settings.listen);
    if (!endpoint)
        return std::unexpected(endpoint.error());
    SslContext tls;
    if (settings.tlsCert.empty() != settings.tlsKey.empty())
        return fail(ErrorCode::Invalid, "gateway.tls needs both a certificate and its key.", "gateway.tls");
    if (settings.tlsCert.empty() && !settings.tlsClientCa.empty())
        return fail(ErrorCode::Invalid, "gateway.tls.client_ca works only with a certificate and key of the gateway's own.", "gateway.tls.client_ca");
    if (!settings.tlsCert.empty()) {
        Result<SslContext> context = serverTlsContext(settings.tlsCert, settings.tlsKey, settings.tlsClientCa);
        if (!context)
            return std::unexpected(context.error());
        tls = std::move(*context);
    }

    std::shared_ptr<Acceptor> next = m_acceptor;
    BoundAddress bound = m_bound;
    if (!m_acceptor || settings.listen != m_settings.listen) {
        const Result<int> descriptor = bindBesides(*endpoint);
        if (!descriptor)
            return std::unexpected(descriptor.error());
        ip::tcp::endpoint actual = *endpoint;
        socklen_t size = static_cast<socklen_t>(actual.capacity());
        if (::getsockname(*descriptor, actual.data(), &size) == 0)
            actual.resize(size);
        bound.port = actual.port();
        bound.address = endpointText(actual);
        next = std::make_shared<Acceptor>(m_pool.shared(), *descriptor);
    }
    bound.tls = tls != nullptr;
    next->setTls(std::move(tls));
    next->setMaxConnections(settings.maxConnections);
    m_pool.publish(settings);
    if (next != m_acceptor) {
        next->start();
        close();
        m_acceptor = std::move(next);
    }
    m_settings = settings;
    m_bound = bound;
    return m_bound;
}

Result<int> Listener::bindBesides(const boost::asio::ip::tcp::endpoint &endpoint)
{
    std::expected<int, int> descriptor = bindSocket(endpoint);
    // From 127.0.0.1 to 0.0.0.0 on one port it is this listener itself that is in the way. The backlog's few
    // connections are lost; where the new address fails all the same, the old one is taken up again.
    const bool ownPort = m_acceptor && endpoint.port() == m_bound.port;
    if (!descriptor && descriptor.error() == EADDRINUSE && ownPort) {
        close();
        descriptor = bindSocket(endpoint);
        if (!descriptor) {
            const Error error = bindError(endpoint, descriptor.error());
            const ServerSettings before = m_settings;
            if (const Result<BoundAddress> back = apply(before); !back)
                return fail(error.code, error.message + " The former address is lost too: " + back.error().message, error.where);
            return std::unexpected(error);
        }
    }
    if (!descriptor)
        return std::unexpected(bindError(endpoint, descriptor.error()));
    return *descriptor;
}

void Listener::close()
{
    if (m_acceptor)
        m_acceptor->close();
    m_acceptor.reset();
}

const BoundAddress *Listener::bound() const
{
    return m_acceptor ? &m_bound : nullptr;
}

int Listener::freePortNear(const std::string &listen)
{
    const Result<ip::tcp::endpoint> endpoint = parseListen(listen);
    if (!endpoint)
        return 0;
    constexpr int tries = 50;
    for (int port = endpoint->port() + 1; port <= std::min(endpoint->port() + tries, 65535); ++port) {
        const std::expected<int, int> descriptor = bindSocket({endpoint->address(), static_cast<std::uint16_t>(port)});
        if (descriptor) {
            ::close(*descriptor);
            return port;
        }
    }
    return 0;
}

} // namespace gateway::net
