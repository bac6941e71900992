// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/report_keeper.h"

#include "gateway/core/text.h"
#include "gateway/reports/gather.h"
#include "gateway/reports/html.h"
#include "gateway/reports/sheet.h"
#include "gateway/storage/query_thread.h"

#include <QDir>
#include <QSaveFile>

#include <fmt/format.h>

#include <algorithm>

namespace gateway::api {

namespace {

ReportTime::Kind kindOf(const config::Report &report)
{
    return report.per == config::ReportPeriod::Month ? ReportTime::Kind::Month : ReportTime::Kind::Week;
}

/// @return the file's path
Result<std::string> write(const std::string &folder, const std::string &name, const std::string &html)
{
    const QString inside = QString::fromStdString(folder);
    if (!QDir().mkpath(inside))
        return fail(ErrorCode::Io, fmt::format("The folder {} cannot be made. Make it, or let Signalbox write there.", folder));
    QSaveFile file(QDir(inside).filePath(QString::fromStdString(name)));
    const bool written = file.open(QIODevice::WriteOnly) && file.write(QByteArray::fromStdString(html)) >= 0 && file.commit();
    if (!written)
        return fail(ErrorCode::Io, fmt::format("{} cannot be written: {}.", file.fileName().toStdString(), file.errorString().toStdString()));
    return file.fileName().toStdString();
}

/// On the keeper's query thread.
Result<std::string> madeFile(storage::CallLogReader &log, const config::Config &config, const ReportQuery &query, WallTime now, const std::string &folder)
{
    const auto data = reports::gather(log, config, query, now);
    if (!data)
        return std::unexpected(data.error());
    const ReportSheet sheet = reports::sheetOf(*data);
    return write(folder, sheet.fileName + ".html", reports::htmlOf(sheet));
}

} // namespace

std::shared_ptr<const ReportBoard> ReportPost::board() const
{
    const std::lock_guard lock(m_mutex);
    return m_board;
}

ReportKeeper::ReportKeeper(Needs needs) : m_needs(std::move(needs)), m_mailer(m_needs.clock)
{
    auto opened = storage::ReportStore::open(m_needs.dataFolder + "/signalbox.db");
    if (opened)
        m_store = std::move(*opened);
    else
        m_problem = fmt::format("No report is made, because what came of them cannot be kept: {}", opened.error().message);
    QObject::connect(&m_timer, &QTimer::timeout, &m_inbox, [this] { look(); });
}

ReportKeeper::~ReportKeeper() = default;

void ReportKeeper::configure(const config::Config &config)
{
    m_mailer.configure(config);
    const auto former = std::exchange(m_config, std::make_shared<const config::Config>(config));
    if (m_store) {
        if (!std::exchange(m_configured, true))
            takeUp();
        placeMarks(former->reports);
    }
    std::erase_if(m_jobs, [&](const auto &job) { return !job.second.busy && find(job.first) == nullptr; });
    if (m_config->reports.empty())
        m_timer.stop();
    else
        m_timer.start(m_needs.look);
    show();
}

/// What a process before this one had not finished: made, and not mailed to all.
void ReportKeeper::takeUp()
{
    for (ReportRun &run : m_store->unfinished().value_or(std::vector<ReportRun> {})) {
        if (run.file.empty() || find(run.report) == nullptr || m_jobs.contains(run.report)) {
            run.over = true; // it is made anew where it is due
            static_cast<void>(m_store->put(run));
            continue;
        }
        const std::string report = run.report;
        m_jobs.emplace(report, Job {.run = std::move(run)});
    }
}

/// A report that is new, or was off, begins with the next week or month that ends.
void ReportKeeper::placeMarks(const std::vector<config::Report> &former)
{
    const WallTime now = m_needs.clock.wallNow();
    for (const config::Report &report : m_config->reports) {
        auto mark = m_store->mark(report.id).value_or(std::nullopt);
        const auto before = std::ranges::find(former, report.id, &config::Report::id);
        const bool wasOff = before != former.end() && !before->enabled;
        if (!mark || !report.enabled || wasOff) {
            mark = newestDue(report, now).to();
            if (const Result<> kept = m_store->setMark(report.id, *mark); !kept)
                m_problem = kept.error().message;
        }
        m_marks[report.id] = *mark;
    }
}

void ReportKeeper::look()
{
    const WallTime now = m_needs.clock.wallNow();
    for (const config::Report &report : m_config->reports) {
        const auto known = m_jobs.find(report.id);
        if (known != m_jobs.end() && known->second.busy)
            continue;
        const auto mark = m_marks.find(report.id);
        if (report.enabled && mark != m_marks.end()) {
            const ReportTime due = newestDue(report, now);
            const bool rests = known != m_jobs.end() && known->second.run.file.empty() && known->second.run.to == due.to() && known->second.again > now;
            if (due.to() > mark->second && !rests) {
                begin(report, due, false, {});
                continue;
            }
        }
        if (known != m_jobs.end() && !known->second.run.file.empty() && known->second.again <= now)
            mail(known->second);
    }
}

void ReportKeeper::run(const std::string &report, Done done)
{
    const config::Report *found = find(report);
    if (found == nullptr)
        return done(fail(ErrorCode::NotFound, fmt::format("There is no report {}.", jsonQuoted(truncatedUtf8(report, 100))), "report"));
    if (!m_store)
        return done(fail(ErrorCode::StoreUnavailable, m_problem));
    if (const auto job = m_jobs.find(found->id); job != m_jobs.end() && job->second.busy)
        return done(fail(ErrorCode::Busy, fmt::format("The report {} is being made.", jsonQuoted(found->name))));
    begin(*found, lastReportTime(kindOf(*found), m_needs.clock.wallNow(), zoneOf(*found)), true, std::move(done));
}

void ReportKeeper::begin(const config::Report &report, const ReportTime &time, bool byHand, Done done)
{
    const auto former = m_jobs.find(report.id);
    int attempts = 0;
    if (former != m_jobs.end()) {
        if (former->second.run.to == time.to() && former->second.run.file.empty() && !byHand) {
            attempts = former->second.run.attempts; // the same once more
        } else if (former->second.run.number != 0) {
            former->second.run.over = true; // this takes its place
            static_cast<void>(m_store->put(former->second.run));
        }
    }
    Job job {.run = {.report = report.id, .name = report.name, .period = time.id, .to = time.to(), .byHand = byHand, .attempts = attempts, .unsent = report.email}};
    if (attempts > 0)
        job.run.number = former->second.run.number;
    if (done)
        job.waiting.push_back(std::move(done));
    make(m_jobs.insert_or_assign(report.id, std::move(job)).first->second, report, time);
}

void ReportKeeper::make(Job &job, const config::Report &report, const ReportTime &time)
{
    job.busy = true;
    job.run.at = m_needs.clock.wallNow();
    ++job.run.attempts;
    show();
    if (!m_thread)
        m_thread = std::make_unique<storage::QueryThread>(m_needs.dataFolder + "/calls.db", "reports");
    ReportQuery query {.time = time, .team = report.team.empty() ? std::nullopt : std::optional(report.team)};
    m_thread->ask({}, [this, id = report.id, query = std::move(query), config = m_config, now = job.run.at, folder = folderOf(report)](storage::CallLogReader *log, const Error &problem) {
        const Result<std::string> file = log == nullptr ? Result<std::string>(std::unexpected(problem)) : madeFile(*log, *config, query, now, folder);
        m_inbox.post([this, id, file] { onMade(id, file); });
    });
}

void ReportKeeper::onMade(const std::string &report, const Result<std::string> &file)
{
    const auto found = m_jobs.find(report);
    if (found == m_jobs.end())
        return;
    Job &job = found->second;
    if (!file) {
        job.busy = false;
        job.run.problem = file.error().message;
        job.run.over = job.run.byHand;
        job.again = m_needs.clock.wallNow() + m_needs.pauses[std::min(static_cast<std::size_t>(job.run.attempts), m_needs.pauses.size()) - 1];
        keep(job);
        for (const Done &waiting : std::exchange(job.waiting, {}))
            waiting(std::unexpected(file.error()));
        if (job.run.over)
            m_jobs.erase(found);
        return show();
    }
    job.run.file = *file;
    job.run.problem.clear();
    job.run.attempts = 0; // from here on, of the mailing
    job.run.over = job.run.unsent.empty();
    keep(job);
    if (!job.run.byHand || job.run.to > m_marks[report]) {
        // Made by hand ahead of its hour it is not made again: nobody wants the same twice.
        m_marks[report] = std::max(m_marks[report], job.run.to);
        if (const Result<> kept = m_store->setMark(report, m_marks[report]); !kept)
            m_problem = kept.error().message;
    }
    if (job.run.unsent.empty())
        return finish(report);
    mail(job);
}

void ReportKeeper::mail(Job &job)
{
    job.busy = true;
    ++job.run.attempts;
    job.run.at = m_needs.clock.wallNow();
    show();
    m_mailer.mail(job.run, [this, report = job.run.report](const ReportMailer::Outcome &outcome) { onMailed(report, outcome); });
}

void ReportKeeper::onMailed(const std::string &report, const ReportMailer::Outcome &outcome)
{
    const auto found = m_jobs.find(report);
    if (found == m_jobs.end())
        return;
    Job &job = found->second;
    job.run.sent += outcome.sent;
    job.run.unsent = outcome.again;
    job.run.problem = fmt::format("{}", fmt::join(outcome.problems, "\n"));
    job.run.over = job.run.unsent.empty() || static_cast<std::size_t>(job.run.attempts) > m_needs.pauses.size();
    keep(job);
    if (job.run.over)
        return finish(report);
    job.busy = false;
    job.again = m_needs.clock.wallNow() + m_needs.pauses[static_cast<std::size_t>(job.run.attempts) - 1];
    for (const Done &waiting : std::exchange(job.waiting, {}))
        waiting(job.run);
    show();
}

void ReportKeeper::keep(Job &job)
{
    auto kept = m_store->put(job.run);
    if (kept)
        job.run = std::move(*kept);
    else
        m_problem = kept.error().message;
}

void ReportKeeper::finish(const std::string &report)
{
    const auto found = m_jobs.find(report);
    const ReportRun run = found->second.run;
    const std::vector<Done> waiting = std::move(found->second.waiting);
    m_jobs.erase(found);
    for (const Done &one : waiting)
        one(run);
    show();
}

void ReportKeeper::show()
{
    const WallTime now = m_needs.clock.wallNow();
    auto board = std::make_shared<ReportBoard>();
    board->problem = m_problem;
    const std::vector<ReportRun> last = m_store ? m_store->last().value_or(std::vector<ReportRun> {}) : std::vector<ReportRun> {};
    for (const config::Report &report : m_config->reports) {
        ReportState state {.report = report.id};
        if (const auto run = std::ranges::find(last, report.id, &ReportRun::report); run != last.end())
            state.last = *run;
        if (report.enabled && m_store)
            state.next = nextDue(report, now);
        if (const auto job = m_jobs.find(report.id); job != m_jobs.end())
            state.busy = job->second.busy;
        board->states.push_back(std::move(state));
    }
    {
        const std::lock_guard lock(m_needs.post.m_mutex);
        m_needs.post.m_board = std::move(board);
    }
    m_needs.changed();
}

Result<std::vector<ReportRun>> ReportKeeper::runs(const std::string &report) const
{
    const config::Report *found = find(report);
    if (found == nullptr)
        return fail(ErrorCode::NotFound, fmt::format("There is no report {}.", jsonQuoted(truncatedUtf8(report, 100))), "report");
    if (!m_store)
        return fail(ErrorCode::StoreUnavailable, m_problem);
    return m_store->runs(found->id, storage::ReportStore::keptRuns);
}

const config::Report *ReportKeeper::find(const std::string &report) const
{
    auto found = std::ranges::find(m_config->reports, report, &config::Report::id);
    if (found == m_config->reports.end())
        found = std::ranges::find(m_config->reports, report, &config::Report::name);
    return found == m_config->reports.end() ? nullptr : &*found;
}

std::string ReportKeeper::zoneOf(const config::Report &report) const
{
    return report.timeZone.empty() ? m_config->gateway.timeZone : report.timeZone;
}

std::string ReportKeeper::folderOf(const config::Report &report) const
{
    return report.folder.empty() ? m_needs.dataFolder + "/reports" : report.folder;
}

ReportTime ReportKeeper::newestDue(const config::Report &report, WallTime now) const
{
    const ReportTime last = lastReportTime(kindOf(report), now, zoneOf(report));
    return reportDueAt(last, report.at) <= now ? last : lastReportTime(kindOf(report), last.from() + std::chrono::hours(1), zoneOf(report));
}

WallTime ReportKeeper::nextDue(const config::Report &report, WallTime now) const
{
    const WallTime soon = reportDueAt(lastReportTime(kindOf(report), now, zoneOf(report)), report.at);
    return soon > now ? soon : reportDueAt(reportTimeAt(kindOf(report), now, zoneOf(report)), report.at);
}

} // namespace gateway::api
