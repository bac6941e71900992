// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_reports.h"

#include "gateway/reports/gather.h"
#include "gateway/reports/html.h"
#include "gateway/reports/sheet.h"

#include <QPointer>

#include <utility>

namespace gateway::api {

namespace {

constexpr const char *lane = "report";

Error nothingServed()
{
    return {.code = ErrorCode::NotFound, .message = "This process serves no calls, and so makes no reports by itself."};
}

} // namespace

void EmbeddedReports::report(ReportQuery query, QObject *context, std::function<void(ReportProgress)> onProgress, Answer<MadeReport> done)
{
    const auto tell = m_needs.deliverer.to<ReportProgress>(context, onProgress ? std::move(onProgress) : [](ReportProgress) {});
    m_needs.queries.ask<MadeReport>(
        QueryService::Length::Long, lane, context,
        [query = std::move(query), tell, config = m_needs.config(), now = m_needs.clock.wallNow()](storage::CallLogReader &log) -> Result<MadeReport> {
            auto data = reports::gather(log, *config, query, now, [&](ReportProgress progress) -> Result<> {
                tell(progress);
                return {};
            });
            if (!data)
                return std::unexpected(data.error());
            MadeReport made {.data = std::move(*data)};
            made.sheet = reports::sheetOf(made.data);
            made.html = reports::htmlOf(made.sheet);
            return made;
        },
        std::move(done));
}

/// A question that takes the other's place, and is answered at once.
void EmbeddedReports::cancel(QObject *context)
{
    m_needs.queries.ask<MadeReport>(
        QueryService::Length::Long, lane, context, [](storage::CallLogReader &) -> Result<MadeReport> { return fail(ErrorCode::Cancelled, "The question was cancelled."); }, [](const Result<MadeReport> &) {});
}

void EmbeddedReports::run(std::string report, QObject *context, Answer<ReportRun> done)
{
    m_needs.control.post([keeper = m_needs.keeper, report = std::move(report), deliver = m_needs.deliverer.to<Result<ReportRun>>(context, std::move(done))] {
        ReportKeeper *there = keeper();
        if (there == nullptr)
            return deliver(std::unexpected(nothingServed()));
        there->run(report, deliver);
    });
}

void EmbeddedReports::runs(std::string report, QObject *context, Answer<std::vector<ReportRun>> done)
{
    m_needs.control.post([keeper = m_needs.keeper, report = std::move(report), deliver = m_needs.deliverer.to<Result<std::vector<ReportRun>>>(context, std::move(done))] {
        ReportKeeper *there = keeper();
        deliver(there ? there->runs(report) : Result<std::vector<ReportRun>>(std::unexpected(nothingServed())));
    });
}

} // namespace gateway::api
