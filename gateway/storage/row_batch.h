// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/database.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::storage {

/// Rows that one INSERT takes out of memory. A statement of its own for each row binds every value, opens the table and all
/// its indices and closes them again: that was most of what a call in the log cost. What the INSERT selects from is a virtual
/// table (https://www.sqlite.org/vtab.html) that this connection alone has. Same thread as its Database, and destroyed
/// before it.
class RowBatch
{
public:
    /// @param table    that the rows go into
    /// @param columns  comma-joined; values are added in their order
    static Result<std::unique_ptr<RowBatch>> make(Database &database, std::string_view table, std::string_view columns);
    ~RowBatch();
    RowBatch(const RowBatch &) = delete;
    RowBatch &operator=(const RowBatch &) = delete;

    RowBatch &add(std::int64_t value);
    RowBatch &add(std::optional<std::int64_t> value) { return value ? add(*value) : addNull(); }
    RowBatch &addTextOrNull(std::string_view text); ///< empty: NULL; must hold until write(); what is not UTF-8 is replaced
    RowBatch &addBlob(const QByteArray &bytes);     ///< copied
    RowBatch &addNull();

    /// Worth writing: more rows would only take more memory.
    [[nodiscard]] bool full() const { return rows() >= fullAt; }
    /// Writes all rows, in the order in which they were added, and forgets them; on failure too.
    Result<> write();
    void forget();

private:
    static constexpr std::size_t fullAt = 128;
    struct Module; ///< what SQLite asks

    /// One value: a number, or where its bytes are.
    struct Cell
    {
        enum class Kind : std::uint8_t { Null, Number, Text, CopiedText, CopiedBlob };
        Kind kind = Kind::Null;
        std::uint32_t size = 0;
        union {
            std::int64_t number = 0;
            const char *text;
            std::size_t offset; ///< into m_copied
        };
    };
    RowBatch(Database &database, std::string_view table, std::string_view columns);
    [[nodiscard]] std::size_t rows() const { return m_cells.size() / m_columns; }
    RowBatch &addCopied(Cell::Kind kind, std::string_view bytes);

    Database &m_database;
    std::string m_name;      ///< of the virtual table
    std::size_t m_columns;
    std::vector<Cell> m_cells;
    std::string m_copied;
    std::optional<Statement> m_insert;
};

} // namespace gateway::storage
