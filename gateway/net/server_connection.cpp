// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/server_connection.h"

#include "gateway/core/text.h"
#include "gateway/net/body_decoder.h"
#include "gateway/net/forwarded.h"
#include "gateway/net/reason_phrase.h"
#include "gateway/net/worker_core.h"

#include <charconv>

namespace gateway::net {

using pipeline::Task;

namespace {

constexpr Duration lingerTime = std::chrono::seconds {2};
constexpr std::size_t keptOut = 4096;
constexpr std::string_view lastChunk = "0\r\n\r\n";
constexpr std::string_view lineEnd = "\r\n";

SteadyTime now()
{
    return std::chrono::steady_clock::now();
}

} // namespace

ServerConnection::ServerConnection(WorkerCore &worker, ChannelPtr channel)
    : m_worker(worker)
    , m_channel(std::move(channel))
    , m_parser(worker.buffers(), {})
    , m_waiter(worker.executor())
    , m_deadline(worker.wheel(), &ServerConnection::onDeadline, this)
    , m_settings(worker.settings())
{
    boost::system::error_code failed;
    const auto remote = m_channel->socket().remote_endpoint(failed);
    if (!failed)
        m_peer = addressText(remote.address());
    m_channel->setUser(this);
    m_worker.enter(*this);
}

ServerConnection::~ServerConnection()
{
    m_channel->close();
    m_worker.leave(*this);
}

Task<void> ServerConnection::serve(std::unique_ptr<ServerConnection> self)
{
    ServerConnection &c = *self;
    bool ready = true;
    if (c.m_channel->hasTls())
        ready = co_await c.handshake();
    while (ready && !c.m_closing) {
        const Got got = co_await c.readRequest();
        if (got == Got::Nothing)
            co_return;
        if (got == Got::Request) {
            co_await c.handleRequest();
            if (!c.m_closing)
                c.m_parser.next();
        } else {
            co_await c.refuse(c.m_refusalStatus, c.m_refusal);
        }
    }
    if (ready && !c.m_gone)
        co_await c.linger();
}

// --- Reading ---------------------------------------------------------------------------------------------------------

void ServerConnection::onReadable()
{
    if (m_phase == Phase::Running) {
        readAhead();
        return;
    }
    m_readable = true;
    m_waiter.wakeNow();
}

void ServerConnection::onWritable()
{
    m_waiter.wakeNow();
}

void ServerConnection::onDeadline(void *self)
{
    auto &connection = *static_cast<ServerConnection *>(self);
    connection.m_expired = true;
    if (connection.m_phase == Phase::Running)
        connection.callerGone(); // takes nothing of its answer
    else
        connection.m_waiter.wakeSoon();
}

Task<bool> ServerConnection::handshake()
{
    m_phase = Phase::Handshake;
    m_deadline.set(now() + m_settings->headTimeout);
    for (;;) {
        const Channel::Status status = m_channel->handshake();
        if (status == Channel::Status::Ok)
            break;
        if (status == Channel::Status::WantRead)
            m_channel->watchRead();
        else if (status == Channel::Status::WantWrite)
            m_channel->watchWrite();
        if ((status != Channel::Status::WantRead && status != Channel::Status::WantWrite) || m_expired || m_gone) {
            m_worker.counters().refusedConnections.fetch_add(1, std::memory_order_relaxed);
            co_return false;
        }
        co_await m_waiter.wait();
    }
    m_readable = true; // the first request may have come with the handshake's last bytes
    m_phase = Phase::Reading;
    co_return true;
}

void ServerConnection::setReadDeadline()
{
    const ServerSettings &settings = *m_settings;
    if (m_parser.idle()) {
        m_deadline.set(now() + settings.keepAlive);
        m_requestStarted = {};
        return;
    }
    const SteadyTime moment = now();
    if (m_requestStarted == SteadyTime {})
        m_requestStarted = moment;
    const SteadyTime total = m_requestStarted + settings.requestTimeout;
    const SteadyTime part = m_parser.state() == RequestParser::State::Body ? moment + settings.bodyTimeout : m_requestStarted + settings.headTimeout;
    m_deadline.set(std::min(total, part));
}

bool ServerConnection::receiveSome()
{
    const std::span<char> space = m_parser.space();
    const Channel::Io io = m_channel->receive(space);
    switch (io.status) {
    case Channel::Status::Ok:
        m_parser.commit(io.count);
        // A short read emptied the socket: trying again would only be told so.
        m_readable = io.count == space.size() || m_channel->buffered();
        return true;
    case Channel::Status::WantRead:
        m_readable = false;
        return true;
    case Channel::Status::WantWrite: // TLS 1.2 renegotiation is off: only key updates come here
        m_readable = false;
        m_channel->watchWrite();
        return true;
    case Channel::Status::Closed:
    case Channel::Status::Failed: break;
    }
    m_gone = true;
    return false;
}

Task<ServerConnection::Got> ServerConnection::readRequest()
{
    m_phase = Phase::Reading;
    m_expired = false;
    m_continued = false;
    m_settings = m_worker.settings();
    m_parser.setLimits({.maxHead = m_settings->maxHeader, .maxBody = m_settings->maxBody});
    for (;;) {
        const RequestParser::State state = m_parser.advance();
        if (state == RequestParser::State::Complete) {
            m_deadline.clear();
            co_return Got::Request;
        }
        if (state == RequestParser::State::Refused) {
            m_refusalStatus = m_parser.status();
            m_refusal = m_parser.problem();
            co_return Got::Refused;
        }
        if (m_parser.idle() && m_worker.draining())
            co_return Got::Nothing;
        if (m_readable) {
            if (!receiveSome())
                co_return Got::Nothing;
            continue;
        }
        if (state == RequestParser::State::Body && m_parser.expectsContinue() && !m_continued) {
            m_continued = true;
            m_firstPiece = m_pieceCount = 0;
            addPiece("HTTP/1.1 100 Continue\r\n\r\n");
            if (!sendSome()) {
                const bool sent = co_await flush();
                if (!sent)
                    co_return Got::Nothing;
            }
        }
        if (m_parser.idle())
            m_parser.releaseBuffers();
        setReadDeadline();
        m_channel->watchRead();
        co_await m_waiter.wait();
        if (m_gone)
            co_return Got::Nothing;
        if (m_expired) {
            if (m_parser.idle())
                co_return Got::Nothing;
            m_refusalStatus = 408;
            m_refusal = state == RequestParser::State::Body ? "the request's body did not arrive in time" : "the request's head did not arrive in time";
            co_return Got::Refused;
        }
    }
}

void ServerConnection::readAhead()
{
    const std::span<char> space = m_parser.space();
    if (space.empty())
        return; // a flood of pipelined requests waits in the kernel
    const Channel::Io io = m_channel->receive(space);
    if (io.status == Channel::Status::Closed || io.status == Channel::Status::Failed) {
        callerGone();
        return;
    }
    if (io.status == Channel::Status::Ok) {
        m_parser.commit(io.count);
        m_readable = true; // nobody knows whether that was all
    }
    m_channel->watchRead();
}

void ServerConnection::callerGone()
{
    if (m_gone)
        return;
    m_gone = true;
    m_waiter.wakeSoon();
    if (auto hook = std::exchange(m_onGone, nullptr))
        hook();
}

void ServerConnection::drain()
{
    if (m_phase == Phase::Reading && m_parser.idle() && m_waiter.waiting())
        abort();
}

void ServerConnection::abort()
{
    if (m_phase == Phase::Running) {
        callerGone();
        return;
    }
    m_gone = true;
    m_waiter.wakeSoon();
}

// --- One request -----------------------------------------------------------------------------------------------------

std::string_view ServerConnection::peer()
{
    if (m_settings->trustedProxies.empty())
        return m_peer;
    m_forwarded = forwardedPeer(m_peer, m_parser.headers(), m_settings->trustedProxies);
    return m_forwarded;
}

void ServerConnection::resetAnswer()
{
    m_answer = Answer::None;
    m_headOnly = m_parser.method() == "HEAD";
    m_chunked = false;
}

Task<void> ServerConnection::handleRequest()
{
    pipeline::HttpRequest request {.method = m_parser.method(),
                                   .path = m_parser.path(),
                                   .query = m_parser.query(),
                                   .headers = m_parser.headers(),
                                   .body = m_parser.body(),
                                   .peer = peer(),
                                   .receivedAt = now()};
    m_requestStarted = {};
    if (m_worker.draining()) {
        co_await refuse(503, "the gateway is shutting down");
        co_return;
    }
    if (!m_parser.contentEncoding().empty()) {
        const bool decoded = decodeBody(request.body);
        if (!decoded) {
            co_await refuse(m_refusalStatus, m_refusal);
            co_return;
        }
        request.headers = m_parser.headers();
    }
    co_await runHandler(request);
}

bool ServerConnection::decodeBody(std::string_view &body)
{
    auto decoded = decodeContent(m_parser.contentEncoding(), body, m_settings->maxBody, m_settings->maxRatio);
    if (!decoded) {
        m_refusalStatus = decoded.error().code == ErrorCode::BodyTooLarge ? 413 : 415;
        m_refusal = std::move(decoded.error().message);
        return false;
    }
    m_decoded = std::move(*decoded);
    m_decoded.append(pipeline::bodyPadding, '\0');
    body = std::string_view(m_decoded).substr(0, m_decoded.size() - pipeline::bodyPadding);
    // What stands there now is plain: nobody may decode it again.
    std::erase_if(m_parser.headers(), [](const pipeline::HeaderView &field) { return equalsIgnoringCase(field.name, "content-encoding"); });
    return true;
}

Task<void> ServerConnection::runHandler(pipeline::HttpRequest &request)
{
    Counters &counters = m_worker.counters();
    counters.requests.fetch_add(1, std::memory_order_relaxed);
    counters.runningRequests.fetch_add(1, std::memory_order_relaxed);
    resetAnswer();
    m_phase = Phase::Running;
    m_closing = !m_parser.keepAlive();
    m_channel->watchRead();
    try {
        co_await m_worker.handler().handle(request, *this);
    } catch (...) {
        // Answered below. What was thrown may quote the request or a secret: callers are not told.
    }
    m_onGone = nullptr;
    m_deadline.clear();
    if (m_answer == Answer::Streaming)
        cut(); // never a clean end that nobody asked for
    if (m_answer == Answer::None && !m_gone)
        co_await refuse(500, "an internal error ended the request without an answer");
    m_phase = Phase::Reading;
    m_decoded = {};
    if (m_gone || m_worker.draining())
        m_closing = true;
    counters.runningRequests.fetch_sub(1, std::memory_order_relaxed);
}

Task<void> ServerConnection::refuse(int status, std::string_view why)
{
    m_deadline.clear();
    m_worker.counters().refusedRequests.fetch_add(1, std::memory_order_relaxed);
    std::string body;
    try {
        body = m_worker.handler().refuse(status, m_parser.path(), m_peer, why);
    } catch (...) {
        body = R"({"error":{"message":"The gateway could not word this error.","type":"server_error","param":null,"code":null}})";
    }
    resetAnswer();
    m_closing = true;
    pipeline::HttpHead head;
    head.status = status;
    if (status == 503)
        head.headers = "Retry-After: 1\r\n";
    m_expired = false;
    const bool sent = co_await send(head, body);
    if (!sent)
        m_gone = true;
}

Task<void> ServerConnection::linger()
{
    // RFC 9112 9.6: closing at once would reset the connection under what the caller still sends, and take the answer
    // with it before it was read.
    m_phase = Phase::Closing;
    m_expired = false;
    m_channel->shutdownSend();
    m_deadline.set(now() + lingerTime);
    std::size_t dropped = 0;
    std::array<char, 1024> rubbish;
    while (!m_gone && !m_expired && dropped < m_settings->maxBody) {
        const Channel::Io io = m_channel->receive(rubbish);
        if (io.status == Channel::Status::Ok) {
            dropped += io.count;
            continue;
        }
        if (io.status != Channel::Status::WantRead)
            break;
        m_channel->watchRead();
        co_await m_waiter.wait();
    }
}

// --- The answer ------------------------------------------------------------------------------------------------------

void ServerConnection::appendHead(const pipeline::HttpHead &head)
{
    m_firstPiece = m_pieceCount = 0;
    m_out.clear();
    std::array<char, 4> digits {};
    std::to_chars(digits.data(), digits.data() + digits.size(), head.status);
    m_out.append("HTTP/1.1 ").append(digits.data(), 3).append(" ").append(reasonPhrase(head.status)).append("\r\n");
    m_out.append(m_worker.dateLine());
    if (!head.contentType.empty())
        m_out.append("Content-Type: ").append(head.contentType).append("\r\n");
    m_out.append(head.headers);
}

void ServerConnection::finishHead(bool keepAlive)
{
    if (!keepAlive || m_worker.draining()) {
        m_closing = true;
        m_out.append("Connection: close\r\n");
    } else if (m_parser.http10()) {
        m_out.append("Connection: keep-alive\r\n");
    }
    m_out.append("\r\n");
    addPiece(m_out);
}

void ServerConnection::addPiece(std::string_view bytes)
{
    if (!bytes.empty())
        m_pieces[m_pieceCount++] = {const_cast<char *>(bytes.data()), bytes.size()};
}

void ServerConnection::addChunk(std::string_view bytes)
{
    if (bytes.empty())
        return;
    if (m_chunked) {
        char *end = std::to_chars(m_chunkHead.data(), m_chunkHead.data() + 16, bytes.size(), 16).ptr;
        *end++ = '\r';
        *end++ = '\n';
        addPiece({m_chunkHead.data(), end});
    }
    addPiece(bytes);
    if (m_chunked)
        addPiece(lineEnd);
}

bool ServerConnection::sendSome()
{
    if (m_gone)
        return false;
    while (m_firstPiece < m_pieceCount) {
        const Channel::Io io = m_channel->send(std::span(m_pieces).subspan(m_firstPiece, m_pieceCount - m_firstPiece));
        std::size_t count = io.count;
        while (m_firstPiece < m_pieceCount && count >= m_pieces[m_firstPiece].iov_len)
            count -= m_pieces[m_firstPiece++].iov_len;
        if (count > 0) {
            iovec &piece = m_pieces[m_firstPiece];
            piece.iov_base = static_cast<char *>(piece.iov_base) + count;
            piece.iov_len -= count;
        }
        if (io.status == Channel::Status::WantWrite || io.status == Channel::Status::WantRead) {
            if (io.count > 0)
                m_deadline.clear(); // it moves: flush() sets a new limit
            if (m_firstPiece < m_pieceCount)
                return false;
        } else if (io.status != Channel::Status::Ok) {
            callerGone();
            return false;
        }
    }
    return true;
}

Task<bool> ServerConnection::flush()
{
    while (!m_gone) {
        if (m_deadline.due() == pipeline::never)
            m_deadline.set(now() + m_settings->writeTimeout);
        m_channel->watchWrite();
        co_await m_waiter.wait();
        if (m_expired)
            m_gone = true;
        if (!m_gone && sendSome()) {
            m_deadline.clear();
            co_return true;
        }
    }
    co_return false;
}

Task<bool> ServerConnection::send(const pipeline::HttpHead &head, std::string_view body)
{
    if (m_gone || m_answer != Answer::None)
        co_return false;
    appendHead(head);
    if (head.status != 204 && head.status != 304 && head.status >= 200) {
        std::array<char, 24> digits {};
        char *const end = std::to_chars(digits.data(), digits.data() + digits.size(), body.size()).ptr;
        m_out.append("Content-Length: ").append(digits.data(), end).append("\r\n");
    }
    finishHead(!m_closing);
    if (!m_headOnly && head.status != 204 && head.status != 304)
        addPiece(body);
    m_answer = Answer::Ended;
    if (sendSome())
        co_return true;
    const bool sent = co_await flush();
    co_return sent;
}

Task<bool> ServerConnection::begin(const pipeline::HttpHead &head, std::string_view first)
{
    if (m_gone || m_answer != Answer::None)
        co_return false;
    appendHead(head);
    m_chunked = !m_parser.http10();
    if (m_chunked)
        m_out.append("Transfer-Encoding: chunked\r\n");
    finishHead(m_chunked && !m_closing); // HTTP/1.0: the body ends with the connection
    m_answer = Answer::Streaming;
    if (!m_headOnly)
        addChunk(first);
    if (sendSome())
        co_return true;
    const bool sent = co_await flush();
    co_return sent;
}

Task<bool> ServerConnection::write(std::string_view bytes)
{
    if (m_gone || m_answer != Answer::Streaming)
        co_return false;
    if (m_headOnly)
        co_return true;
    m_firstPiece = m_pieceCount = 0;
    addChunk(bytes);
    if (sendSome())
        co_return true;
    const bool sent = co_await flush();
    co_return sent;
}

Task<bool> ServerConnection::end(std::string_view last)
{
    if (m_gone || m_answer != Answer::Streaming)
        co_return false;
    m_answer = Answer::Ended;
    if (m_headOnly)
        co_return true;
    m_firstPiece = m_pieceCount = 0;
    addChunk(last);
    if (m_chunked)
        addPiece(lastChunk);
    if (sendSome())
        co_return true;
    const bool sent = co_await flush();
    co_return sent;
}

void ServerConnection::cut()
{
    m_answer = Answer::Cut;
    m_closing = true;
    m_gone = true; // nothing more is sent, and no lingering: the end must look like none
    // Chunks without the last one tell the caller; a body that ends with the connection needs a reset.
    m_channel->close(!m_chunked || m_channel->hasTls());
}

} // namespace gateway::net
