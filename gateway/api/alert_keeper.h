// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/alerts/engine.h"
#include "gateway/api/alert_sender.h"
#include "gateway/api/job_inbox.h"
#include "gateway/config/config.h"
#include "gateway/core/alert_view.h"
#include "gateway/storage/alert_store.h"
#include "gateway/telemetry/prometheus_text.h"

#include <QTimer>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace gateway::storage {
class CallLogReader;
class QueryThread;
}

namespace gateway::api {

class AlertRun;

/// What any thread may know of alerts.
class AlertPost
{
public:
    [[nodiscard]] std::shared_ptr<const AlertBoard> board() const;
    /// For /metrics: one for each alert and severity, by the configuration's names alone.
    [[nodiscard]] std::vector<telemetry::Gauge> gauges() const;

private:
    friend class AlertKeeper;
    mutable std::mutex m_mutex;
    std::shared_ptr<const AlertBoard> m_board = std::make_shared<const AlertBoard>();
    std::vector<telemetry::Gauge> m_gauges;
};

/// Evaluates alerts in the running gateway: reads the call log behind its writer, on a thread of its own, so that calls cost
/// nothing for it; keeps what came of it; has it told. Lives on the control thread.
class AlertKeeper
{
public:
    struct Needs
    {
        std::string callsPath;           ///< ".../calls.db"
        std::string configPath;          ///< ".../signalbox.db", which has the present version
        const Clock &clock;
        ProviderCaller &caller;
        AlertPost &post;                 ///< all three outlive it
        std::function<std::vector<alerts::AlertGauge>()> gauges;        ///< states of now; asked on the control thread
        std::function<void(AlertNotice, std::function<void(bool)>)> desktop; ///< as AlertSender's
        std::function<void()> changed;   ///< the board is another; on the control thread
        std::vector<std::chrono::milliseconds> pauses {};               ///< as AlertSender's; empty: the usual
        std::chrono::milliseconds look = std::chrono::seconds {1};      ///< how often it is seen whether a moment has come
        std::chrono::milliseconds behind = std::chrono::seconds {2};    ///< after a moment, so that its calls are in the log
    };

    explicit AlertKeeper(Needs needs);
    ~AlertKeeper();
    AlertKeeper(const AlertKeeper &) = delete;
    AlertKeeper &operator=(const AlertKeeper &) = delete;

    /// What holds from now on. @param config  with its secrets in clear
    void configure(const config::Config &config);
    /// Evaluates the moments that have come since.
    void look();

    [[nodiscard]] Result<std::vector<AlertFiring>> firings(const AlertListQuery &query) const;
    [[nodiscard]] Result<std::vector<AlertDelivery>> deliveries(const AlertListQuery &query) const;
    void test(const std::string &alert, std::function<void(Result<std::vector<AlertDelivery>>)> done);
    Result<bool> mute(const std::string &alert, const std::optional<std::string> &subject, std::optional<WallTime> until, const std::string &by);
    Result<int> acknowledge(const std::string &alert, const std::optional<std::string> &subject, const std::string &by);
    [[nodiscard]] const config::Alert *find(const std::string &alert) const; ///< by id or name

private:
    struct Outcome;
    void begin();
    using Job = std::function<Outcome(AlertRun &run, storage::CallLogReader *log, const Error &problem)>;
    void askThread(Job job);
    void onOutcome(const Outcome &outcome);
    void closeOrphans();
    void resumeTelling();
    void keep(const AlertFiring &firing);
    void trouble(const Result<> &kept);
    [[nodiscard]] std::optional<Error> notStored() const;

    Needs m_needs;
    std::unique_ptr<storage::AlertStore> m_store; ///< null: it could not be opened, and m_storeProblem says why
    std::string m_storeProblem;
    std::string m_told;                          ///< the log file was told of that trouble
    AlertSender m_sender;
    std::vector<config::Alert> m_alerts;         ///< with their secrets
    std::string m_zone = "UTC";
    bool m_hasGauges = false;
    std::optional<WallTime> m_moment;            ///< evaluated, or being so
    int m_asked = 0;                             ///< of the thread, without an answer yet
    WallTime m_swept {};
    JobInbox m_inbox;                            ///< for what the thread has found
    std::shared_ptr<AlertRun> m_run;             ///< touched on the thread alone
    std::unique_ptr<storage::QueryThread> m_thread; ///< goes before the inbox; null: there never was an alert
    QTimer m_timer;
};

} // namespace gateway::api
