// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/alert_keeper.h"
#include "gateway/api/backup_thread.h"
#include "gateway/api/cache_keeper.h"
#include "gateway/api/config_service.h"
#include "gateway/api/control_thread.h"
#include "gateway/api/embedded_alerts.h"
#include "gateway/api/embedded_cache.h"
#include "gateway/api/embedded_call_tools.h"
#include "gateway/api/embedded_cost_studies.h"
#include "gateway/api/embedded_costs.h"
#include "gateway/api/embedded_full_text.h"
#include "gateway/api/embedded_gateway.h"
#include "gateway/api/embedded_log.h"
#include "gateway/api/embedded_marks.h"
#include "gateway/api/embedded_replay.h"
#include "gateway/api/embedded_reports.h"
#include "gateway/api/embedded_repricing.h"
#include "gateway/api/embedded_sql.h"
#include "gateway/api/embedded_telemetry.h"
#include "gateway/api/health_prober.h"
#include "gateway/api/job_inbox.h"
#include "gateway/api/log_sinks.h"
#include "gateway/api/model_lists.h"
#include "gateway/api/otlp_exporter.h"
#include "gateway/api/prompt_runner.h"
#include "gateway/api/privacy_tools.h"
#include "gateway/api/provider_caller.h"
#include "gateway/api/query_service.h"
#include "gateway/api/response_homes.h"
#include "gateway/api/serving.h"
#include "gateway/net/worker_pool.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/telemetry/stats_hub.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gateway::api {

/// Everything that runs, in the order in which it is made; destroyed the other way round.
class EmbeddedGateway::Impl
{
public:
    explicit Impl(Options given);
    ~Impl();

    Options options;
    SystemClock clock;
    const std::vector<ProviderKindInfo> kinds;
    EmbeddedGateway *home = nullptr; ///< whose signals are emitted; null until it is made
    mutable JobInbox inbox;          ///< on home's thread

    mutable std::mutex mutex;        ///< over the next two: written on the control thread
    ConfigPtr masked = std::make_shared<const config::Config>();
    Revision revision;
    std::string timeZone = "UTC";
    std::atomic<std::uint64_t> committed {0};
    std::atomic<bool> tellingCommitted {false};

    telemetry::StatsHub stats;
    OtlpCounters otlpCounters;
    AlertPost alertPost;
    LogSinkBoard sinkBoard;
    ReportPost reportPost;
    ControlThread control;
    ProviderCaller caller {control, [this] { return worker(); }};
    ModelLists models {caller};
    HealthProber prober {caller, clock};
    std::unique_ptr<storage::CallLogWriter> writer;
    std::vector<BudgetCharge> spent;          ///< what is stored of budgets, until it is served
    std::unique_ptr<ResponseHomes> responses; ///< once there is a log
    std::unique_ptr<QueryService> queries;    // gateway's thread
    std::unique_ptr<EmbeddedCosts> costs;     // the same
    std::unique_ptr<EmbeddedCostStudies> costStudies; // the same
    std::unique_ptr<EmbeddedCallTools> callTools; // the same
    std::unique_ptr<EmbeddedRepricing> repricing; // the same
    std::unique_ptr<EmbeddedSql> sql;         // the same
    std::unique_ptr<EmbeddedLog> logTools;    // the same
    std::unique_ptr<EmbeddedFullText> fullText; ///< the same; null where nothing is served
    std::unique_ptr<EmbeddedTelemetry> telemetryTools; ///< likewise
    std::unique_ptr<PromptTools> prompts;     // the same
    std::unique_ptr<EmbeddedMarks> marks;     // the same
    std::unique_ptr<EmbeddedReplay> replays;  // the same
    std::unique_ptr<EmbeddedAlerts> alertTools; // the same
    std::unique_ptr<EmbeddedReports> reportTools; // the same
    std::unique_ptr<PrivacyTools> privacyTools; ///< once there is a log; gateway's thread
    std::unique_ptr<const KeyHasher> hasher;  ///< from the start on, for any thread
    std::unique_ptr<ConfigService> config;    // control thread, as are the next four
    std::unique_ptr<CacheKeeper> cache;       ///< from the start on, where something is served
    std::unique_ptr<EmbeddedCache> cacheTools; ///< likewise; gateway's thread
    std::unique_ptr<Serving> serving;
    std::shared_ptr<const pipeline::CompiledConfig> compiled; ///< what is served now
    std::unique_ptr<net::WorkerPool> commandWorker; ///< for what a command asks of providers, where nothing is served
    std::unique_ptr<OtlpExporter> otlp;       ///< control thread; null where nothing is served
    std::unique_ptr<AlertKeeper> alerts;      ///< likewise
    std::unique_ptr<LogSinks> sinks;          ///< likewise
    std::unique_ptr<ReportKeeper> reports;    ///< likewise
    std::unique_ptr<QObject> jobs;            ///< context and timers of what the control thread does
    BackupThread backups;                     // control thread

    Result<> open(std::vector<FieldError> *fileProblems);
    Result<> openOnControl(std::vector<FieldError> *fileProblems);
    void startJobs();
    net::Worker *worker();
    [[nodiscard]] Result<OwnListener> ownListener() const;
    void askToday(QObject *context, std::function<void()> done);
    void publish(const ConfigService::Published &published);
    void tellCommitted();
    std::vector<telemetry::Gauge> moreGauges();
    void noteCache(const EditNote &by, std::string what);
    void startAlerts();
    void startReports();
    void noteAlert(const EditNote &by, std::string alert, const char *action, std::string what);
    void startSinks();
    void closeLog();
    template <typename Value>
    std::function<void(Value)> deliver(QObject *context, std::function<void(Value)> done) const
    {
        return Deliverer(inbox).to<Value>(context, std::move(done));
    }
    [[nodiscard]] Editor editorOf(const EditNote &note) const { return {note.author.empty() ? options.author : note.author, note.from}; }
    [[nodiscard]] std::string zone() const
    {
        const std::lock_guard lock(mutex);
        return timeZone;
    }
};

} // namespace gateway::api
