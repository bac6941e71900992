// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

class QSqlError;
struct sqlite3;
struct sqlite3_stmt;

namespace gateway::storage {

/// A prepared statement. Values are bound in the order of their question marks; run() may be called again and again.
/// Same thread as its Database, and destroyed before it.
///
/// It speaks to SQLite itself, over the handle of Qt's driver: a QVariant for each value through QSqlQuery was half of
/// what a call in the log cost.
class Statement
{
public:
    /// @param connection  outlives the statement
    static Result<Statement> prepare(sqlite3 *connection, std::string_view sql);

    Statement &bind(std::int64_t value);
    Statement &bind(std::optional<std::int64_t> value);
    Statement &bind(std::string_view text);             ///< copied; what is not UTF-8 is replaced
    Statement &bindTextOrNull(std::string_view text);   ///< empty: NULL
    Statement &bindBlob(const QByteArray &bytes);       ///< copied
    Statement &bindBlobOrNull(const QByteArray &bytes); ///< empty: NULL
    Statement &bindNull();

    /// Runs it with what was bound since the last run; a statement that asks stands before its first row.
    Result<> run();
    /// The next row. False at the end and on failure: see failure().
    bool next();
    [[nodiscard]] Result<> failure() const;
    /// Ends a result that was not read to its end.
    void finish();

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::optional<std::int64_t> maybeInteger(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] QByteArray blob(int column) const;
    [[nodiscard]] std::int64_t changes() const; ///< rows written by the last run

private:
    struct Finalize
    {
        void operator()(sqlite3_stmt *statement) const;
    };

    explicit Statement(sqlite3_stmt *statement) : m_statement(statement) {}
    int place();                  ///< of the next value; the first one ends the run before
    Statement &bound(int code);
    void step();

    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    std::optional<Error> m_failure; ///< of the run, or of a value that could not be bound for it
    int m_bound = 0;
    bool m_row = false;             ///< stands on a row
    bool m_first = false;           ///< that next() has not given yet
};

/// What SQLite says, as our class and words. Never holds a bound value.
Error databaseError(sqlite3 *connection, std::string_view doing);
Error databaseError(const QSqlError &error, std::string_view doing);

bool isAscii(std::string_view text);
QByteArray toBytes(std::string_view text);
QString toQString(std::string_view text);

} // namespace gateway::storage
