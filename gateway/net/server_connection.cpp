// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/server_connection.h"

#include "gateway/core/text.h"
#include "gateway/net/body_decoder.h"
#include "gateway/net/connection_tunnel.h"
#include "gateway/net/forwarded.h"
#include "gateway/net/worker_core.h"

#include <algorithm>

namespace gateway::net {

using pipeline::Task;

namespace {

constexpr Duration lingerTime = std::chrono::seconds {2};
constexpr int callsInARow = 64;

SteadyTime clockNow()
{
    return std::chrono::steady_clock::now();
}

} // namespace

ServerConnection::ServerConnection(WorkerCore &worker, ChannelPtr channel)
    : m_worker(worker)
    , m_channel(std::move(channel))
    , m_parser(worker.buffers(), {})
    , m_share(worker.counters().readingBytes)
    , m_waiter(worker.loop())
    , m_deadline(worker.wheel(), &ServerConnection::onDeadline, this)
    , m_settings(worker.settings())
{
    m_peer = addressText(m_channel->peer());
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
    for (int number = 1; ready && !c.m_closing; ++number) {
        const Got got = co_await c.readRequest();
        if (got == Got::Nothing)
            co_return;
        if (got == Got::Request) {
            co_await c.handleRequest();
            if (!c.m_closing)
                c.m_parser.next();
            if (number % callsInARow == 0) // a flood of calls that need no wait would keep the worker to itself
                co_await c.m_waiter.yield();
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
    if (m_tunnel != nullptr)
        m_tunnel->poke();
    else if (m_phase == Phase::Running)
        readAhead();
    else
        m_waiter.wakeNow();
}

void ServerConnection::onWritable()
{
    if (m_tunnel != nullptr)
        m_tunnel->poke();
    else
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
    m_deadline.set(m_worker.loop().now() + m_settings->headTimeout);
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
    m_phase = Phase::Reading;
    co_return true;
}

void ServerConnection::setReadDeadline()
{
    const ServerSettings &settings = *m_settings;
    if (m_parser.idle()) {
        m_deadline.set(m_worker.loop().now() + settings.keepAlive);
        m_requestStarted = {};
        return;
    }
    const SteadyTime moment = m_worker.loop().now();
    if (m_requestStarted == SteadyTime {})
        m_requestStarted = moment;
    const SteadyTime total = m_requestStarted + settings.requestTimeout;
    const SteadyTime part = m_parser.state() == RequestParser::State::Body ? moment + settings.bodyTimeout : m_requestStarted + settings.headTimeout;
    m_deadline.set(std::min(total, part));
}

bool ServerConnection::mayReadOn()
{
    // One request of max_body finds room where nobody else asks for any.
    const std::size_t limit = std::max(m_settings->maxReading, m_settings->maxBody + m_settings->maxHeader);
    if (m_share.hold(m_parser.held(), limit))
        return true;
    m_refusalStatus = 503;
    m_refusal = "the gateway is reading as many large requests as it may; try again soon";
    return false;
}

bool ServerConnection::receiveSome()
{
    const std::span<char> space = m_parser.space();
    const Channel::Io io = m_channel->receive(space);
    switch (io.status) {
    case Channel::Status::Ok: m_parser.commit(io.count); return true;
    case Channel::Status::WantRead:
    case Channel::Status::WantWrite: return true; // the channel is readable when TLS can go on
    case Channel::Status::Closed:
    case Channel::Status::Lost:
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
            m_share.release();
            co_return Got::Request;
        }
        if (state == RequestParser::State::Refused) {
            m_refusalStatus = m_parser.status();
            m_refusal = m_parser.problem();
            co_return Got::Refused;
        }
        if (m_parser.idle() && m_worker.draining())
            co_return Got::Nothing;
        if (m_channel->readable()) {
            if (!mayReadOn())
                co_return Got::Refused;
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
    if (io.status == Channel::Status::Ok) {
        m_parser.commit(io.count);
    } else if (io.status != Channel::Status::WantRead && io.status != Channel::Status::WantWrite) {
        callerGone();
        return;
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
    if (m_tunnel != nullptr)
        m_tunnel->drain();
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
    m_left.reset();
}

Task<void> ServerConnection::handleRequest()
{
    pipeline::HttpRequest request {.method = m_parser.method(),
                                   .path = m_parser.path(),
                                   .query = m_parser.query(),
                                   .headers = m_parser.headers(),
                                   .body = m_parser.body(),
                                   .peer = peer(),
                                   .receivedAt = clockNow()};
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
        body = m_worker.handler().refuse(status, m_parser.path(), peer(), why);
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
    m_parser.releaseBuffers();
    m_share.release();
    m_deadline.set(m_worker.loop().now() + lingerTime);
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

} // namespace gateway::net
