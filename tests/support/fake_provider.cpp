// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_provider.h"

#include "tests/support/fake_connection.h"
#include "tests/support/test_certificates.h"

#include <boost/asio/post.hpp>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <ranges>
#include <stdexcept>
#include <thread>

namespace support {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

bool hasLeft(const Received &request)
{
    return request.leftAt.has_value();
}

int chooseHttp11(SSL *, const unsigned char **chosen, unsigned char *chosenSize, const unsigned char *offered, unsigned offeredSize, void *)
{
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char *selected = nullptr;
    if (SSL_select_next_proto(&selected, chosenSize, ours, sizeof ours - 1, offered, offeredSize) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *chosen = selected;
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

class FakeProvider::Impl final : public detail::ConnectionHost
{
public:
    Impl(std::deque<Script> plan, Answerer answerer, Options options)
        : m_options(options), m_plan(std::move(plan)), m_answerer(std::move(answerer)), m_acceptor(m_io), m_tls(asio::ssl::context::tls_server)
    {
        if (options.tls != Tls::None) {
            detail::useCertificate(m_tls.native_handle(), options.tls);
            SSL_CTX_set_alpn_select_cb(m_tls.native_handle(), chooseHttp11, nullptr);
        }
        listen();
        m_thread = std::thread([this] { m_io.run(); });
    }

    ~Impl() override
    {
        m_io.stop();
        m_thread.join();
    }

    Impl(const Impl &) = delete;
    Impl &operator=(const Impl &) = delete;

    // --- ConnectionHost, on the provider's thread

    std::size_t note(Received request) override
    {
        const std::lock_guard lock(m_mutex);
        m_requests.emplace(m_noted, std::move(request));
        m_changed.notify_all();
        return m_noted++;
    }

    detail::Rendered scriptFor(std::size_t index) override
    {
        Received request;
        Answerer answerer;
        std::optional<Script> script;
        {
            const std::lock_guard lock(m_mutex);
            request = m_requests.at(index);
            answerer = m_answerer;
            if (!answerer) {
                script = m_plan.front();
                if (m_plan.size() > 1)
                    m_plan.pop_front();
            }
        }
        if (!script)
            script = answerer(request);
        return detail::render(script->state(), request);
    }

    void answered(std::size_t request) override
    {
        const std::lock_guard lock(m_mutex);
        m_requests.at(request).answered = true;
        forgetUnlessRecording(request);
        m_changed.notify_all();
    }

    void clientLeft(std::size_t request) override
    {
        const std::lock_guard lock(m_mutex);
        m_requests.at(request).leftAt = std::chrono::steady_clock::now();
        forgetUnlessRecording(request);
        m_changed.notify_all();
    }

    void sent(std::size_t bytes) override { m_bytesSent += bytes; }
    void handshakeFailed() override { ++m_failedHandshakes; }

    void closed(std::size_t connection) override
    {
        m_connections.erase(connection);
        const std::lock_guard lock(m_mutex);
        --m_open;
        m_changed.notify_all();
    }

    bool comesToHold() override
    {
        {
            const std::lock_guard lock(m_mutex);
            ++m_held;
            m_changed.notify_all();
        }
        if (m_releases == 0)
            return false;
        --m_releases;
        return true;
    }

    // --- for tests, from any thread

    void then(Script script)
    {
        const std::lock_guard lock(m_mutex);
        m_plan.push_back(std::move(script));
    }

    void become(Script script)
    {
        const std::lock_guard lock(m_mutex);
        m_answerer = nullptr;
        m_plan.assign(1, std::move(script));
    }

    void release()
    {
        asio::post(m_io, [this] {
            bool anybody = false;
            for (const auto &[number, connection] : m_connections)
                anybody = connection->release() || anybody;
            if (!anybody)
                ++m_releases;
        });
    }

    void closeIdle()
    {
        asio::post(m_io, [this] {
            const auto connections = m_connections; // closing takes them out
            for (const auto &[number, connection] : connections)
                connection->closeIfIdle();
        });
    }

    template <typename Is>
    [[nodiscard]] std::size_t count(Is is) const
    {
        return static_cast<std::size_t>(std::ranges::count_if(m_requests, [is](const auto &entry) { return is(entry.second); }));
    }

    template <typename Condition>
    bool await(Limit limit, Condition condition)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, limit, condition);
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::size_t, Received> m_requests; ///< under m_mutex
    std::size_t m_held = 0;           ///< under m_mutex; how often a script came to hold()
    std::size_t m_noted = 0;          ///< under m_mutex; every request so far
    std::size_t m_accepted = 0;       ///< under m_mutex
    std::size_t m_open = 0;           ///< under m_mutex
    std::atomic<std::size_t> m_failedHandshakes = 0;
    std::atomic<std::uint64_t> m_bytesSent = 0;
    std::uint16_t m_port = 0;
    const Options m_options;

private:
    void forgetUnlessRecording(std::size_t request)
    {
        if (!m_options.record)
            m_requests.erase(request);
    }

    void listen()
    {
        const asio::ip::address address = m_options.ipv6 ? asio::ip::address(asio::ip::address_v6::loopback()) : asio::ip::address(asio::ip::address_v4::loopback());
        const tcp::endpoint endpoint(address, m_options.port);
        m_acceptor.open(endpoint.protocol());
        m_acceptor.set_option(tcp::acceptor::reuse_address(true));
        m_acceptor.bind(endpoint);
        m_port = m_acceptor.local_endpoint().port();
        if (m_options.listen == Listen::Refuse)
            return; // bound, so that nobody else gets the port; connections to it are refused
        m_acceptor.listen();
        if (m_options.listen == Listen::Answer)
            accept();
    }

    void accept()
    {
        m_acceptor.async_accept([this](const boost::system::error_code &error, tcp::socket socket) {
            if (error)
                return;
            std::size_t number = 0;
            {
                const std::lock_guard lock(m_mutex);
                number = ++m_accepted;
                ++m_open;
                m_changed.notify_all();
            }
            const auto connection = m_options.tls == Tls::None ? detail::makeConnection(std::move(socket), number, *this)
                                                               : detail::makeTlsConnection(std::move(socket), m_tls, number, *this);
            m_connections.emplace(number, connection);
            connection->start();
            accept();
        });
    }

    std::deque<Script> m_plan; ///< under m_mutex; never empty where there is no answerer
    Answerer m_answerer;       ///< under m_mutex
    std::size_t m_releases = 0;
    asio::io_context m_io {1};
    std::map<std::size_t, std::shared_ptr<detail::FakeConnection>> m_connections;
    tcp::acceptor m_acceptor;
    asio::ssl::context m_tls;
    std::thread m_thread;
};

FakeProvider::FakeProvider(Script script) : FakeProvider(std::move(script), Options {}) { }

FakeProvider::FakeProvider(std::initializer_list<Script> scripts)
{
    if (scripts.size() == 0)
        throw std::invalid_argument("FakeProvider: give it at least one script");
    m_impl = std::make_unique<Impl>(std::deque<Script>(scripts), nullptr, Options {});
}

FakeProvider::FakeProvider(Answerer answerer) : FakeProvider(std::move(answerer), Options {}) { }

FakeProvider::FakeProvider(Script script, Options options)
    : m_impl(std::make_unique<Impl>(std::deque<Script> {std::move(script)}, nullptr, options))
{
}

FakeProvider::FakeProvider(Answerer answerer, Options options) : m_impl(std::make_unique<Impl>(std::deque<Script> {}, std::move(answerer), options)) { }

FakeProvider FakeProvider::refusing()
{
    return FakeProvider(Script::silence(), Options {.listen = Listen::Refuse});
}

FakeProvider::FakeProvider(FakeProvider &&) noexcept = default;
FakeProvider &FakeProvider::operator=(FakeProvider &&) noexcept = default;
FakeProvider::~FakeProvider() = default;

FakeProvider &FakeProvider::then(Script script)
{
    m_impl->then(std::move(script));
    return *this;
}

void FakeProvider::become(Script script)
{
    m_impl->become(std::move(script));
}

void FakeProvider::release()
{
    m_impl->release();
}

void FakeProvider::closeIdleConnections()
{
    m_impl->closeIdle();
}

std::uint16_t FakeProvider::port() const
{
    return m_impl->m_port;
}

std::string FakeProvider::host() const
{
    if (m_impl->m_options.tls != Tls::None)
        return "localhost";
    return m_impl->m_options.ipv6 ? "::1" : "127.0.0.1";
}

std::string FakeProvider::baseUrl() const
{
    const bool tls = m_impl->m_options.tls != Tls::None;
    const std::string name = m_impl->m_options.ipv6 && !tls ? "[::1]" : host();
    return (tls ? "https://" : "http://") + name + ":" + std::to_string(port()) + "/v1";
}

std::string FakeProvider::authorityPem()
{
    return detail::authorityPem();
}

std::string FakeProvider::authorityFile()
{
    struct File
    {
        std::string path = "/tmp/signalbox-test-authority-XXXXXX";
        File()
        {
            const int descriptor = mkstemp(path.data());
            const std::string pem = detail::authorityPem();
            if (descriptor < 0 || write(descriptor, pem.data(), pem.size()) != static_cast<ssize_t>(pem.size()))
                throw std::runtime_error("FakeProvider: cannot write " + path);
            ::close(descriptor);
        }
        ~File() { unlink(path.c_str()); }
        File(const File &) = delete;
        File &operator=(const File &) = delete;
    };
    static const File file;
    return file.path;
}

std::vector<Received> FakeProvider::requests() const
{
    const std::lock_guard lock(m_impl->m_mutex);
    const auto values = std::views::values(m_impl->m_requests);
    return {values.begin(), values.end()};
}

std::size_t FakeProvider::requestCount() const
{
    const std::lock_guard lock(m_impl->m_mutex);
    return m_impl->m_noted;
}

Received FakeProvider::lastRequest() const
{
    const std::lock_guard lock(m_impl->m_mutex);
    return m_impl->m_requests.empty() ? Received {} : m_impl->m_requests.rbegin()->second;
}

std::size_t FakeProvider::connectionCount() const
{
    const std::lock_guard lock(m_impl->m_mutex);
    return m_impl->m_accepted;
}

std::size_t FakeProvider::openConnections() const
{
    const std::lock_guard lock(m_impl->m_mutex);
    return m_impl->m_open;
}

std::size_t FakeProvider::failedHandshakes() const
{
    return m_impl->m_failedHandshakes;
}

std::uint64_t FakeProvider::bytesSent() const
{
    return m_impl->m_bytesSent;
}

std::size_t FakeProvider::clientsGone() const
{
    const std::lock_guard lock(m_impl->m_mutex);
    return m_impl->count(hasLeft);
}

bool FakeProvider::awaitRequests(std::size_t count, Limit limit) const
{
    return m_impl->await(limit, [this, count] { return m_impl->m_noted >= count; });
}

bool FakeProvider::awaitHeld(std::size_t count, Limit limit) const
{
    return m_impl->await(limit, [this, count] { return m_impl->m_held >= count; });
}

bool FakeProvider::awaitClientsGone(std::size_t count, Limit limit) const
{
    return m_impl->await(limit, [this, count] { return m_impl->count(hasLeft) >= count; });
}

bool FakeProvider::awaitAnswered(std::size_t count, Limit limit) const
{
    return m_impl->await(limit, [this, count] { return m_impl->count([](const Received &request) { return request.answered; }) >= count; });
}

bool FakeProvider::awaitNoConnections(Limit limit) const
{
    return m_impl->await(limit, [this] { return m_impl->m_open == 0; });
}

} // namespace support
