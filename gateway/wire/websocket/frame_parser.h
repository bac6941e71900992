// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// WebSockets (RFC 6455) as a relay needs them: frames pass byte for byte, looked at on the way. Pure; no I/O.
namespace gateway::wire::websocket {

enum class Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// Who sent the frames: clients mask theirs, servers do not (5.1).
enum class Sender : std::uint8_t { Client, Server };

// Codes of a Close frame (7.4.1) that a relay says itself.
inline constexpr std::uint16_t goingAway = 1001;
inline constexpr std::uint16_t protocolError = 1002;
inline constexpr std::uint16_t tooBig = 1009;
inline constexpr std::uint16_t internalError = 1011;

/// A part of one frame. Views hold until the parser is called again.
struct Piece
{
    Opcode opcode = Opcode::Text;  ///< of a data frame: that of its message
    std::string_view head {};      ///< the frame's header as it came; empty: it was in a former piece
    std::string_view body {};      ///< what followed, as it came: still masked where the sender masks
    std::array<char, 4> mask {};   ///< zeros: none
    std::size_t maskAt = 0;        ///< which byte of the mask stands at body[0]
    bool frameEnds = false;        ///< the frame is whole with this piece
    bool messageEnds = false;      ///< so is its message

    [[nodiscard]] bool isControl() const { return static_cast<std::uint8_t>(opcode) >= 8; }
    /// What the body says, its mask taken off, added to `out`.
    void addText(std::string &out) const;
};

/// Takes frames out of a stream of bytes that is cut anywhere. Data frames are given piece by piece as they come, control
/// frames whole; a frame's last piece is told also where its body is empty. Refuses what RFC 6455 forbids (reserved bits and opcodes,
/// wrong masking, control frames that are long or in fragments, fragments out of order, lengths that are not the shortest)
/// and what is larger than its limits. Whether text is UTF-8, and what a close code means, is left to the peers. Nothing is read behind a Close frame.
/// Not thread-safe.
///   parser.feed(bytes); while (parser.next(piece) == FrameParser::Next::Piece) ...
class FrameParser
{
public:
    struct Limits
    {
        std::uint64_t frame = 16 * 1024 * 1024;   ///< bytes of a frame's body
        std::uint64_t message = 16 * 1024 * 1024; ///< of all frames of a message
    };
    enum class Next : std::uint8_t {
        Piece,
        NeedMore, ///< everything fed is used up
        Broken    ///< closeCode() and problem() say why; nothing more comes
    };

    FrameParser(Sender sender, Limits limits) : m_sender(sender), m_limits(limits) {}

    /// Gives bytes, which must stay valid until next() said NeedMore.
    void feed(std::string_view bytes) { m_input = bytes; }
    Next next(Piece &piece);

    /// A part of a frame was given and its rest has not come: no other frame may be put in here.
    [[nodiscard]] bool isWithinFrame() const { return m_state == State::Data && m_taken > 0; }
    [[nodiscard]] std::uint16_t closeCode() const { return m_closeCode; }
    [[nodiscard]] const char *problem() const { return m_problem; } ///< null: none

private:
    enum class State : std::uint8_t { Head, Data, Control, Ended, Broken };

    bool takeHead();
    const char *checkHead();
    void readLength();
    Next takeData(Piece &piece);
    Next takeControl(Piece &piece);
    Next fail(std::uint16_t code, const char *problem);
    void describe(Piece &piece);

    Sender m_sender;
    Limits m_limits;
    std::string_view m_input;
    State m_state = State::Head;
    std::array<char, 14> m_head {};
    std::size_t m_headSize = 0;
    std::array<char, 125> m_control {};
    std::uint64_t m_length = 0;     ///< of the frame's body
    std::uint64_t m_taken = 0;      ///< of it so far
    std::uint64_t m_message = 0;    ///< bytes of the message's former frames
    Opcode m_opcode = Opcode::Text; ///< of the frame, as written
    Opcode m_kind = Opcode::Text;   ///< of the message under way
    bool m_final = false;
    bool m_open = false;            ///< a message is under way: its next frame must be a continuation
    std::uint16_t m_closeCode = 0;
    const char *m_problem = nullptr;
};

} // namespace gateway::wire::websocket
