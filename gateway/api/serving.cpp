// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/serving.h"

#include "gateway/api/health_gauges.h"
#include "gateway/api/model_lists.h"
#include "gateway/api/outliers.h"
#include "gateway/api/scope_states.h"
#include "gateway/core/time_zones.h"
#include "gateway/net/listener.h"
#include "gateway/net/worker_pool.h"
#include "gateway/pipeline/analyzers.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/pipeline/config_hub.h"
#include "gateway/pipeline/services.h"
#include "gateway/stages/stage_table.h"
#include "gateway/state/capture_budget.h"
#include "gateway/state/clock_offsets.h"
#include "gateway/state/keyed_memory.h"
#include "gateway/state/health_registry.h"
#include "gateway/state/refusal_limiter.h"
#include "gateway/state/token_store.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/telemetry/finding_records.h"
#include "gateway/telemetry/prometheus_text.h"
#include "gateway/telemetry/row_rates.h"
#include "gateway/telemetry/stats_hub.h"

#include <QTimeZone>

#include <algorithm>
#include <iterator>
#include <mutex>

namespace gateway::api {

namespace {

net::ServerSettings serverSettings(const config::GatewaySettings &gateway)
{
    net::ServerSettings settings;
    settings.listen = gateway.listen;
    settings.tlsCert = gateway.tls.cert;
    settings.tlsKey = gateway.tls.key;
    settings.tlsClientCa = gateway.tls.clientCa;
    settings.maxHeader = static_cast<std::size_t>(gateway.maxHeader);
    settings.maxBody = static_cast<std::size_t>(gateway.maxBody);
    settings.maxConnections = gateway.maxConnections;
    settings.trustedProxies = gateway.trustedProxies;
    return settings;
}

TargetHealth toView(const state::TargetHealth &health, WallTime now)
{
    return {.provider = health.provider,
            .credential = health.credential,
            .model = health.model,
            .circuit = static_cast<TargetHealth::Circuit>(health.circuit),
            .restsFor = health.restsFor,
            .keyRejected = health.keyRejected,
            .rateLimited = health.rateLimited,
            .quotaGone = health.quotaGone,
            .errorRate = health.errorRate,
            .callsPerSecond = health.callsPerSecond,
            .p95 = health.p95,
            .lastUsed = now - std::chrono::duration_cast<std::chrono::microseconds>(health.sinceUsed)};
}

} // namespace

class Serving::Impl
{
public:
    Impl(Needs needs, std::shared_ptr<const pipeline::CompiledConfig> first)
        : clock(needs.clock), keyHasher(needs.installationKey), stats(needs.stats), findings(needs.records),
          services {.config = hub, .clock = needs.clock, .keyHasher = keyHasher, .health = health, .planBooks = planBooks, .quotas = quotas, .captures = captures, .refusals = refusals,
                    .stats = stats, .records = findings, .tokens = tokens, .clocks = clocks, .conversations = conversations, .responses = needs.responses, .admin = std::move(needs.admin), .caches = &needs.caches, .analyzers = &analyzers, .modelLists = &needs.models},
          config(std::move(first)), pool({.workers = static_cast<int>(stats.workers())}, [this](net::Worker &worker) { return makeHandler(worker); }), listener(pool)
    {
        services.testToken = newKeySecret();
        quotas.restore(std::move(needs.spent));
        services.gauges = [this, &records = needs.records, more = std::move(needs.moreGauges)] {
            std::vector<telemetry::Gauge> all = gauges(records);
            std::ranges::move(findings.counts(), std::back_inserter(all));
            std::ranges::move(more(), std::back_inserter(all));
            return all;
        };
    }

    std::unique_ptr<pipeline::HttpHandler> makeHandler(net::Worker &worker)
    {
        const auto index = static_cast<std::size_t>(worker.index());
        return stages::makeHandler(services, worker.upstream(), worker.timers(), index);
    }

    std::vector<telemetry::Gauge> gauges(const storage::CallLogWriter &records) const
    {
        const StoreState store = records.state();
        std::vector<telemetry::Gauge> all {
                {.name = "store_healthy", .help = "1 while finished calls are being stored, else 0.", .value = store.healthy ? 1.0 : 0.0},
                {.name = "store_waiting_records", .help = "Finished calls in memory that are not stored yet.", .value = static_cast<double>(store.waiting)},
                {.name = "store_dropped_records", .help = "Finished calls whose record was given up since the start; their spend is kept.", .value = static_cast<double>(store.dropped)},
                {.name = "queue_waiting", .help = "Calls that wait while every target of theirs is at its limits.", .value = static_cast<double>(services.queue.waiting())},
                {.name = "queue_turned_away", .help = "Calls refused since the start because their queue was full.", .value = static_cast<double>(services.queue.turnedAway())},
                {.name = "shadows_running", .help = "Copies of calls that are under way to shadow targets.", .value = static_cast<double>(services.shadows.running())},
                {.name = "shadows_sent", .help = "Copies of calls sent to shadow targets since the start.", .value = static_cast<double>(services.shadows.sent())},
                {.name = "shadows_dropped", .help = "Copies not sent since the start: no room, or more important work.", .value = static_cast<double>(services.shadows.dropped())},
                {.name = "upstream_connections", .help = "Open connections to providers.",
                 .value = static_cast<double>(pool.counters().upstreamConnections.load(std::memory_order_relaxed))}};
        if (const auto now = hub.current()) {
            std::vector<telemetry::Gauge> targets = healthGauges(*now, health.snapshot(clock.steadyNow()));
            std::ranges::move(targets, std::back_inserter(all));
        }
        return all;
    }

    const Clock &clock;
    KeyHasher keyHasher;
    telemetry::StatsHub &stats;
    telemetry::FindingRecords findings;
    pipeline::ConfigHub hub;
    state::HealthRegistry health;
    state::PlanBooks planBooks {clock};
    mutable state::LocalQuotas quotas {clock}; ///< asking may make an account
    state::CaptureBudget captures;
    state::RefusalLimiter refusals;
    state::TokenStore tokens;
    state::ClockOffsets clocks;
    state::KeyedMemory conversations;
    pipeline::Analyzers analyzers;
    pipeline::Services services;
    std::shared_ptr<const pipeline::CompiledConfig> config; ///< control thread
    mutable net::WorkerPool pool; ///< its counters have no const way to them
    net::Listener listener;
    bool started = false;

    telemetry::RowRates routeRates; ///< control thread

    mutable std::mutex mutex; ///< over the next two
    ListenerState state;
    std::vector<RouteRate> routes;
};

Serving::Serving(Needs needs, std::shared_ptr<const pipeline::CompiledConfig> first) : m_impl(std::make_unique<Impl>(std::move(needs), std::move(first)))
{
    publish(m_impl->config);
}

Serving::~Serving()
{
    m_impl->listener.close();
    if (m_impl->started)
        m_impl->pool.stop();
}

void Serving::publish(std::shared_ptr<const pipeline::CompiledConfig> next)
{
    m_impl->config = std::move(next);
    refreshZone();
    m_impl->hub.publish(m_impl->config);
    std::vector<routing::CredentialRef> credentials;
    for (const pipeline::CompiledTarget &target : m_impl->config->targets)
        credentials.insert(credentials.end(), target.routing->credentials.begin(), target.routing->credentials.end());
    m_impl->health.configured(credentials);
    if (m_impl->started)
        listen();
}

void Serving::refreshZone()
{
    const int offset = zoneOrUtc(m_impl->config->gateway.timeZone).offsetFromUtc(QDateTime::currentDateTimeUtc());
    m_impl->stats.setUtcOffset(std::chrono::seconds(offset));
}

void Serving::start()
{
    m_impl->pool.start();
    m_impl->started = true;
    listen();
}

void Serving::listen()
{
    const net::ServerSettings settings = serverSettings(m_impl->config->gateway);
    const auto bound = m_impl->listener.apply(settings);
    ListenerState state;
    if (bound) {
        state = {.up = true, .address = bound->address, .problem = {}, .suggestedPort = 0, .tls = bound->tls};
    } else {
        const net::BoundAddress *still = m_impl->listener.bound();
        state = {.up = still != nullptr, .address = still ? still->address : std::string(), .problem = bound.error().message,
                 .suggestedPort = bound.error().code == ErrorCode::Busy ? net::Listener::freePortNear(settings.listen) : 0, .tls = still && still->tls};
    }
    const std::lock_guard lock(m_impl->mutex);
    m_impl->state = std::move(state);
}

void Serving::drain(Duration limit)
{
    m_impl->services.draining = true;
    m_impl->listener.close();
    if (!m_impl->started)
        return;
    m_impl->pool.drain(limit);
    m_impl->pool.stop();
    m_impl->started = false;
    const std::lock_guard lock(m_impl->mutex);
    m_impl->state = {};
}

net::Worker *Serving::worker()
{
    return m_impl->started ? &m_impl->pool.worker(0) : nullptr;
}

state::HealthStore &Serving::targetHealth()
{
    return m_impl->health;
}

routing::PlanMemory &Serving::planMemory()
{
    return m_impl->planBooks;
}

state::Quotas &Serving::quotas()
{
    return m_impl->quotas;
}

void Serving::everySecond()
{
    pipeline::pushRefusalSummaries(m_impl->services);
    m_impl->quotas.sweep();
    for (const state::QuotaWarning &mark : m_impl->quotas.takeMarks())
        qWarning("%s", state::toText(mark).c_str());
    const telemetry::StatsSnapshot now = m_impl->stats.snapshot(m_impl->clock.wallNow());
    m_impl->routeRates.update(now.rows[static_cast<std::size_t>(telemetry::Dimension::Route)], m_impl->clock.steadyNow());
    std::vector<RouteRate> routes;
    for (telemetry::RowRate &rate : m_impl->routeRates.rates())
        routes.push_back({.route = std::move(rate.name), .callsPerSecond = rate.callsPerSecond, .errorShare = rate.errorShare});
    const std::lock_guard lock(m_impl->mutex);
    m_impl->routes = std::move(routes);
}

std::vector<ScopeState> Serving::scopes() const
{
    const auto config = m_impl->hub.current();
    return config ? scopeStates(*config, m_impl->quotas) : std::vector<ScopeState>();
}

std::vector<ScopeState> Serving::scopesOf(const std::vector<ScopeName> &names) const
{
    const auto config = m_impl->hub.current();
    return config ? scopeStates(*config, m_impl->quotas, names) : std::vector<ScopeState>();
}

void Serving::setToday(const SeriesTotals &today)
{
    m_impl->stats.setTodayBaseline(m_impl->clock.wallNow(), today.cost, today.calls, today.unpriced);
}

StatsView Serving::stats() const
{
    const telemetry::StatsSnapshot now = m_impl->stats.snapshot(m_impl->clock.wallNow());
    const net::Counters &counters = m_impl->pool.counters();
    StatsView view;
    view.callsPerSecond = now.callsPerSecond();
    view.p95Us = now.latency.lastMinute.quantile(0.95);
    view.errorShare = now.errorShare();
    view.inFlight = static_cast<std::uint64_t>(std::max<std::int64_t>(now.inFlight, 0));
    view.openConnections = static_cast<std::uint64_t>(std::max<std::int64_t>(counters.openConnections.load(std::memory_order_relaxed), 0));
    view.openStreams = static_cast<std::uint64_t>(std::max<std::int64_t>(now.openStreams, 0));
    view.costToday = now.costToday;
    view.unpricedToday = now.unpricedToday;
    for (const telemetry::SecondCounts &second : now.seconds)
        view.lastMinutes.push_back({.epochSeconds = second.epochSeconds, .calls = second.calls, .failed = second.failed});
    const std::lock_guard lock(m_impl->mutex);
    view.routes = m_impl->routes;
    return view;
}

std::vector<TargetHealth> Serving::health() const
{
    const WallTime now = m_impl->clock.wallNow();
    std::vector<TargetHealth> all;
    for (const state::TargetHealth &target : m_impl->health.snapshot(m_impl->clock.steadyNow()))
        all.push_back(toView(target, now));
    if (const auto config = m_impl->hub.current())
        compareWithPeers(all, *config);
    return all;
}

std::vector<telemetry::Gauge> Serving::gauges() const
{
    return m_impl->services.gauges();
}

ListenerState Serving::listener() const
{
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->state;
}

ArrivalCounts Serving::arrivals() const
{
    const net::Counters &counters = m_impl->pool.counters();
    return {.connections = counters.acceptedConnections.load(std::memory_order_relaxed),
            .requests = counters.requests.load(std::memory_order_relaxed),
            .wrongKeys = m_impl->services.wrongKeys.load(std::memory_order_relaxed)};
}

const std::string &Serving::testToken() const
{
    return m_impl->services.testToken;
}

} // namespace gateway::api
