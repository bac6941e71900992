// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/row_batch.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <sqlite3.h>

namespace gateway::storage {

/// The callbacks of a virtual table that exists by itself and can only be read through, once from its first row on.
struct RowBatch::Module
{
    struct Table
    {
        sqlite3_vtab base;
        const RowBatch *batch;
    };
    struct Cursor
    {
        sqlite3_vtab_cursor base;
        const RowBatch *batch;
        std::size_t row;
    };

    static const RowBatch &batchOf(sqlite3_vtab_cursor *cursor) { return *reinterpret_cast<Cursor *>(cursor)->batch; }
    static std::size_t &rowOf(sqlite3_vtab_cursor *cursor) { return reinterpret_cast<Cursor *>(cursor)->row; }

    static int connect(sqlite3 *connection, void *batch, int, const char *const *, sqlite3_vtab **made, char **)
    {
        const auto *itself = static_cast<const RowBatch *>(batch);
        std::string shape = "CREATE TABLE rows (c0";
        for (std::size_t i = 1; i < itself->m_columns; ++i)
            shape += fmt::format(", c{}", i);
        if (const int code = sqlite3_declare_vtab(connection, (shape + ")").c_str()); code != SQLITE_OK)
            return code;
        auto *table = new (std::nothrow) Table {.base = {}, .batch = itself};
        *made = table ? &table->base : nullptr;
        return table ? SQLITE_OK : SQLITE_NOMEM;
    }
    static int disconnect(sqlite3_vtab *table)
    {
        delete reinterpret_cast<Table *>(table);
        return SQLITE_OK;
    }
    static int bestIndex(sqlite3_vtab *, sqlite3_index_info *) { return SQLITE_OK; }
    static int open(sqlite3_vtab *table, sqlite3_vtab_cursor **made)
    {
        auto *cursor = new (std::nothrow) Cursor {.base = {}, .batch = reinterpret_cast<Table *>(table)->batch, .row = 0};
        *made = cursor ? &cursor->base : nullptr;
        return cursor ? SQLITE_OK : SQLITE_NOMEM;
    }
    static int close(sqlite3_vtab_cursor *cursor)
    {
        delete reinterpret_cast<Cursor *>(cursor);
        return SQLITE_OK;
    }
    static int filter(sqlite3_vtab_cursor *cursor, int, const char *, int, sqlite3_value **)
    {
        rowOf(cursor) = 0;
        return SQLITE_OK;
    }
    static int next(sqlite3_vtab_cursor *cursor)
    {
        ++rowOf(cursor);
        return SQLITE_OK;
    }
    static int atEnd(sqlite3_vtab_cursor *cursor) { return rowOf(cursor) >= batchOf(cursor).rows() ? 1 : 0; }
    static int column(sqlite3_vtab_cursor *cursor, sqlite3_context *into, int number)
    {
        const RowBatch &batch = batchOf(cursor);
        const Cell &cell = batch.m_cells[rowOf(cursor) * batch.m_columns + static_cast<std::size_t>(number)];
        switch (cell.kind) {
        case Cell::Kind::Null: sqlite3_result_null(into); break;
        case Cell::Kind::Number: sqlite3_result_int64(into, cell.number); break;
        case Cell::Kind::Text: sqlite3_result_text64(into, cell.text, cell.size, SQLITE_STATIC, SQLITE_UTF8); break;
        case Cell::Kind::CopiedText: sqlite3_result_text64(into, batch.m_copied.data() + cell.offset, cell.size, SQLITE_STATIC, SQLITE_UTF8); break;
        case Cell::Kind::CopiedBlob: sqlite3_result_blob64(into, batch.m_copied.data() + cell.offset, cell.size, SQLITE_STATIC); break;
        }
        return SQLITE_OK;
    }
    static int rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *number)
    {
        *number = static_cast<sqlite3_int64>(rowOf(cursor));
        return SQLITE_OK;
    }

    static const sqlite3_module *callbacks()
    {
        static const sqlite3_module module = [] {
            sqlite3_module made {};
            made.xConnect = connect; // and no xCreate: the table is there by itself
            made.xBestIndex = bestIndex;
            made.xDisconnect = disconnect;
            made.xOpen = open;
            made.xClose = close;
            made.xFilter = filter;
            made.xNext = next;
            made.xEof = atEnd;
            made.xColumn = column;
            made.xRowid = rowid;
            return made;
        }();
        return &module;
    }
};

RowBatch::RowBatch(Database &database, std::string_view table, std::string_view columns)
    : m_database(database), m_name(fmt::format("batch_of_{}", table)), m_columns(static_cast<std::size_t>(std::ranges::count(columns, ',')) + 1)
{
}

RowBatch::~RowBatch()
{
    m_insert.reset();
    sqlite3_create_module_v2(m_database.handle(), m_name.c_str(), nullptr, nullptr, nullptr);
}

Result<std::unique_ptr<RowBatch>> RowBatch::make(Database &database, std::string_view table, std::string_view columns)
{
    std::unique_ptr<RowBatch> batch(new RowBatch(database, table, columns));
    if (sqlite3_create_module_v2(database.handle(), batch->m_name.c_str(), Module::callbacks(), batch.get(), nullptr) != SQLITE_OK)
        return std::unexpected(databaseError(database.handle(), "The database"));
    auto insert = database.prepare(fmt::format("INSERT INTO {} ({}) SELECT * FROM {}", table, columns, batch->m_name));
    if (!insert)
        return std::unexpected(insert.error());
    batch->m_insert.emplace(std::move(*insert));
    return batch;
}

RowBatch &RowBatch::add(std::int64_t value)
{
    m_cells.push_back({.kind = Cell::Kind::Number, .number = value});
    return *this;
}

RowBatch &RowBatch::addNull()
{
    m_cells.emplace_back();
    return *this;
}

RowBatch &RowBatch::addTextOrNull(std::string_view text)
{
    if (text.empty())
        return addNull();
    if (!isAscii(text))
        return addCopied(Cell::Kind::CopiedText, toValidUtf8(text));
    m_cells.push_back({.kind = Cell::Kind::Text, .size = static_cast<std::uint32_t>(text.size()), .text = text.data()});
    return *this;
}

RowBatch &RowBatch::addBlob(const QByteArray &bytes)
{
    return addCopied(Cell::Kind::CopiedBlob, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

RowBatch &RowBatch::addCopied(Cell::Kind kind, std::string_view bytes)
{
    m_cells.push_back({.kind = kind, .size = static_cast<std::uint32_t>(bytes.size()), .offset = m_copied.size()});
    m_copied += bytes;
    return *this;
}

Result<> RowBatch::write()
{
    if (m_cells.empty())
        return {};
    auto written = m_insert->run();
    forget();
    return written;
}

void RowBatch::forget()
{
    m_cells.clear();
    m_copied.clear();
}

} // namespace gateway::storage
