// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/report_store.h"

#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::storage {

namespace {

std::int64_t microsOf(WallTime time)
{
    return time.time_since_epoch().count();
}

WallTime timeOf(std::int64_t micros)
{
    return WallTime(std::chrono::microseconds(micros));
}

/// Addresses have no line ends.
std::vector<std::string> lines(const std::string &text)
{
    std::vector<std::string> all;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        all.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return all;
}

} // namespace

ReportStore::ReportStore(std::unique_ptr<Database> database) : m_database(std::move(database)) {}
ReportStore::~ReportStore() = default;

Result<std::unique_ptr<ReportStore>> ReportStore::open(const std::string &path)
{
    auto database = Database::open({.path = path}, configSchema());
    if (!database)
        return std::unexpected(database.error());
    return std::unique_ptr<ReportStore>(new ReportStore(std::move(*database)));
}

Result<std::optional<WallTime>> ReportStore::mark(const std::string &report) const
{
    auto query = m_database->prepare("SELECT to_us FROM report_marks WHERE report = ?");
    if (!query)
        return std::unexpected(query.error());
    if (auto run = query->bind(std::string_view(report)).run(); !run)
        return std::unexpected(run.error());
    std::optional<WallTime> to;
    if (query->next())
        to = timeOf(query->integer(0));
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return to;
}

Result<> ReportStore::setMark(const std::string &report, WallTime to)
{
    auto write = m_database->prepare("INSERT OR REPLACE INTO report_marks (report, to_us) VALUES (?, ?)");
    if (!write)
        return std::unexpected(write.error());
    return write->bind(std::string_view(report)).bind(microsOf(to)).run();
}

Result<ReportRun> ReportStore::put(ReportRun run)
{
    auto write = m_database->prepare("INSERT INTO report_runs (number, report, name, period, to_us, at_us, by_hand, attempts, file, unsent, sent, problem, over) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                                     "ON CONFLICT (number) DO UPDATE SET at_us = excluded.at_us, attempts = excluded.attempts, file = excluded.file, unsent = excluded.unsent, sent = excluded.sent, problem = excluded.problem, over = excluded.over");
    if (!write)
        return std::unexpected(write.error());
    if (run.number == 0)
        write->bindNull();
    else
        write->bind(run.number);
    for (const std::string *text : {&run.report, &run.name, &run.period})
        write->bind(std::string_view(*text));
    write->bind(microsOf(run.to)).bind(microsOf(run.at)).bind(std::int64_t {run.byHand}).bind(std::int64_t {run.attempts}).bind(std::string_view(run.file));
    const std::string unsent = fmt::format("{}", fmt::join(run.unsent, "\n"));
    write->bind(std::string_view(unsent)).bind(std::int64_t {run.sent}).bind(std::string_view(run.problem)).bind(std::int64_t {run.over});
    if (auto done = write->run(); !done)
        return std::unexpected(done.error());
    if (run.number != 0)
        return run;
    auto number = m_database->number("SELECT last_insert_rowid()");
    if (!number)
        return std::unexpected(number.error());
    run.number = *number;
    auto surplus = m_database->prepare("DELETE FROM report_runs WHERE report = ?1 AND number NOT IN (SELECT number FROM report_runs WHERE report = ?1 ORDER BY number DESC LIMIT ?2)");
    if (!surplus)
        return std::unexpected(surplus.error());
    if (auto swept = surplus->bind(std::string_view(run.report)).bind(std::int64_t {keptRuns}).run(); !swept)
        return std::unexpected(swept.error());
    return run;
}

Result<std::vector<ReportRun>> ReportStore::read(std::string_view where, const std::string &report, std::int64_t limit) const
{
    auto query = m_database->prepare(fmt::format("SELECT number, report, name, period, to_us, at_us, by_hand, attempts, file, unsent, sent, problem, over FROM report_runs {} ORDER BY number DESC LIMIT ?", where));
    if (!query)
        return std::unexpected(query.error());
    if (!report.empty())
        query->bind(std::string_view(report));
    if (auto run = query->bind(limit).run(); !run)
        return std::unexpected(run.error());
    std::vector<ReportRun> runs;
    while (query->next())
        runs.push_back({.number = query->integer(0), .report = query->text(1), .name = query->text(2), .period = query->text(3), .to = timeOf(query->integer(4)), .at = timeOf(query->integer(5)), .byHand = query->integer(6) != 0,
                        .attempts = static_cast<int>(query->integer(7)), .file = query->text(8), .unsent = lines(query->text(9)), .sent = static_cast<int>(query->integer(10)), .problem = query->text(11), .over = query->integer(12) != 0});
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return runs;
}

Result<std::vector<ReportRun>> ReportStore::last() const
{
    return read("WHERE number IN (SELECT max(number) FROM report_runs GROUP BY report)", {}, -1);
}

Result<std::vector<ReportRun>> ReportStore::unfinished() const
{
    return read("WHERE over = 0", {}, -1);
}

Result<std::vector<ReportRun>> ReportStore::runs(const std::string &report, int limit) const
{
    return read("WHERE report = ?", report, std::clamp(limit, 1, keptRuns));
}

} // namespace gateway::storage
