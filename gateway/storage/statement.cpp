// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/statement.h"

#include <fmt/format.h>

#include <QSqlError>
#include <QVariant>

#include <sqlite3.h>

namespace gateway::storage {

QByteArray toBytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

Error databaseError(const QSqlError &error, std::string_view doing)
{
    const int native = error.nativeErrorCode().toInt();
    const auto say = [&](ErrorCode code, std::string_view words) {
        return Error {.code = code, .message = fmt::format("{}: {}", doing, words), .where = {}};
    };
    switch (native & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return say(ErrorCode::Busy, "the database is locked by another program; end it, or wait");
    case SQLITE_INTERRUPT: return say(ErrorCode::Cancelled, "stopped, because a newer question took its place");
    case SQLITE_FULL: return say(ErrorCode::Io, "the disk is full; make room, and it goes on by itself");
    case SQLITE_READONLY: return say(ErrorCode::Io, "the database cannot be written; check the rights of the data folder");
    case SQLITE_CANTOPEN: return say(ErrorCode::Io, "the database cannot be opened; check that the folder is there and may be written");
    case SQLITE_IOERR: return say(ErrorCode::Io, "the disk gave an error while it was read or written; check the disk");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return say(ErrorCode::Invalid, "the database file is damaged; move it away and restore a backup");
    case SQLITE_CONSTRAINT: return say(ErrorCode::Conflict, error.databaseText().toStdString());
    default: return say(ErrorCode::Internal, error.text().toStdString());
    }
}

Statement &Statement::bind(std::int64_t value)
{
    m_query.bindValue(m_bound++, QVariant::fromValue<qlonglong>(value));
    return *this;
}

Statement &Statement::bind(std::optional<std::int64_t> value)
{
    return value ? bind(*value) : bindNull();
}

Statement &Statement::bind(std::string_view text)
{
    m_query.bindValue(m_bound++, toQString(text));
    return *this;
}

Statement &Statement::bindTextOrNull(std::string_view text)
{
    return text.empty() ? bindNull() : bind(text);
}

Statement &Statement::bindBlob(const QByteArray &bytes)
{
    m_query.bindValue(m_bound++, bytes);
    return *this;
}

Statement &Statement::bindBlobOrNull(const QByteArray &bytes)
{
    return bytes.isEmpty() ? bindNull() : bindBlob(bytes);
}

Statement &Statement::bindNull()
{
    m_query.bindValue(m_bound++, QVariant());
    return *this;
}

Result<> Statement::run()
{
    m_bound = 0;
    if (!m_query.exec())
        return std::unexpected(databaseError(m_query.lastError(), "The database"));
    return {};
}

Result<> Statement::failure() const
{
    const QSqlError error = m_query.lastError();
    if (error.isValid())
        return std::unexpected(databaseError(error, "The database"));
    return {};
}

std::optional<std::int64_t> Statement::maybeInteger(int column) const
{
    const QVariant value = m_query.value(column);
    return value.isNull() ? std::nullopt : std::optional<std::int64_t>(value.toLongLong());
}

} // namespace gateway::storage
