// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_parts.h"
#include "gateway/api/replay_run.h"
#include "gateway/api/simulation.h"
#include "gateway/stages/prompt/prompt_expansion.h"
#include "gateway/stages/resolve/explain_call.h"
#include "gateway/state/health_registry.h"
#include "gateway/state/plan_books.h"

#include <atomic>
#include <utility>

/// Simulate, Explain and Replay: what plans would do.
namespace gateway::api {

namespace {

using CompiledPtr = std::shared_ptr<const pipeline::CompiledConfig>;

Result<Explanation> explained(const stages::Circumstances &now, const CompiledPtr &config, const ExplainQuery &query)
{
    std::vector<HeaderView> headers;
    for (const auto &[name, value] : query.headers)
        headers.push_back({name, value});
    return stages::explainCall(now, config, {.endpoint = query.endpoint, .body = query.body, .pathModel = query.pathModel, .headers = headers, .key = query.key, .route = query.route}, query.seed);
}

/// An edit, or what is served now. Control thread.
Result<CompiledPtr> triedOr(const CompiledPtr &served, const ConfigService &service, std::optional<config::Config> edited)
{
    Result<CompiledPtr> config = edited ? service.tried(std::move(*edited)) : Result<CompiledPtr>(served);
    if (config && !*config)
        return fail(ErrorCode::Invalid, "The stored configuration cannot be used: `config check` says why.");
    return config;
}

/// Lets `work` look at what is known of targets, limits and budgets: nothing, where nothing is served.
template <typename Work>
auto underCircumstances(Serving *serving, const Clock &clock, Work work)
{
    const stages::PromptExpansion prompts;
    if (serving)
        return work(stages::Circumstances {serving->targetHealth(), serving->planMemory(), serving->quotas(), clock, prompts});
    state::HealthRegistry health;
    state::PlanBooks books(clock);
    state::LocalQuotas quotas(clock);
    return work(stages::Circumstances {health, books, quotas, clock, prompts});
}

} // namespace

void EmbeddedGateway::simulate(SimulationQuery query, QObject *context, Answer<Simulation> done)
{
    m_impl->control.post([this, query = std::move(query), deliver = m_impl->deliver<Result<Simulation>>(context, std::move(done))]() mutable {
        const Result<CompiledPtr> config = triedOr(m_impl->compiled, *m_impl->config, std::move(query.config));
        if (!config)
            return deliver(std::unexpected(config.error()));
        const stages::MadeUpCall call {.route = query.route, .key = query.key, .metadata = query.metadata, .inputTokens = query.inputTokens, .outputTokens = query.outputTokens};
        deliver(underCircumstances(m_impl->serving.get(), m_impl->clock,
                                   [&](const stages::Circumstances &now) { return stages::simulateCall(now, *config, call, query.faults, query.seed); }));
    });
}

void EmbeddedGateway::explain(ExplainQuery query, QObject *context, Answer<Explanation> done)
{
    m_impl->control.post([this, query = std::move(query), deliver = m_impl->deliver<Result<Explanation>>(context, std::move(done))]() mutable {
        const Result<CompiledPtr> config = triedOr(m_impl->compiled, *m_impl->config, std::move(query.edited));
        if (!config)
            return deliver(std::unexpected(config.error()));
        deliver(underCircumstances(m_impl->serving.get(), m_impl->clock, [&](const stages::Circumstances &now) { return explained(now, *config, query); }));
    });
}

void EmbeddedGateway::replay(config::Config edited, ReplayQuery query, QObject *context, std::function<void(ReplayProgress)> onProgress, Answer<ReplayReport> done)
{
    auto *job = new QObject(context); // goes with the context, and ends the run then
    auto cancelled = std::make_shared<std::atomic<bool>>(false);
    QObject::connect(job, &QObject::destroyed, [cancelled] { *cancelled = true; });
    const auto finish = [job, done = std::move(done)](Result<ReplayReport> report) {
        job->deleteLater();
        done(std::move(report));
    };
    auto tell = m_impl->deliver<ReplayProgress>(context, onProgress ? std::move(onProgress) : std::function<void(ReplayProgress)>([](ReplayProgress) {}));
    auto run = [this, query = std::move(query), context, cancelled, tell = std::move(tell), finish](const Result<CompiledPtr> &config) {
        if (!config)
            return finish(std::unexpected(config.error()));
        m_impl->queries->ask<ReplayReport>(
            QueryService::Length::Long, "replay", context,
            [config = *config, query, cancelled, tell](storage::CallLogReader &log) { return runReplay(log, config, query, *cancelled, tell); }, finish);
    };
    m_impl->control.post([this, edited = std::move(edited), deliver = m_impl->deliver<Result<CompiledPtr>>(context, std::move(run))]() mutable {
        deliver(m_impl->config->tried(std::move(edited)));
    });
}

} // namespace gateway::api
