// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/sql_session.h"

#include "gateway/core/text.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/sql_functions.h"
#include "gateway/storage/sql_run.h"
#include "gateway/storage/sql_views.h"

#include <array>
#include <sqlite3.h>

namespace gateway::storage {

namespace {

/// What one query may ask for (sqlite.org/c3ref/c_limit_attached.html). The length is that of a text, and bounds what one step of
/// a query can take: between steps it can be stopped.
constexpr std::array<std::pair<int, int>, 9> limits {{
    {SQLITE_LIMIT_LENGTH, 262'144},
    {SQLITE_LIMIT_SQL_LENGTH, 150'000},
    {SQLITE_LIMIT_COLUMN, 500},
    {SQLITE_LIMIT_EXPR_DEPTH, 500},
    {SQLITE_LIMIT_COMPOUND_SELECT, 500},
    {SQLITE_LIMIT_VDBE_OP, 1'000'000},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
}};

} // namespace

Result<std::unique_ptr<SqlSession>> SqlSession::open(const std::string &path)
{
    // A small cache: as much is sorted at once, and that is one step.
    auto database = Database::open({.path = path, .access = Access::ReadOnly, .cacheKiB = 4096, .mapBytes = 0}, callLogSchema());
    if (!database)
        return std::unexpected(database.error());
    std::unique_ptr<SqlSession> session(new SqlSession(std::move(*database)));
    if (auto prepared = session->prepareConnection(); !prepared)
        return std::unexpected(prepared.error());
    return session;
}

Result<> SqlSession::prepareConnection()
{
    sqlite3 *const connection = handle();
    if (auto added = addSqlFunctions(connection, m_zone); !added)
        return added;
    m_guard = std::make_unique<SqlGuard>(connection);
    // Large sorts go to temporary files: a query may take time, not the machine's memory.
    for (const std::string_view pragma : {"PRAGMA query_only=OFF", "PRAGMA temp_store=FILE"}) {
        if (auto done = m_database->run(pragma); !done)
            return done;
    }
    for (const std::string &view : sqlViews()) {
        if (auto made = m_database->run(view); !made)
            return made;
    }
    if (auto done = m_database->run("PRAGMA query_only=ON"); !done)
        return done;
    for (const auto &[limit, value] : limits)
        sqlite3_limit(connection, limit, value);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, nullptr); // "a name that is none" is an error, and no text
    return m_guard->learn();
}

SqlOutcome SqlSession::run(const SqlQuestion &question, const std::string &timeZone, const SqlLimits &most, const Watch &watch)
{
    m_zone.set(timeZone);
    return SqlRun(handle(), *m_guard, question, most, watch).run();
}

} // namespace gateway::storage
