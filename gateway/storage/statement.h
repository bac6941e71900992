// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <QByteArray>
#include <QSqlQuery>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

class QSqlError;

namespace gateway::storage {

/// A prepared statement. Values are bound in the order of their question marks; run() may be called again and again.
/// Same thread as its Database, and destroyed before it.
class Statement
{
public:
    explicit Statement(QSqlQuery query) : m_query(std::move(query)) {}

    Statement &bind(std::int64_t value);
    Statement &bind(std::optional<std::int64_t> value);
    Statement &bind(std::string_view text);
    Statement &bindTextOrNull(std::string_view text);   ///< empty: NULL
    Statement &bindBlob(const QByteArray &bytes);       ///< copied by reference count
    Statement &bindBlobOrNull(const QByteArray &bytes); ///< empty: NULL
    Statement &bindNull();

    /// Runs it with what was bound since the last run.
    Result<> run();
    /// The next row. False at the end and on failure: see failure().
    bool next() { return m_query.next(); }
    [[nodiscard]] Result<> failure() const;
    /// Ends a result that was not read to its end.
    void finish() { m_query.finish(); }

    [[nodiscard]] bool isNull(int column) const { return m_query.isNull(column); }
    [[nodiscard]] std::int64_t integer(int column) const { return m_query.value(column).toLongLong(); }
    [[nodiscard]] std::optional<std::int64_t> maybeInteger(int column) const;
    [[nodiscard]] std::string text(int column) const { return m_query.value(column).toString().toStdString(); }
    [[nodiscard]] QByteArray blob(int column) const { return m_query.value(column).toByteArray(); }
    [[nodiscard]] std::int64_t changes() const { return m_query.numRowsAffected(); }

private:
    QSqlQuery m_query;
    int m_bound = 0;
};

/// What SQLite says, as our class and words. Never holds a bound value.
Error databaseError(const QSqlError &error, std::string_view doing);

QByteArray toBytes(std::string_view text);
QString toQString(std::string_view text);

} // namespace gateway::storage
