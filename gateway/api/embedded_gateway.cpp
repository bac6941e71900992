// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_gateway.h"

#include "gateway/api/embedded_parts.h"
#include "gateway/api/local_finder.h"
#include "gateway/api/own_call.h"
#include "gateway/api/probe_plan.h"
#include "gateway/api/provider_prober.h"
#include "gateway/api/test_call.h"

#include <algorithm>

namespace gateway::api {

namespace {

constexpr config::Millis historyPatience {60'000};
constexpr config::Millis sinkPatience {5'000};
constexpr int oftenCountedMs = 400; ///< patience of a count that is asked again all the time

} // namespace

// --- end

void EmbeddedGateway::drain(std::function<void()> done)
{
    auto deliver = m_impl->deliver<bool>(this, [done = std::move(done)](bool) { done(); });
    m_impl->control.post([this, deliver = std::move(deliver)] {
        if (m_impl->serving)
            m_impl->serving->drain(config()->gateway.drainTimeout);
        const auto close = [this, deliver] {
            m_impl->closeLog();
            deliver(true);
        };
        if (!m_impl->sinks)
            return close();
        static_cast<void>(m_impl->writer->flush(sinkPatience)); // what has just ended goes along
        m_impl->sinks->drain(close);
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

void EmbeddedGateway::apply(config::Config next, std::uint64_t baseRevision, EditNote note, QObject *context, std::function<void(ApplyOutcome)> done)
{
    m_impl->control.post([this, next = std::move(next), baseRevision, note = std::move(note), deliver = m_impl->deliver<ApplyOutcome>(context, std::move(done))] {
        deliver(m_impl->config->apply(next, baseRevision, m_impl->editorOf(note), note.text, note.applied ? audit_action::applied : nullptr));
    });
}

void EmbeddedGateway::rollback(std::uint64_t toRevision, std::uint64_t baseRevision, EditNote note, QObject *context, std::function<void(ApplyOutcome)> done)
{
    m_impl->control.post([this, toRevision, baseRevision, note = std::move(note), deliver = m_impl->deliver<ApplyOutcome>(context, std::move(done))] {
        deliver(m_impl->config->rollback(toRevision, baseRevision, m_impl->editorOf(note), note.text));
    });
}

void EmbeddedGateway::rolledBack(std::uint64_t toRevision, QObject *context, Answer<config::Config> done)
{
    m_impl->control.post([this, toRevision, deliver = m_impl->deliver<Result<config::Config>>(context, std::move(done))] { deliver(m_impl->config->rolledBack(toRevision)); });
}

void EmbeddedGateway::audit(AuditQuery query, QObject *context, Answer<AuditPage> done)
{
    m_impl->control.post([this, query = std::move(query), deliver = m_impl->deliver<Result<AuditPage>>(context, std::move(done))] { deliver(m_impl->config->audit(query)); });
}

void EmbeddedGateway::checkAudit(QObject *context, Answer<AuditCheck> done)
{
    m_impl->control.post([this, deliver = m_impl->deliver<Result<AuditCheck>>(context, std::move(done))] { deliver(m_impl->config->checkAudit()); });
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

void EmbeddedGateway::configAt(std::uint64_t revision, QObject *context, Answer<config::Config> done)
{
    m_impl->control.post([this, revision, deliver = m_impl->deliver<Result<config::Config>>(context, std::move(done))] { deliver(m_impl->config->at(revision)); });
}

void EmbeddedGateway::heldSince(std::string kind, std::vector<std::string> ids, QObject *context, Answer<std::vector<std::uint64_t>> done)
{
    m_impl->control.post([this, kind = std::move(kind), ids = std::move(ids), deliver = m_impl->deliver<Result<std::vector<std::uint64_t>>>(context, std::move(done))] {
        deliver(m_impl->config->heldSince(kind, ids));
    });
}

// --- keys

KeyHasher::Digest EmbeddedGateway::secretHash(std::string_view secret) const
{
    return m_impl->hasher->hash(secret);
}

void EmbeddedGateway::createKey(NewKey key, QObject *context, Answer<CreatedKey> done, EditNote by)
{
    m_impl->control.post([this, key = std::move(key), by = std::move(by), deliver = m_impl->deliver<Result<CreatedKey>>(context, std::move(done))] {
        deliver(m_impl->config->createKey(key, m_impl->editorOf(by)));
        m_impl->inbox.post([this] { Q_EMIT keysChanged(); });
    });
}

void EmbeddedGateway::revokeKey(std::string keyId, QObject *context, Answer<bool> done, EditNote by)
{
    m_impl->control.post([this, keyId = std::move(keyId), by = std::move(by), deliver = m_impl->deliver<Result<bool>>(context, std::move(done))] {
        deliver(m_impl->config->revokeKey(keyId, m_impl->editorOf(by)));
        m_impl->inbox.post([this] { Q_EMIT keysChanged(); });
    });
}

void EmbeddedGateway::rotateKey(std::string keyId, config::Millis grace, QObject *context, Answer<CreatedKey> done, EditNote by)
{
    rotateKeys({std::move(keyId)}, grace, context, [done = std::move(done)](Result<std::vector<CreatedKey>> rotated) {
        done(rotated ? Result<CreatedKey>(std::move(rotated->front())) : std::unexpected(rotated.error()));
    }, std::move(by));
}

void EmbeddedGateway::rotateKeys(std::vector<std::string> keyIds, config::Millis grace, QObject *context, Answer<std::vector<CreatedKey>> done, EditNote by)
{
    m_impl->control.post([this, keyIds = std::move(keyIds), grace, by = std::move(by), deliver = m_impl->deliver<Result<std::vector<CreatedKey>>>(context, std::move(done))] {
        deliver(m_impl->config->rotateKeys(keyIds, grace, m_impl->editorOf(by)));
        m_impl->inbox.post([this] { Q_EMIT keysChanged(); });
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
        auto plan = clear ? probePlan(*clear, m_impl->config->withSecrets().gateway, credential, model) : Result<ProbePlan>(std::unexpected(clear.error()));
        if (!plan) {
            deliver(std::unexpected(plan.error()));
            return;
        }
        auto *prober = new ProviderProber(m_impl->caller, std::move(*plan), m_impl->jobs.get());
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
        if (!clear) {
            deliver(std::unexpected(clear.error()));
            return;
        }
        const config::Config &now = m_impl->config->withSecrets();
        const bool live = std::ranges::find(now.providers, *clear) != now.providers.end(); // else an edit that may never be saved
        m_impl->models.ask(*clear, now.gateway, m_impl->jobs.get(), [this, live, asked = *clear, deliver](const Result<std::vector<std::string>> &list) {
            if (live && list)
                m_impl->models.keep(asked, *list);
            deliver(list);
        });
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

std::vector<ProviderHealth> EmbeddedGateway::probes() const
{
    return m_impl->prober.findings();
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

void EmbeddedGateway::usage(UsageQuery query, QObject *context, Answer<Usage> done)
{
    m_impl->queries->ask<Usage>(
        QueryService::Length::Long, "usage", context, [query = std::move(query), zone = m_impl->zone()](storage::CallLogReader &log) { return log.usage(query, zone); }, std::move(done));
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

// --- parts with a face of their own

CacheTools *EmbeddedGateway::cacheTools()
{
    return m_impl->cacheTools.get();
}

PromptTools *EmbeddedGateway::promptTools()
{
    return m_impl->prompts.get();
}

// --- now

StatsView EmbeddedGateway::stats() const
{
    return m_impl->serving ? m_impl->serving->stats() : StatsView();
}

std::vector<ScopeState> EmbeddedGateway::scopes() const
{
    return m_impl->serving ? m_impl->serving->scopes() : std::vector<ScopeState>();
}

std::vector<ScopeState> EmbeddedGateway::scopesOf(const std::vector<ScopeName> &names) const
{
    return m_impl->serving ? m_impl->serving->scopesOf(names) : std::vector<ScopeState>();
}

ListenerState EmbeddedGateway::listener() const
{
    return m_impl->serving ? m_impl->serving->listener() : ListenerState();
}

StoreState EmbeddedGateway::store() const
{
    StoreState state = m_impl->writer->state();
    if (state.problem.empty() && m_impl->cacheTools)
        state.problem = m_impl->cache->problem(); // calls are stored all the same
    if (state.problem.empty())
        state.problem = m_impl->sinkBoard.problem(); // likewise
    return state;
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
