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
    if (!m_console)
        m_console = std::make_unique<storage::SqlConsole>(m_path);
    m_console->ask({.question = std::move(question),
                    .timeZone = m_timeZone(),
                    .limits = {},
                    .progress = m_deliverer.to<SqlProgress>(context, std::move(onProgress)),
                    .done = m_deliverer.to<SqlOutcome>(context, std::move(done))});
}

void EmbeddedSql::cancel()
{
    if (m_console)
        m_console->cancel();
}

} // namespace gateway::api
