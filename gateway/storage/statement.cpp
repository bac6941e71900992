// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/statement.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

#include <QSqlError>

#include <algorithm>
#include <sqlite3.h>

namespace gateway::storage {

namespace {

Error errorOf(int native, std::string_view doing, std::string_view constraint, std::string_view other)
{
    const auto say = [&](ErrorCode code, std::string_view words) {
        return Error {.code = code, .message = fmt::format("{}: {}", doing, words), .where = {}};
    };
    switch (native & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return say(ErrorCode::Busy, "the database is locked by another program; end it, or wait");
    case SQLITE_INTERRUPT: return say(ErrorCode::Cancelled, "cancelled before its end");
    case SQLITE_FULL: return say(ErrorCode::Io, "the disk is full; make room, and it goes on by itself");
    case SQLITE_READONLY: return say(ErrorCode::Io, "the database cannot be written; check the rights of the data folder");
    case SQLITE_CANTOPEN: return say(ErrorCode::Io, "the database cannot be opened; check that the folder is there and may be written");
    case SQLITE_IOERR: return say(ErrorCode::Io, "the disk gave an error while it was read or written; check the disk");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return say(ErrorCode::Invalid, "the database file is damaged; move it away and restore a backup");
    case SQLITE_CONSTRAINT: return say(ErrorCode::Conflict, constraint);
    default: return say(ErrorCode::Internal, other);
    }
}

constexpr std::string_view theDatabase = "The database";

} // namespace

bool isAscii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return static_cast<signed char>(c) >= 0; });
}

QByteArray toBytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

Error databaseError(sqlite3 *connection, std::string_view doing)
{
    const std::string_view words = sqlite3_errmsg(connection);
    return errorOf(sqlite3_extended_errcode(connection), doing, words, words);
}

Error databaseError(const QSqlError &error, std::string_view doing)
{
    return errorOf(error.nativeErrorCode().toInt(), doing, error.databaseText().toStdString(), error.text().toStdString());
}

void Statement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

Result<Statement> Statement::prepare(sqlite3 *connection, std::string_view sql)
{
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK)
        return std::unexpected(databaseError(connection, theDatabase));
    return Statement(statement);
}

int Statement::place()
{
    if (m_bound == 0)
        finish(); // SQLite takes no value while a result stands open
    return ++m_bound;
}

Statement &Statement::bound(int code)
{
    if (code != SQLITE_OK && !m_failure)
        m_failure = databaseError(sqlite3_db_handle(m_statement.get()), theDatabase);
    return *this;
}

Statement &Statement::bind(std::int64_t value)
{
    return bound(sqlite3_bind_int64(m_statement.get(), place(), value));
}

Statement &Statement::bind(std::optional<std::int64_t> value)
{
    return value ? bind(*value) : bindNull();
}

Statement &Statement::bind(std::string_view text)
{
    const auto take = [this](std::string_view valid) -> Statement & {
        // Without a byte at all the pointer may be null, which would be NULL instead of an empty text.
        const char *data = valid.empty() ? "" : valid.data();
        return bound(sqlite3_bind_text64(m_statement.get(), place(), data, valid.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    };
    return isAscii(text) ? take(text) : take(toValidUtf8(text));
}

Statement &Statement::bindTextOrNull(std::string_view text)
{
    return text.empty() ? bindNull() : bind(text);
}

Statement &Statement::bindBlob(const QByteArray &bytes)
{
    return bound(sqlite3_bind_blob64(m_statement.get(), place(), bytes.constData(), static_cast<sqlite3_uint64>(bytes.size()), SQLITE_TRANSIENT));
}

Statement &Statement::bindBlobOrNull(const QByteArray &bytes)
{
    return bytes.isEmpty() ? bindNull() : bindBlob(bytes);
}

Statement &Statement::bindNull()
{
    return bound(sqlite3_bind_null(m_statement.get(), place()));
}

Result<> Statement::run()
{
    if (m_bound == 0)
        finish();
    m_bound = 0;
    if (!m_failure)
        step();
    m_first = m_row;
    auto result = failure();
    m_failure.reset();
    return result;
}

void Statement::step()
{
    const int code = sqlite3_step(m_statement.get());
    m_row = code == SQLITE_ROW;
    if (m_row)
        return;
    if (code != SQLITE_DONE)
        m_failure = databaseError(sqlite3_db_handle(m_statement.get()), theDatabase);
    sqlite3_reset(m_statement.get()); // a finished result must hold neither the read nor the transaction open
}

bool Statement::next()
{
    if (m_first) {
        m_first = false;
        return true;
    }
    if (m_row)
        step();
    return m_row;
}

Result<> Statement::failure() const
{
    if (m_failure)
        return std::unexpected(*m_failure);
    return {};
}

void Statement::finish()
{
    if (m_row)
        sqlite3_reset(m_statement.get());
    m_row = m_first = false;
    m_failure.reset();
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement.get(), column);
}

std::optional<std::int64_t> Statement::maybeInteger(int column) const
{
    return isNull(column) ? std::nullopt : std::optional<std::int64_t>(integer(column));
}

std::string Statement::text(int column) const
{
    const auto *data = reinterpret_cast<const char *>(sqlite3_column_text(m_statement.get(), column));
    return data == nullptr ? std::string() : std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column)));
}

QByteArray Statement::blob(int column) const
{
    const auto *data = static_cast<const char *>(sqlite3_column_blob(m_statement.get(), column));
    return data == nullptr ? QByteArray() : QByteArray(data, sqlite3_column_bytes(m_statement.get(), column));
}

std::int64_t Statement::changes() const
{
    return sqlite3_changes64(sqlite3_db_handle(m_statement.get()));
}

} // namespace gateway::storage
