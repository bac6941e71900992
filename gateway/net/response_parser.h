// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/buffer_pool.h"
#include "gateway/net/chunk_decoder.h"
#include "gateway/net/http_lines.h"
#include "gateway/pipeline/http.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gateway::net {

/// Reads one answer of an upstream server out of whatever pieces arrive. Knows no sockets: write into space(), say how
/// much with commit(), then ask readHead() until Head, then readBody().
class ResponseParser
{
public:
    enum class Status : std::uint8_t {
        NeedMore,
        Head,      ///< head() is there
        Data,      ///< a piece of the body
        End,       ///< the answer is whole
        Malformed, ///< problem() says what
        TooLarge,  ///< the body is over its limit
        Cut,       ///< closed before its end
    };

    explicit ResponseParser(BufferPool &pool);

    /// What the request was, as far as its answer goes.
    enum class To : std::uint8_t {
        Any,
        Head,   ///< HEAD, or CONNECT: no body follows
        Upgrade ///< asks for another protocol: 101 is an answer too
    };
    void start(std::size_t maxHead, std::size_t maxBody, To to = To::Any); ///< a new answer
    [[nodiscard]] std::span<char> space(); ///< never empty while more is needed; pieces handed out before die
    void commit(std::size_t count);

    Status readHead();
    /// @param out  Data only; holds until the next space()
    Status readBody(std::string_view &out);
    /// The connection was closed. @param clean  by FIN (and close_notify where there is TLS)
    Status closed(bool clean);

    [[nodiscard]] const pipeline::UpstreamHead &head() const { return m_head; }
    [[nodiscard]] const char *problem() const { return m_problem; }
    /// Any byte of an answer arrived.
    [[nodiscard]] bool began() const { return m_began; }
    /// The whole body was handed out.
    [[nodiscard]] bool ended() const { return m_ended; }
    /// The answer was read to its end, nothing follows it, and the connection may be used again.
    [[nodiscard]] bool reusable() const;
    /// Before a wait: gives back the room in which nothing is.
    void rest();
    void releaseBuffers();
    /// What arrived behind the head of a 101.
    [[nodiscard]] std::string takeRest();

private:
    enum class Framing : std::uint8_t { None, Length, Chunked, UntilClose };

    Status malformed(const char *why);
    Status parseHead(std::string_view head);
    const char *parseStatusLine(std::string_view line);
    const char *parseFraming();
    void beginBody(std::size_t headSize);
    void setHeadAside();
    void dropBody();
    Status readChunks(std::string_view &out);
    Status count(std::string_view piece, std::string_view &out);

    Buffer m_in;         ///< the head, and the body behind it
    Buffer m_headBuffer; ///< the head, as soon as the body comes in pieces
    std::size_t m_headSize = 0; ///< once the head is whole: what stays in m_in for its views
    HeadScan m_scan;
    ChunkDecoder m_chunks {ChunkDecoder::Padding::Accept};
    pipeline::UpstreamHead m_head;
    Framing m_framing = Framing::None;
    std::uint64_t m_left = 0;
    std::uint64_t m_bodyBytes = 0;
    std::size_t m_skipped = 0; ///< bytes of 1xx heads
    std::size_t m_maxHead = 0;
    std::size_t m_maxBody = 0;
    To m_to = To::Any;
    bool m_began = false;
    bool m_haveHead = false;
    bool m_ended = false;
    bool m_keepAlive = true;
    const char *m_problem = nullptr;
};

} // namespace gateway::net
