// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/report_tools.h"

#include <optional>

namespace tests {

/// The made-up gateway's reports: a week of search's, or of all teams, always the same.
class FakeReports final : public gateway::api::ReportTools
{
    Q_OBJECT
public:
    explicit FakeReports(gateway::api::Gateway *gateway);

    void setFailing(bool failing) { m_failing = failing; }
    void setWaiting(bool waiting) { m_waiting = waiting; }
    void setBoard(gateway::ReportBoard board);
    [[nodiscard]] const std::vector<gateway::ReportQuery> &asked() const { return m_asked; }
    [[nodiscard]] const std::vector<std::string> &made() const { return m_made; }
    [[nodiscard]] int cancelled() const { return m_cancelled; }

    /// A report's figures as the pictures have them.
    static gateway::ReportData dataOf(const gateway::ReportQuery &query, gateway::WallTime now);

    // gateway::api::ReportTools
    void report(gateway::ReportQuery query, QObject *context, std::function<void(gateway::ReportProgress)> onProgress, gateway::api::Answer<gateway::api::MadeReport> done) override;
    void cancel(QObject *) override { ++m_cancelled; }
    [[nodiscard]] std::shared_ptr<const gateway::ReportBoard> board() const override { return m_board; }
    void run(std::string report, QObject *context, gateway::api::Answer<gateway::ReportRun> done) override;
    void runs(std::string report, QObject *context, gateway::api::Answer<std::vector<gateway::ReportRun>> done) override;

private:
    std::shared_ptr<const gateway::ReportBoard> m_board = std::make_shared<const gateway::ReportBoard>();
    bool m_failing = false, m_waiting = false;
    std::vector<gateway::ReportQuery> m_asked;
    std::vector<std::string> m_made;
    int m_cancelled = 0;
};

} // namespace tests
