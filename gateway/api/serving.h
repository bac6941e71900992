// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/budget_charge.h"
#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"
#include "gateway/telemetry/prometheus_text.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gateway::storage {
class CallLogWriter;
}

namespace gateway::routing {
class PlanMemory;
}

namespace gateway::state {
class HealthStore;
class KeyedStore;
class Quotas;
}

namespace gateway::net {
class Worker;
}

namespace gateway::pipeline {
class AdminDoor;
class AnswerCaches;
struct CompiledConfig;
}

namespace gateway::api {

class ModelLists;

/// The data plane in this process: workers, listener, and what workers share. Built, changed and stopped on the control
/// thread; the figures can be read from any.
class Serving
{
public:
    struct Needs
    {
        const Clock &clock;
        storage::CallLogWriter &records;
        ModelLists &models;
        state::KeyedStore &responses;
        pipeline::AnswerCaches &caches;
        telemetry::StatsHub &stats;  ///< all of these outlive the serving; a worker for each of its counters
        KeyHasher::Key installationKey;
        std::shared_ptr<pipeline::AdminDoor> admin; ///< may be null
        std::vector<BudgetCharge> spent; ///< what is stored of budgets
        std::function<std::vector<telemetry::Gauge>()> moreGauges; ///< any thread
    };

    Serving(Needs needs, std::shared_ptr<const pipeline::CompiledConfig> first);
    ~Serving();

    /// New calls run under `next`; the listener changes over where its settings did.
    void publish(std::shared_ptr<const pipeline::CompiledConfig> next);
    /// Starts the workers and tries to bind; see listener() for what came of it.
    void start();
    /// Blocks until running calls have ended or `limit` has passed, then stops all.
    void drain(Duration limit);

    /// What the store knows of today, so that a restart does not forget it.
    void setToday(const SeriesTotals &today);

    /// One that may talk to providers for the control thread; null: none runs.
    [[nodiscard]] net::Worker *worker();

    /// What all workers know of targets.
    [[nodiscard]] state::HealthStore &targetHealth();
    [[nodiscard]] routing::PlanMemory &planMemory(); ///< turns and limits, as calls meet them; any thread
    [[nodiscard]] state::Quotas &quotas();           ///< budgets and limits, likewise

    /// How all scopes of the configuration stand with their budgets and limits, and the fullest customers. Any thread.
    [[nodiscard]] std::vector<ScopeState> scopes() const;
    [[nodiscard]] std::vector<ScopeState> scopesOf(const std::vector<ScopeName> &names) const;

    /// What is due once a second: records of refusals that were only counted, the routes' rates, word of budgets that fill up.
    void everySecond();
    /// Where "today" begins: asked about once a minute, since summer time comes and goes.
    void refreshZone();

    // Any thread.
    /// The value of x-signalbox-test that marks the window's own calls.
    [[nodiscard]] const std::string &testToken() const;
    [[nodiscard]] StatsView stats() const;
    [[nodiscard]] std::vector<TargetHealth> health() const;
    [[nodiscard]] std::vector<telemetry::Gauge> gauges() const; ///< what /metrics tells beside what workers count
    [[nodiscard]] ListenerState listener() const;
    [[nodiscard]] ArrivalCounts arrivals() const;

private:
    void listen();
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::api
