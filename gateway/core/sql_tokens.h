// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// The words of a query in SQLite's SQL (sqlite.org/lang.html): one scanner for colours, completion and the LIMIT. Pure.
namespace gateway {

struct SqlToken
{
    enum class Kind : std::uint8_t {
        Keyword,    ///< SELECT, in any case
        Name,       ///< calls
        QuotedName, ///< "calls", [calls], `calls`
        Text,       ///< 'search'
        Number,     ///< 1, 0.5, 1e9, 0xff
        Blob,       ///< x'00ff'
        Parameter,  ///< ?, ?1, :name, @name, $name
        Operator,   ///< one of SQLite's: ( ) , ; . <= || ->>
        Comment,    ///< from -- to the line's end, or between /* and */
        Wrong,      ///< no SQL begins so
    };
    Kind kind = Kind::Wrong;
    bool open = false;      ///< its end is missing
    std::uint16_t depth = 0; ///< in how many parentheses; of a parenthesis itself: around the pair
    std::size_t from = 0;   ///< bytes [from, to) of the text
    std::size_t to = 0;

    [[nodiscard]] std::string_view in(std::string_view text) const { return text.substr(from, to - from); }
};

/// All but white space, in order.
[[nodiscard]] std::vector<SqlToken> sqlTokens(std::string_view text);

/// Whether it is this keyword, given in capitals.
[[nodiscard]] bool isKeyword(const SqlToken &token, std::string_view text, std::string_view keyword);

/// Those that a query can hold, in capitals and by the alphabet.
[[nodiscard]] const std::vector<std::string_view> &sqlKeywords();

} // namespace gateway
