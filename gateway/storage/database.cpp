// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/database.h"

#include "gateway/storage/kept_backups.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QThread>
#include <QVariant>
#include <QtEndian>
#include <QtGlobal>

#include <atomic>
#include <sqlite3.h>

namespace gateway::storage {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype headerBytes = 100; // SQLite file format, 1.3 "The Database Header"
constexpr qsizetype userVersionAt = 60;
constexpr qsizetype applicationIdAt = 68;

Error newer(const Schema &schema, const std::string &path, int version)
{
    return Error {.code = ErrorCode::NotSupported,
                  .message = fmt::format("The {} {} was made by a newer Signalbox (its version is {}, this one knows {}). Nothing was changed. Install the newer Signalbox, "
                                         "or use another data folder.",
                                         schema.what, path, version, schema.version()),
                  .where = path};
}

Error foreign(const Schema &schema, const std::string &path)
{
    return Error {.code = ErrorCode::Invalid,
                  .message = fmt::format("{} is not a {} of Signalbox, or it is damaged. Nothing was changed. Move it away, or restore a backup.", path, schema.what),
                  .where = path};
}

/// Looks at the file's own header before SQLite opens it: opening alone may write beside it (-wal, -shm).
Result<> checkHeader(const Schema &schema, const std::string &path)
{
    QFile file(toQString(path));
    if (!file.exists() || file.size() == 0)
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, fmt::format("{} cannot be read: {}. Check its owner and rights.", path, file.errorString().toStdString()), path);
    const QByteArray header = file.read(headerBytes);
    if (header.size() < headerBytes || !header.startsWith(QByteArrayLiteral("SQLite format 3\0")))
        return std::unexpected(foreign(schema, path));
    const auto id = qFromBigEndian<qint32>(header.constData() + applicationIdAt);
    const auto version = qFromBigEndian<qint32>(header.constData() + userVersionAt);
    if (id != 0 && id != schema.applicationId)
        return std::unexpected(foreign(schema, path));
    if (version > schema.version())
        return std::unexpected(newer(schema, path, version));
    return {};
}

} // namespace

Database::Database(DatabaseOptions options) : m_options(std::move(options))
{
    static std::atomic<int> counter = 0;
    m_name = u"signalbox-%1-%2"_s.arg(QThread::currentThread()->objectName()).arg(++counter);
}

Database::~Database()
{
    if (m_inTransaction)
        rollback();
    m_handle = nullptr;
    if (!m_connection.isValid())
        return;
    m_connection.close();
    m_connection = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseOptions &options, const Schema &schema)
{
    if (auto header = checkHeader(schema, options.path); !header)
        return std::unexpected(header.error());
    std::unique_ptr<Database> database(new Database(options));
    if (auto connected = database->connect(); !connected)
        return std::unexpected(connected.error());
    int version = 0;
    if (auto checked = database->checkVersion(schema, version); !checked)
        return std::unexpected(checked.error());
    if (auto pragmas = database->applyPragmas(); !pragmas)
        return std::unexpected(pragmas.error());
    if (options.access == Access::ReadOnly) {
        if (version != schema.version())
            return fail(ErrorCode::NotSupported, fmt::format("{} is of version {}, not {}: start the gateway once to bring it up to date.", options.path, version, schema.version()),
                        options.path);
        return database;
    }
    if (auto migrated = database->migrate(schema); !migrated)
        return std::unexpected(migrated.error());
    return database;
}

Result<> Database::connect()
{
    // SQLite counts its memory under one lock for all threads; nobody here asks. In vain, and harmless, once it has begun.
    static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(uncounted);
    m_connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_name);
    m_connection.setDatabaseName(toQString(m_options.path));
    QString connectOptions = u"QSQLITE_BUSY_TIMEOUT=%1"_s.arg(m_options.busyTimeoutMs);
    if (m_options.access == Access::ReadOnly)
        connectOptions += u";QSQLITE_OPEN_READONLY"_s;
    m_connection.setConnectOptions(connectOptions);
    if (!m_connection.open())
        return std::unexpected(databaseError(m_connection.lastError(), fmt::format("Opening {}", m_options.path)));
    const QVariant handle = m_connection.driver()->handle();
    if (qstrcmp(handle.typeName(), "sqlite3*") == 0)
        m_handle = *static_cast<sqlite3 *const *>(handle.data());
    if (m_handle == nullptr || !sharesLibrary())
        return fail(ErrorCode::NotSupported,
                    fmt::format("Qt's SQLite driver does not use this system's SQLite ({}): install libqt6sql6-sqlite of the same system as Signalbox.", sqlite3_libversion()), m_options.path);
    if (m_options.access == Access::ReadWrite)
        QFile::setPermissions(toQString(m_options.path), QFile::ReadOwner | QFile::WriteOwner);
    return {};
}

/// The handle is Qt's: it may only be used here if Qt's driver was not built with an SQLite of its own.
bool Database::sharesLibrary()
{
    QSqlQuery query(m_connection);
    return query.exec(u"SELECT sqlite_source_id()"_s) && query.next() && query.value(0).toByteArray() == sqlite3_sourceid();
}

Result<> Database::checkVersion(const Schema &schema, int &version)
{
    const auto id = number("PRAGMA application_id");
    const auto found = number("PRAGMA user_version");
    const auto objects = number("SELECT count(*) FROM sqlite_master");
    for (const auto *answer : {&id, &found, &objects}) {
        if (!*answer)
            return answer->error().code == ErrorCode::Invalid ? std::unexpected(foreign(schema, m_options.path)) : std::unexpected(answer->error());
    }
    if (*id != schema.applicationId && (*id != 0 || *found != 0 || *objects != 0))
        return std::unexpected(foreign(schema, m_options.path));
    if (*found > schema.version())
        return std::unexpected(newer(schema, m_options.path, static_cast<int>(*found)));
    version = static_cast<int>(*found);
    return {};
}

Result<> Database::applyPragmas()
{
    std::vector<std::string> pragmas {fmt::format("PRAGMA cache_size=-{}", m_options.cacheKiB), fmt::format("PRAGMA mmap_size={}", m_options.mapBytes), "PRAGMA temp_store=MEMORY"};
    if (m_options.access == Access::ReadWrite) {
        pragmas.emplace_back("PRAGMA auto_vacuum=INCREMENTAL"); // holds only while the file has no table yet
        pragmas.emplace_back("PRAGMA journal_mode=WAL");
        pragmas.emplace_back(fmt::format("PRAGMA synchronous={}", m_options.fullSync ? "FULL" : "NORMAL"));
        pragmas.emplace_back("PRAGMA foreign_keys=ON");
        pragmas.emplace_back("PRAGMA secure_delete=FAST"); // Debian's default writes zeros over all that is deleted, page by page
        pragmas.emplace_back(fmt::format("PRAGMA wal_autocheckpoint={}", m_options.checkpoints ? 2000 : 0));
        pragmas.emplace_back("PRAGMA journal_size_limit=67108864");
    } else {
        pragmas.emplace_back("PRAGMA query_only=ON");
    }
    for (const std::string &pragma : pragmas) {
        if (auto done = run(pragma); !done)
            return done;
    }
    return {};
}

Result<> Database::migrate(const Schema &schema)
{
    const auto version = number("PRAGMA user_version");
    if (!version)
        return std::unexpected(version.error());
    if (*version == schema.version())
        return {};
    if (*version > 0) {
        qInfo("Bringing the %.*s %s from version %d to %d. A large one takes some minutes.", static_cast<int>(schema.what.size()), schema.what.data(), m_options.path.c_str(), static_cast<int>(*version), schema.version());
        if (auto copied = backUp(schema, static_cast<int>(*version)); !copied)
            return copied;
    }
    for (const Migration &migration : schema.migrations) {
        if (migration.version <= *version)
            continue;
        if (auto applied = apply(migration, schema.applicationId); !applied) {
            applied.error().message = fmt::format("Bringing the {} {} to version {} failed, and it is as it was before. {}", schema.what, m_options.path, migration.version,
                                                  applied.error().message);
            return applied;
        }
    }
    return {};
}

Result<> Database::backUp(const Schema &schema, int version)
{
    if (m_options.backupFolder.empty())
        return {};
    const QString folder = toQString(m_options.backupFolder);
    if (!QDir().mkpath(folder))
        return fail(ErrorCode::Io, fmt::format("The {} needs a backup before it is brought up to date, and the folder {} cannot be made. Check its rights.", schema.what, m_options.backupFolder),
                    m_options.backupFolder);
    const QString kind = QFileInfo(toQString(m_options.path)).completeBaseName() + u"-v"_s;
    const QString target = u"%1/%2%3-%4.db"_s.arg(folder, kind).arg(version).arg(toQString(backupStamp()));
    auto copy = prepare("VACUUM INTO ?");
    if (!copy)
        return std::unexpected(copy.error());
    if (auto copied = copy->bind(target.toStdString()).run(); !copied)
        return copied;
    QFile::setPermissions(target, QFile::ReadOwner | QFile::WriteOwner);
    keepNewest(m_options.backupFolder, kind.toStdString());
    return {};
}

Result<> Database::apply(const Migration &migration, std::int32_t applicationId)
{
    auto transaction = Transaction::begin(*this);
    if (!transaction)
        return std::unexpected(transaction.error());
    for (const std::string_view statement : migration.statements) {
        if (auto done = run(statement); !done)
            return done;
    }
    if (migration.then != nullptr) {
        if (auto done = migration.then(*this); !done)
            return done;
    }
    if (auto done = run(fmt::format("PRAGMA application_id={}", applicationId)); !done)
        return done;
    if (auto done = run(fmt::format("PRAGMA user_version={}", migration.version)); !done)
        return done;
    return transaction->commit();
}

Result<Statement> Database::prepare(std::string_view sql)
{
    return Statement::prepare(m_handle, sql);
}

Result<> Database::run(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return std::unexpected(statement.error());
    if (auto run = statement->run(); !run)
        return run;
    while (statement->next()) { }
    return statement->failure();
}

Result<std::int64_t> Database::number(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return std::unexpected(statement.error());
    if (auto run = statement->run(); !run)
        return std::unexpected(run.error());
    if (!statement->next())
        return fail(ErrorCode::NotFound, "The database gave no answer to a question that has one.");
    return statement->integer(0);
}

Result<> Database::begin()
{
    auto begun = run("BEGIN IMMEDIATE");
    m_inTransaction = begun.has_value();
    return begun;
}

Result<> Database::commit()
{
    auto done = run("COMMIT");
    if (!done) {
        rollback();
        return done;
    }
    m_inTransaction = false;
    return {};
}

void Database::rollback()
{
    // SQLite may have rolled back already (disk full): then this fails, and that is fine.
    if (sqlite3_get_autocommit(m_handle) == 0)
        static_cast<void>(run("ROLLBACK"));
    m_inTransaction = false;
}

Result<> Database::setFullSync(bool on)
{
    m_options.fullSync = on;
    return run(on ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
}

Result<Transaction> Transaction::begin(Database &database)
{
    if (auto begun = database.begin(); !begun)
        return std::unexpected(begun.error());
    return Transaction(database);
}

Transaction::~Transaction()
{
    if (m_database != nullptr)
        m_database->rollback();
}

Result<> Transaction::commit()
{
    return std::exchange(m_database, nullptr)->commit();
}

} // namespace gateway::storage
