// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/upstream_exchange.h"

#include "gateway/net/dialer.h"
#include "gateway/net/proxy.h"
#include "gateway/net/worker_core.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::net {

using pipeline::Task;
using pipeline::UpstreamBytes;

namespace {

constexpr std::size_t maxPieces = 64; ///< in one gather write; IOV_MAX is 1024

SteadyTime now()
{
    return std::chrono::steady_clock::now();
}

SteadyTime after(SteadyTime moment, Duration limit)
{
    return limit <= Duration::zero() ? pipeline::never : moment + limit;
}

} // namespace

UpstreamExchange::UpstreamExchange(WorkerCore &worker, std::shared_ptr<UpstreamPool> pool, pipeline::UpstreamRequest request, pipeline::CancelSource &cancel)
    : m_worker(worker)
    , m_pool(std::move(pool))
    , m_request(std::move(request))
    , m_wait(worker.executor(), worker.wheel(), cancel)
{
    if (m_request.limits.deadline != SteadyTime {})
        m_deadline = m_request.limits.deadline;
}

UpstreamExchange::~UpstreamExchange()
{
    if (m_connection && !m_sendFailed && m_firstPiece == m_pieces.size() && m_connection->parser().reusable() && !m_worker.draining())
        m_pool->giveBack(std::move(m_connection));
}

void UpstreamExchange::connectionReadable()
{
    m_readable = true;
    m_wait.poke();
}

void UpstreamExchange::connectionWritable()
{
    m_wait.poke();
}

void UpstreamExchange::expectBy(std::optional<SteadyTime> moment)
{
    m_expectBy = moment.value_or(pipeline::never);
    m_wait.hasten(m_expectBy);
}

Task<Result<void>> UpstreamExchange::begin()
{
    if (!m_request.address->proxy.empty() && !m_request.address->tls) {
        const Result<void> addressed = addressTheProxy();
        if (!addressed)
            co_return addressed;
    }
    const Result<void> sent = co_await connectAndSend(true);
    co_return sent;
}

Result<void> UpstreamExchange::addressTheProxy()
{
    // A proxy for plain HTTP gets the absolute form (RFC 9112 3.2.2) and the user in the same head.
    const Result<ProxyAddress> proxy = parseProxy(m_request.address->proxy);
    if (!proxy)
        return std::unexpected(proxy.error());
    std::string &head = m_request.head;
    const std::size_t target = head.find(' ') + 1;
    head.insert(target, "http://" + m_request.address->authority);
    if (!proxy->authorization.empty())
        head.insert(head.find("\r\n") + 2, "Proxy-Authorization: " + proxy->authorization + "\r\n");
    return {};
}

void UpstreamExchange::collectPieces()
{
    m_pieces.clear();
    m_firstPiece = 0;
    m_pieces.push_back({m_request.head.data(), m_request.head.size()});
    for (const std::string_view piece : m_request.body) {
        if (!piece.empty())
            m_pieces.push_back({const_cast<char *>(piece.data()), piece.size()});
    }
}

Task<Result<void>> UpstreamExchange::connectAndSend(bool mayReuse)
{
    for (;;) {
        m_connection = mayReuse ? m_pool->take() : nullptr;
        if (!m_connection) {
            const SteadyTime connectBy = after(now(), m_request.limits.connect);
            Dialer dialer(m_worker, *m_request.address, m_pool, m_wait, connectBy, m_deadline);
            Result<UpstreamConnectionPtr> dialed = co_await dialer.dial();
            if (!dialed)
                co_return std::unexpected(std::move(dialed.error()));
            m_connection = std::move(*dialed);
        }
        m_connection->setUser(this);
        m_connection->parser().start(m_request.limits.maxHead, m_request.limits.maxBody, m_request.head.starts_with("HEAD "));
        collectPieces();
        m_sendFailed = false;
        m_readable = m_connection->channel().buffered();
        m_lastByte = now();
        if (!sendSome()) {
            const Result<void> sent = co_await sendRest();
            if (!sent)
                co_return std::unexpected(sent.error());
        }
        if (!m_sendFailed || !m_connection->reused)
            co_return Result<void> {};
        // The pooled connection had been closed; nothing of the request can have been read by anybody.
        m_worker.counters().upstreamStale.fetch_add(1, std::memory_order_relaxed);
        m_connection.reset();
        mayReuse = false;
    }
}

bool UpstreamExchange::sendSome()
{
    while (m_firstPiece < m_pieces.size()) {
        const std::size_t count = std::min(m_pieces.size() - m_firstPiece, maxPieces);
        const Channel::Io io = m_connection->channel().send(std::span(m_pieces).subspan(m_firstPiece, count));
        std::size_t done = io.count;
        while (m_firstPiece < m_pieces.size() && done >= m_pieces[m_firstPiece].iov_len)
            done -= m_pieces[m_firstPiece++].iov_len;
        if (done > 0) {
            iovec &piece = m_pieces[m_firstPiece];
            piece.iov_base = static_cast<char *>(piece.iov_base) + done;
            piece.iov_len -= done;
        }
        if (io.status == Channel::Status::WantWrite || io.status == Channel::Status::WantRead) {
            if (io.count > 0)
                m_lastByte = now();
            if (m_firstPiece < m_pieces.size())
                return false;
        } else if (io.status != Channel::Status::Ok) {
            // Perhaps an early refusal is there to be read: readHead() finds out.
            m_sendFailed = true;
            m_readable = true;
            return true;
        }
    }
    return true;
}

Task<Result<void>> UpstreamExchange::sendRest()
{
    for (;;) {
        m_connection->channel().watchWrite();
        const SteadyTime due = std::min(m_deadline, after(m_lastByte, m_request.limits.idle));
        co_await m_wait.until(due);
        if (m_wait.cancelled())
            co_return fail(ErrorCode::Cancelled, "The call was cancelled.");
        if (sendSome())
            co_return Result<void> {};
        if (const auto passed = limitPassed(now()))
            co_return std::unexpected(*passed);
    }
}

UpstreamExchange::Received UpstreamExchange::receive()
{
    const std::span<char> space = m_connection->parser().space();
    const Channel::Io io = m_connection->channel().receive(space);
    switch (io.status) {
    case Channel::Status::Ok:
        m_connection->parser().commit(io.count);
        m_readable = io.count == space.size() || m_connection->channel().buffered();
        m_lastByte = now();
        return Received::Bytes;
    case Channel::Status::WantRead:
    case Channel::Status::WantWrite: m_readable = false; return Received::Nothing;
    case Channel::Status::Closed: return Received::Closed;
    case Channel::Status::Failed: break;
    }
    return Received::Failed;
}

std::optional<Error> UpstreamExchange::limitPassed(SteadyTime moment) const
{
    if (moment >= m_deadline)
        return Error {.code = ErrorCode::TotalTimeout, .message = fmt::format("{} did not finish its answer within the total limit.", m_request.address->host)};
    if (moment >= m_expectBy)
        return Error {.code = ErrorCode::FirstByteTimeout, .message = fmt::format("{} sent no content within the first-byte limit.", m_request.address->host)};
    if (moment >= after(m_lastByte, m_request.limits.idle))
        return Error {.code = ErrorCode::IdleTimeout, .message = fmt::format("{} sent nothing within the idle limit.", m_request.address->host)};
    return std::nullopt;
}

Error UpstreamExchange::cutError() const
{
    return {.code = ErrorCode::Cut, .message = fmt::format("{} closed the connection before the answer's end.", m_request.address->host)};
}

Error UpstreamExchange::malformedError() const
{
    return {.code = ErrorCode::Malformed, .message = fmt::format("The answer of {} is not well-formed: {}.", m_request.address->host, m_connection->parser().problem())};
}

Task<Result<UpstreamExchange::Woke>> UpstreamExchange::awaitReadable(SteadyTime wake)
{
    for (;;) {
        const SteadyTime limit = std::min(std::min(m_deadline, m_expectBy), after(m_lastByte, m_request.limits.idle));
        const SteadyTime due = std::min(limit, wake);
        m_connection->channel().watchRead();
        co_await m_wait.until(due);
        if (m_wait.cancelled())
            co_return fail(ErrorCode::Cancelled, "The call was cancelled.");
        if (m_readable)
            co_return Woke::Readable;
        const SteadyTime moment = now();
        if (auto passed = limitPassed(moment))
            co_return std::unexpected(std::move(*passed));
        if (moment >= wake)
            co_return Woke::Wake;
    }
}

Task<Result<bool>> UpstreamExchange::readHead(SteadyTime wake)
{
    for (;;) {
        const ResponseParser::Status status = m_connection->parser().readHead();
        if (status == ResponseParser::Status::Head)
            co_return true;
        if (status == ResponseParser::Status::Malformed)
            co_return std::unexpected(malformedError());
        if (m_wait.cancelled())
            co_return fail(ErrorCode::Cancelled, "The call was cancelled.");
        if (m_readable) {
            const Received received = receive();
            if (received == Received::Closed || received == Received::Failed) {
                if (!m_connection->reused || m_replaced || m_connection->parser().began())
                    co_return std::unexpected(cutError());
                // Closed while it was idle, or as the request arrived: to ask again on a new one is safe, because no
                // byte of an answer came.
                m_replaced = true;
                m_worker.counters().upstreamStale.fetch_add(1, std::memory_order_relaxed);
                m_connection.reset();
                const Result<void> sent = co_await connectAndSend(false);
                if (!sent)
                    co_return std::unexpected(sent.error());
            }
            continue;
        }
        const Result<Woke> woke = co_await awaitReadable(wake);
        if (!woke)
            co_return std::unexpected(woke.error());
        if (*woke == Woke::Wake)
            co_return false;
    }
}

Task<Result<UpstreamBytes>> UpstreamExchange::read(SteadyTime wake)
{
    UpstreamBytes bytes;
    for (;;) {
        ResponseParser &parser = m_connection->parser();
        ResponseParser::Status status = parser.readBody(bytes.data);
        if (status == ResponseParser::Status::NeedMore) {
            if (m_wait.cancelled())
                co_return fail(ErrorCode::Cancelled, "The call was cancelled.");
            if (m_expectBy != pipeline::never && now() >= m_expectBy) // comments keep coming, but no content
                co_return std::unexpected(*limitPassed(now()));
            if (m_lastByte >= m_deadline) // bytes that never stop coming are no reason to go on
                co_return std::unexpected(*limitPassed(m_lastByte));
            if (!m_readable) {
                const Result<Woke> woke = co_await awaitReadable(wake);
                if (!woke)
                    co_return std::unexpected(woke.error());
                if (*woke == Woke::Wake) {
                    bytes.kind = UpstreamBytes::Kind::Woken;
                    co_return bytes;
                }
            }
            const Received received = receive();
            if (received == Received::Bytes || received == Received::Nothing)
                continue;
            status = parser.closed(received == Received::Closed);
        }
        switch (status) {
        case ResponseParser::Status::Data: bytes.kind = UpstreamBytes::Kind::Data; co_return bytes;
        case ResponseParser::Status::End: bytes.kind = UpstreamBytes::Kind::End; co_return bytes;
        case ResponseParser::Status::Malformed: co_return std::unexpected(malformedError());
        case ResponseParser::Status::TooLarge:
            co_return fail(ErrorCode::AnswerTooLarge, fmt::format("The answer of {} is larger than gateway.max_answer.", m_request.address->host));
        case ResponseParser::Status::Cut:
        case ResponseParser::Status::Head:
        case ResponseParser::Status::NeedMore: co_return std::unexpected(cutError());
        }
    }
}

} // namespace gateway::net
