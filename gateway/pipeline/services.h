// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"
#include "gateway/pipeline/config_hub.h"
#include "gateway/state/call_queue.h"
#include "gateway/state/capture_budget.h"
#include "gateway/state/clock_offsets.h"
#include "gateway/state/health_store.h"
#include "gateway/state/key_attempts.h"
#include "gateway/state/keyed_store.h"
#include "gateway/state/place_counts.h"
#include "gateway/state/plan_books.h"
#include "gateway/state/quota/quotas.h"
#include "gateway/state/refusal_limiter.h"
#include "gateway/state/seen_prompts.h"
#include "gateway/state/shadow_slots.h"
#include "gateway/state/token_store.h"
#include "gateway/telemetry/prometheus_text.h"
#include "gateway/telemetry/stats_hub.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {

class AdminDoor;
class AnswerCaches;
class Analyzers;

/// The models that providers say they have: what wildcard routes are expanded with in /v1/models.
class ModelLists
{
public:
    virtual ~ModelLists() = default;
    /// The provider's list as last fetched; null: none was. Thread-safe, from memory.
    [[nodiscard]] virtual std::shared_ptr<const std::vector<std::string>> modelsOf(std::string_view providerId) const = 0;
};

/// What all workers share. Made by whoever owns the gateway; outlives the workers; every part is thread-safe.
struct Services
{
    const ConfigHub &config;
    const Clock &clock;
    const KeyHasher &keyHasher;
    state::HealthStore &health;
    state::PlanBooks &planBooks;
    state::Quotas &quotas;                         ///< budgets and limits of all scopes
    state::CaptureBudget &captures;
    state::RefusalLimiter &refusals;
    telemetry::StatsHub &stats;
    RecordSink &records;
    state::TokenStore &tokens;
    state::ClockOffsets &clocks;                   ///< of providers whose calls are signed
    state::KeyedStore &conversations;              ///< what providers want to see again of their answers
    state::KeyedStore &responses;                  ///< which provider keeps a response
    state::ShadowSlots shadows {};
    state::CallQueue queue {};                     ///< calls that wait while their targets are at their limits
    state::KeyAttempts keyAttempts {};             ///< who tries wrong keys
    state::PlaceCounts places {};                  ///< attempts under way at each provider, where queues want to know
    state::SeenPrompts seenPrompts {};             ///< what marks for providers' caches are set by
    std::shared_ptr<AdminDoor> admin {};           ///< who answers below /admin/v1; null: nobody does
    AnswerCaches *caches = nullptr;                ///< answers that are kept; null: none are
    Analyzers *analyzers = nullptr;                ///< external detectors, and which of them rest; null: none is asked
    const ModelLists *modelLists = nullptr;        ///< null: wildcards are not expanded
    std::function<std::vector<telemetry::Gauge>()> gauges {}; ///< for /metrics; thread-safe; may be empty
    std::string testToken {};                      ///< calls with it in x-signalbox-test are the window's own; empty: none are
    std::atomic<bool> draining {false};            ///< set: new calls get a 503 (faults.md G03)
    std::atomic<std::uint64_t> wrongKeys {0};      ///< calls refused for their key, since the start
};

/// Writes one record for each address whose refusals of a past second were only counted. Ask about once a second; any thread.
void pushRefusalSummaries(Services &services);

} // namespace gateway::pipeline
