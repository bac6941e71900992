// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_id.h"
#include "gateway/core/clock.h"
#include "gateway/pipeline/config_hub.h"
#include "gateway/pipeline/http.h"
#include "gateway/pipeline/price_cache.h"
#include "gateway/pipeline/services.h"
#include "gateway/pipeline/side_calls.h"
#include "gateway/pipeline/usage_means.h"
#include "gateway/telemetry/worker_stats.h"

#include <cstddef>
#include <cstdint>

namespace gateway::pipeline {

/// What one worker's calls share. Lives and is used on that worker's thread.
struct Worker
{
    /// @param index  of the worker: which of the hub's counters are its own
    Worker(Services &services, Upstream &upstream, Timers &timers, std::size_t index);

    Services &services;
    const Clock &clock;
    Upstream &upstream;
    Timers &timers;
    telemetry::WorkerStats &stats;
    ConfigHub::Reader config;
    PriceCache prices;
    UsageMeans usage;
    CallIdMaker callIds;
    SideCalls sideCalls;

    /// For splits, balance and jitter.
    std::uint64_t random();

private:
    std::uint64_t m_random;
};

} // namespace gateway::pipeline
