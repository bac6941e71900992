// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/report_data.h"
#include "gateway/core/report_sheet.h"
#include "gateway/core/report_view.h"

#include <QObject>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::api {

/// A report, in figures, as it is read, and as a file for browsers.
struct MadeReport
{
    ReportData data {};
    ReportSheet sheet {};
    std::string html {};
};

/// Reports on what teams used: a part of the facade, and a child object of the gateway that it belongs to. Answers as all of
/// the facade does: on the gateway's thread, with a context.
class ReportTools : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// null: that gateway has none
    static ReportTools *of(const Gateway &gateway) { return gateway.findChild<ReportTools *>(QString(), Qt::FindDirectChildrenOnly); }

    /// Of one context only the newest question is answered. Errors: those of the log; BadRequest for a time that has not begun.
    /// @param onProgress  now and then; may be empty
    virtual void report(ReportQuery query, QObject *context, std::function<void(ReportProgress)> onProgress, Answer<MadeReport> done) = 0;
    /// Ends what is being asked with that context: it is answered with Cancelled, or without a word.
    virtual void cancel(QObject *context) = 0;

    // Those of the list `reports`.
    /// Cheap: from memory. Never null.
    [[nodiscard]] virtual std::shared_ptr<const ReportBoard> board() const = 0;
    /// Makes a scheduled report of the last week or month now, also one that is off, and mails it as it says.
    /// @param report  its id or name
    /// @param done    once it is made and each address was tried. NotFound; Busy: it is being made; what the log or the folder had against it
    virtual void run(std::string report, QObject *context, Answer<ReportRun> done) = 0;
    /// What came of a report, newest first. NotFound.
    virtual void runs(std::string report, QObject *context, Answer<std::vector<ReportRun>> done) = 0;

Q_SIGNALS:
    void changed();                      ///< board() is another
};

} // namespace gateway::api
