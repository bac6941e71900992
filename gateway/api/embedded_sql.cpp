// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_sql.h"

#include "gateway/storage/sql_functions.h"
#include "gateway/storage/sql_views.h"

namespace gateway::api {

const SqlSchema &EmbeddedSql::schema() const
{
    static const SqlSchema offered {.tables = storage::sqlTables(), .functions = storage::sqlFunctions()};
    return offered;
}

void EmbeddedSql::ask(SqlQuestion question, QObject *context, std::function<void(SqlProgress)> onProgress, std::function<void(SqlOutcome)> done)
{
    ask(m_console, {}, std::move(question), context, std::move(onProgress), std::move(done));
}

void EmbeddedSql::askBeside(SqlQuestion question, QObject *context, std::function<void(SqlOutcome)> done)
{
    constexpr storage::SqlLimits small {.rows = 10'000, .bytes = 8'000'000};
    ask(m_beside, small, std::move(question), context, [](const SqlProgress &) { }, std::move(done));
}

void EmbeddedSql::ask(std::unique_ptr<storage::SqlConsole> &console, storage::SqlLimits limits, SqlQuestion question, QObject *context, std::function<void(SqlProgress)> onProgress, std::function<void(SqlOutcome)> done)
{
    if (!console)
        console = std::make_unique<storage::SqlConsole>(m_path);
    console->ask({.question = std::move(question),
                  .timeZone = m_timeZone(),
                  .limits = limits,
                  .progress = m_deliverer.to<SqlProgress>(context, std::move(onProgress)),
                  .done = m_deliverer.to<SqlOutcome>(context, std::move(done))});
}

void EmbeddedSql::cancelBeside()
{
    if (m_beside)
        m_beside->cancel();
}

void EmbeddedSql::cancel()
{
    if (m_console)
        m_console->cancel();
}

} // namespace gateway::api
