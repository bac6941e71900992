// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/sql_result.h"

#include "gateway/core/text.h"

#include <bit>
#include <fmt/format.h>
#include <span>

namespace gateway {

void SqlResult::addNull()
{
    m_cells.emplace_back();
}

void SqlResult::addInteger(std::int64_t value)
{
    factsOfNext().numbers = true;
    m_cells.push_back({.bits = static_cast<std::uint64_t>(value), .kind = Kind::Integer});
}

void SqlResult::addReal(double value)
{
    factsOfNext().numbers = true;
    m_cells.push_back({.bits = std::bit_cast<std::uint64_t>(value), .kind = Kind::Real});
}

void SqlResult::addBytes(Kind kind, std::string_view bytes)
{
    factsOfNext().others = true;
    factsOfNext().texts |= kind == Kind::Text;
    m_cells.push_back({.bits = m_text.size(), .size = static_cast<std::uint32_t>(bytes.size()), .kind = kind});
    m_text += bytes;
}

std::int64_t SqlResult::integer(std::size_t row, std::size_t column) const
{
    return static_cast<std::int64_t>(at(row, column).bits);
}

double SqlResult::real(std::size_t row, std::size_t column) const
{
    const Cell &cell = at(row, column);
    return cell.kind == Kind::Integer ? static_cast<double>(static_cast<std::int64_t>(cell.bits)) : std::bit_cast<double>(cell.bits);
}

std::string_view SqlResult::text(std::size_t row, std::size_t column) const
{
    const Cell &cell = at(row, column);
    return std::string_view(m_text).substr(cell.bits, cell.size);
}

std::string SqlResult::asText(std::size_t row, std::size_t column) const
{
    switch (kind(row, column)) {
    case Kind::Null: return {};
    case Kind::Integer: return fmt::format("{}", integer(row, column));
    case Kind::Real: return fmt::format("{}", real(row, column));
    case Kind::Text: return std::string(text(row, column));
    case Kind::Blob: {
        const std::string_view bytes = text(row, column);
        return "x'" + toHex(std::as_bytes(std::span(bytes.data(), bytes.size()))) + "'";
    }
    }
    return {};
}

} // namespace gateway
