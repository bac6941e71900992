// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/query_service.h"
#include "gateway/api/sql_tools.h"
#include "gateway/storage/sql_console.h"

#include <functional>
#include <memory>
#include <string>

namespace gateway::api {

/// The SQL tools of a gateway in this process. On the gateway's thread.
class EmbeddedSql final : public SqlTools
{
    Q_OBJECT
public:
    /// @param path  of the call log
    EmbeddedSql(std::string path, Deliverer deliverer, std::function<std::string()> timeZone, Gateway *gateway)
        : SqlTools(gateway), m_path(std::move(path)), m_deliverer(deliverer), m_timeZone(std::move(timeZone))
    {
    }

    [[nodiscard]] const SqlSchema &schema() const override;
    void ask(SqlQuestion question, QObject *context, std::function<void(SqlProgress)> onProgress, std::function<void(SqlOutcome)> done) override;
    void askBeside(SqlQuestion question, QObject *context, std::function<void(SqlOutcome)> done) override;
    void cancelBeside() override;
    void cancel() override;

private:
    void ask(std::unique_ptr<storage::SqlConsole> &console, storage::SqlLimits limits, SqlQuestion question, QObject *context, std::function<void(SqlProgress)> onProgress, std::function<void(SqlOutcome)> done);

    std::string m_path;
    Deliverer m_deliverer;
    std::function<std::string()> m_timeZone;
    std::unique_ptr<storage::SqlConsole> m_console, m_beside; ///< from the first query on: most processes ask none
};

} // namespace gateway::api
