// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Cuts CSV text (RFC 4180) into rows of fields. One thread.
class CsvReader
{
public:
    /// @param text  outlives this
    explicit CsvReader(std::string_view text, char separator = ',') : m_rest(text), m_separator(separator) {}

    /// false: no row is left. A quoted field may hold separators, line ends and doubled quotes.
    bool next(std::vector<std::string> &fields);
    /// Where the row that was read last begins: 1 is the first line.
    [[nodiscard]] int line() const { return m_line; }

private:
    std::string field();

    std::string_view m_rest;
    char m_separator;
    int m_line = 0;
    int m_next = 1;
};

} // namespace gateway
