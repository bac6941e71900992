// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QObject>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gateway::api {

/// Calls of a file that are to come into the log.
struct ImportOrder
{
    std::string path;          ///< whole; lines as `calls export` writes them, packed or not
    bool dryRun = false;       ///< only says what would become of them
};

/// A line that could not be taken.
struct ImportProblem
{
    std::uint64_t line = 0;    ///< from 1 on
    std::string message;       ///< "attempts[0].ok is neither true nor false"
};

struct ImportSummary
{
    std::uint64_t taken = 0;
    std::uint64_t known = 0;   ///< the log had them
    std::uint64_t tooOld = 0;  ///< began at a time whose calls are not in the log any more, or are not kept
    std::uint64_t wrong = 0;   ///< lines that are no calls
    std::vector<ImportProblem> problems {}; ///< the first of those, at most 20
};

struct ImportProgress
{
    std::uint64_t done = 0, all = 0; ///< bytes of the file
};

/// What is to go out of the log.
struct PruneOrder
{
    WallTime before {};        ///< calls that began before it
    bool bodiesOnly = false;   ///< only what was asked and answered
    bool dryRun = false;
};

struct PruneSummary
{
    std::uint64_t calls = 0;   ///< removed, or to be; bodiesOnly: those that have bodies
    std::uint64_t bytes = 0;   ///< dryRun: about; else what the file can use again
};

struct PruneProgress
{
    std::uint64_t done = 0, all = 0; ///< calls
};

/// The keeping of the call log: a part of the facade, and a child object of the gateway that it belongs to. Answers as all of the
/// facade does: on the gateway's thread, with a context.
class LogTools : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// null: that gateway has none
    static LogTools *of(const Gateway &gateway) { return gateway.findChild<LogTools *>(QString(), Qt::FindDirectChildrenOnly); }

    /// Takes calls into the log through its writer; all sums have them afterwards but spend and budgets, and no alert, collector
    /// or sink hears of them. Those whose id is there are passed over, so that it can be done again. Ends with the context; what
    /// was taken by then stays. Errors: Busy where one runs; those of the file, and of the store.
    virtual void importCalls(ImportOrder order, QObject *context, std::function<void(ImportProgress)> onProgress, Answer<ImportSummary> done) = 0;

    /// Removes calls, in short steps between what is written; sums and spend stay. Ends with the context; what was removed by
    /// then stays so. Errors: Busy, those of the store.
    virtual void pruneCalls(PruneOrder order, QObject *context, std::function<void(PruneProgress)> onProgress, Answer<PruneSummary> done) = 0;
};

} // namespace gateway::api
