// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

/// What a person types into the SQL console, before SQLite sees it. Pure.
namespace gateway {

/// Why a query gives nothing, and what of its text it is about: bytes [from, to); equal: no place in it.
struct SqlProblem
{
    ErrorCode code = ErrorCode::BadRequest;
    std::string message;
    std::size_t from = 0;
    std::size_t to = 0;
};

struct SqlQuestion
{
    std::string text;      ///< as typed, with a LIMIT if it had none
    bool limited = false;  ///< that LIMIT was put in here,
    std::size_t from = 0;  ///< as bytes [from, to) of the text
    std::size_t to = 0;
};

inline constexpr std::int64_t sqlRowsByDefault = 1000;

/// Takes one SELECT, WITH … SELECT or VALUES, or an EXPLAIN of one; all that writes, and more than one statement, is refused
/// with words of its own. What has no LIMIT of its own gets one behind its last word: a LIMIT in a part of it is not its own.
std::expected<SqlQuestion, SqlProblem> sqlQuestion(std::string_view text, std::int64_t rows = sqlRowsByDefault);

} // namespace gateway
