// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/buffer_pool.h"
#include "gateway/net/chunk_decoder.h"
#include "gateway/net/http_lines.h"
#include "gateway/pipeline/http.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gateway::net {

/// Reads the requests of one connection, one behind another, out of whatever pieces arrive. Knows no sockets: write into
/// space(), say how much with commit(), then ask advance(). Strict where two readers could disagree (request smuggling).
///
/// While a request is Complete its views stay put; what arrives then belongs to the next request and is kept, bounded.
class RequestParser
{
public:
    struct Limits
    {
        std::size_t maxHead = 64 * 1024;
        std::size_t maxBody = 32 * 1024 * 1024;
    };
    enum class State : std::uint8_t {
        Head,     ///< no whole head yet
        Body,     ///< head() is there, the body is not whole
        Complete, ///< everything is there; next() goes on
        Refused,  ///< status() and problem() say why; the connection must close
    };

    RequestParser(BufferPool &pool, Limits limits);

    void setLimits(Limits limits) { m_limits = limits; } ///< from the next head on
    /// Where to put bytes that arrive, at once: other connections use the same room. Empty only in Complete and Refused: nothing more is taken until next().
    [[nodiscard]] std::span<char> space();
    void commit(std::size_t count);
    State advance();
    /// What arrived behind the complete request, where its connection goes on with another protocol.
    [[nodiscard]] std::string takeRest();
    /// Drops the complete request. What arrived behind it is kept: call advance().
    void next();

    [[nodiscard]] State state() const { return m_state; }
    /// No byte of a request has arrived.
    [[nodiscard]] bool idle() const { return m_state == State::Head && m_in.empty(); }
    /// Bytes of memory that the request under way holds, and will after the next space().
    [[nodiscard]] std::size_t held() const;
    /// Gives the buffers back while idle.
    void releaseBuffers();

    // Of a request whose head has been read.
    [[nodiscard]] std::string_view method() const { return m_method; }
    [[nodiscard]] std::string_view path() const { return m_path; }
    [[nodiscard]] std::string_view query() const { return m_query; }
    [[nodiscard]] std::vector<pipeline::HeaderView> &headers() { return m_headers; }
    [[nodiscard]] std::string_view body() const { return m_bodyView; } ///< Complete only
    [[nodiscard]] bool http10() const { return m_http10; }
    [[nodiscard]] bool keepAlive() const { return m_keepAlive; }
    [[nodiscard]] bool expectsContinue() const { return m_expectsContinue; }
    [[nodiscard]] std::string_view contentEncoding() const { return m_contentEncoding; } ///< empty: none

    // Of a refused one.
    [[nodiscard]] int status() const { return m_status; }
    [[nodiscard]] const char *problem() const { return m_problem; }

private:
    enum class Framing : std::uint8_t { None, Length, Chunked };

    State refuse(int status, const char *why);
    State advanceHead();
    State parseHead(std::string_view head);
    [[nodiscard]] bool readsBodyApart() const { return m_state == State::Body && m_framing == Framing::Length && !m_bodyInPlace; }
    [[nodiscard]] std::size_t bodyRoom() const;
    void takeScratch(std::size_t count);
    const char *parseRequestLine(std::string_view line);
    const char *parseTarget(std::string_view target);
    const char *parseFraming();
    const char *oddFirstByte() const;
    State advanceBody();
    State takeChunks();
    void complete(std::string_view body);

    BufferPool &m_pool;
    Limits m_limits;
    Buffer m_in;      ///< the head, and bodies that fit behind it; then what follows
    Buffer m_body;    ///< bodies that do not, and chunked ones
    Buffer m_ahead;   ///< what arrives while a request is Complete and m_in has no room
    HeadScan m_scan;
    ChunkDecoder m_chunks {ChunkDecoder::Padding::Refuse};

    State m_state = State::Head;
    Framing m_framing = Framing::None;
    std::size_t m_headSize = 0;
    std::size_t m_used = 0;        ///< bytes of m_in that belong to the current request
    std::uint64_t m_length = 0;
    bool m_bodyInPlace = false;

    std::string_view m_method, m_path, m_query, m_bodyView, m_contentEncoding;
    std::string_view m_targetAuthority;
    std::vector<pipeline::HeaderView> m_headers;
    bool m_emptyLineForgiven = false; ///< in front of the request under way; one is, however it arrives
    bool m_http10 = false;
    bool m_keepAlive = true;
    bool m_expectsContinue = false;
    int m_status = 0;
    const char *m_problem = nullptr;
};

} // namespace gateway::net
