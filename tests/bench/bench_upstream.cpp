// SPDX-License-Identifier: GPL-3.0-or-later
// A mock of a provider that costs next to nothing: one thread, epoll, answers ready made. It speaks the format of the path
// that is asked for: OpenAI's, Anthropic's or Gemini's. What it does is in the model's name: "s50x20" streams 50 chunks,
// 20 ms apart, each with the moment at which it was sent; any other name gets a whole answer of 1.2 KB.
//
//   bench_upstream [PORT]     prints the port it listens on, runs until it is killed

#include "tests/bench/mock_answers.h"
#include "tests/bench/sockets.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

using namespace bench;

namespace {

constexpr std::int64_t tickNs = 1'000'000;
constexpr std::size_t wheelSize = 8192; // ticks: chunk intervals of up to eight seconds

struct Connection
{
    int socket = -1;
    unsigned generation = 0; ///< tells a timer that its stream is over
    Format format = Format::OpenAi;
    std::string in {};
    int chunksLeft = 0;
    int intervalMs = 0;
    bool wantsUsage = false;
};

struct Timer
{
    int socket;
    unsigned generation;
};

void appendChunk(std::string &out, std::string_view event)
{
    char size[24];
    out.append(size, static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx\r\n", event.size())));
    out.append(event);
    out += "\r\n";
}

class Upstream
{
public:
    explicit Upstream(int port) : m_wheel(wheelSize), m_tick(nowNs() / tickNs)
    {
        m_listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        const int on = 1;
        setsockopt(m_listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in address = loopback(port);
        if (bind(m_listener, reinterpret_cast<sockaddr *>(&address), sizeof address) || listen(m_listener, 8192))
            die("bench_upstream: listen");
        socklen_t size = sizeof address;
        getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size);
        std::printf("%d\n", ntohs(address.sin_port));
        std::fflush(stdout);
        m_epoll = epoll_create1(0);
        watch(m_listener);
    }

    [[noreturn]] void run()
    {
        std::array<epoll_event, 512> events;
        for (;;) {
            const int count = epoll_wait(m_epoll, events.data(), events.size(), m_streams ? 1 : 1000);
            for (int i = 0; i < count; ++i) {
                if (events[static_cast<std::size_t>(i)].data.fd == m_listener)
                    acceptAll();
                else
                    readFrom(events[static_cast<std::size_t>(i)].data.fd);
            }
            turnWheel();
        }
    }

private:
    void watch(int socket) const
    {
        epoll_event event {.events = EPOLLIN, .data = {.fd = socket}};
        epoll_ctl(m_epoll, EPOLL_CTL_ADD, socket, &event);
    }

    void acceptAll()
    {
        for (;;) {
            const int socket = accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK);
            if (socket < 0)
                return;
            setNoDelay(socket);
            if (m_connections.size() <= static_cast<std::size_t>(socket))
                m_connections.resize(static_cast<std::size_t>(socket) + 1);
            of(socket).socket = socket;
            watch(socket);
        }
    }

    Connection &of(int socket) { return m_connections[static_cast<std::size_t>(socket)]; }

    void readFrom(int socket)
    {
        static char buffer[256 * 1024];
        const ssize_t size = recv(socket, buffer, sizeof buffer, 0);
        if (size <= 0) {
            if (size == 0 || (errno != EAGAIN && errno != EINTR))
                drop(socket);
            return;
        }
        Connection &connection = of(socket);
        connection.in.append(buffer, static_cast<std::size_t>(size));
        while (connection.socket >= 0 && takeRequest(connection)) { }
    }

    bool takeRequest(Connection &connection)
    {
        const std::size_t headEnd = connection.in.find("\r\n\r\n");
        if (headEnd == std::string::npos)
            return false;
        const std::string_view head(connection.in.data(), headEnd);
        std::size_t length = 0;
        for (std::size_t at = 0; (at = head.find('\n', at)) != std::string_view::npos;) {
            ++at;
            if (strncasecmp(head.data() + at, "content-length:", 15) == 0)
                length = std::strtoul(head.data() + at + 15, nullptr, 10);
        }
        const std::size_t whole = headEnd + 4 + length;
        if (connection.in.size() < whole)
            return false;
        answer(connection, head, std::string_view(connection.in).substr(headEnd + 4, length));
        connection.in.erase(0, whole);
        return true;
    }

    void answer(Connection &connection, std::string_view head, std::string_view body)
    {
        int chunks = 0;
        int interval = 0;
        connection.format = formatOf(head);
        const std::string model(modelOf(connection.format, head, body));
        if (std::sscanf(model.c_str(), "s%dx%d", &chunks, &interval) == 2)
            beginStream(connection, chunks, interval, body.find("include_usage") != std::string_view::npos);
        else
            sendAll(connection, m_answers[static_cast<std::size_t>(connection.format)]);
    }

    void beginStream(Connection &connection, int chunks, int interval, bool wantsUsage)
    {
        connection.chunksLeft = chunks;
        connection.intervalMs = interval;
        connection.wantsUsage = wantsUsage;
        ++m_streams;
        std::string out = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        if (const std::string events = beginEvents(connection.format); !events.empty())
            appendChunk(out, events);
        continueStream(connection, std::move(out));
    }

    void continueStream(Connection &connection, std::string out)
    {
        do {
            appendChunk(out, contentEvent(connection.format, nowNs()));
            --connection.chunksLeft;
        } while (connection.chunksLeft > 0 && connection.intervalMs == 0);
        if (connection.chunksLeft > 0) {
            m_wheel[static_cast<std::size_t>(m_tick + connection.intervalMs) % wheelSize].push_back({connection.socket, connection.generation});
        } else {
            --m_streams;
            appendChunk(out, endEvents(connection.format, connection.wantsUsage));
            out += "0\r\n\r\n";
        }
        sendAll(connection, out);
    }

    void turnWheel()
    {
        const std::int64_t now = nowNs() / tickNs;
        while (m_tick < now) {
            ++m_tick;
            std::vector<Timer> due;
            due.swap(m_wheel[static_cast<std::size_t>(m_tick) % wheelSize]);
            for (const Timer &timer : due) {
                Connection &connection = of(timer.socket);
                if (connection.generation == timer.generation && connection.socket >= 0)
                    continueStream(connection, {});
            }
        }
    }

    /// A reader that is so far behind that the kernel takes no more is dropped: the load generator counts that as an error.
    void sendAll(Connection &connection, std::string_view bytes)
    {
        if (send(connection.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
            drop(connection.socket);
    }

    void drop(int socket)
    {
        Connection &connection = of(socket);
        if (connection.chunksLeft > 0)
            --m_streams;
        close(socket);
        const unsigned generation = connection.generation + 1;
        connection = Connection {};
        connection.generation = generation;
    }

    int m_listener = -1;
    int m_epoll = -1;
    int m_streams = 0;
    const std::array<std::string, 3> m_answers {wholeAnswer(Format::OpenAi), wholeAnswer(Format::Anthropic), wholeAnswer(Format::Gemini)};
    std::deque<Connection> m_connections; ///< by descriptor; references stay valid while it grows
    std::vector<std::vector<Timer>> m_wheel;
    std::int64_t m_tick;
};

} // namespace

int main(int argc, char **argv)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_TIMERSLACK, 1UL);
    raiseFileLimit();
    Upstream(argc > 1 ? std::atoi(argv[1]) : 0).run();
}
