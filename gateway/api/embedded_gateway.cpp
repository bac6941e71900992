// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_gateway.h"

#include "gateway/api/config_service.h"
#include "gateway/api/control_thread.h"
#include "gateway/api/local_finder.h"
#include "gateway/api/model_lists.h"
#include "gateway/api/probe_plan.h"
#include "gateway/api/provider_prober.h"
#include "gateway/api/query_service.h"
#include "gateway/api/serving.h"
#include "gateway/api/test_call.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/telemetry/stats_hub.h"

#include <QTimer>

#include <atomic>
#include <mutex>
#include <sodium.h>
#include <thread>

namespace gateway::api {

namespace {

constexpr int committedEveryMs = 100; ///< the window is told of new calls at most ten times a second
constexpr int secondMs = 1000;
constexpr int minuteMs = 60 * 1000;
constexpr int modelListsEveryMs = 3600 * 1000;
constexpr config::Millis historyPatience {60'000};
constexpr int oftenCountedMs = 400; ///< patience of a count that is asked again all the time

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

/// The address at which this machine reaches its own listener.
std::string loopbackOrigin(const ListenerState &listener)
{
    std::string address = listener.address;
    if (address.starts_with("0.0.0.0:"))
        address.replace(0, 7, "127.0.0.1");
    else if (address.starts_with("[::]:"))
        address.replace(0, 4, "[::1]");
    return (listener.tls ? "https://" : "http://") + address;
}

} // namespace

/// Everything that runs, in the order in which it is made; destroyed the other way round.
class EmbeddedGateway::Impl
{
public:
    explicit Impl(Options given) : options(std::move(given)), kinds(providerKindInfos()), stats(workerCount(options.workers)) {}

    ~Impl()
    {
        control.run([this] {
            jobs.reset();
            serving.reset();
        });
        queries.reset();
        if (writer)
            writer->close();
        control.run([this] { config.reset(); });
    }

    Options options;
    SystemClock clock;
    const std::vector<ProviderKindInfo> kinds;
    EmbeddedGateway *home = nullptr; ///< whose signals are emitted; null until it is made

    mutable std::mutex mutex;        ///< over the next two: written on the control thread
    ConfigPtr masked = std::make_shared<const config::Config>();
    Revision revision;
    std::string timeZone = "UTC";
    std::atomic<std::uint64_t> committed {0};
    std::atomic<bool> tellingCommitted {false};

    telemetry::StatsHub stats;
    ControlThread control;
    ModelLists models;
    std::unique_ptr<storage::CallLogWriter> writer;
    std::unique_ptr<QueryService> queries;    // gateway's thread
    std::unique_ptr<ConfigService> config;    // control thread, as are the next two
    std::unique_ptr<Serving> serving;
    std::unique_ptr<QObject> jobs;            ///< context and timers of what the control thread does

    Result<> open(std::vector<FieldError> *fileProblems);
    Result<> openOnControl(std::vector<FieldError> *fileProblems);
    void startJobs();
    void askToday(QObject *context, std::function<void()> done);
    void publish(const ConfigService::Published &published);
    void tellCommitted();
    template <typename Value>
    std::function<void(Value)> deliver(QObject *context, std::function<void(Value)> done) const
    {
        return Deliverer(home).to<Value>(context, std::move(done));
    }
    [[nodiscard]] std::string zone() const
    {
        const std::lock_guard lock(mutex);
        return timeZone;
    }
};

// --- start

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
    const std::string callsPath = options.dataFolder + "/calls.db";
    auto opened = storage::CallLogWriter::open({.path = callsPath,
                                                .backupFolder = options.dataFolder + "/backups",
                                                .committed = [this](std::uint64_t upTo) { committed = upTo; tellCommitted(); },
                                                .stateChanged = [this] { QMetaObject::invokeMethod(home, [this] { Q_EMIT home->storeChanged(); }, Qt::QueuedConnection); }},
                                               clock);
    if (!opened)
        return std::unexpected(opened.error());
    writer = std::move(*opened);
    queries = std::make_unique<QueryService>(callsPath, Deliverer(home));

    Result<> result;
    control.run([&] { result = openOnControl(fileProblems); });
    return result;
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
    QObject::connect(everySecond, &QTimer::timeout, jobs.get(), [this] { serving->everySecond(); });
    everySecond->start(secondMs);
    auto *everyMinute = new QTimer(jobs.get());
    QObject::connect(everyMinute, &QTimer::timeout, jobs.get(), [this] { serving->refreshZone(); });
    everyMinute->start(minuteMs);
    auto *modelLists = new QTimer(jobs.get());
    QObject::connect(modelLists, &QTimer::timeout, jobs.get(), [this] { models.refresh(config->withSecrets().providers, jobs.get()); });
    modelLists->start(modelListsEveryMs);

    askToday(home, {});
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
    if (serving)
        serving->publish(published.compiled);
    else if (options.serve)
        serving = std::make_unique<Serving>(Serving::Needs {.clock = clock, .records = *writer, .models = models, .stats = stats, .installationKey = config->installationKey()},
                                            published.compiled);
    if (jobs)
        models.refresh(config->withSecrets().providers, jobs.get());
    QMetaObject::invokeMethod(
        home,
        [this, number = published.revision.number] {
            Q_EMIT home->configApplied(number);
            Q_EMIT home->listenerChanged();
        },
        Qt::QueuedConnection);
}

/// On the writer's thread.
void EmbeddedGateway::Impl::tellCommitted()
{
    if (tellingCommitted.exchange(true))
        return;
    QMetaObject::invokeMethod(
        home,
        [this] {
            QTimer::singleShot(committedEveryMs, home, [this] {
                tellingCommitted = false;
                Q_EMIT home->callsCommitted(committed);
            });
        },
        Qt::QueuedConnection);
}

// --- end

void EmbeddedGateway::drain(std::function<void()> done)
{
    auto deliver = m_impl->deliver<bool>(this, [done = std::move(done)](bool) { done(); });
    m_impl->control.post([this, deliver = std::move(deliver)] {
        if (m_impl->serving)
            m_impl->serving->drain(config()->gateway.drainTimeout);
        m_impl->writer->close();
        deliver(true);
    });
}

void EmbeddedGateway::retryListen(std::string listen)
{
    m_impl->control.post([this, listen = std::move(listen)] { m_impl->config->publishAgain(listen); });
}

void EmbeddedGateway::pushRecord(CallRecord record)
{
    m_impl->writer->push(std::move(record), {});
}

void EmbeddedGateway::recountToday(QObject *context, std::function<void()> done)
{
    auto deliver = m_impl->deliver<bool>(context, [this, context, done = std::move(done)](bool) { m_impl->askToday(context, done); });
    m_impl->control.post([this, deliver = std::move(deliver)] { deliver(m_impl->writer->flush(historyPatience)); });
}

// --- configuration

ConfigPtr EmbeddedGateway::config() const
{
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->masked;
}

Revision EmbeddedGateway::revision() const
{
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->revision;
}

void EmbeddedGateway::apply(config::Config next, std::uint64_t baseRevision, std::string note, QObject *context, std::function<void(ApplyOutcome)> done)
{
    m_impl->control.post([this, next = std::move(next), baseRevision, note = std::move(note), deliver = m_impl->deliver<ApplyOutcome>(context, std::move(done))] {
        deliver(m_impl->config->apply(next, baseRevision, m_impl->options.author, note));
    });
}

void EmbeddedGateway::applyFile(config::Config fromFile, std::string path, QObject *context, std::function<void(ApplyOutcome)> done)
{
    m_impl->control.post([this, fromFile = std::move(fromFile), path = std::move(path), deliver = m_impl->deliver<ApplyOutcome>(context, std::move(done))] {
        deliver(m_impl->config->applyFile(fromFile, path));
    });
}

void EmbeddedGateway::check(config::Config next, QObject *context, std::function<void(std::vector<FieldError>)> done)
{
    m_impl->control.post([this, next = std::move(next), deliver = m_impl->deliver<std::vector<FieldError>>(context, std::move(done))] {
        deliver(m_impl->config->check(next));
    });
}

void EmbeddedGateway::exportSecrets(QObject *context, Answer<config::Config> done)
{
    m_impl->control.post([this, deliver = m_impl->deliver<Result<config::Config>>(context, std::move(done))] { deliver(m_impl->config->withSecrets()); });
}

void EmbeddedGateway::revisions(QObject *context, Answer<std::vector<Revision>> done)
{
    m_impl->control.post([this, deliver = m_impl->deliver<Result<std::vector<Revision>>>(context, std::move(done))] { deliver(m_impl->config->revisions()); });
}

// --- keys

void EmbeddedGateway::createKey(NewKey key, QObject *context, Answer<CreatedKey> done)
{
    m_impl->control.post([this, key = std::move(key), deliver = m_impl->deliver<Result<CreatedKey>>(context, std::move(done))] {
        deliver(m_impl->config->createKey(key, m_impl->options.author));
        QMetaObject::invokeMethod(this, &Gateway::keysChanged, Qt::QueuedConnection);
    });
}

void EmbeddedGateway::revokeKey(std::string keyId, QObject *context, Answer<bool> done)
{
    m_impl->control.post([this, keyId = std::move(keyId), deliver = m_impl->deliver<Result<bool>>(context, std::move(done))] {
        deliver(m_impl->config->revokeKey(keyId));
        QMetaObject::invokeMethod(this, &Gateway::keysChanged, Qt::QueuedConnection);
    });
}

void EmbeddedGateway::rotateKey(std::string keyId, QObject *context, Answer<CreatedKey> done)
{
    m_impl->control.post([this, keyId = std::move(keyId), deliver = m_impl->deliver<Result<CreatedKey>>(context, std::move(done))] {
        deliver(m_impl->config->rotateKey(keyId));
        QMetaObject::invokeMethod(this, &Gateway::keysChanged, Qt::QueuedConnection);
    });
}

void EmbeddedGateway::keyUse(QObject *context, Answer<UseSummary> done)
{
    m_impl->queries->ask<UseSummary>(
        QueryService::Length::Short, "use", context,
        [zone = m_impl->zone(), now = m_impl->clock.wallNow()](storage::CallLogReader &log) { return log.use(zone, now); }, std::move(done));
}

// --- providers

const std::vector<ProviderKindInfo> &EmbeddedGateway::providerKinds() const
{
    return m_impl->kinds;
}

void EmbeddedGateway::testProvider(config::Provider provider, std::string credential, std::string model, QObject *context,
                                   std::function<void(ProbeStep)> onStep, Answer<ProbeReport> done)
{
    auto deliverStep = m_impl->deliver<ProbeStep>(context, std::move(onStep));
    auto deliver = m_impl->deliver<Result<ProbeReport>>(context, std::move(done));
    m_impl->control.post([this, provider = std::move(provider), credential = std::move(credential), model = std::move(model), deliverStep, deliver] {
        const auto clear = m_impl->config->unmasked(provider);
        auto plan = clear ? probePlan(*clear, credential, model) : Result<ProbePlan>(std::unexpected(clear.error()));
        if (!plan) {
            deliver(std::unexpected(plan.error()));
            return;
        }
        auto *prober = new ProviderProber(std::move(*plan), m_impl->jobs.get());
        QObject::connect(prober, &ProviderProber::stepEnded, prober, deliverStep);
        QObject::connect(prober, &ProviderProber::finished, prober, [prober, deliver](const ProbeReport &report) {
            deliver(report);
            prober->deleteLater();
        });
        prober->start();
    });
}

void EmbeddedGateway::findLocalProviders(QObject *context, Answer<std::vector<LocalProvider>> done)
{
    m_impl->control.post([this, deliver = m_impl->deliver<Result<std::vector<LocalProvider>>>(context, std::move(done))] {
        auto *finder = new LocalFinder(m_impl->jobs.get());
        QObject::connect(finder, &LocalFinder::finished, finder, [finder, deliver](const std::vector<LocalProvider> &found) {
            deliver(found);
            finder->deleteLater();
        });
        finder->start();
    });
}

void EmbeddedGateway::listModels(config::Provider provider, QObject *context, Answer<std::vector<std::string>> done)
{
    m_impl->control.post([this, provider = std::move(provider), deliver = m_impl->deliver<Result<std::vector<std::string>>>(context, std::move(done))] {
        const auto clear = m_impl->config->unmasked(provider);
        if (clear)
            m_impl->models.ask(*clear, m_impl->jobs.get(), deliver);
        else
            deliver(std::unexpected(clear.error()));
    });
}

void EmbeddedGateway::sendTestCall(std::string secret, std::string model, QObject *context, Answer<std::string> done)
{
    auto deliver = m_impl->deliver<Result<std::string>>(context, std::move(done));
    const ListenerState state = listener();
    if (!state.up) {
        deliver(fail(ErrorCode::Io, state.problem.empty() ? "The listener is not up." : state.problem));
        return;
    }
    m_impl->control.post([this, origin = loopbackOrigin(state), secret = std::move(secret), model = std::move(model), deliver] {
        auto *call = new TestCall(origin, secret, model, m_impl->serving->testToken(), m_impl->jobs.get());
        call->start(deliver);
    });
}

std::vector<TargetHealth> EmbeddedGateway::health() const
{
    return m_impl->serving ? m_impl->serving->health() : std::vector<TargetHealth>();
}

// --- calls

void EmbeddedGateway::calls(CallQuery query, QObject *context, Answer<CallPage> done)
{
    m_impl->queries->ask<CallPage>(
        QueryService::Length::Short, query.after ? "calls-after" : "calls", context,
        [query = std::move(query)](storage::CallLogReader &log) { return log.calls(query); }, std::move(done));
}

void EmbeddedGateway::countCalls(CallQuery query, QObject *context, Answer<CallCounts> done)
{
    m_impl->queries->ask<CallCounts>(
        QueryService::Length::Long, "count", context,
        [query = std::move(query)](storage::CallLogReader &log) { return log.count(query, std::chrono::milliseconds(oftenCountedMs)); }, std::move(done));
}

void EmbeddedGateway::call(std::string id, QObject *context, Answer<CallDetail> done)
{
    m_impl->queries->ask<CallDetail>(
        QueryService::Length::Short, "call", context, [id = std::move(id)](storage::CallLogReader &log) { return log.call(id); }, std::move(done));
}

void EmbeddedGateway::series(SeriesQuery query, QObject *context, Answer<Series> done)
{
    m_impl->queries->ask<Series>(
        QueryService::Length::Long, "series", context,
        [query = std::move(query), zone = m_impl->zone(), now = m_impl->clock.wallNow()](storage::CallLogReader &log) { return log.series(query, zone, now); }, std::move(done));
}

void EmbeddedGateway::providerStrips(StripQuery query, QObject *context, Answer<std::vector<ProviderStrip>> done)
{
    m_impl->queries->ask<std::vector<ProviderStrip>>(
        QueryService::Length::Long, "strips", context,
        [query, now = m_impl->clock.wallNow()](storage::CallLogReader &log) { return log.providerStrips(query, now); }, std::move(done));
}

void EmbeddedGateway::histogram(CallQuery query, std::int64_t bucketSeconds, QObject *context, Answer<std::vector<HistogramBin>> done)
{
    m_impl->queries->ask<std::vector<HistogramBin>>(
        QueryService::Length::Long, "histogram", context,
        [query = std::move(query), bucketSeconds, now = m_impl->clock.wallNow()](storage::CallLogReader &log) { return log.histogram(query, bucketSeconds, now); }, std::move(done));
}

void EmbeddedGateway::fieldValues(std::string field, std::string prefix, QObject *context, Answer<std::vector<FieldValue>> done)
{
    m_impl->queries->ask<std::vector<FieldValue>>(
        QueryService::Length::Short, "values", context,
        [field = std::move(field), prefix = std::move(prefix)](storage::CallLogReader &log) { return log.fieldValues(field, prefix); }, std::move(done));
}

// --- now

StatsView EmbeddedGateway::stats() const
{
    return m_impl->serving ? m_impl->serving->stats() : StatsView();
}

ListenerState EmbeddedGateway::listener() const
{
    return m_impl->serving ? m_impl->serving->listener() : ListenerState();
}

StoreState EmbeddedGateway::store() const
{
    return m_impl->writer->state();
}

ArrivalCounts EmbeddedGateway::arrivals() const
{
    return m_impl->serving ? m_impl->serving->arrivals() : ArrivalCounts();
}

bool EmbeddedGateway::demo() const
{
    return m_impl->options.demo;
}

std::string EmbeddedGateway::dataFolder() const
{
    return m_impl->options.dataFolder;
}

} // namespace gateway::api
