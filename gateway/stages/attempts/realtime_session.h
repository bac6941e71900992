// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/pipeline/http.h"
#include "gateway/routing/attempt_sequence.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/wire/websocket/frame_parser.h"
#include "gateway/wire/websocket/frame_writer.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::stages {

/// One WebSocket session between a caller and a provider's realtime API. Frames pass both ways as they come, each direction at
/// the pace of who reads; on the way the usage of every `response.done` is summed. Who says nothing for a while is asked by a
/// ping whether he is there; who does not answer for the idle limit is gone. Whatever ends the session, the books are closed
/// before the last frame leaves, and both ends are told in a Close frame why.
class RealtimeSession : public Pooled
{
public:
    RealtimeSession(pipeline::Exchange &x, AttemptBook &book);
    ~RealtimeSession();
    RealtimeSession(const RealtimeSession &) = delete;
    RealtimeSession &operator=(const RealtimeSession &) = delete;

    /// @param call   whose head was a good 101
    /// @param lines  of the caller's own 101
    /// @return false: the caller had left before there was a session
    pipeline::Task<bool> run(std::unique_ptr<pipeline::UpstreamCall> call, std::string_view lines);

private:
    using End = pipeline::TunnelEnd;

    /// What comes from one end.
    struct Side
    {
        explicit Side(wire::websocket::Sender sender) : parser(sender, {}) {}

        wire::websocket::FrameParser parser;
        std::string message;        ///< text under way, as far as it is looked at
        bool tooLong = false;       ///< for that
        SteadyTime lastBytes {};
        SteadyTime pingedAt {};
        bool closeCame = false;     ///< its Close frame
        bool closeSent = false;     ///< one to it
        bool gone = false;          ///< its connection has ended
    };
    /// How the session ends, once it does.
    struct Ending
    {
        CallStatus status = CallStatus::Ok;
        std::optional<Error> error {};
        std::optional<routing::Failure> failure {}; ///< the provider's
    };

    Side &side(End end) { return m_sides[static_cast<std::size_t>(end)]; }
    std::string &last(End to) { return m_last[static_cast<std::size_t>(to)]; }
    void take(const pipeline::TunnelEvent &event);
    void takeBytes(End from, std::string_view bytes);
    void takeData(End from, const wire::websocket::Piece &piece);
    void takeControl(End from, const wire::websocket::Piece &piece);
    void takeClose(End from, const wire::websocket::Piece &piece);
    void takeMessage(End from);
    void forward(End from, const wire::websocket::Piece &piece);
    void lose(End end);
    void onTime();
    void checkSilence(End end, SteadyTime now);

    void finish(Ending ending);
    void failProvider(ErrorCode code, std::string message);
    void sayClose(End to, std::uint16_t code, std::string_view reason);
    void ping(End to);
    [[nodiscard]] std::string ownFrame(End to, wire::websocket::Opcode opcode, std::string_view body);
    [[nodiscard]] SteadyTime wakeAt();
    [[nodiscard]] SteadyTime totalAt() const;
    [[nodiscard]] bool isOver();
    pipeline::Task<void> closeBooks();

    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    std::unique_ptr<pipeline::Tunnel> m_tunnel;
    std::array<Side, 2> m_sides {Side(wire::websocket::Sender::Client), Side(wire::websocket::Sender::Server)};
    std::string m_out;                 ///< to pass on, of the bytes under way
    std::array<std::string, 2> m_last; ///< to each end, once the books are closed
    TokenUsage m_usage;
    std::optional<Ending> m_ending;
    SteadyTime m_closeBy;              ///< nobody waits longer for the other's Close
};

} // namespace gateway::stages
