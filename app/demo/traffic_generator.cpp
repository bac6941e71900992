// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/traffic_generator.h"

#include "app/demo/demo_callers.h"
#include "app/demo/demo_library.h"
#include "app/demo/demo_world.h"
#include "gateway/config/check.h"
#include "gateway/core/text.h"

#include <boost/asio.hpp>

#include <array>
#include <fmt/format.h>
#include <mutex>
#include <random>
#include <thread>

namespace app::demo {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Token = asio::as_tuple_t<asio::use_awaitable_t<>>;

constexpr int mostAtOnce = 64;
constexpr auto longestCall = std::chrono::seconds {120};

constexpr std::array<std::string_view, 6> questions {
    "Summarise the last incident report in three sentences for the weekly note.",
    "Write a friendly answer to a customer whose parcel is two days late and who asks for a refund.",
    "Which of these search results fits the query best? Explain in one line.",
    "Translate the following release note into German and keep the list as it is.",
    "Name five risks of moving our nightly batch jobs to a queue, most important first.",
    "Draft a subject line and two sentences for a mail about the new pricing page.",
};

constexpr std::array<std::string_view, 4> tickets {
    "The scanner app closes after the update. Reinstalling and a new login did not help. Write to marta.lindqvist@example.org.",
    "The refund for TCK-482910 never came. Please call me on +49 30 5550 1842 before noon.",
    "No label prints since Monday, cable and driver were tried. Project Bluebird waits for it.",
    "My account DE89 3704 0044 0532 0130 00 was charged twice for one parcel.",
};
constexpr std::array<std::string_view, 3> tiers {"free", "pro", "enterprise"};
constexpr double asksAgain = 0.3;    ///< share of chats that ask what somebody asked before
constexpr double namesPrompt = 0.35; ///< of the support team's calls of the prompt's route
constexpr double saysSomething = 0.4; ///< of the callers of a prompt

/// The address that reaches a listener which may be on every interface.
std::string reachable(const std::string &address)
{
    const auto listen = gateway::config::parseListen(address);
    if (!listen)
        return address;
    const bool any = listen->host.empty() || listen->host == "0.0.0.0" || listen->host == "::";
    return fmt::format("{}:{}", any ? "127.0.0.1" : listen->host, listen->port);
}

} // namespace

class TrafficGenerator::Impl
{
public:
    explicit Impl(std::string address) : m_address(reachable(address)), m_random(std::random_device {}()), m_callers(m_random())
    {
        asio::co_spawn(m_context, arrivals(), asio::detached);
        m_thread = std::thread([this] { m_context.run(); });
    }

    ~Impl()
    {
        m_context.stop();
        m_thread.join();
    }

    void moveTo(const std::string &address)
    {
        const std::lock_guard lock(m_mutex);
        m_address = reachable(address);
    }

private:
    asio::awaitable<void> arrivals()
    {
        asio::steady_timer timer(m_context);
        while (true) {
            const double rate = callsPerSecond(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
            std::exponential_distribution<double> gap(rate);
            timer.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(gap(m_random))));
            co_await timer.async_wait(asio::use_awaitable);
            if (m_running < mostAtOnce)
                asio::co_spawn(m_context, call(request()), asio::detached);
        }
    }

    template <typename T>
    const T &pick(std::span<const T> choices)
    {
        double at = std::uniform_real_distribution<double>(0, 1)(m_random);
        for (const T &choice : choices) {
            at -= choice.share;
            if (at < 0)
                return choice;
        }
        return choices.back();
    }

    bool chance(double share) { return std::uniform_real_distribution<double>(0, 1)(m_random) < share; }

    template <std::size_t Size>
    std::string_view any(const std::array<std::string_view, Size> &choices)
    {
        return choices[std::uniform_int_distribution<std::size_t>(0, Size - 1)(m_random)];
    }

    struct Request
    {
        std::string_view secret;
        std::string path, body;
        bool feedback = false; ///< something is said of its answer
        DemoCallers::Caller caller {};
    };

    Request request()
    {
        const DemoTeam &team = pick(demoTeams());
        const DemoRoute &route = pick(demoRoutes());
        const bool stream = chance(route.streaming);
        if (team.team == promptTeam && route.route == promptRoute && chance(namesPrompt))
            return {team.secret, "/v1/chat/completions",
                    fmt::format(R"({{"prompt_id":"{}","stream":{},"prompt_variables":{{"language":"English","customer_tier":"{}","text":{}}}}})", demoPrompt, stream, any(tiers), gateway::jsonQuoted(varied(any(tickets)))), chance(saysSomething)};
        const std::string question = gateway::jsonQuoted(varied(team.team == promptTeam && chance(asksAgain) ? any(tickets) : any(questions)));
        DemoCallers::Caller caller = m_callers.next(team.team, std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()), !route.embeddings);
        if (route.embeddings)
            return {.secret = team.secret, .path = "/v1/embeddings", .body = fmt::format(R"({{"model":"{}","input":[{}]}})", route.route, question), .caller = std::move(caller)};
        std::string body = fmt::format(R"({{"model":"{}","stream":{},"messages":[{}{{"role":"user","content":{}}}]}})", route.route, stream, turnsBefore(caller), question);
        return {.secret = team.secret, .path = "/v1/chat/completions", .body = std::move(body), .caller = std::move(caller)};
    }

    /// What was said in a conversation so far: the same each time.
    static std::string turnsBefore(const DemoCallers::Caller &caller)
    {
        std::string turns;
        for (int turn = 0; turn < caller.turn; ++turn) {
            const std::size_t which = (std::hash<std::string> {}(caller.session) + static_cast<std::size_t>(turn)) % questions.size();
            turns += fmt::format(R"({{"role":"user","content":{}}},{{"role":"assistant","content":"Done. Anything else?"}},)", gateway::jsonQuoted(questions[which]));
        }
        return turns;
    }

    /// Most ask about something else than all before them: a cache that answered everything would show nothing.
    std::string varied(std::string_view text)
    {
        if (chance(asksAgain))
            return std::string(text);
        return fmt::format("{} It is case {} of this week.", text, std::uniform_int_distribution<int>(1, 99'999)(m_random));
    }

    std::string written(const Request &request)
    {
        return fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
                           "x-signalbox-tags: demo\r\n{}Connection: close\r\n\r\n{}",
                           request.path, address(), request.secret, request.body.size(), linesOf(request.caller), request.body);
    }

    std::string linesOf(const DemoCallers::Caller &caller)
    {
        std::string lines;
        if (!caller.customer.empty())
            lines += fmt::format("x-signalbox-customer: {}\r\n", caller.customer);
        if (!caller.session.empty())
            lines += fmt::format("x-signalbox-session: {}\r\n", caller.session);
        if (!caller.trace.empty())
            lines += fmt::format("traceparent: 00-{}-{:016x}-01\r\n", caller.trace, std::uniform_int_distribution<std::uint64_t>(1)(m_random));
        return lines;
    }

    asio::awaitable<void> call(Request request)
    {
        std::string asked = written(request);
        const std::string head = co_await send(std::move(asked));
        const std::string id = request.feedback ? callIdOf(head) : std::string();
        if (id.empty())
            co_return;
        asio::steady_timer reading(m_context, std::chrono::seconds {2}); // and the log has the call by then
        co_await reading.async_wait(Token());
        const double value = chance(0.75) ? 1 : -1;
        const Request word {request.secret, "/v1/feedback", fmt::format(R"({{"call_id":"{}","value":{}}})", id, value)};
        asked = written(word);
        co_await send(std::move(asked));
    }

    /// Sends one request and reads its answer to the end. @return how that begins; the gateway logs the rest
    asio::awaitable<std::string> send(std::string text)
    {
        std::string head;
        ++m_running;
        tcp::socket socket(m_context);
        asio::steady_timer limit(m_context, longestCall);
        limit.async_wait([&socket](const boost::system::error_code &error) {
            boost::system::error_code ignored;
            if (!error)
                socket.close(ignored);
        });
        const bool connected = co_await connect(socket);
        if (connected)
            head = co_await exchange(socket, text);
        limit.cancel();
        asio::steady_timer settle(m_context, std::chrono::seconds {0}); // the cancelled wait runs before the socket goes
        co_await settle.async_wait(Token());
        --m_running;
        co_return head;
    }

    static std::string callIdOf(const std::string &head)
    {
        constexpr std::string_view name = "\r\nx-signalbox-call-id: ";
        const auto at = head.find(name);
        const auto end = at == std::string::npos ? at : head.find('\r', at + name.size());
        return end == std::string::npos ? std::string() : head.substr(at + name.size(), end - at - name.size());
    }

    asio::awaitable<bool> connect(tcp::socket &socket)
    {
        const std::string where = address();
        const auto colon = where.rfind(':');
        boost::system::error_code bad;
        const auto host = asio::ip::make_address(where.substr(0, colon), bad);
        if (bad)
            co_return false;
        const tcp::endpoint endpoint(host, static_cast<std::uint16_t>(std::atoi(where.c_str() + colon + 1)));
        const auto result = co_await socket.async_connect(endpoint, Token());
        co_return !std::get<0>(result);
    }

    static asio::awaitable<std::string> exchange(tcp::socket &socket, const std::string &text)
    {
        const auto sent = co_await asio::async_write(socket, asio::buffer(text), Token());
        boost::system::error_code error = std::get<0>(sent);
        std::array<char, 16 * 1024> space {};
        std::string head;
        while (!error) {
            const auto read = co_await socket.async_read_some(asio::buffer(space), Token());
            error = std::get<0>(read);
            if (head.size() < space.size())
                head.append(space.data(), std::get<1>(read));
        }
        co_return head;
    }

    std::string address() const
    {
        const std::lock_guard lock(m_mutex);
        return m_address;
    }

    mutable std::mutex m_mutex;
    std::string m_address;
    asio::io_context m_context;
    std::mt19937 m_random;     // the thread's own
    DemoCallers m_callers;     // likewise
    int m_running = 0;
    std::thread m_thread;
};

TrafficGenerator::TrafficGenerator(std::string address) : m_impl(std::make_unique<Impl>(std::move(address))) {}

TrafficGenerator::~TrafficGenerator() = default;

void TrafficGenerator::moveTo(std::string address)
{
    m_impl->moveTo(address);
}

} // namespace app::demo
