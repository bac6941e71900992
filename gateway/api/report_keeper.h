// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/job_inbox.h"
#include "gateway/api/report_mailer.h"
#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/core/report_time.h"
#include "gateway/core/report_view.h"
#include "gateway/storage/report_store.h"

#include <QTimer>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gateway::storage {
class QueryThread;
}

namespace gateway::api {

/// What any thread may know of scheduled reports.
class ReportPost
{
public:
    [[nodiscard]] std::shared_ptr<const ReportBoard> board() const;

private:
    friend class ReportKeeper;
    mutable std::mutex m_mutex;
    std::shared_ptr<const ReportBoard> m_board = std::make_shared<const ReportBoard>();
};

/// Makes the reports of the list `reports` once their weeks and months are over: each once, over restarts too; of those that
/// were missed the last one, once. A report is written into its folder on a thread of its own, and then mailed; what does not
/// work is tried again, ever more seldom. Lives on the control thread.
class ReportKeeper
{
public:
    struct Needs
    {
        std::string dataFolder;          ///< with calls.db, and signalbox.db, which has the present version
        const Clock &clock;
        ReportPost &post;                ///< both outlive it
        std::function<void()> changed;   ///< the board is another; on the control thread
        std::vector<std::chrono::seconds> pauses {std::chrono::minutes {1}, std::chrono::minutes {5}, std::chrono::minutes {15}, std::chrono::hours {1}}; ///< before each further try; making goes on with the last one, mailing ends behind it
        std::chrono::milliseconds look = std::chrono::seconds {5};      ///< how often it is seen whether something is due
    };

    explicit ReportKeeper(Needs needs);
    ~ReportKeeper();
    ReportKeeper(const ReportKeeper &) = delete;
    ReportKeeper &operator=(const ReportKeeper &) = delete;

    /// What holds from now on. @param config  with its secrets in clear
    void configure(const config::Config &config);
    /// Makes what is due, and tries again what has waited.
    void look();

    using Done = std::function<void(Result<ReportRun>)>;
    void run(const std::string &report, Done done);
    [[nodiscard]] Result<std::vector<ReportRun>> runs(const std::string &report) const;

private:
    /// A report that is being made or mailed, or waits for another try.
    struct Job
    {
        ReportRun run;
        WallTime again {};               ///< not before
        bool busy = false;
        std::vector<Done> waiting {};
    };

    [[nodiscard]] const config::Report *find(const std::string &report) const;
    [[nodiscard]] std::string zoneOf(const config::Report &report) const;
    [[nodiscard]] std::string folderOf(const config::Report &report) const;
    [[nodiscard]] ReportTime newestDue(const config::Report &report, WallTime now) const;
    [[nodiscard]] WallTime nextDue(const config::Report &report, WallTime now) const;
    void takeUp();
    void placeMarks(const std::vector<config::Report> &former);
    void begin(const config::Report &report, const ReportTime &time, bool byHand, Done done);
    void make(Job &job, const config::Report &report, const ReportTime &time);
    void onMade(const std::string &report, const Result<std::string> &file);
    void mail(Job &job);
    void onMailed(const std::string &report, const ReportMailer::Outcome &outcome);
    void keep(Job &job);
    void finish(const std::string &report);
    void show();

    Needs m_needs;
    std::unique_ptr<storage::ReportStore> m_store; ///< null: it could not be opened, and m_problem says why
    std::string m_problem;
    std::shared_ptr<const config::Config> m_config = std::make_shared<const config::Config>();
    bool m_configured = false;
    std::map<std::string, Job> m_jobs;             ///< by the report's id
    std::map<std::string, WallTime> m_marks;       ///< as stored
    ReportMailer m_mailer;
    JobInbox m_inbox;                              ///< for what the thread has made
    std::unique_ptr<storage::QueryThread> m_thread; ///< goes before the inbox; null: there never was a report to make
    QTimer m_timer;
};

} // namespace gateway::api
