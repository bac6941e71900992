// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/chunk_decoder.h"

#include <algorithm>

namespace gateway::net {

namespace {

constexpr std::uint64_t maxChunk = std::uint64_t {1} << 40;
constexpr std::size_t maxLine = 4096;
constexpr std::size_t maxTrailers = 16 * 1024;

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool isControl(char c)
{
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

} // namespace

void ChunkDecoder::reset()
{
    *this = ChunkDecoder(m_padding);
}

bool ChunkDecoder::refuse(const char *why)
{
    m_problem = why;
    return false;
}

bool ChunkDecoder::take(char c)
{
    switch (m_state) {
    case State::SizeStart:
    case State::Size: {
        const int digit = hexValue(c);
        if (digit >= 0) {
            // Leading zeros count too: a size line has no business being longer.
            if (++m_lineBytes > 16)
                return refuse("a chunk size has too many digits");
            m_left = m_left * 16 + static_cast<std::uint64_t>(digit);
            if (m_left > maxChunk)
                return refuse("a chunk size is too large");
            m_state = State::Size;
            return true;
        }
        if (m_state == State::SizeStart)
            return refuse("a chunk does not begin with its size");
        if (c == '\r') {
            m_state = State::SizeFeed;
            return true;
        }
        if (c == ';') {
            m_state = State::Extension;
            return true;
        }
        if ((c == ' ' || c == '\t') && m_padding == Padding::Accept) {
            m_state = State::Padded;
            return true;
        }
        return refuse("a chunk size has a character that is no hexadecimal digit");
    }
    case State::Padded:
        if (++m_lineBytes > maxLine)
            return refuse("a chunk's size line is too long");
        if (c == '\r')
            m_state = State::SizeFeed;
        else if (c == ';')
            m_state = State::Extension;
        else if (c != ' ' && c != '\t')
            return refuse("a chunk size is followed by something else");
        return true;
    case State::Extension:
        if (++m_lineBytes > maxLine)
            return refuse("a chunk's size line is too long");
        if (c == '\r')
            m_state = State::SizeFeed;
        else if (isControl(c))
            return refuse("a chunk extension has a control character");
        return true;
    case State::SizeFeed:
        if (c != '\n')
            return refuse("a chunk's size line does not end in CRLF");
        m_lineBytes = 0;
        m_state = m_left == 0 ? State::TrailerStart : State::Data;
        return true;
    case State::DataReturn:
        if (c != '\r')
            return refuse("a chunk is longer than its size says");
        m_state = State::DataFeed;
        return true;
    case State::DataFeed:
        if (c != '\n')
            return refuse("a chunk does not end in CRLF");
        m_state = State::SizeStart;
        return true;
    case State::TrailerStart:
        if (c == '\r') {
            m_state = State::EndFeed;
            return true;
        }
        m_state = State::Trailer;
        [[fallthrough]];
    case State::Trailer:
        if (++m_trailerBytes > maxTrailers)
            return refuse("the trailers are too long");
        if (c == '\r')
            m_state = State::TrailerFeed;
        else if (isControl(c))
            return refuse("a trailer has a control character");
        return true;
    case State::TrailerFeed:
        if (c != '\n')
            return refuse("a trailer does not end in CRLF");
        m_state = State::TrailerStart;
        return true;
    case State::EndFeed:
        if (c != '\n')
            return refuse("the last chunk does not end in CRLF");
        m_state = State::Done;
        return true;
    case State::Data:
    case State::Done: break;
    }
    return true;
}

ChunkDecoder::Step ChunkDecoder::step(std::string_view input)
{
    Step step;
    if (m_problem != nullptr)
        step.status = Status::Bad;
    while (step.status == Status::NeedMore) {
        if (m_state == State::Done) {
            step.status = Status::End;
        } else if (step.used == input.size()) {
            break;
        } else if (m_state == State::Data) {
            const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, input.size() - step.used));
            step.data = input.substr(step.used, count);
            step.used += count;
            m_left -= count;
            if (m_left == 0)
                m_state = State::DataReturn;
            step.status = Status::Data;
        } else if (!take(input[step.used++])) {
            step.status = Status::Bad;
        }
    }
    return step;
}

} // namespace gateway::net
