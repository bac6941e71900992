// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/sql_result.h"
#include "gateway/storage/database.h"
#include "gateway/storage/sql_guard.h"
#include "gateway/storage/sql_zone.h"

#include <functional>
#include <memory>
#include <string>

namespace gateway::storage {

/// How much of a result is kept at most, and how much a query may take for it.
struct SqlLimits
{
    std::size_t rows = 1'000'000;
    std::size_t bytes = 256'000'000;
    std::uint64_t temporary = 4'000'000'000; ///< bytes of the files that large sorts go to; past that the query ends with an error
};

/// A read-only connection to the call log that people's own queries run on: it can read the views of sql_views.h, and do
/// nothing else. Opened, used and destroyed on one thread.
class SqlSession
{
public:
    /// The file must exist and have the present version: CallLogWriter makes it.
    static Result<std::unique_ptr<SqlSession>> open(const std::string &path);

    /// Called again and again while a query runs, at least each 20 ms as a rule.
    /// @return whether it is to go on
    using Watch = std::function<bool(const SqlProgress &progress)>;

    /// Runs a query to its end. BadRequest: it is not well-formed, or asks for more than to read what is offered; Cancelled.
    /// @param timeZone  IANA name, in which days and hours are; unknown: UTC
    SqlOutcome run(const SqlQuestion &question, const std::string &timeZone, const SqlLimits &limits, const Watch &watch);

    [[nodiscard]] sqlite3 *handle() const { return m_database->handle(); } ///< for sqlite3_interrupt(), from any thread

private:
    explicit SqlSession(std::unique_ptr<Database> database) : m_database(std::move(database)) {}
    Result<> prepareConnection();

    SqlZone m_zone; ///< outlives the connection
    std::unique_ptr<Database> m_database;
    std::unique_ptr<SqlGuard> m_guard;
};

} // namespace gateway::storage
