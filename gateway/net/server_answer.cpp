// SPDX-License-Identifier: GPL-3.0-or-later
// The answer's side of a caller's connection: heads, chunks, and what waits for a slow caller.
#include "gateway/net/server_connection.h"

#include "gateway/net/connection_tunnel.h"
#include "gateway/net/reason_phrase.h"
#include "gateway/net/upstream_exchange.h"
#include "gateway/net/worker_core.h"

#include <charconv>

namespace gateway::net {

using pipeline::Task;

namespace {

constexpr std::string_view lastChunk = "0\r\n\r\n";
constexpr std::string_view lineEnd = "\r\n";

/// RFC 9110 6.4.1
bool hasBody(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

} // namespace

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

void ServerConnection::addLength(std::uint64_t length)
{
    std::array<char, 24> digits {};
    char *const end = std::to_chars(digits.data(), digits.data() + digits.size(), length).ptr;
    m_out.append("Content-Length: ").append(digits.data(), end).append("\r\n");
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
    if (m_left) { // never more than was promised: the rest would be read as the next answer
        bytes = bytes.substr(0, *m_left);
        *m_left -= bytes.size();
    }
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
            m_deadline.set(m_worker.loop().now() + m_settings->writeTimeout);
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
    if (hasBody(head.status))
        addLength(head.length.value_or(body.size()));
    finishHead(!m_closing);
    if (!m_headOnly && hasBody(head.status))
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
    m_chunked = !m_parser.http10() && !head.length && hasBody(head.status);
    if (m_chunked)
        m_out.append("Transfer-Encoding: chunked\r\n");
    else if (head.length)
        addLength(*head.length);
    m_left = head.length;
    finishHead((m_chunked || head.length || !hasBody(head.status)) && !m_closing); // HTTP/1.0: the body ends with the connection
    m_answer = Answer::Streaming;
    m_headOnly = m_headOnly || !hasBody(head.status);
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
    if (m_left && *m_left > 0) { // less than was promised is no whole answer
        cut();
        co_return false;
    }
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

Task<std::unique_ptr<pipeline::Tunnel>> ServerConnection::join(std::string_view headers, std::unique_ptr<pipeline::UpstreamCall> call, pipeline::CancelSource &cancel)
{
    std::unique_ptr<pipeline::Tunnel> tunnel;
    if (m_gone || m_answer != Answer::None)
        co_return tunnel;
    pipeline::HttpHead head;
    head.status = 101;
    head.contentType = {};
    head.headers = headers;
    appendHead(head);
    m_out.append("\r\n");
    addPiece(m_out);
    m_answer = Answer::Joined;
    m_closing = true;
    bool sent = sendSome();
    if (!sent)
        sent = co_await flush();
    if (!sent)
        co_return tunnel;
    UpstreamConnectionPtr provider = static_cast<UpstreamExchange &>(*call).takeConnection();
    tunnel = std::make_unique<ConnectionTunnel>(m_worker, ConnectionTunnel::Caller {.channel = m_channel, .early = m_parser.takeRest(), .self = m_tunnel}, std::move(provider), cancel,
                                                m_settings->writeTimeout);
    co_return tunnel;
}

} // namespace gateway::net
