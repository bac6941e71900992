// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/storage/statement.h"

#include <QSqlDatabase>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;

namespace gateway::storage {

class Database;

/// One numbered step of a schema: statements that bring the version before it to `version`. Never edited once landed.
struct Migration
{
    int version = 0;
    std::span<const std::string_view> statements;
    Result<> (*then)(Database &database) = nullptr; ///< what SQL cannot say, after the statements, in the same transaction
};

/// What a database file of ours is: its mark in the file's header, and the way to its present version.
struct Schema
{
    std::string_view what;               ///< for messages: "call log"
    std::int32_t applicationId = 0;      ///< SQLite's application_id
    std::span<const Migration> migrations; ///< 1, 2, 3, ... without gaps
    [[nodiscard]] int version() const { return migrations.empty() ? 0 : migrations.back().version; }
};

enum class Access : std::uint8_t { ReadWrite, ReadOnly };

struct DatabaseOptions
{
    std::string path;
    std::string backupFolder {};         ///< made when needed; where the file is copied before a migration
    Access access = Access::ReadWrite;
    bool fullSync = false;               ///< synchronous=FULL: a commit is on the disk when it returns
    int busyTimeoutMs = 2000;
    int cacheKiB = 8192;
    std::int64_t mapBytes = 0;           ///< memory-mapped reads; 0: none
    bool checkpoints = true;             ///< a commit that leaves much in the write-ahead log moves it into the file itself
};

/// An open SQLite file through Qt SQL (WAL). Opened, used and destroyed on one thread. Statements go before it.
class Database
{
public:
    /// Opens, or makes, and migrates; the file is copied to the backup folder first. A file of a newer version, of
    /// something else, or a damaged one is an error (Invalid) and is not touched. ReadOnly: it must be of the present version.
    static Result<std::unique_ptr<Database>> open(const DatabaseOptions &options, const Schema &schema);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// Runs one statement without results, to its end.
    Result<> run(std::string_view sql);
    /// The first column of the first row; NotFound without a row.
    Result<std::int64_t> number(std::string_view sql);

    Result<> begin();    ///< BEGIN IMMEDIATE: waits for the lock here, not at the first write
    Result<> commit();   ///< on failure the transaction is rolled back
    void rollback();
    [[nodiscard]] bool inTransaction() const { return m_inTransaction; }

    Result<> setFullSync(bool on);
    [[nodiscard]] sqlite3 *handle() const { return m_handle; } ///< the driver's own
    [[nodiscard]] const std::string &path() const { return m_options.path; }

private:
    explicit Database(DatabaseOptions options);
    Result<> connect();
    bool sharesLibrary();
    Result<> applyPragmas();
    Result<> migrate(const Schema &schema);
    Result<> backUp(const Schema &schema, int version);
    Result<> apply(const Migration &migration, std::int32_t applicationId);
    Result<> checkVersion(const Schema &schema, int &version);

    DatabaseOptions m_options;
    QString m_name;
    QSqlDatabase m_connection;
    sqlite3 *m_handle = nullptr;
    bool m_inTransaction = false;
};

/// Begins in the constructor, rolls back in the destructor unless committed.
class Transaction
{
public:
    static Result<Transaction> begin(Database &database);
    ~Transaction();
    Transaction(Transaction &&other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}
    Transaction &operator=(Transaction &&) = delete;
    Result<> commit();

private:
    explicit Transaction(Database &database) : m_database(&database) {}
    Database *m_database;
};

} // namespace gateway::storage
