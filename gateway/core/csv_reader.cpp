// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/csv_reader.h"

#include <algorithm>
#include <array>

namespace gateway {

bool CsvReader::next(std::vector<std::string> &fields)
{
    fields.clear();
    if (m_rest.empty())
        return false;
    m_line = m_next;
    while (true) {
        fields.push_back(field());
        if (m_rest.empty())
            return true;
        const char end = m_rest.front();
        m_rest.remove_prefix(1);
        if (end == '\r' && m_rest.starts_with('\n'))
            m_rest.remove_prefix(1);
        if (end == m_separator)
            continue;
        ++m_next;
        return true;
    }
}

std::string CsvReader::field()
{
    if (!m_rest.starts_with('"')) {
        const std::array<char, 3> ends {m_separator, '\r', '\n'};
        const std::size_t end = std::min(m_rest.find_first_of(std::string_view(ends.data(), ends.size())), m_rest.size());
        std::string value(m_rest.substr(0, end));
        m_rest.remove_prefix(end);
        return value;
    }
    m_rest.remove_prefix(1);
    std::string value;
    while (!m_rest.empty()) {
        const char c = m_rest.front();
        m_rest.remove_prefix(1);
        if (c == '"' && !m_rest.starts_with('"'))
            break;
        if (c == '"')
            m_rest.remove_prefix(1);
        else if (c == '\n')
            ++m_next;
        value += c;
    }
    // What stands between the closing quote and the separator belongs to no field.
    const std::array<char, 3> ends {m_separator, '\r', '\n'};
    m_rest.remove_prefix(std::min(m_rest.find_first_of(std::string_view(ends.data(), ends.size())), m_rest.size()));
    return value;
}

} // namespace gateway
