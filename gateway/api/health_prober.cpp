// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/health_prober.h"

#include "gateway/api/probe_plan.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/state/health_store.h"
#include "gateway/wire/provider_words.h"
#include "gateway/wire/upstream_error.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace gateway::api {

namespace {

constexpr Duration patience = std::chrono::seconds {10};
constexpr std::size_t mostModels = 4; // a round of tiny calls asks no more of them

/// What an answer says of the provider; of the model too, where that was asked.
state::ProbeFinding findingOf(const Result<ProviderCaller::Reply> &reply, bool model)
{
    if (!reply || reply->status >= 500)
        return state::ProbeFinding::Fails;
    const bool fine = reply->status >= 200 && reply->status < 300;
    return fine && model ? state::ProbeFinding::Works : state::ProbeFinding::Reachable;
}

std::string wordsOf(const Result<ProviderCaller::Reply> &reply, std::span<const std::string> secrets, WallTime now)
{
    if (!reply)
        return reply.error().message;
    if (reply->status >= 200 && reply->status < 300)
        return {};
    return wire::classifyUpstreamError(reply->status, {}, reply->body, now, secrets).toError().message;
}

} // namespace

void HealthProber::configure(const config::Config &config, std::shared_ptr<const pipeline::CompiledConfig> compiled)
{
    m_gateway = config.gateway;
    m_compiled = std::move(compiled);
    std::map<std::string, Entry, std::less<>> next;
    for (const config::Provider &provider : config.providers) {
        if (!provider.enabled || provider.healthProbe == config::HealthProbe::Off)
            continue;
        Entry &entry = next[provider.id];
        if (const auto known = m_entries.find(provider.id); known != m_entries.end() && known->second.provider == provider)
            entry = known->second;
        entry.provider = provider;
    }
    const std::scoped_lock lock(m_mutex);
    m_entries = std::move(next);
}

void HealthProber::ask(state::HealthStore &health, QObject *context)
{
    const SteadyTime now = m_clock.steadyNow();
    for (auto &[id, entry] : m_entries) {
        if (entry.underway > 0 || now < entry.nextAt)
            continue;
        entry.nextAt = now + entry.provider.probeEvery;
        if (entry.provider.healthProbe == config::HealthProbe::Models)
            askList(entry, health, context);
        else
            askModels(entry, health, context);
    }
}

void HealthProber::askList(Entry &entry, state::HealthStore &health, QObject *context)
{
    auto plan = probePlan(entry.provider, m_gateway, {}, {});
    const std::string head = plan ? plan->modelsHead() : std::string();
    if (head.empty())
        return; // the checks have told
    send({.address = plan->address, .head = head, .credential = plan->credential, .connect = patience, .total = patience},
         {.providerId = entry.provider.id, .model = {}, .secrets = plan->secrets, .at = m_clock.steadyNow()}, health, context);
}

void HealthProber::askModels(Entry &entry, state::HealthStore &health, QObject *context)
{
    for (const std::string &model : modelsToAsk(entry, health)) {
        auto plan = probePlan(entry.provider, m_gateway, {}, model);
        const auto call = plan ? plan->chat(1) : Result<ProbePlan::Call>(std::unexpected(plan.error()));
        if (call)
            send({.address = plan->address, .head = call->head, .body = call->body, .credential = plan->credential, .connect = patience, .total = patience},
                 {.providerId = entry.provider.id, .model = model, .secrets = plan->secrets, .at = m_clock.steadyNow()}, health, context);
    }
}

/// Those whose circuit is open, since they may be back; where there is none, one that stands for all.
std::vector<std::string> HealthProber::modelsToAsk(const Entry &entry, const state::HealthStore &health) const
{
    std::set<std::string> open;
    for (const state::TargetHealth &target : health.snapshot(m_clock.steadyNow())) {
        if (target.provider == entry.provider.name && target.circuit != state::TargetHealth::Circuit::Closed && open.size() < mostModels)
            open.insert(target.model);
    }
    if (!open.empty())
        return {open.begin(), open.end()};
    for (const pipeline::CompiledTarget &target : m_compiled->targets) {
        if (target.routing->providerName == entry.provider.name && !target.wildcard)
            return {target.routing->model};
    }
    return {};
}

void HealthProber::send(ProviderCaller::Question question, Asked asked, state::HealthStore &health, QObject *context)
{
    ++m_entries.find(asked.providerId)->second.underway;
    m_caller.ask(std::move(question), context, [this, asked = std::move(asked), &health](const Result<ProviderCaller::Reply> &reply) { heard(asked, reply, health); });
}

void HealthProber::heard(const Asked &asked, const Result<ProviderCaller::Reply> &reply, state::HealthStore &health)
{
    const auto found = m_entries.find(asked.providerId);
    if (found == m_entries.end())
        return; // edited away meanwhile
    Entry &entry = found->second;
    const state::ProbeFinding finding = findingOf(reply, !asked.model.empty());
    {
        const std::scoped_lock lock(m_mutex);
        entry.underway = std::max(entry.underway - 1, 0);
        entry.failures = finding == state::ProbeFinding::Fails ? entry.failures + 1 : 0;
        entry.last = ProviderHealth {.provider = entry.provider.name,
                                     .model = asked.model,
                                     .at = m_clock.wallNow(),
                                     .answers = finding != state::ProbeFinding::Fails,
                                     .failuresInRow = entry.failures,
                                     .words = wordsOf(reply, asked.secrets, m_clock.wallNow()),
                                     .took = m_clock.steadyNow() - asked.at};
    }
    if (finding != state::ProbeFinding::Fails || entry.failures >= failuresToOpen)
        tell(entry, asked.model, finding, health);
}

/// A list that fails is about all of the provider's targets, a model that fails about that one alone; and whatever answers
/// shows that the others can be reached.
void HealthProber::tell(const Entry &entry, const std::string &model, state::ProbeFinding finding, state::HealthStore &health)
{
    const SteadyTime now = m_clock.steadyNow();
    const bool fails = finding == state::ProbeFinding::Fails;
    if (!fails || model.empty())
        health.probedAll(entry.provider.name, entry.provider.breaker, fails ? finding : state::ProbeFinding::Reachable, now);
    if (finding == state::ProbeFinding::Reachable)
        return;
    for (const pipeline::CompiledTarget &target : m_compiled->targets) {
        const routing::Target &known = *target.routing;
        if (known.providerName != entry.provider.name || target.wildcard || (!model.empty() && known.model != model))
            continue;
        for (const routing::CredentialRef &credential : known.credentials)
            health.probed({.target = &known, .credential = &credential, .model = known.modelId}, known.model, finding, now);
    }
}

std::vector<ProviderHealth> HealthProber::findings() const
{
    std::vector<ProviderHealth> all;
    const std::scoped_lock lock(m_mutex);
    for (const auto &[id, entry] : m_entries) {
        if (entry.last)
            all.push_back(*entry.last);
    }
    return all;
}

} // namespace gateway::api
