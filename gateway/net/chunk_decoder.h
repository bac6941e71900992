// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway::net {

/// Takes the chunked transfer coding off (RFC 9112 7.1), fed at any byte border. Trailers are read and dropped.
class ChunkDecoder
{
public:
    enum class Padding : std::uint8_t {
        Refuse, ///< a request's: nothing but digits, extension and CRLF
        Accept, ///< an answer's: some servers pad the size with blanks
    };
    enum class Status : std::uint8_t { NeedMore, Data, End, Bad };
    struct Step
    {
        Status status = Status::NeedMore;
        std::size_t used = 0;     ///< bytes of the input that are done with, `data` included
        std::string_view data {}; ///< Data only; a part of the input
    };

    explicit ChunkDecoder(Padding padding) : m_padding(padding) {}
    /// Works until there is a piece of data, the end, or nothing left.
    Step step(std::string_view input);
    [[nodiscard]] const char *problem() const { return m_problem; }
    void reset();

private:
    enum class State : std::uint8_t { SizeStart, Size, Padded, Extension, SizeFeed, Data, DataReturn, DataFeed, TrailerStart, Trailer, TrailerFeed, EndFeed, Done };
    bool take(char c);
    bool refuse(const char *why);

    Padding m_padding;
    State m_state = State::SizeStart;
    std::uint64_t m_left = 0;
    std::size_t m_lineBytes = 0;
    std::size_t m_trailerBytes = 0;
    const char *m_problem = nullptr;
};

} // namespace gateway::net
