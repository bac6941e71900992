// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/sql_tools.h"

#include <functional>
#include <optional>

namespace tests {

/// The made-up gateway's SQL: it knows no SQL, and answers what a test wants, or some rows that look like a log's.
class FakeSql final : public gateway::api::SqlTools
{
    Q_OBJECT
public:
    explicit FakeSql(gateway::api::Gateway *gateway);

    void setFailing(bool failing) { m_failing = failing; }
    void setWaiting(bool waiting) { m_waiting = waiting; }
    /// What comes of queries from now on.
    void setAnswer(std::function<gateway::SqlOutcome(const gateway::SqlQuestion &)> answer) { m_answer = std::move(answer); }
    /// Tells of a query that is waited for that it is so far.
    void tellProgress(gateway::SqlProgress progress);

    [[nodiscard]] const std::vector<std::string> &asked() const { return m_asked; }
    [[nodiscard]] int cancelled() const { return m_cancelled; }

    // gateway::api::SqlTools
    [[nodiscard]] const gateway::SqlSchema &schema() const override { return m_schema; }
    void ask(gateway::SqlQuestion question, QObject *context, std::function<void(gateway::SqlProgress)> onProgress, std::function<void(gateway::SqlOutcome)> done) override;
    void askBeside(gateway::SqlQuestion question, QObject *context, std::function<void(gateway::SqlOutcome)> done) override { ask(std::move(question), context, {}, std::move(done)); }
    void cancelBeside() override { ++m_cancelled; }
    void cancel() override { ++m_cancelled; }

    /// An answer of these columns and rows: numbers are those cells that look so, "NULL" is none, "x'" begins a blob.
    static gateway::SqlOutcome answerOf(const gateway::SqlQuestion &question, const QStringList &columns, const QList<QStringList> &rows);

private:
    gateway::SqlSchema m_schema;
    bool m_failing = false, m_waiting = false;
    std::function<gateway::SqlOutcome(const gateway::SqlQuestion &)> m_answer;
    std::function<void(gateway::SqlProgress)> m_progress; ///< of the query that is waited for
    std::vector<std::string> m_asked;
    int m_cancelled = 0;
};

} // namespace tests
