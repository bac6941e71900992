// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/http_reader.h"

#include <charconv>

namespace support::detail {

namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::size_t number(std::string_view text, int base)
{
    std::size_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
}

} // namespace

std::vector<Received> HttpReader::feed(std::string_view bytes)
{
    m_buffer.append(bytes);
    std::vector<Received> whole;
    while ((m_inBody || takeHead()) && takeBody()) {
        whole.push_back(std::move(m_current));
        m_current = {};
        m_inBody = false;
    }
    return whole;
}

bool HttpReader::takeHead()
{
    const std::size_t end = m_buffer.find("\r\n\r\n");
    if (end == std::string::npos)
        return false;
    m_current.head = m_buffer.substr(0, end + 4);
    m_buffer.erase(0, end + 4);

    std::string_view rest = m_current.head;
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::size_t afterMethod = line.find(' ');
    const std::size_t afterTarget = line.rfind(' ');
    m_current.method = line.substr(0, afterMethod);
    m_current.target = afterMethod < afterTarget ? line.substr(afterMethod + 1, afterTarget - afterMethod - 1) : std::string_view();
    rest.remove_prefix(line.size() + 2);
    while (rest.size() > 2) {
        const std::string_view header = rest.substr(0, rest.find("\r\n"));
        const std::size_t colon = header.find(':');
        m_current.headers.emplace_back(header.substr(0, colon), colon == std::string_view::npos ? std::string_view() : trimmed(header.substr(colon + 1)));
        rest.remove_prefix(header.size() + 2);
    }
    m_chunked = m_current.header("transfer-encoding").value_or("").find("chunked") != std::string::npos;
    m_length = number(m_current.header("content-length").value_or("0"), 10);
    m_inBody = true;
    return true;
}

bool HttpReader::takeBody()
{
    if (m_chunked)
        return takeChunks();
    if (m_buffer.size() < m_length)
        return false;
    m_current.body = m_buffer.substr(0, m_length);
    m_buffer.erase(0, m_length);
    return true;
}

bool HttpReader::takeChunks()
{
    for (;;) {
        const std::size_t lineEnd = m_buffer.find("\r\n");
        if (lineEnd == std::string::npos)
            return false;
        const std::size_t size = number(std::string_view(m_buffer).substr(0, lineEnd), 16);
        const std::size_t whole = lineEnd + 2 + size + 2;
        if (m_buffer.size() < whole)
            return false;
        m_current.body.append(m_buffer, lineEnd + 2, size);
        m_buffer.erase(0, whole);
        if (size == 0)
            return true;
    }
}

} // namespace support::detail
