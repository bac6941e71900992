// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/realtime_session.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt_limits.h"
#include "gateway/wire/realtime_usage.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

using pipeline::Task;
using pipeline::TunnelEnd;
using pipeline::TunnelEvent;
using wire::websocket::Opcode;
using wire::websocket::Piece;
namespace websocket = wire::websocket;

namespace {

constexpr int switching = 101;
constexpr Duration closePatience = std::chrono::seconds {2};
constexpr std::size_t longestLookedAt = 1024 * 1024; // of a text message; `response.done` has no sound in it and is far below
constexpr std::size_t keptBuffer = 64 * 1024;        // a buffer that one large message grew beyond this is given back
constexpr std::string_view pingMark = "signalbox";   // whose pong comes back to us and goes no further

/// Whether a provider that says this code has ended the session as sessions end.
bool isOrderly(std::uint16_t code)
{
    constexpr std::uint16_t normal = 1000, noCode = 1005;
    return code == normal || code == websocket::goingAway || code == noCode;
}

/// A provider's code that says what the caller did.
bool blamesTheCaller(std::uint16_t code)
{
    constexpr std::uint16_t firstOfServer = 1011, lastOfServer = 1014, firstOwn = 3000;
    return code < firstOfServer || (code > lastOfServer && code >= firstOwn);
}

long long secondsOf(Duration duration)
{
    return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

} // namespace

RealtimeSession::RealtimeSession(pipeline::Exchange &x, AttemptBook &book)
    : m_x(x)
    , m_book(book)
    , m_closeBy(pipeline::never)
{
    m_x.worker.stats.streamOpened();
}

RealtimeSession::~RealtimeSession()
{
    m_x.worker.stats.streamClosed();
}

Task<bool> RealtimeSession::run(std::unique_ptr<pipeline::UpstreamCall> call, std::string_view lines)
{
    m_tunnel = co_await m_x.join(std::move(call), lines);
    if (!m_tunnel)
        co_return false;
    m_x.record.stream = true;
    m_book.firstContent(m_x.now());
    m_book.answers();
    m_book.succeed(switching);
    for (Side &each : m_sides)
        each.lastBytes = m_x.now();
    while (!isOver()) {
        const TunnelEvent event = co_await m_tunnel->next(wakeAt());
        take(event);
        if (m_ending && !m_x.settled)
            co_await closeBooks();
    }
    co_return true;
}

void RealtimeSession::take(const TunnelEvent &event)
{
    using Kind = TunnelEvent::Kind;
    switch (event.kind) {
    case Kind::Bytes: return takeBytes(event.end, event.bytes);
    case Kind::Closed: return lose(event.end);
    case Kind::Woken: return onTime();
    case Kind::Cancelled: // the gateway ends, or the caller's connection failed
        side(End::Caller).gone = side(End::Provider).gone = true;
        return finish({.status = CallStatus::Cancelled});
    case Kind::Draining:
        sayClose(End::Caller, websocket::goingAway, "shutting_down: this gateway is shutting down");
        sayClose(End::Provider, websocket::goingAway, "");
        return finish({.status = CallStatus::Cut, .error = Error {.code = ErrorCode::ShuttingDown, .message = "The gateway shut down while the session was open."}});
    }
}

void RealtimeSession::takeBytes(End from, std::string_view bytes)
{
    Side &its = side(from);
    its.lastBytes = m_x.now();
    its.parser.feed(bytes);
    Piece piece;
    websocket::FrameParser::Next next = its.parser.next(piece);
    for (; next == websocket::FrameParser::Next::Piece; next = its.parser.next(piece))
        piece.isControl() ? takeControl(from, piece) : takeData(from, piece);
    m_tunnel->send(otherEnd(from), m_out);
    m_out.clear();
    if (next == websocket::FrameParser::Next::NeedMore)
        return;
    its.closeCame = true; // nothing more of what it says is heard
    if (m_ending)
        return;
    const std::string problem = fmt::format("{}: {}.", from == End::Caller ? "the caller's WebSocket is not one" : "the WebSocket is not one", its.parser.problem());
    sayClose(from, its.parser.closeCode(), its.parser.problem());
    sayClose(otherEnd(from), from == End::Caller ? websocket::goingAway : websocket::internalError, problem);
    if (from == End::Provider)
        failProvider(ErrorCode::Malformed, problem);
    else
        finish({.status = CallStatus::Cut, .error = Error {.code = ErrorCode::BadRequest, .message = problem}});
}

void RealtimeSession::forward(End from, const Piece &piece)
{
    const End to = otherEnd(from);
    if (!side(to).closeSent) // nothing follows a Close
        m_out.append(piece.head).append(piece.body);
}

void RealtimeSession::takeData(End from, const Piece &piece)
{
    forward(from, piece);
    Side &its = side(from);
    if (piece.opcode != Opcode::Text)
        return;
    its.tooLong = its.tooLong || its.message.size() + piece.body.size() > longestLookedAt;
    if (!its.tooLong)
        piece.addText(its.message);
    if (!piece.messageEnds)
        return;
    if (!std::exchange(its.tooLong, false) && !m_ending)
        takeMessage(from);
    its.message.clear();
    if (its.message.capacity() > keptBuffer)
        std::string().swap(its.message);
}

void RealtimeSession::takeMessage(End from)
{
    std::string &message = side(from).message;
    if (from == End::Provider) {
        if (const auto usage = wire::usageOfRealtimeEvent(message))
            m_book.use(m_usage += *usage);
    }
    if (wire::isRealtimeSound(message))
        return;
    message += '\n';
    if (from == End::Provider)
        m_x.capture.answer(message);
    else
        m_x.capture.asked(message);
}

void RealtimeSession::takeControl(End from, const Piece &piece)
{
    if (piece.opcode == Opcode::Close)
        return takeClose(from, piece);
    std::string body;
    piece.addText(body);
    if (piece.opcode != Opcode::Pong || body != pingMark)
        forward(from, piece);
}

void RealtimeSession::takeClose(End from, const Piece &piece)
{
    Side &its = side(from);
    Side &other = side(otherEnd(from));
    its.closeCame = true;
    m_closeBy = std::min(m_closeBy, m_x.now() + closePatience);
    if (other.closeSent)
        return; // it answers ours
    other.closeSent = true;
    if (from == End::Caller) { // what the provider still says is accounted: it answers with its own Close
        m_out.append(piece.head).append(piece.body);
        return;
    }
    last(End::Caller).append(piece.head).append(piece.body);
    std::string body;
    piece.addText(body);
    const websocket::CloseReason reason = websocket::readClose(body);
    if (its.closeSent || isOrderly(reason.code))
        return finish({});
    const std::string words = fmt::format("it closed the session with {}{}{}.", reason.code, reason.words.empty() ? "" : ": ", reason.words);
    failProvider(blamesTheCaller(reason.code) ? ErrorCode::UpstreamBadRequest : ErrorCode::ServerError, words);
}

/// An end's connection is over.
void RealtimeSession::lose(End end)
{
    side(end).gone = true;
    m_closeBy = std::min(m_closeBy, m_x.now() + closePatience);
    if (end == End::Caller) {
        sayClose(End::Provider, websocket::goingAway, "");
        finish({.status = side(End::Caller).closeCame ? CallStatus::Ok : CallStatus::Cancelled});
        return;
    }
    if (side(End::Provider).closeSent) // it was asked to end
        return finish({});
    sayClose(End::Caller, websocket::internalError, "cut: the provider closed the connection");
    failProvider(ErrorCode::Cut, "it closed the connection in the middle of the session.");
}

void RealtimeSession::onTime()
{
    const SteadyTime now = m_x.now();
    if (m_ending || now >= m_closeBy)
        return finish({}); // who does not answer a Close is not waited for
    if (now >= totalAt()) {
        const auto limit = secondsOf(m_book.target().limits.total);
        sayClose(End::Caller, websocket::goingAway, fmt::format("total_timeout: a session may take {} s", limit));
        sayClose(End::Provider, websocket::goingAway, "");
        return finish({.status = CallStatus::Cut, .error = Error {.code = ErrorCode::TotalTimeout, .message = fmt::format("The session reached its limit of {} s.", limit)}});
    }
    checkSilence(End::Caller, now);
    if (!m_ending)
        checkSilence(End::Provider, now);
}

void RealtimeSession::checkSilence(End end, SteadyTime now)
{
    Side &its = side(end);
    const Duration idle = m_book.target().limits.idle;
    if (now < its.lastBytes + idle) {
        const Duration interval = m_x.config->gateway.keepalive;
        if (interval > Duration::zero() && now >= its.lastBytes + interval && its.pingedAt <= its.lastBytes)
            ping(end);
        return;
    }
    const std::string reason = fmt::format("idle_timeout: nothing came for {} s", secondsOf(idle));
    sayClose(end, websocket::goingAway, reason);
    sayClose(otherEnd(end), end == End::Caller ? websocket::goingAway : websocket::internalError, reason);
    if (end == End::Provider)
        failProvider(ErrorCode::IdleTimeout, fmt::format("it was silent for {} s and answered no ping.", secondsOf(idle)));
    else
        finish({.status = CallStatus::Cancelled, .error = Error {.code = ErrorCode::Cancelled, .message = "The caller was silent and answered no ping."}});
}

void RealtimeSession::finish(Ending ending)
{
    m_closeBy = std::min(m_closeBy, m_x.now() + closePatience);
    if (!m_ending)
        m_ending = std::move(ending);
}

void RealtimeSession::failProvider(ErrorCode code, std::string message)
{
    routing::Failure failure {.code = code, .httpStatus = switching, .message = fmt::format("{}: {}", m_book.provider().name, message)};
    finish({.status = CallStatus::Cut, .error = Error {.code = code, .message = failure.message}, .failure = std::move(failure)});
}

std::string RealtimeSession::ownFrame(End to, Opcode opcode, std::string_view body)
{
    const bool masked = to == End::Provider;
    return websocket::controlFrame(opcode, body, masked ? std::optional(static_cast<std::uint32_t>(m_x.worker.random())) : std::nullopt);
}

void RealtimeSession::sayClose(End to, std::uint16_t code, std::string_view reason)
{
    if (side(to).gone || side(to).closeSent)
        return;
    side(to).closeSent = true;
    if (!side(otherEnd(to)).parser.isWithinFrame()) // else the end of the connection has to say it
        last(to) += ownFrame(to, Opcode::Close, websocket::closeBody(code, reason));
}

void RealtimeSession::ping(End to)
{
    side(to).pingedAt = m_x.now();
    if (side(otherEnd(to)).parser.isWithinFrame() || side(to).closeSent)
        return;
    m_tunnel->send(to, ownFrame(to, Opcode::Ping, pingMark));
}

SteadyTime RealtimeSession::totalAt() const
{
    return std::min(after(m_book.startedAt(), m_book.target().limits.total), m_x.deadline);
}

SteadyTime RealtimeSession::wakeAt()
{
    if (m_ending)
        return m_closeBy;
    SteadyTime first = std::min(m_closeBy, totalAt());
    const Duration interval = m_x.config->gateway.keepalive;
    for (const Side &each : m_sides) {
        first = std::min(first, after(each.lastBytes, m_book.target().limits.idle));
        if (interval > Duration::zero() && each.pingedAt <= each.lastBytes)
            first = std::min(first, after(each.lastBytes, interval));
    }
    return first;
}

/// Nothing is left to do: both ends have got what they are to get.
bool RealtimeSession::isOver()
{
    if (!m_ending)
        return false;
    if (m_x.now() >= m_closeBy)
        return true;
    return std::ranges::all_of(std::array {End::Caller, End::Provider}, [&](End end) {
        const Side &its = side(end);
        const bool answers = its.closeSent && !its.closeCame && !side(otherEnd(end)).gone; // who is left alone need not be heard out
        return its.gone || (m_tunnel->isSent(end) && !answers);
    });
}

Task<void> RealtimeSession::closeBooks()
{
    m_book.endTunnel(m_ending->failure);
    co_await m_x.close(m_ending->status, m_ending->error);
    for (const End end : {End::Caller, End::Provider})
        m_tunnel->send(end, std::exchange(last(end), {}));
}

} // namespace gateway::stages
