// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_parts.h"

#include "gateway/api/alert_gauges.h"
#include "gateway/api/embedded_prompts.h"
#include "gateway/api/own_call.h"
#include "gateway/api/probe_plan.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/storage/budget_spend.h"
#include "gateway/storage/keeping_all.h"
#include "gateway/storage/restore.h"

#include <QTimer>

#include <algorithm>
#include <iterator>
#include <sodium.h>
#include <thread>

/// How an EmbeddedGateway starts, and what its threads tell one another while it runs.
namespace gateway::api {

namespace {

constexpr int committedEveryMs = 100; ///< the window is told of new calls at most ten times a second
constexpr int secondMs = 1000;
constexpr int minuteMs = 60 * 1000;
constexpr int cacheSweepEveryMs = 10 * 1000;
constexpr int modelListsEveryMs = 3600 * 1000;

storage::CallLogSettings logSettings(const config::GatewaySettings &gateway)
{
    return {.durability = gateway.durability, .flush = gateway.flush, .log = gateway.log, .timeZone = gateway.timeZone};
}

std::size_t workerCount(int asked)
{
    return asked > 0 ? static_cast<std::size_t>(asked) : std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

/// Why the file was refused, one problem a line.
std::string refusalWords(const std::string &file, const std::vector<FieldError> &problems)
{
    std::string words;
    for (const FieldError &problem : problems) {
        if (!problem.warning)
            words += (words.empty() ? "" : "\n") + file + ": " + (problem.field.empty() ? "" : problem.field + ": ") + problem.message;
    }
    return words;
}

} // namespace

EmbeddedGateway::Impl::Impl(Options given) : options(std::move(given)), kinds(providerKindInfos()), stats(workerCount(options.workers)) {}

EmbeddedGateway::Impl::~Impl()
{
    control.run([this] {
        backups.end();
        otlp.reset();
        sinks.reset();
        alerts.reset();
        reports.reset();
        jobs.reset();
        caller.endAll();
        serving.reset();
        commandWorker.reset();
        cacheTools.reset(); // what was asked of it is answered
        cache.reset();      // what it has still to write is written
    });
    alertTools.reset();
    reportTools.reset();
    prompts.reset();
    repricing.reset();
    costStudies.reset();
    replays.reset();
    marks.reset();
    costs.reset();
    logTools.reset(); // what it does ends
    callTools.reset();
    sql.reset(); // its thread, too
    fullText.reset(); // likewise
    queries.reset();
    if (writer)
        closeLog();
    control.run([this] { config.reset(); });
}

/// Stores what waits; what could not be stored must at least be told.
void EmbeddedGateway::Impl::closeLog()
{
    if (const std::uint64_t lost = writer->close(); lost > 0)
        qWarning("%llu calls could not be stored before the end and are not in the call log. %s", static_cast<unsigned long long>(lost), writer->state().problem.c_str());
}

Result<std::unique_ptr<EmbeddedGateway>> EmbeddedGateway::open(Options options, std::vector<FieldError> *fileProblems)
{
    if (sodium_init() < 0)
        return fail(ErrorCode::Internal, "The cryptographic library cannot start: the system's random source does not answer.");
    auto impl = std::make_unique<Impl>(std::move(options));
    Impl &inside = *impl;
    std::unique_ptr<EmbeddedGateway> gateway(new EmbeddedGateway(std::move(impl)));
    inside.home = gateway.get();
    if (auto opened = inside.open(fileProblems); !opened)
        return std::unexpected(opened.error());
    return gateway;
}

EmbeddedGateway::EmbeddedGateway(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

EmbeddedGateway::~EmbeddedGateway() = default;

Result<> EmbeddedGateway::Impl::open(std::vector<FieldError> *fileProblems)
{
    if (auto finished = storage::finishRestore(options.dataFolder); !finished)
        return finished;
    const std::string callsPath = options.dataFolder + "/calls.db";
    auto opened = storage::CallLogWriter::open({.path = callsPath,
                                                .backupFolder = options.dataFolder + "/backups",
                                                .settings = storage::keepingAll(), // until publish() says what holds
                                                .committed = [this](std::uint64_t upTo) { committed = upTo; tellCommitted(); },
                                                .stateChanged = [this] { inbox.post([this] { Q_EMIT home->storeChanged(); }); }},
                                               clock);
    if (!opened)
        return std::unexpected(opened.error());
    writer = std::move(*opened);
    if (options.serve) {
        auto stored = storage::storedBudgetSpend(callsPath, clock.wallNow());
        if (!stored)
            return std::unexpected(stored.error()); // budgets could not be held to
        spent = std::move(*stored);
    }
    queries = std::make_unique<QueryService>(callsPath, Deliverer(inbox));
    costs = std::make_unique<EmbeddedCosts>(*queries, home);
    costStudies = std::make_unique<EmbeddedCostStudies>(*queries, home);
    callTools = std::make_unique<EmbeddedCallTools>(*queries, home);
    repricing = std::make_unique<EmbeddedRepricing>(EmbeddedRepricing::Needs {.queries = *queries, .writer = *writer, .clock = clock, .deliverer = Deliverer(inbox), .author = [this](const EditNote &by) { return editorOf(by).author; }}, home);
    sql = std::make_unique<EmbeddedSql>(callsPath, Deliverer(inbox), [this] { return zone(); }, home);
    marks = std::make_unique<EmbeddedMarks>(*writer, Deliverer(inbox), home);
    logTools = std::make_unique<EmbeddedLog>(EmbeddedLog::Needs {.writer = *writer, .queries = *queries, .clock = clock, .deliverer = Deliverer(inbox)}, home);
    if (options.serve) {
        fullText = std::make_unique<EmbeddedFullText>(callsPath, home);
        telemetryTools = std::make_unique<EmbeddedTelemetry>(otlpCounters, sinkBoard, [this] { return committed.load(); }, home);
    }
    responses = std::make_unique<ResponseHomes>(callsPath, clock);

    prompts = std::make_unique<EmbeddedPrompts>(EmbeddedPrompts::Needs {.control = control,
                                                                        .deliverer = Deliverer(inbox),
                                                                        .queries = *queries,
                                                                        .writer = *writer,
                                                                        .config = [this] { return home->config(); },
                                                                        .listener = [this] { return ownListener(); },
                                                                        .jobs = [this] { return jobs.get(); }});

    replays = std::make_unique<EmbeddedReplay>(EmbeddedReplay::Needs {.control = control, .deliverer = Deliverer(inbox), .queries = *queries, .listener = [this] { return ownListener(); }, .jobs = [this] { return jobs.get(); }}, home);
    alertTools = std::make_unique<EmbeddedAlerts>(EmbeddedAlerts::Needs {.post = alertPost,
                                                                         .keeper = [this] { return alerts.get(); },
                                                                         .control = control,
                                                                         .queries = *queries,
                                                                         .deliverer = Deliverer(inbox),
                                                                         .clock = clock,
                                                                         .config = [this] { return home->config(); },
                                                                         .author = [this](const EditNote &by) { return editorOf(by).author; },
                                                                         .audit = [this](const EditNote &by, std::string alert, const char *action, std::string what) { noteAlert(by, std::move(alert), action, std::move(what)); }},
                                                  home);

    reportTools = std::make_unique<EmbeddedReports>(EmbeddedReports::Needs {.post = reportPost,
                                                                            .keeper = [this] { return reports.get(); },
                                                                            .control = control,
                                                                            .queries = *queries,
                                                                            .deliverer = Deliverer(inbox),
                                                                            .clock = clock,
                                                                            .config = [this] { return home->config(); }},
                                                    home);

    Result<> result;
    control.run([&] { result = openOnControl(fileProblems); });
    if (cache)
        cacheTools = std::make_unique<EmbeddedCache>(EmbeddedCache::Needs {.keeper = *cache, .control = control, .queries = *queries, .deliverer = Deliverer(inbox), .audit = [this](const EditNote &by, std::string what) { noteCache(by, std::move(what)); }});
    return result;
}

Result<OwnListener> EmbeddedGateway::Impl::ownListener() const
{
    const ListenerState state = home->listener();
    if (!state.up)
        return fail(ErrorCode::Io, state.problem.empty() ? "The listener is not up." : state.problem);
    return OwnListener {.origin = loopbackOrigin(state), .testToken = serving->testToken()};
}

Result<> EmbeddedGateway::Impl::openOnControl(std::vector<FieldError> *fileProblems)
{
    auto service = ConfigService::open({.dataFolder = options.dataFolder,
                                        .useKeyring = options.useKeyring,
                                        .listen = options.listen,
                                        .withFile = options.fileConfig.has_value() || options.besideFile,
                                        .serve = options.serve},
                                       clock, stats, [this](const ConfigService::Published &published) { publish(published); });
    if (!service)
        return std::unexpected(service.error());
    config = std::move(*service);
    hasher = std::make_unique<const KeyHasher>(config->installationKey());
    if (!options.fileConfig) {
        config->publishAgain(options.listen);
    } else {
        const ApplyOutcome outcome = config->applyFile(*options.fileConfig, options.filePath);
        if (fileProblems != nullptr)
            *fileProblems = outcome.problems;
        if (!outcome.applied)
            return fail(ErrorCode::Invalid, refusalWords(options.filePath, outcome.problems));
    }
    startJobs();
    return {};
}

void EmbeddedGateway::Impl::startJobs()
{
    jobs = std::make_unique<QObject>();
    if (!serving)
        return;
    serving->start();
    auto *everySecond = new QTimer(jobs.get());
    QObject::connect(everySecond, &QTimer::timeout, jobs.get(), [this] {
        serving->everySecond();
        prober.ask(serving->targetHealth(), jobs.get());
    });
    everySecond->start(secondMs);
    auto *everyMinute = new QTimer(jobs.get());
    QObject::connect(everyMinute, &QTimer::timeout, jobs.get(), [this] { serving->refreshZone(); });
    everyMinute->start(minuteMs);
    auto *cacheSweep = new QTimer(jobs.get());
    QObject::connect(cacheSweep, &QTimer::timeout, jobs.get(), [this] { cache->sweep(); });
    cacheSweep->start(cacheSweepEveryMs);
    auto *modelLists = new QTimer(jobs.get());
    QObject::connect(modelLists, &QTimer::timeout, jobs.get(), [this] { models.refresh(config->withSecrets(), jobs.get()); });
    modelLists->start(modelListsEveryMs);
    models.refresh(config->withSecrets(), jobs.get());
    prober.configure(config->withSecrets(), compiled);
    otlp = std::make_unique<OtlpExporter>(OtlpExporter::Needs {.callsPath = options.dataFolder + "/calls.db",
                                                               .placePath = options.dataFolder + "/otlp-place",
                                                               .instance = hasher->hashHex("otlp instance").substr(0, 16),
                                                               .clock = clock,
                                                               .counters = otlpCounters,
                                                               .stats = [this] { return stats.snapshot(clock.wallNow()); },
                                                               .gauges = [this] { return serving->gauges(); }});
    otlp->configure(config->withSecrets());
    startSinks();
    startAlerts();
    startReports();

    askToday(home, {});
}

void EmbeddedGateway::Impl::startSinks()
{
    sinks = std::make_unique<LogSinks>(LogSinkRun::Needs {.writer = *writer,
                                                          .clock = clock,
                                                          .callsPath = options.dataFolder + "/calls.db",
                                                          .instance = hasher->hashHex("log sink instance").substr(0, 8),
                                                          .lastRow = [this] { return committed.load(); }},
                                       sinkBoard);
    sinks->configure(config->withSecrets());
}

void EmbeddedGateway::Impl::startAlerts()
{
    alerts = std::make_unique<AlertKeeper>(AlertKeeper::Needs {.callsPath = options.dataFolder + "/calls.db",
                                                               .configPath = options.dataFolder + "/signalbox.db",
                                                               .clock = clock,
                                                               .caller = caller,
                                                               .post = alertPost,
                                                               .gauges = [this] {
                                                                   std::vector<std::string> providers;
                                                                   for (const config::Provider &provider : config->withSecrets().providers)
                                                                       providers.push_back(provider.name);
                                                                   return alertGauges(serving->scopes(), serving->targetHealth().snapshot(clock.steadyNow()), providers, clock.wallNow());
                                                               },
                                                               .desktop = [this](AlertNotice notice, std::function<void(bool)> shown) {
                                                                   inbox.post([this, notice = std::move(notice), shown = std::move(shown)] {
                                                                       const bool somebody = alertTools->show(notice);
                                                                       control.post([this, shown, somebody] {
                                                                           if (alerts)
                                                                               shown(somebody);
                                                                       });
                                                                   });
                                                               },
                                                               .changed = [this] { inbox.post([this] { Q_EMIT alertTools->changed(); }); }});
    alerts->configure(config->withSecrets());
}

void EmbeddedGateway::Impl::startReports()
{
    reports = std::make_unique<ReportKeeper>(ReportKeeper::Needs {.dataFolder = options.dataFolder, .clock = clock, .post = reportPost, .changed = [this] { inbox.post([this] { Q_EMIT reportTools->changed(); }); }});
    reports->configure(config->withSecrets());
}

/// Who talks to providers for the control thread; null: nobody any more.
net::Worker *EmbeddedGateway::Impl::worker()
{
    if (serving)
        return serving->worker();
    if (!commandWorker) {
        commandWorker = std::make_unique<net::WorkerPool>(net::WorkerPoolOptions {.workers = 1}, [](net::Worker &) { return std::unique_ptr<pipeline::HttpHandler>(); });
        commandWorker->start();
    }
    return &commandWorker->worker(0);
}

void EmbeddedGateway::Impl::askToday(QObject *context, std::function<void()> done)
{
    queries->ask<SeriesTotals>(
        QueryService::Length::Short, "today", context, [zone = zone(), now = clock.wallNow()](storage::CallLogReader &log) { return log.today(zone, now); },
        [this, done = std::move(done)](const Result<SeriesTotals> &today) {
            if (today && serving)
                serving->setToday(*today);
            if (done)
                done();
        });
}

void EmbeddedGateway::Impl::publish(const ConfigService::Published &published)
{
    {
        const std::lock_guard lock(mutex);
        masked = published.masked;
        revision = published.revision;
        timeZone = published.masked->gateway.timeZone;
    }
    writer->configure(logSettings(published.masked->gateway));
    if (fullText)
        fullText->indexer().configure(published.masked->gateway.log.fullText);
    if (cache)
        cache->configure(*published.masked);
    else if (options.serve)
        cache = std::make_unique<CacheKeeper>(options.dataFolder + "/cache.db", *published.masked, *hasher, clock);
    if (serving)
        serving->publish(published.compiled);
    else if (options.serve)
        serving = std::make_unique<Serving>(Serving::Needs {.clock = clock, .records = *writer, .models = models, .responses = *responses, .caches = cache->caches(), .stats = stats, .installationKey = config->installationKey(), .admin = options.admin, .spent = std::move(spent),
                                                            .moreGauges = [this] { return moreGauges(); }},
                                            published.compiled);
    compiled = published.compiled;
    if (jobs) {
        models.refresh(config->withSecrets(), jobs.get());
        prober.configure(config->withSecrets(), compiled);
        if (otlp)
            otlp->configure(config->withSecrets());
        if (sinks)
            sinks->configure(config->withSecrets());
        if (alerts)
            alerts->configure(config->withSecrets());
        if (reports)
            reports->configure(config->withSecrets());
    }
    inbox.post([this, number = published.revision.number] {
        Q_EMIT home->configApplied(number);
        Q_EMIT home->listenerChanged();
    });
}

/// What /metrics tells beside what serving knows. Any thread.
std::vector<telemetry::Gauge> EmbeddedGateway::Impl::moreGauges()
{
    std::vector<telemetry::Gauge> all = otlpGauges(otlpCounters);
    std::vector<telemetry::Gauge> ofCache = cacheGauges(cache->caches());
    std::ranges::move(ofCache, std::back_inserter(all));
    std::ranges::move(alertPost.gauges(), std::back_inserter(all));
    std::ranges::move(sinkBoard.gauges(), std::back_inserter(all));
    std::ranges::move(fullText->gauges(), std::back_inserter(all));
    return all;
}

/// Somebody let the cache forget. On the control thread.
void EmbeddedGateway::Impl::noteCache(const EditNote &by, std::string what)
{
    const Editor editor = editorOf(by);
    const Result<> noted = config->note({.author = editor.author, .from = editor.from, .kind = "cache", .name = {}, .action = audit_action::purged, .diff = std::move(what)});
    if (!noted)
        qWarning("The audit log does not say that answers of the cache were purged: %s", noted.error().message.c_str());
}

/// Somebody muted or acknowledged an alert. On the control thread.
void EmbeddedGateway::Impl::noteAlert(const EditNote &by, std::string alert, const char *action, std::string what)
{
    const Editor editor = editorOf(by);
    const Result<> noted = config->note({.author = editor.author, .from = editor.from, .kind = "alert", .name = std::move(alert), .action = action, .diff = std::move(what)});
    if (!noted)
        qWarning("The audit log does not say that an alert was %s: %s", action, noted.error().message.c_str());
}

/// On the writer's thread.
void EmbeddedGateway::Impl::tellCommitted()
{
    if (tellingCommitted.exchange(true))
        return;
    inbox.post([this] {
        QTimer::singleShot(committedEveryMs, home, [this] {
            tellingCommitted = false;
            Q_EMIT home->callsCommitted(committed);
        });
    });
}

} // namespace gateway::api
