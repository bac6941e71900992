// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/worker_core.h"

#include "gateway/net/server_connection.h"
#include "gateway/net/upstream_client.h"
#include "gateway/net/wheel_timers.h"

#include <openssl/ssl.h>

#include <ctime>

namespace gateway::net {

SharedNet::SharedNet(WorkerPoolOptions theOptions)
    : options(std::move(theOptions))
{
    Result<SslContext> context = clientTlsContext(options.extraCaFile);
    if (context)
        clientTls = std::move(*context);
    else
        tlsProblem = context.error().message;
}

WorkerCore::WorkerCore(SharedNet &shared, int index)
    : m_shared(shared)
    , m_index(index)
    , m_wheel(std::chrono::steady_clock::now())
    , m_loop(m_wheel)
    , m_settings(std::make_shared<const ServerSettings>())
    , m_upstream(std::make_unique<UpstreamClient>(*this))
    , m_timers(std::make_unique<WheelTimers>(m_loop, m_wheel))
    , m_face(*this)
{
}

WorkerCore::~WorkerCore() = default;

pipeline::Timers &WorkerCore::timers()
{
    return *m_timers;
}

void WorkerCore::end()
{
    m_loop.drop();
    m_handler.reset();
}

void WorkerCore::adopt(int descriptor, const SslContext &tls)
{
    ChannelPtr channel(new Channel(m_loop, descriptor));
    if (tls) {
        SslPtr ssl(SSL_new(tls.get()));
        if (ssl && SSL_set_fd(ssl.get(), descriptor) == 1) {
            SSL_set_accept_state(ssl.get());
            channel->startTls(std::move(ssl));
        } else {
            channel->close();
        }
    }
    auto connection = std::make_unique<ServerConnection>(*this, std::move(channel));
    m_loop.start(ServerConnection::serve(std::move(connection)));
}

void WorkerCore::enter(ServerConnection &connection)
{
    connection.m_next = m_first;
    if (m_first != nullptr)
        m_first->m_previous = &connection;
    m_first = &connection;
}

void WorkerCore::leave(ServerConnection &connection)
{
    if (connection.m_previous != nullptr)
        connection.m_previous->m_next = connection.m_next;
    else
        m_first = connection.m_next;
    if (connection.m_next != nullptr)
        connection.m_next->m_previous = connection.m_previous;
    connections.fetch_sub(1, std::memory_order_relaxed);
    counters().openConnections.fetch_sub(1, std::memory_order_relaxed);
}

void WorkerCore::beginDrain()
{
    m_draining = true;
    for (ServerConnection *connection = m_first; connection != nullptr; connection = connection->m_next)
        connection->drain(); // wakes it; it leaves the list later
}

void WorkerCore::abortAll()
{
    m_draining = true;
    for (ServerConnection *connection = m_first; connection != nullptr; connection = connection->m_next)
        connection->abort();
    if (m_handler)
        m_handler->abort();
    m_upstream->closeIdle();
}

std::string_view WorkerCore::dateLine()
{
    const std::time_t second = std::time(nullptr);
    if (second != m_dateSecond) {
        m_dateSecond = second;
        std::tm parts {};
        gmtime_r(&second, &parts);
        static constexpr const char *days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static constexpr const char *months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::array<char, 64> text {}; // by hand: strftime would follow the locale
        const int size = std::snprintf(text.data(), text.size(), "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon],
                                       parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
        m_date.assign(text.data(), static_cast<std::size_t>(size));
    }
    return m_date;
}

} // namespace gateway::net
