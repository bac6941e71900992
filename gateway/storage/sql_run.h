// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/sql_session.h"

#include <chrono>

struct sqlite3_stmt;

namespace gateway::storage {

/// One query on its way. Query thread.
class SqlRun
{
public:
    /// All of it outlives this.
    SqlRun(sqlite3 *connection, SqlGuard &guard, const SqlQuestion &question, const SqlLimits &limits, const SqlSession::Watch &watch);
    ~SqlRun();
    SqlRun(const SqlRun &) = delete;
    SqlRun &operator=(const SqlRun &) = delete;

    SqlOutcome run();

private:
    static int progress(void *self);
    bool takesTooMuch();
    [[nodiscard]] SqlProgress now() const;
    std::expected<void, SqlProblem> prepare();
    void takeRow();
    [[nodiscard]] SqlProblem problem(int code);
    [[nodiscard]] SqlProblem problemAt(std::string message, std::string_view about) const;

    sqlite3 *m_connection;
    SqlGuard &m_guard;
    const SqlQuestion &m_question;
    const SqlLimits &m_limits;
    const SqlSession::Watch &m_watch;
    sqlite3_stmt *m_statement = nullptr;
    std::chrono::steady_clock::time_point m_started, m_looked; ///< at temporary files
    bool m_tooMuch = false;                                    ///< they grew past the limit
    std::shared_ptr<SqlAnswer> m_answer;
};

} // namespace gateway::storage
