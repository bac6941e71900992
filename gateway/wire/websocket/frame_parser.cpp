// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/websocket/frame_parser.h"

#include <algorithm>
#include <cstring>

namespace gateway::wire::websocket {

namespace {

// The first two bytes of a frame (RFC 6455 5.2).
constexpr unsigned finalBit = 0x80, reservedBits = 0x70, opcodeBits = 0x0F;
constexpr unsigned maskBit = 0x80, lengthBits = 0x7F;
constexpr unsigned twoByteLength = 126, eightByteLength = 127;
constexpr std::size_t maskSize = 4;
constexpr std::uint64_t longestControl = 125;

unsigned byteOf(char c)
{
    return static_cast<unsigned char>(c);
}

bool isControl(Opcode opcode)
{
    return static_cast<std::uint8_t>(opcode) >= 8;
}

std::size_t lengthSize(unsigned second)
{
    const unsigned length = second & lengthBits;
    return length == eightByteLength ? 8 : length == twoByteLength ? 2 : 0;
}

} // namespace

void Piece::addText(std::string &out) const
{
    const std::size_t from = out.size();
    out.append(body);
    if (mask == std::array<char, maskSize> {})
        return;
    for (std::size_t i = 0; i < body.size(); ++i)
        out[from + i] = static_cast<char>(out[from + i] ^ mask[(maskAt + i) % maskSize]);
}

FrameParser::Next FrameParser::fail(std::uint16_t code, const char *problem)
{
    m_state = State::Broken;
    m_closeCode = code;
    m_problem = problem;
    return Next::Broken;
}

FrameParser::Next FrameParser::next(Piece &piece)
{
    if (m_state == State::Broken)
        return Next::Broken;
    if (m_state == State::Ended) {
        m_input = {};
        return Next::NeedMore;
    }
    if (m_state == State::Head) {
        if (!takeHead())
            return Next::NeedMore;
        readLength();
        if (const char *problem = checkHead())
            return fail(protocolError, problem);
        if (m_length > m_limits.frame)
            return fail(tooBig, "a frame is larger than may be");
        if (!isControl(m_opcode) && m_length > m_limits.message - std::min(m_message, m_limits.message))
            return fail(tooBig, "a message is larger than may be");
        m_taken = 0;
        m_state = isControl(m_opcode) ? State::Control : State::Data;
    }
    return m_state == State::Control ? takeControl(piece) : takeData(piece);
}

/// Gathers a whole header. False: it is not here yet.
bool FrameParser::takeHead()
{
    const auto gather = [this](std::size_t wanted) {
        const std::size_t count = std::min(wanted - std::min(wanted, m_headSize), m_input.size());
        std::memcpy(m_head.data() + m_headSize, m_input.data(), count);
        m_headSize += count;
        m_input.remove_prefix(count);
        return m_headSize >= wanted;
    };
    if (!gather(2))
        return false;
    const unsigned second = byteOf(m_head[1]);
    return gather(2 + lengthSize(second) + ((second & maskBit) ? maskSize : 0));
}

void FrameParser::readLength()
{
    const unsigned second = byteOf(m_head[1]);
    const std::size_t size = lengthSize(second);
    m_length = size == 0 ? second & lengthBits : 0;
    for (std::size_t i = 0; i < size; ++i)
        m_length = m_length << 8 | byteOf(m_head[2 + i]);
}

/// @return what of the header is against the protocol, or nullptr; takes note of what it says
const char *FrameParser::checkHead()
{
    const unsigned first = byteOf(m_head[0]);
    const unsigned second = byteOf(m_head[1]);
    const std::size_t size = lengthSize(second);
    const unsigned code = first & opcodeBits;
    m_final = (first & finalBit) != 0;
    if (first & reservedBits)
        return "a reserved bit is set, but no extension was agreed on";
    if ((code > 2 && code < 8) || code > 10)
        return "a frame has an opcode that nobody knows";
    if (((second & maskBit) != 0) != (m_sender == Sender::Client))
        return m_sender == Sender::Client ? "a client's frame is not masked" : "a server's frame is masked";
    if ((size == 2 && m_length < twoByteLength) || (size == 8 && (m_length <= 0xFFFF || m_length >> 63)))
        return "a frame's length is not written as it must be";
    m_opcode = static_cast<Opcode>(code);
    if (isControl(m_opcode)) {
        if (!m_final || m_length > longestControl)
            return "a control frame is in fragments, or longer than 125 bytes";
        return m_opcode == Opcode::Close && m_length == 1 ? "a close frame has half a code" : nullptr;
    }
    if ((m_opcode == Opcode::Continuation) != m_open)
        return m_open ? "a message begins within another" : "a message goes on that never began";
    if (!m_open)
        m_kind = m_opcode;
    return nullptr;
}

void FrameParser::describe(Piece &piece)
{
    piece = Piece();
    if (m_sender == Sender::Client)
        std::memcpy(piece.mask.data(), m_head.data() + m_headSize - maskSize, maskSize);
}

FrameParser::Next FrameParser::takeData(Piece &piece)
{
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(m_length - m_taken, m_input.size()));
    if (count == 0 && m_taken < m_length)
        return Next::NeedMore;
    describe(piece);
    piece.opcode = m_kind;
    if (m_taken == 0)
        piece.head = {m_head.data(), m_headSize};
    piece.body = m_input.substr(0, count);
    piece.maskAt = static_cast<std::size_t>(m_taken % maskSize);
    m_input.remove_prefix(count);
    m_taken += count;
    piece.frameEnds = m_taken == m_length;
    piece.messageEnds = piece.frameEnds && m_final;
    if (piece.frameEnds) {
        m_state = State::Head;
        m_headSize = 0; // its bytes stay where they are until the next header comes
        m_open = !m_final;
        m_message = m_final ? 0 : m_message + m_length;
    }
    return Next::Piece;
}

FrameParser::Next FrameParser::takeControl(Piece &piece)
{
    const auto count = std::min<std::size_t>(m_length - m_taken, m_input.size());
    std::memcpy(m_control.data() + m_taken, m_input.data(), count);
    m_input.remove_prefix(count);
    m_taken += count;
    if (m_taken < m_length)
        return Next::NeedMore;
    describe(piece);
    piece.opcode = m_opcode;
    piece.head = {m_head.data(), m_headSize};
    piece.body = {m_control.data(), static_cast<std::size_t>(m_length)};
    piece.frameEnds = piece.messageEnds = true;
    m_state = m_opcode == Opcode::Close ? State::Ended : State::Head;
    m_headSize = 0;
    return Next::Piece;
}

} // namespace gateway::wire::websocket
