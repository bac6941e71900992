// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/report_view.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::storage {

class Database;

/// What scheduled reports leave: up to when each is made, and what came of it, in signalbox.db beside the configuration. On
/// the thread that opened it. Errors are those of the database.
class ReportStore
{
public:
    static constexpr int keptRuns = 100; ///< of each report

    /// @param path  of signalbox.db, which has the present version: ConfigStore has opened it
    static Result<std::unique_ptr<ReportStore>> open(const std::string &path);
    ~ReportStore();

    /// The end of the last week or month that is done with; nullopt: it is not known yet.
    Result<std::optional<WallTime>> mark(const std::string &report) const;
    Result<> setMark(const std::string &report, WallTime to);
    /// Makes it and gives it its number, or changes what changes of it.
    Result<ReportRun> put(ReportRun run);
    /// The last one of each report.
    Result<std::vector<ReportRun>> last() const;
    /// Those that are not over.
    Result<std::vector<ReportRun>> unfinished() const;
    /// Newest first.
    Result<std::vector<ReportRun>> runs(const std::string &report, int limit) const;

private:
    explicit ReportStore(std::unique_ptr<Database> database);
    Result<std::vector<ReportRun>> read(std::string_view where, const std::string &report, std::int64_t limit) const;

    std::unique_ptr<Database> m_database;
};

} // namespace gateway::storage
