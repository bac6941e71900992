// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/replay_run.h"

#include "gateway/pipeline/compiled_config.h"
#include "gateway/routing/facts.h"
#include "gateway/routing/plan_nodes.h"
#include "gateway/routing/replay.h"
#include "gateway/stages/resolve/call_facts.h"
#include "gateway/stages/resolve/catalogue_prices.h"
#include "gateway/stages/resolve/plan_choice.h"
#include "gateway/state/plan_books.h"
#include "gateway/storage/call_log_reader.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace gateway::api {

namespace {

using pipeline::CompiledConfig;
using pipeline::CompiledRoute;
using routing::Field;

constexpr double progressStep = 0.005;
constexpr std::uint64_t callsBetweenLooks = 4096;
constexpr std::size_t mostChoices = 100'000; // of keys and models, kept

/// Goes by the calls' own time.
class PastClock final : public Clock
{
public:
    void set(std::int64_t micros) { m_now = WallTime(std::chrono::microseconds(micros)); }
    [[nodiscard]] SteadyTime steadyNow() const override { return SteadyTime(std::chrono::duration_cast<SteadyTime::duration>(m_now.time_since_epoch())); }
    [[nodiscard]] WallTime wallNow() const override { return m_now; }

private:
    WallTime m_now {};
};

/// What the plans look at, of that which not every log has.
struct Looks
{
    bool body = false;      ///< without it nobody can say where a call would go
    bool metadata = false;  ///< the body may have some too
    std::set<std::string> notLogged;

    void add(const Field &field)
    {
        using Source = Field::Source;
        switch (field.source) {
        case Source::Body:
        case Source::Complexity:
        case Source::MaxOutput:
        case Source::NeedsVision:
        case Source::NeedsAudio:
        case Source::NeedsFiles:
        case Source::NeedsTools:
        case Source::NeedsJsonSchema: body = true; break;
        case Source::Metadata: metadata = true; break;
        case Source::Header:
        case Source::Budget: notLogged.insert(field.name); break;
        default: break;
        }
    }
};

/// Everything that one replay goes by.
class ReplayRun
{
public:
    ReplayRun(const std::shared_ptr<const CompiledConfig> &config, const ReplayQuery &query, const std::vector<TargetPast> &past)
        : m_config(config), m_query(query), m_replay(query, past), m_prices(*config), m_books(m_clock)
    {
        for (const auto &[digest, key] : config->keys) {
            if (!key.formerUntil)
                m_keys.emplace(key.name, &key);
        }
        for (const CompiledRoute &route : config->routes) {
            if (!concerns(route))
                continue;
            m_concerned.insert(route.name);
            routing::eachField(route.plan.root, [this](const Field &field) { m_looks.add(field); });
        }
        m_concerned.insert(query.routes.begin(), query.routes.end()); // of before the edit
    }

    [[nodiscard]] storage::PastWish wish() const { return {.bodies = m_looks.body || m_looks.metadata}; }
    [[nodiscard]] std::uint64_t calls() const { return m_calls; }

    void take(const PastCall &call)
    {
        ++m_calls;
        if (!goesByRoutes(call.endpoint))
            return;
        const Result<stages::PlanChoice> &choice = choiceFor(call);
        const bool concerned = m_query.routes.empty() || m_concerned.contains(call.route) || (choice && m_concerned.contains(choice->route->name));
        if (!concerned)
            return;
        if (call.visits.empty())
            return m_replay.countLeft();
        if (!choice)
            return m_replay.refuse(call, choice.error().message);
        if (!call.body)
            return m_looks.body ? m_replay.countUnreadable() : send(call, *choice, {});
        const auto scan = wire::scanRequest(*call.body, call.endpoint, call.askedModel);
        if (!scan)
            return m_looks.body ? m_replay.countUnreadable() : send(call, *choice, {});
        send(call, *choice, stages::callFacts(*scan, call.endpoint));
    }

    ReplayReport report()
    {
        ReplayReport report = m_replay.report();
        report.notLogged.assign(m_looks.notLogged.begin(), m_looks.notLogged.end());
        return report;
    }

private:
    [[nodiscard]] bool concerns(const CompiledRoute &route) const
    {
        if (m_query.routes.empty())
            return true;
        const auto isOne = [this](std::string_view name) { return std::ranges::find(m_query.routes, name) != m_query.routes.end(); };
        return isOne(route.name) || std::ranges::any_of(routing::routesWithin(route.plan.root), isOne);
    }

    static bool goesByRoutes(Endpoint endpoint)
    {
        return endpoint != Endpoint::Models && endpoint != Endpoint::Other && endpoint != Endpoint::Passthrough;
    }

    const Result<stages::PlanChoice> &choiceFor(const PastCall &call)
    {
        std::string name = call.key + '\n' + call.askedModel;
        if (const auto known = m_choices.find(name); known != m_choices.end())
            return known->second;
        if (m_choices.size() >= mostChoices)
            m_choices.clear();
        const auto key = m_keys.find(call.key);
        return m_choices.emplace(std::move(name), stages::choosePlan(m_config, key == m_keys.end() ? nullptr : key->second, call.askedModel, {})).first->second;
    }

    void send(const PastCall &call, const stages::PlanChoice &choice, routing::CallFacts facts)
    {
        m_clock.set(call.startedUs);
        facts.metadata = call.metadata;
        facts.tags = call.tags;
        facts.session = call.session;
        facts.customer = call.customer;
        facts.key = call.key;
        facts.team = call.team;
        facts.model = call.askedModel;
        facts.endpoint = toText(call.endpoint);
        facts.stream = call.stream;
        facts.at = m_clock.wallNow();
        facts.calendar = m_config->calendar.get();
        if (call.usage.input > 0)
            facts.inputTokens = call.usage.input;
        if (call.usage.output > 0)
            facts.outputTokens = call.usage.output;
        m_replay.add(call, {.plan = choice.plan, .star = choice.star, .facts = facts, .memory = &m_books, .prices = &m_prices, .now = m_clock.steadyNow()});
    }

    std::shared_ptr<const CompiledConfig> m_config;
    const ReplayQuery &m_query;
    routing::Replay m_replay;
    stages::CataloguePrices m_prices;
    PastClock m_clock;
    state::PlanBooks m_books;
    Looks m_looks;
    std::set<std::string, std::less<>> m_concerned;
    std::unordered_map<std::string, const pipeline::CompiledKey *> m_keys;
    std::unordered_map<std::string, Result<stages::PlanChoice>> m_choices;
    std::uint64_t m_calls = 0;
};

} // namespace

Result<ReplayReport> runReplay(storage::CallLogReader &log, const std::shared_ptr<const CompiledConfig> &config, const ReplayQuery &query, const std::atomic<bool> &cancelled,
                               const std::function<void(ReplayProgress)> &onProgress)
{
    if (!(query.sample > 0) || query.sample > 1)
        return fail(ErrorCode::BadRequest, "The sample is a share of the calls: above 0, and at most 1.", "sample");
    const auto goesOn = [&]() -> Result<> {
        if (cancelled)
            return fail(ErrorCode::Cancelled, "The replay was stopped.");
        return {};
    };
    const auto past = log.pastTargets(query.range);
    if (!past)
        return std::unexpected(past.error());
    ReplayRun run(config, query, *past);
    double told = 0;
    auto read = log.pastCalls(
        query, run.wish(),
        [&](const PastCall &call) -> Result<> {
            run.take(call);
            return run.calls() % callsBetweenLooks == 0 ? goesOn() : Result<>();
        },
        [&](double done) -> Result<> {
            if (onProgress && (done >= 1 || done - told >= progressStep)) {
                told = done;
                onProgress({.calls = run.calls(), .done = done});
            }
            return goesOn();
        });
    if (!read)
        return std::unexpected(read.error());
    return run.report();
}

} // namespace gateway::api
