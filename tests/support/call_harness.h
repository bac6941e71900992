// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/price_book.h"
#include "gateway/pipeline/compile.h"
#include "gateway/pipeline/runner.h"
#include "gateway/pipeline/services.h"
#include "gateway/pipeline/detached_tasks.h"
#include "gateway/stages/stage_table.h"
#include "gateway/state/health_registry.h"
#include "gateway/state/keyed_memory.h"
#include "tests/support/fake_upstream.h"
#include "tests/support/memory_records.h"

#include <memory>
#include <string>
#include <vector>

namespace support {

/// One worker without a network: calls run at once, in this thread, in a time that only waiting moves.
class CallHarness
{
public:
    tests::FakeClock clock;
    gateway::KeyHasher hasher {gateway::KeyHasher::Key {}};
    gateway::pipeline::ConfigHub hub;
    gateway::state::HealthRegistry health;
    gateway::state::PlanBooks planBooks {clock};
    gateway::state::LocalQuotas quotas {clock};
    gateway::state::CaptureBudget captures;
    gateway::state::RefusalLimiter refusals;
    gateway::state::TokenStore tokens;
    gateway::state::ClockOffsets clocks;
    gateway::state::KeyedMemory conversations, responses;
    gateway::telemetry::StatsHub stats {1};
    MemoryRecords records;
    gateway::pipeline::Services services {.config = hub, .clock = clock, .keyHasher = hasher, .health = health, .planBooks = planBooks, .quotas = quotas, .captures = captures,
                                          .refusals = refusals, .stats = stats, .records = records, .tokens = tokens, .clocks = clocks,
                                          .conversations = conversations, .responses = responses};
    FakeUpstream upstream {clock};
    FakeTimers timers {clock};

    /// A route "test" over so many openai-compatible providers p1, p2, ...; one key, "sb-key".
    [[nodiscard]] gateway::config::Config config(int providers) const
    {
        gateway::config::Config made;
        gateway::config::FallbackNode chain;
        for (int i = 1; i <= providers; ++i) {
            gateway::config::Provider provider;
            provider.name = provider.id = "p" + std::to_string(i);
            provider.kind = "openai-compatible";
            provider.baseUrl = "http://127.0.0.1:1/v1";
            made.providers.push_back(std::move(provider));
            gateway::config::TargetNode target;
            target.provider = "p" + std::to_string(i);
            target.model = "m" + std::to_string(i);
            chain.children.push_back({.node = std::move(target)});
        }
        gateway::config::Route route;
        route.name = route.id = "test";
        route.plan.node = std::move(chain);
        made.routes.push_back(std::move(route));
        made.keys.push_back({.id = "k", .name = "tester", .team = {}, .hash = hasher.hashHex("sb-key")});
        return made;
    }

    /// False where the configuration has an error.
    bool publish(const gateway::config::Config &config)
    {
        auto compiled = gateway::pipeline::compile(config, std::make_shared<gateway::PriceBook>(), &stats);
        if (!compiled.config)
            return false;
        hub.publish(std::move(compiled.config));
        return true;
    }

    /// Runs one request to its end. With `list`, its stages in place of the real ones.
    void run(FakeCaller &caller, std::string body, std::vector<gateway::HeaderView> headers = {}, gateway::pipeline::StageList *list = nullptr,
             std::string_view path = "/v1/chat/completions", std::string_view method = "POST")
    {
        std::unique_ptr<gateway::pipeline::HttpHandler> handler;
        if (list) {
            auto worker = std::make_unique<gateway::pipeline::Worker>(services, upstream, timers, 0);
            handler = std::make_unique<gateway::pipeline::Runner>(std::move(worker), std::move(*list));
        } else {
            handler = gateway::stages::makeHandler(services, upstream, timers, 0);
        }
        const std::size_t size = body.size();
        body.append(gateway::pipeline::bodyPadding, '\0');
        headers.push_back({"x-api-key", "sb-key"});
        const gateway::pipeline::HttpRequest request {.method = method, .path = path, .query = {}, .headers = headers,
                                                      .body = std::string_view(body).substr(0, size), .peer = "127.0.0.1", .receivedAt = clock.steadyNow()};
        gateway::pipeline::DetachedTasks tasks;
        tasks.add(handler->handle(request, caller));
        timers.runPosted();
    }

    void chat(FakeCaller &caller, bool stream, std::vector<gateway::HeaderView> headers = {})
    {
        run(caller, std::string(R"({"model":"test","messages":[{"role":"user","content":"ping"}])") + (stream ? R"(,"stream":true})" : "}"), std::move(headers));
    }

    [[nodiscard]] gateway::CallRecord lastRecord() const
    {
        const auto all = records.all();
        return all.empty() ? gateway::CallRecord {} : all.back();
    }
};

} // namespace support
