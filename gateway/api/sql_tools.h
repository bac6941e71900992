// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/sql_result.h"
#include "gateway/core/sql_schema.h"

#include <QObject>

namespace gateway::api {

using gateway::SqlAnswer;
using gateway::SqlOutcome;
using gateway::SqlProblem;
using gateway::SqlProgress;
using gateway::SqlQuestion;
using gateway::SqlResult;
using gateway::SqlSchema;

/// People's own queries to the call log, as the window sees them: a part of the facade, and a child object of the gateway that
/// it belongs to. They read and do nothing else. Answers come on the gateway's thread, with a context.
class SqlTools : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// null: that gateway has none
    static SqlTools *of(const Gateway &gateway) { return gateway.findChild<SqlTools *>(QString(), Qt::FindDirectChildrenOnly); }

    /// What can be read. Lives as long as this.
    [[nodiscard]] virtual const SqlSchema &schema() const = 0;
    /// One query runs at a time: a newer one stops it, and it is then not answered.
    /// @param onProgress  some times a second while it runs
    virtual void ask(SqlQuestion question, QObject *context, std::function<void(SqlProgress)> onProgress, std::function<void(SqlOutcome)> done) = 0;
    /// For what is shown beside the console (pinned to Overview): over a connection of its own, so that neither stops the other. Of
    /// these, too, a newer one stops the one that runs. At most 10,000 rows and 8 MB are given.
    virtual void askBeside(SqlQuestion question, QObject *context, std::function<void(SqlOutcome)> done) = 0;
    virtual void cancelBeside() = 0;
    /// The console's query that runs is answered with Cancelled, within 200 ms as a rule.
    virtual void cancel() = 0;
};

} // namespace gateway::api
