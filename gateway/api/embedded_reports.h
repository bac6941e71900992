// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/control_thread.h"
#include "gateway/api/query_service.h"
#include "gateway/api/report_keeper.h"
#include "gateway/api/report_tools.h"

#include <functional>

namespace gateway::api {

/// The reports' tools of a gateway in this process. On the gateway's thread.
class EmbeddedReports final : public ReportTools
{
    Q_OBJECT
public:
    struct Needs
    {
        const ReportPost &post;
        std::function<ReportKeeper *()> keeper;  ///< asked on the control thread; null: nothing is served
        ControlThread &control;
        QueryService &queries;
        Deliverer deliverer;
        const Clock &clock;
        std::function<ConfigPtr()> config;       ///< as it is shown
    };
    /// All of it outlives this.
    EmbeddedReports(Needs needs, Gateway *gateway) : ReportTools(gateway), m_needs(std::move(needs)) {}

    void report(ReportQuery query, QObject *context, std::function<void(ReportProgress)> onProgress, Answer<MadeReport> done) override;
    void cancel(QObject *context) override;
    [[nodiscard]] std::shared_ptr<const ReportBoard> board() const override { return m_needs.post.board(); }
    void run(std::string report, QObject *context, Answer<ReportRun> done) override;
    void runs(std::string report, QObject *context, Answer<std::vector<ReportRun>> done) override;

private:
    Needs m_needs;
};

} // namespace gateway::api
