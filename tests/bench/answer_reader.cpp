// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/answer_reader.h"

#include <algorithm>
#include <cstdlib>
#include <strings.h>

namespace bench {

void AnswerReader::reset()
{
    m_state = State::Head;
    m_line.clear();
    m_callId.clear();
    m_left = 0;
    m_status = 0;
    m_chunked = false;
    m_closes = false;
}

AnswerReader::State AnswerReader::feed(std::string_view bytes, const std::function<void(std::string_view)> &onBody)
{
    while (!bytes.empty() && m_state != State::Done && m_state != State::Broken) {
        switch (m_state) {
        case State::Head: {
            const std::size_t before = m_line.size();
            m_line.append(bytes);
            const std::size_t end = m_line.find("\r\n\r\n", before < 3 ? 0 : before - 3);
            if (end == std::string::npos)
                return m_state;
            bytes.remove_prefix(end + 4 - before);
            m_line.resize(end + 2);
            if (!takeHead())
                m_state = State::Broken;
            break;
        }
        case State::Body:
        case State::ChunkData: {
            const std::size_t size = std::min(m_left, bytes.size());
            onBody(bytes.substr(0, size));
            bytes.remove_prefix(size);
            m_left -= size;
            if (m_left == 0)
                m_state = m_state == State::Body ? State::Done : State::ChunkEnd;
            break;
        }
        case State::ChunkSize: {
            const std::size_t end = bytes.find('\n');
            m_line.append(bytes.substr(0, end));
            if (end == std::string_view::npos)
                return m_state;
            bytes.remove_prefix(end + 1);
            m_left = std::strtoul(m_line.c_str(), nullptr, 16);
            m_line.clear();
            m_state = m_left ? State::ChunkData : State::ChunkEnd;
            if (m_left == 0)
                m_chunked = false; // the last one: what ends now is the answer
            break;
        }
        case State::ChunkEnd: {
            const std::size_t end = bytes.find('\n');
            if (end == std::string_view::npos)
                return m_state;
            bytes.remove_prefix(end + 1);
            m_state = m_chunked ? State::ChunkSize : State::Done;
            break;
        }
        case State::Done:
        case State::Broken: break;
        }
    }
    return m_state;
}

bool AnswerReader::takeHead()
{
    if (m_line.size() < 12 || !m_line.starts_with("HTTP/1.1 "))
        return false;
    m_status = std::atoi(m_line.c_str() + 9);
    std::string_view rest = m_line;
    bool lengthSaid = false;
    while (!rest.empty()) {
        const std::size_t end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, end);
        lengthSaid = lengthSaid || (line.size() > 15 && strncasecmp(line.data(), "content-length:", 15) == 0);
        readHeader(line);
        rest.remove_prefix(end + 2);
    }
    m_line.clear();
    m_state = m_chunked ? State::ChunkSize : m_left ? State::Body : State::Done;
    return m_chunked || lengthSaid;
}

void AnswerReader::readHeader(std::string_view line)
{
    const auto is = [line](std::string_view name) { return line.size() >= name.size() && strncasecmp(line.data(), name.data(), name.size()) == 0; };
    if (is("content-length:"))
        m_left = std::strtoul(line.data() + 15, nullptr, 10);
    else if (is("transfer-encoding: chunked"))
        m_chunked = true;
    else if (is("connection: close"))
        m_closes = true;
    else if (is("x-signalbox-call-id: "))
        m_callId = line.substr(21);
}

} // namespace bench
