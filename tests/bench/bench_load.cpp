// SPDX-License-Identifier: GPL-3.0-or-later
// The benchmark's caller: one thread, epoll, plain HTTP to a loopback port. Prints one JSON object.
//
//   bench_load closed  --port P --connections 64 --seconds 3        the next call as soon as one is answered
//   bench_load open    --port P --rate 200 --seconds 5              calls at that rate, whatever the answers do
//   bench_load streams --port P --connections 1000 --seconds 10     that many streams at any time; delay of each chunk
//   bench_load idle    --port P --connections 5000                  one call on each, then keeps them open until killed
//
// More: --path /v1/chat/completions --model NAME --header "Name: value" --size BYTES (of the request's body) --warmup SECONDS
//       --usage (asks for stream usage) --ids FILE (id and moment of each answered call) --tolerant (goes on when refused or cut)

#include "tests/bench/answer_reader.h"
#include "tests/bench/sockets.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace bench;

namespace {

struct Options
{
    std::string mode;
    int port = 0;
    int connections = 64;
    double seconds = 3;
    double warmup = 0.5;
    double rate = 200;
    std::size_t size = 1024;
    std::string path = "/v1/chat/completions";
    std::string model = "bench";
    std::string headers;
    std::string idsFile;
    bool usage = false;
    bool tolerant = false;
};

volatile std::sig_atomic_t stopAsked = 0; ///< SIGTERM: end now, and print

/// "s50x20": the mock upstream streams, and so the request says.
bool isStream(const std::string &model)
{
    int chunks = 0;
    int interval = 0;
    return std::sscanf(model.c_str(), "s%dx%d", &chunks, &interval) == 2;
}

std::string requestFor(const Options &options)
{
    std::string body = "{\"model\":\"" + options.model + "\",";
    if (isStream(options.model))
        body += options.usage ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "\"stream\":true,";
    body += R"("temperature":0.7,"max_tokens":256,"messages":[{"role":"system","content":"You are helpful."},{"role":"user","content":")";
    const std::string end = "\"}]}";
    body.append(options.size > body.size() + end.size() ? options.size - body.size() - end.size() : 1, 'q');
    body += end;
    return "POST " + options.path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options.port) + "\r\nContent-Type: application/json\r\n" + options.headers
        + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Every value kept: percentiles are exact.
class Samples
{
public:
    void add(std::int64_t ns) { m_values.push_back(ns); }
    [[nodiscard]] std::size_t count() const { return m_values.size(); }

    void print(const char *name)
    {
        std::sort(m_values.begin(), m_values.end());
        std::printf(", \"%s\": {\"count\": %zu, \"p50_us\": %.1f, \"p90_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f}", name, m_values.size(), at(0.5), at(0.9),
            at(0.99), at(1.0));
    }

private:
    [[nodiscard]] double at(double share) const
    {
        if (m_values.empty())
            return -1;
        const auto index = static_cast<std::size_t>(share * static_cast<double>(m_values.size() - 1));
        return static_cast<double>(m_values[index]) / 1000.0;
    }

    std::vector<std::int64_t> m_values;
};

struct Connection
{
    int socket = -1;
    bool busy = false;
    std::int64_t startedAt = 0;   ///< when the call was due
    std::int64_t lastChunkAt = 0;
    bool sawContent = false;
    bool sawDone = false;
    std::string line {};          ///< of the stream, until it is whole
    AnswerReader answer {};
};

class Load
{
public:
    explicit Load(const Options &options) : m_options(options), m_request(requestFor(options)), m_stream(isStream(options.model))
    {
        m_epoll = epoll_create1(0);
        m_timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
        watch(m_timer, 0);
        const auto seconds = [](double value) { return static_cast<std::int64_t>(value * 1e9); };
        m_begin = nowNs();
        m_measureFrom = m_begin + seconds(options.warmup);
        m_end = m_measureFrom + seconds(options.seconds);
    }

    int run()
    {
        if (m_options.mode == "open")
            runOpen();
        else if (m_options.mode == "idle")
            runIdle();
        else
            runClosed();
        print();
        writeIds();
        return 0;
    }

private:
    // --- how calls are started

    void runClosed()
    {
        // Streams begin spread over half a second, so that their chunks do not come all at once.
        const std::int64_t ramp = m_options.mode == "streams" ? 500'000'000 : 0;
        int opened = 0;
        while (nowNs() < m_end && !stopAsked) {
            while (opened < m_options.connections && nowNs() >= m_begin + ramp * opened / m_options.connections) {
                begin(open(), nowNs());
                ++opened;
            }
            poll(opened < m_options.connections ? 1 : 20);
            retryLater();
        }
    }

    void runOpen()
    {
        const double interval = 1e9 / m_options.rate;
        std::int64_t started = 0;
        armTimer(m_begin);
        for (;;) {
            const std::int64_t due = m_begin + static_cast<std::int64_t>(interval * static_cast<double>(started));
            if (due >= m_end || stopAsked)
                break;
            if (nowNs() >= due) {
                begin(free(), due);
                ++started;
                continue;
            }
            armTimer(due);
            poll(100);
        }
        const std::int64_t limit = nowNs() + 5'000'000'000;
        while (m_inFlight > 0 && nowNs() < limit)
            poll(10);
        m_unanswered = m_inFlight;
    }

    void runIdle()
    {
        m_measureFrom = 0;
        m_end = INT64_MAX;
        m_once = true;
        for (int i = 0; i < m_options.connections; ++i) {
            begin(open(), nowNs());
            while (m_inFlight >= 50)
                poll(10);
        }
        while (m_inFlight > 0)
            poll(10);
        print();
        std::fflush(stdout);
        for (;;)
            pause();
    }

    // --- connections

    Connection *open()
    {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address = loopback(m_options.port);
        if (socket < 0 || connect(socket, reinterpret_cast<sockaddr *>(&address), sizeof address)) {
            if (!m_options.tolerant)
                die("bench_load: connect");
            if (socket >= 0)
                ::close(socket);
            return nullptr;
        }
        setNoDelay(socket);
        if (m_connections.size() <= static_cast<std::size_t>(socket))
            m_connections.resize(static_cast<std::size_t>(socket) + 1);
        Connection &connection = m_connections[static_cast<std::size_t>(socket)];
        connection.socket = socket;
        watch(socket, socket);
        return &connection;
    }

    Connection *free()
    {
        while (!m_free.empty()) {
            const int socket = m_free.back();
            m_free.pop_back();
            Connection &connection = m_connections[static_cast<std::size_t>(socket)];
            if (connection.socket == socket && !connection.busy)
                return &connection;
        }
        return open();
    }

    void begin(Connection *connection, std::int64_t due)
    {
        if (!connection) {
            ++m_errors;
            ++m_toReopen;
            return;
        }
        connection->busy = true;
        connection->startedAt = due;
        connection->lastChunkAt = 0;
        connection->sawContent = false;
        connection->sawDone = false;
        connection->line.clear();
        connection->answer.reset();
        ++m_inFlight;
        if (send(connection->socket, m_request.data(), m_request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(m_request.size()))
            lose(*connection);
    }

    void lose(Connection &connection)
    {
        if (connection.busy) {
            ++m_errors;
            --m_inFlight;
        }
        ::close(connection.socket);
        connection = Connection {};
        ++m_toReopen;
    }

    /// Closed loops keep their number of connections: lost ones are opened again, every now and then.
    void retryLater()
    {
        if (m_toReopen == 0 || m_options.mode == "open" || nowNs() < m_retryAt)
            return;
        m_retryAt = nowNs() + 20'000'000;
        int count = m_toReopen;
        m_toReopen = 0;
        while (count-- > 0)
            begin(open(), nowNs());
    }

    // --- answers

    void poll(int milliseconds)
    {
        std::array<epoll_event, 512> events;
        const int count = epoll_wait(m_epoll, events.data(), events.size(), milliseconds);
        for (int i = 0; i < count; ++i) {
            const int socket = events[static_cast<std::size_t>(i)].data.fd;
            if (socket == 0) {
                std::uint64_t ticks = 0;
                static_cast<void>(!read(m_timer, &ticks, sizeof ticks));
            } else if (Connection &connection = m_connections[static_cast<std::size_t>(socket)]; connection.socket == socket) {
                readFrom(connection);
            }
        }
    }

    void readFrom(Connection &connection)
    {
        static char buffer[256 * 1024];
        const ssize_t size = recv(connection.socket, buffer, sizeof buffer, MSG_DONTWAIT);
        if (size <= 0) {
            if (size == 0 || (errno != EAGAIN && errno != EINTR))
                lose(connection);
            return;
        }
        const std::int64_t now = nowNs();
        const auto state = connection.answer.feed({buffer, static_cast<std::size_t>(size)}, [&](std::string_view body) {
            if (m_stream)
                readEvents(connection, body, now);
        });
        if (state == AnswerReader::State::Broken)
            lose(connection);
        else if (state == AnswerReader::State::Done)
            finish(connection, now);
    }

    void readEvents(Connection &connection, std::string_view body, std::int64_t now)
    {
        while (!body.empty()) {
            const std::size_t end = body.find('\n');
            connection.line.append(body.substr(0, end));
            if (end == std::string_view::npos)
                return;
            readLine(connection, now);
            connection.line.clear();
            body.remove_prefix(end + 1);
        }
    }

    void readLine(Connection &connection, std::int64_t now)
    {
        if (connection.line.starts_with("data: [DONE]")) {
            connection.sawDone = true;
            return;
        }
        const std::size_t mark = connection.line.find("\"t=");
        if (mark == std::string::npos)
            return;
        std::int64_t sentAt = 0;
        std::from_chars(connection.line.data() + mark + 3, connection.line.data() + connection.line.size(), sentAt);
        if (now >= m_measureFrom && now < m_end) {
            m_chunkDelay.add(now - sentAt);
            if (!connection.sawContent)
                m_firstToken.add(now - connection.startedAt);
        }
        connection.sawContent = true;
        connection.lastChunkAt = now;
    }

    void finish(Connection &connection, std::int64_t now)
    {
        --m_inFlight;
        connection.busy = false;
        const bool good = connection.answer.status() == 200 && (!m_stream || (connection.sawDone && connection.sawContent));
        if (!good) {
            ++m_errors;
            if (connection.answer.status() != m_lastStatus)
                std::fprintf(stderr, "bench_load: an answer with status %d\n", connection.answer.status());
            m_lastStatus = connection.answer.status();
        } else {
            if (!m_options.idsFile.empty())
                noteId(connection.answer.callId());
            if (connection.startedAt >= m_measureFrom && now < m_end) {
                m_latency.add(now - connection.startedAt);
                ++m_calls;
            }
        }
        ++m_answered;
        if (connection.answer.closes()) {
            lose(connection);
            return;
        }
        if (m_options.mode == "open")
            m_free.push_back(connection.socket);
        else if (now < m_end && !m_once)
            begin(&connection, now);
    }

    void noteId(const std::string &id)
    {
        timespec time {};
        clock_gettime(CLOCK_REALTIME, &time);
        char moment[32];
        const int size = std::snprintf(moment, sizeof moment, " %lld\n", static_cast<long long>(time.tv_sec * 1000LL + time.tv_nsec / 1'000'000));
        m_ids += id;
        m_ids.append(moment, static_cast<std::size_t>(size));
    }

    void writeIds() const
    {
        if (m_options.idsFile.empty())
            return;
        FILE *file = std::fopen(m_options.idsFile.c_str(), "w");
        if (!file || std::fwrite(m_ids.data(), 1, m_ids.size(), file) != m_ids.size())
            die("bench_load: --ids");
        std::fclose(file);
    }

    void print()
    {
        int stalled = 0;
        const std::int64_t now = nowNs();
        for (const Connection &connection : m_connections)
            stalled += m_stream && connection.busy && now - std::max(connection.lastChunkAt, connection.startedAt) > 5'000'000'000;
        std::printf("{\"calls\": %lld, \"answered\": %lld, \"errors\": %lld, \"unanswered\": %d, \"stalled\": %d, \"calls_per_s\": %.1f", static_cast<long long>(m_calls),
            static_cast<long long>(m_answered), static_cast<long long>(m_errors), m_unanswered, stalled, static_cast<double>(m_calls) / m_options.seconds);
        m_latency.print("latency");
        if (m_stream) {
            m_firstToken.print("first_token");
            m_chunkDelay.print("chunk_delay");
        }
        std::printf("}\n");
    }

    void watch(int descriptor, int mark) const
    {
        epoll_event event {.events = EPOLLIN, .data = {.fd = mark}};
        epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event);
    }

    void armTimer(std::int64_t at) const
    {
        itimerspec spec {};
        spec.it_value = {.tv_sec = at / 1'000'000'000, .tv_nsec = at % 1'000'000'000};
        timerfd_settime(m_timer, TFD_TIMER_ABSTIME, &spec, nullptr);
    }

    const Options &m_options;
    const std::string m_request;
    const bool m_stream;
    int m_epoll = -1;
    int m_timer = -1;
    std::int64_t m_begin = 0;
    std::int64_t m_measureFrom = 0;
    std::int64_t m_end = 0;
    std::int64_t m_retryAt = 0;
    bool m_once = false;
    std::deque<Connection> m_connections; ///< by descriptor; references stay valid while it grows
    std::vector<int> m_free;
    int m_inFlight = 0;
    int m_toReopen = 0;
    int m_unanswered = 0;
    int m_lastStatus = 200;
    std::int64_t m_calls = 0;    ///< good ones, begun and ended while it was measured
    std::int64_t m_answered = 0; ///< all, warm-up too
    std::int64_t m_errors = 0;
    std::string m_ids;
    Samples m_latency;
    Samples m_firstToken;
    Samples m_chunkDelay;
};

[[noreturn]] void usage(const char *why)
{
    std::fprintf(stderr, "bench_load: %s; the comment on top of bench_load.cpp says what there is\n", why);
    std::exit(2);
}

Options parse(int argc, char **argv)
{
    Options options;
    if (argc < 2)
        usage("closed, open, streams or idle?");
    options.mode = argv[1];
    for (int i = 2; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--usage") {
            options.usage = true;
            continue;
        }
        if (name == "--tolerant") {
            options.tolerant = true;
            continue;
        }
        if (++i == argc)
            usage("the last option lacks its value");
        const char *value = argv[i];
        if (name == "--port") options.port = std::atoi(value);
        else if (name == "--connections") options.connections = std::atoi(value);
        else if (name == "--seconds") options.seconds = std::atof(value);
        else if (name == "--warmup") options.warmup = std::atof(value);
        else if (name == "--rate") options.rate = std::atof(value);
        else if (name == "--size") options.size = std::strtoul(value, nullptr, 10);
        else if (name == "--path") options.path = value;
        else if (name == "--model") options.model = value;
        else if (name == "--header") options.headers += std::string(value) + "\r\n";
        else if (name == "--ids") options.idsFile = value;
        else usage("an option that it does not know");
    }
    if (options.port == 0)
        usage("--port is missing");
    return options;
}

} // namespace

int main(int argc, char **argv)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_TIMERSLACK, 1UL);
    raiseFileLimit();
    const Options options = parse(argc, argv);
    if (options.mode != "idle")
        std::signal(SIGTERM, [](int) { stopAsked = 1; });
    return Load(options).run();
}
