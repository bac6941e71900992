// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace bench {

/// Takes HTTP/1.1 answers out of a byte stream: the head, then a body by Content-Length or in chunks.
class AnswerReader
{
public:
    enum class State { Head, Body, ChunkSize, ChunkData, ChunkEnd, Done, Broken };

    /// Feeds what was read. Body bytes go to `onBody` as they come.
    State feed(std::string_view bytes, const std::function<void(std::string_view)> &onBody);
    [[nodiscard]] bool done() const { return m_state == State::Done; }
    [[nodiscard]] int status() const { return m_status; }
    [[nodiscard]] bool closes() const { return m_closes; }
    [[nodiscard]] const std::string &callId() const { return m_callId; }
    void reset();

private:
    bool takeHead();
    void readHeader(std::string_view line);

    State m_state = State::Head;
    std::string m_line;          ///< the head, or a chunk's size, until it is whole
    std::string m_callId;        ///< x-signalbox-call-id
    std::size_t m_left = 0;      ///< of the body, or of the chunk
    int m_status = 0;
    bool m_chunked = false;
    bool m_closes = false;
};

} // namespace bench
