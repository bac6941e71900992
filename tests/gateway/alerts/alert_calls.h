// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/alerts/engine.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

/// Calls and alerts for the tests of alerts/.
namespace testing {

using namespace gateway;

inline const WallTime noon = WallTime(std::chrono::seconds {1'795'867'200}); ///< 2026-11-28 12:00 UTC

inline AlertCall call(WallTime at, CallStatus status = CallStatus::Ok)
{
    AlertCall call {.endedAt = at, .team = "search", .key = "k", .route = "chat", .provider = "openai", .model = "gpt-4o", .status = status};
    call.latencyUs = 800'000;
    call.cost = Money::fromNanos(2'000'000);
    call.tokens = 100;
    return call;
}

inline config::Alert alertOn(config::AlertMetric metric, config::AlertSide side, double threshold, config::AlertScope scope = config::AlertScope::Organisation)
{
    config::Alert alert {.id = "a1", .name = "alert", .when = {.metric = metric, .scope = scope, .side = side, .threshold = threshold}};
    alert.when.window = std::chrono::minutes {1};
    alert.when.clearFor = std::chrono::milliseconds {0};
    return alert;
}

/// An engine at its moments, and what came of them.
class Run
{
public:
    explicit Run(const config::Alert &alert, WallTime start = noon, std::string zone = "UTC") : m_alert(alert), m_zone(std::move(zone)), at(start) { configure(alert); }

    void configure(const config::Alert &alert) { append(engine.configure({alert}, m_zone, at)); }
    void step(const std::vector<alerts::AlertGauge> &gauges = {})
    {
        at += alerts::evaluatedEvery;
        append(engine.evaluate(at, gauges));
    }
    void steps(int times, const std::vector<alerts::AlertGauge> &gauges = {})
    {
        for (int i = 0; i < times; ++i)
            step(gauges);
    }
    [[nodiscard]] int count(alerts::AlertEvent::Kind kind) const
    {
        return static_cast<int>(std::ranges::count(events, kind, &alerts::AlertEvent::kind));
    }
    [[nodiscard]] int told(AlertWord word) const
    {
        return static_cast<int>(std::ranges::count_if(events, [&](const alerts::AlertEvent &event) { return event.kind == alerts::AlertEvent::Kind::Tell && event.word == word; }));
    }
    [[nodiscard]] int fired() const { return count(alerts::AlertEvent::Kind::Fired); }
    [[nodiscard]] int resolved() const { return count(alerts::AlertEvent::Kind::Resolved); }
    [[nodiscard]] AlertState state() const
    {
        const auto states = engine.states(at);
        return states.empty() ? AlertState::Ok : states.front().state;
    }

private:
    void append(std::vector<alerts::AlertEvent> more) { events.insert(events.end(), more.begin(), more.end()); }
    config::Alert m_alert;
    std::string m_zone;

public:
    alerts::AlertEngine engine;
    WallTime at;
    std::vector<alerts::AlertEvent> events;
};

} // namespace testing
