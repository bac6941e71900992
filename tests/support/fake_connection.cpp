// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_connection.h"

#include "tests/support/http_reader.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <deque>
#include <type_traits>

namespace support::detail {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto asTuple = asio::as_tuple(asio::use_awaitable);

template <typename Stream>
class Connection final : public FakeConnection, public std::enable_shared_from_this<Connection<Stream>>
{
public:
    Connection(Stream stream, std::size_t number, ConnectionHost &host)
        : m_stream(std::move(stream)), m_number(number), m_host(host), m_timer(m_stream.get_executor()), m_work(m_stream.get_executor())
    {
    }

    void start() override
    {
        asio::co_spawn(m_stream.get_executor(), run(this->shared_from_this()), asio::detached);
    }

    bool release() override
    {
        if (!m_holding)
            return false;
        m_holding = false;
        m_timer.cancel();
        return true;
    }

    void closeIfIdle() override
    {
        if (m_pending.empty() && !m_answering && m_reader.betweenRequests())
            close();
    }

private:
    using Self = std::shared_ptr<Connection>;

    static asio::awaitable<void> run(Self self)
    {
        boost::system::error_code ignored;
        self->socket().set_option(tcp::no_delay(true), ignored);
        if constexpr (std::is_same_v<Stream, asio::ssl::stream<tcp::socket>>) {
            const auto [error] = co_await self->m_stream.async_handshake(asio::ssl::stream_base::server, asTuple);
            if (error) {
                self->m_host.handshakeFailed();
                self->close();
                co_return;
            }
        }
        asio::co_spawn(self->m_stream.get_executor(), self->read(self), asio::detached);
        while (!self->m_over) {
            if (self->m_pending.empty()) {
                self->m_work.expires_at(asio::steady_timer::time_point::max());
                const auto [woken] = co_await self->m_work.async_wait(asTuple);
                static_cast<void>(woken);
                continue;
            }
            const std::size_t request = self->m_pending.front();
            self->m_pending.pop_front();
            co_await self->answer(request);
        }
    }

    asio::awaitable<void> read([[maybe_unused]] Self self)
    {
        std::array<char, 16 * 1024> buffer;
        while (!m_over) {
            const auto [error, size] = co_await m_stream.async_read_some(asio::buffer(buffer), asTuple);
            if (error) {
                leave();
                co_return;
            }
            if (m_closeOnNext) {
                close();
                co_return;
            }
            std::vector<Received> requests = m_reader.feed(std::string_view(buffer.data(), size));
            for (Received &request : requests)
                m_pending.push_back(m_host.note(told(std::move(request))));
            m_work.cancel();
        }
    }

    Received told(Received request)
    {
        request.connection = m_number;
        request.onConnection = ++m_requests;
        request.at = std::chrono::steady_clock::now();
        if constexpr (std::is_same_v<Stream, asio::ssl::stream<tcp::socket>>) {
            SSL *ssl = m_stream.native_handle();
            if (const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name))
                request.serverName = name;
            const unsigned char *protocol = nullptr;
            unsigned size = 0;
            SSL_get0_alpn_selected(ssl, &protocol, &size);
            request.alpn.assign(reinterpret_cast<const char *>(protocol), size);
        }
        return request;
    }

    asio::awaitable<void> answer(std::size_t request)
    {
        m_answering = request;
        const Rendered script = m_host.scriptFor(request);
        for (const WireStep &step : script.steps) {
            for (std::size_t i = 0; i < step.times && !m_over; ++i)
                co_await play(step, script);
        }
        if (m_over)
            co_return;
        if (script.ending != Ending::Stall) {
            m_host.answered(request);
            m_answering.reset();
        }
        co_await end(script.ending);
    }

    asio::awaitable<void> play(const WireStep &step, const Rendered &script)
    {
        switch (step.kind) {
        case WireStep::Kind::Bytes: co_await write(step.bytes, script); break;
        case WireStep::Kind::Pause: co_await wait(step.pause); break;
        case WireStep::Kind::Hold:
            if (m_host.comesToHold())
                break;
            m_holding = true;
            while (m_holding && !m_over)
                co_await wait(std::chrono::hours(1));
            break;
        }
    }

    asio::awaitable<void> write(const std::string &bytes, const Rendered &script)
    {
        const std::size_t step = script.writeSize ? script.writeSize : bytes.size();
        for (std::size_t from = 0; from < bytes.size() && !m_over;) {
            const std::size_t size = std::min(step, bytes.size() - from);
            const auto [error, written] = co_await m_stream.async_write_some(asio::buffer(bytes.data() + from, size), asTuple);
            if (error) {
                leave();
                co_return;
            }
            m_host.sent(written);
            from += written;
            if (script.writePause.count() > 0)
                co_await wait(script.writePause);
        }
    }

    asio::awaitable<void> wait(std::chrono::steady_clock::duration duration)
    {
        m_timer.expires_after(duration);
        const auto [ended] = co_await m_timer.async_wait(asTuple);
        static_cast<void>(ended);
    }

    asio::awaitable<void> end(Ending ending)
    {
        switch (ending) {
        case Ending::Open: break;
        case Ending::CloseOnNext: m_closeOnNext = true; break;
        case Ending::Stall:
            while (!m_over)
                co_await wait(std::chrono::hours(1));
            break;
        case Ending::Reset: {
            boost::system::error_code ignored;
            socket().set_option(asio::socket_base::linger(true, 0), ignored);
            close(How::Abruptly);
            break;
        }
        case Ending::Close:
        case Ending::SayClose:
            if constexpr (std::is_same_v<Stream, asio::ssl::stream<tcp::socket>>) {
                m_over = true; // what the peer does from here is no leaving
                const auto [ended] = co_await m_stream.async_shutdown(asTuple);
                static_cast<void>(ended);
            }
            close();
            break;
        case Ending::Cut:
        case Ending::CutInChunk: close(); break;
        }
    }

    /// The client closed, or its connection failed.
    void leave()
    {
        if (m_over)
            return;
        if (m_answering)
            m_host.clientLeft(*m_answering);
        for (const std::size_t request : m_pending)
            m_host.clientLeft(request);
        close();
    }

    enum class How { InOrder, Abruptly };

    void close(How how = How::InOrder)
    {
        m_over = true;
        m_holding = false;
        m_timer.cancel();
        m_work.cancel();
        if (!socket().is_open())
            return;
        boost::system::error_code ignored;
        if (how == How::InOrder) // a FIN before it would hide the RST
            socket().shutdown(tcp::socket::shutdown_send, ignored);
        socket().close(ignored);
        m_host.closed(m_number);
    }

    tcp::socket &socket()
    {
        if constexpr (std::is_same_v<Stream, tcp::socket>)
            return m_stream;
        else
            return m_stream.next_layer();
    }

    Stream m_stream;
    const std::size_t m_number;
    ConnectionHost &m_host;
    asio::steady_timer m_timer; ///< pauses of the script
    asio::steady_timer m_work;  ///< cancelled when a request has come
    HttpReader m_reader;
    std::deque<std::size_t> m_pending;
    std::optional<std::size_t> m_answering;
    std::size_t m_requests = 0;
    bool m_holding = false;
    bool m_closeOnNext = false;
    bool m_over = false;
};

} // namespace

std::shared_ptr<FakeConnection> makeConnection(tcp::socket socket, std::size_t number, ConnectionHost &host)
{
    return std::make_shared<Connection<tcp::socket>>(std::move(socket), number, host);
}

std::shared_ptr<FakeConnection> makeTlsConnection(tcp::socket socket, asio::ssl::context &context, std::size_t number, ConnectionHost &host)
{
    return std::make_shared<Connection<asio::ssl::stream<tcp::socket>>>(asio::ssl::stream<tcp::socket>(std::move(socket), context), number, host);
}

} // namespace support::detail
