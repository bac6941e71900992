// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/sql_question.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The rows that a query gave, packed: 16 bytes a cell, and its text. Filled by one thread; then constant, for any thread.
class SqlResult
{
public:
    enum class Kind : std::uint8_t { Null, Integer, Real, Text, Blob };

    SqlResult() = default;
    explicit SqlResult(std::vector<std::string> columns) : m_columns(std::move(columns)), m_facts(m_columns.size()) {}

    // Cells come row by row, from the first column to the last.
    void addNull();
    void addInteger(std::int64_t value);
    void addReal(double value);
    void addText(std::string_view text) { addBytes(Kind::Text, text); }
    void addBlob(std::string_view bytes) { addBytes(Kind::Blob, bytes); }

    [[nodiscard]] const std::vector<std::string> &columns() const { return m_columns; }
    [[nodiscard]] std::size_t rows() const { return m_columns.empty() ? 0 : m_cells.size() / m_columns.size(); }
    [[nodiscard]] std::size_t bytes() const { return m_cells.size() * sizeof(Cell) + m_text.size(); } ///< that it takes

    [[nodiscard]] Kind kind(std::size_t row, std::size_t column) const { return at(row, column).kind; }
    [[nodiscard]] std::int64_t integer(std::size_t row, std::size_t column) const; ///< of an Integer
    [[nodiscard]] double real(std::size_t row, std::size_t column) const;          ///< of a number of either kind
    /// Of a Text (valid UTF-8) or a Blob. Lives as long as this.
    [[nodiscard]] std::string_view text(std::size_t row, std::size_t column) const;
    /// As text, exact: "12", "0.1", "search"; a blob as x'00ff'; NULL is empty.
    [[nodiscard]] std::string asText(std::size_t row, std::size_t column) const;

    /// Whether a column has numbers, and nothing else but NULL.
    [[nodiscard]] bool isNumeric(std::size_t column) const { return m_facts[column].numbers && !m_facts[column].others; }
    [[nodiscard]] bool hasText(std::size_t column) const { return m_facts[column].texts; }

private:
    struct Cell
    {
        std::uint64_t bits = 0; ///< the number, or where the text begins
        std::uint32_t size = 0; ///< of the text
        Kind kind = Kind::Null;
    };
    struct Facts
    {
        bool numbers = false, texts = false, others = false;
    };

    void addBytes(Kind kind, std::string_view bytes);
    Facts &factsOfNext() { return m_facts[m_cells.size() % m_columns.size()]; }
    [[nodiscard]] const Cell &at(std::size_t row, std::size_t column) const { return m_cells[row * m_columns.size() + column]; }

    std::vector<std::string> m_columns;
    std::vector<Facts> m_facts;
    std::vector<Cell> m_cells;
    std::string m_text;
};

/// What came of a query.
struct SqlAnswer
{
    enum class Cut : std::uint8_t { No, Rows, Bytes };

    SqlResult result;
    SqlQuestion question;
    std::chrono::microseconds took {};
    Cut cut = Cut::No; ///< there would have been more: as many rows, or as many bytes, as are kept at most
};

using SqlOutcome = std::expected<std::shared_ptr<const SqlAnswer>, SqlProblem>;

struct SqlProgress
{
    std::uint64_t rows = 0;
    std::chrono::microseconds elapsed {};
};

} // namespace gateway
