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
/// A provider that is never behind would keep the worker to itself: after so many bytes the others have their turn.
constexpr std::size_t longestBurst = 256 * 1024;

SteadyTime after(SteadyTime moment, Duration limit)
{
    return limit <= Duration::zero() ? pipeline::never : moment + limit;
}

} // namespace

UpstreamExchange::UpstreamExchange(WorkerCore &worker, std::shared_ptr<UpstreamPool> pool, pipeline::UpstreamRequest request, pipeline::CancelSource &cancel)
    : m_worker(worker)
    , m_pool(std::move(pool))
    , m_request(std::move(request))
    , m_wait(worker.loop(), worker.wheel(), cancel)
{
    if (m_request.limits.deadline != SteadyTime {})
        m_deadline = m_request.limits.deadline;
}

UpstreamExchange::~UpstreamExchange()
{
    if (m_connection && m_request.sharesConnections() && !m_sendFailed && m_firstPiece == m_pieces.size() && m_connection->parser().reusable() && !m_worker.draining())
        m_pool->giveBack(std::move(m_connection));
}

void UpstreamExchange::connectionReadable()
{
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

Result<void> UpstreamExchange::addressTheProxy()
{
    if (std::exchange(m_addressed, true) || m_request.address->proxy.empty() || m_request.address->tls || m_request.address->checkedTunnel)
        return {};
    // A proxy for plain HTTP gets the absolute form (RFC 9112 3.2.2) and the user in the same head.
    const Result<ProxyAddress> proxy = parseProxy(m_request.address->proxy);
    if (!proxy)
        return std::unexpected(proxy.error());
    PooledText &head = m_request.head;
    const std::size_t target = head.find(' ') + 1;
    head.insert(target, "http://" + m_request.address->authority);
    if (!proxy->authorization.empty())
        head.insert(head.find("\r\n") + 2, "Proxy-Authorization: " + proxy->authorization + "\r\n");
    return {};
}

void UpstreamExchange::collectPieces()
{
    m_pieces.clear();
    m_pieces.reserve(1 + m_request.body.size());
    m_firstPiece = 0;
    m_pieces.push_back({m_request.head.data(), m_request.head.size()});
    for (const std::string_view piece : m_request.body) {
        if (!piece.empty())
            m_pieces.push_back({const_cast<char *>(piece.data()), piece.size()});
    }
}

Task<Result<void>> UpstreamExchange::connectAndSend(bool mayReuse)
{
    const Result<void> addressed = addressTheProxy();
    if (!addressed)
        co_return addressed;
    m_connection = mayReuse && m_request.sharesConnections() ? m_pool->take() : nullptr;
    if (!m_connection) {
        const SteadyTime connectBy = after(now(), m_request.limits.connect);
        Dialer dialer(m_worker, m_request, m_pool, m_wait, connectBy, m_deadline);
        Result<UpstreamConnectionPtr> dialed = co_await dialer.dial(!m_request.onlyIfFree);
        if (!dialed)
            co_return std::unexpected(std::move(dialed.error()));
        m_connection = std::move(*dialed);
    }
    m_connection->setUser(this);
    using To = ResponseParser::To;
    const To to = m_request.upgrades ? To::Upgrade : m_request.head.starts_with("HEAD ") ? To::Head : To::Any;
    m_connection->parser().start(m_request.limits.maxHead, m_request.limits.maxBody, to);
    collectPieces();
    m_sendFailed = false;
    m_lastByte = now();
    if (sendSome())
        co_return Result<void> {};
    const Result<void> sent = co_await sendRest();
    co_return sent;
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
            m_mayReplay = m_mayReplay && io.status == Channel::Status::Lost;
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
        m_lastByte = now();
        m_burst += io.count;
        return Received::Bytes;
    case Channel::Status::WantRead:
    case Channel::Status::WantWrite: return Received::Nothing;
    case Channel::Status::Closed: return Received::Closed;
    case Channel::Status::Lost: return Received::Lost;
    case Channel::Status::Failed: break;
    }
    return Received::Failed;
}

SteadyTime UpstreamExchange::now() const
{
    return m_worker.loop().now();
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
        m_connection->parser().rest();
        m_burst = 0;
        if (!m_wait.cancelled()) {
            m_wait.arm(due);
            co_await m_wait.wait();
            m_wait.disarm();
        }
        if (m_wait.cancelled())
            co_return fail(ErrorCode::Cancelled, "The call was cancelled.");
        if (m_connection->channel().readable())
            co_return Woke::Readable;
        const SteadyTime moment = now();
        if (auto passed = limitPassed(moment))
            co_return std::unexpected(std::move(*passed));
        if (moment >= wake)
            co_return Woke::Wake;
    }
}

/// Closed while it was idle, or as the request arrived: servers do that to connections that they have kept long enough,
/// and what they had not read they have not done (RFC 9112 9.3.1). Once for a call, and only where the peer itself ended
/// the connection before any byte of an answer: whatever else went wrong, the request may have been carried out.
bool UpstreamExchange::mayReplay(Received received) const
{
    return m_mayReplay && m_connection->reused && !m_connection->parser().began() && (received == Received::Closed || received == Received::Lost);
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
        if (m_connection->channel().readable()) {
            const Received received = receive();
            if (received == Received::Bytes || received == Received::Nothing)
                continue;
            if (!mayReplay(received))
                co_return std::unexpected(cutError());
            m_mayReplay = false;
            m_worker.counters().upstreamStale.fetch_add(1, std::memory_order_relaxed);
            m_connection.reset();
            const Result<void> sent = co_await connectAndSend(false);
            if (!sent)
                co_return std::unexpected(sent.error());
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
            if (!m_connection->channel().readable()) {
                const Result<Woke> woke = co_await awaitReadable(wake);
                if (!woke)
                    co_return std::unexpected(woke.error());
                if (*woke == Woke::Wake) {
                    bytes.kind = UpstreamBytes::Kind::Woken;
                    co_return bytes;
                }
            }
            const Received received = receive();
            if (received == Received::Bytes && m_burst >= longestBurst) {
                m_burst = 0;
                co_await m_wait.yield();
            }
            if (received == Received::Bytes || received == Received::Nothing)
                continue;
            status = parser.closed(received == Received::Closed);
        }
        switch (status) {
        case ResponseParser::Status::Data:
            bytes.kind = UpstreamBytes::Kind::Data;
            bytes.last = parser.ended();
            co_return bytes;
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
