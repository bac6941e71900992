// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/scene_alerts.h"

#include "gateway/alerts/preview.h"
#include "gateway/api/gateway.h"
#include "tests/ui/support/fake_gateway.h"

#include <cmath>
#include <random>

using namespace gateway;
using namespace std::chrono_literals;
using config::Alert;
using config::AlertMetric;
using config::AlertScope;
using config::AlertSide;
using config::NotifyKind;

namespace tests {
namespace {

WallTime ago(std::chrono::seconds time) { return FakeGateway::sceneTime() - time; }

config::Notify masked(NotifyKind kind, const std::string &origin, const char *lastFour) { return {.kind = kind, .to = origin + api::Gateway::maskedSecret(lastFour)}; }

AlertStatus status(const char *alert, const char *subject, AlertState state, std::optional<double> value, double threshold, std::chrono::seconds since, std::uint64_t calls)
{
    return {.alert = alert, .subject = subject, .state = state, .since = ago(since), .value = value, .upper = threshold, .calls = calls};
}

AlertFiring firing(std::int64_t number, const char *alert, const char *name, const char *subject, AlertMetric metric, const char *severity, std::chrono::seconds fired, std::optional<std::chrono::seconds> over, double value, double level)
{
    AlertFiring made {.number = number, .alert = alert, .name = name, .subject = subject, .metric = std::string(toText(metric)), .severity = severity, .pendingSince = ago(fired + 300s), .firedAt = ago(fired), .value = value, .peak = value * 1.6, .level = level, .told = true};
    if (over)
        made.resolvedAt = ago(*over);
    return made;
}

AlertDelivery delivery(std::int64_t number, const AlertFiring &of, AlertWord word, const char *channel, const char *target, std::chrono::seconds at, int attempt, bool delivered, bool last, const char *detail)
{
    return {.number = number, .firing = of.number, .alert = of.alert, .name = of.name, .subject = of.subject, .word = word, .channel = channel, .target = target, .at = ago(at), .attempt = attempt, .delivered = delivered, .last = last, .detail = detail};
}

struct Route
{
    const char *name, *team, *provider;
    double failing; ///< share of its calls, usually
    double seconds; ///< of a call
};
constexpr Route routes[] {{"gpt-4o", "search", "openai", 0.004, 1.4}, {"smart", "support", "claude", 0.007, 3.1}, {"canary", "growth", "openai", 0.012, 1.9}, {"embeddings", "research", "openai", 0.002, 0.3}};

/// How much of a route's calls fail at that time.
double failingAt(const Route &route, std::chrono::seconds before)
{
    const std::string_view name = route.name;
    if (name == "canary" && (before < 25min || (before > 14h && before < 14h + 25min)))
        return 0.3;
    return name == "gpt-4o" && before > 5h && before < 5h + 18min ? 0.14 : route.failing;
}

std::vector<AlertCall> calls(WallTime from, WallTime to)
{
    std::mt19937 random(5);
    std::uniform_real_distribution<double> share(0, 1);
    std::vector<AlertCall> all;
    for (WallTime at = from; at < to; at += 10s) {
        const auto before = std::chrono::floor<std::chrono::seconds>(FakeGateway::sceneTime() - at);
        const double day = static_cast<double>(at.time_since_epoch() % std::chrono::days(1) / 1s) / 86'400;
        for (const Route &route : routes) {
            if (share(random) > 0.4 + 0.5 * std::sin(day * 3.14159))
                continue;
            AlertCall call {.endedAt = at, .team = route.team, .key = std::string(route.team) + "-backend", .route = route.name, .provider = route.provider, .model = route.name};
            call.status = share(random) < failingAt(route, before) ? CallStatus::Failed : CallStatus::Ok;
            call.latencyUs = static_cast<std::int64_t>(1e6 * route.seconds * (0.5 + share(random)));
            call.cost = Money::fromNanos(static_cast<std::int64_t>(share(random) * 8e6));
            call.tokens = static_cast<std::int64_t>(share(random) * 2000);
            all.push_back(std::move(call));
        }
    }
    return all;
}

/// Budgets that fill up.
std::vector<alerts::GaugeChange> budgets(WallTime from, WallTime to)
{
    std::vector<alerts::GaugeChange> changes;
    constexpr int steps = 48;
    for (int i = 0; i < steps; ++i) {
        for (const auto &[team, now] : {std::pair {"search", 0.70}, std::pair {"support", 0.79}, std::pair {"growth", 0.995}, std::pair {"research", 0.48}})
            changes.push_back({.at = from + (to - from) * i / steps, .subject = team, .value = now * (0.7 + 0.3 * i / steps)});
    }
    return changes;
}

} // namespace

void addSceneAlerts(config::Config &config)
{
    config.alerts.reserve(7); // their references stay
    const auto add = [&](const char *name, AlertMetric metric, AlertScope scope, AlertSide side, double threshold) -> Alert & {
        Alert &alert = config.alerts.emplace_back();
        alert.id = std::string("alr_") + name;
        alert.name = name;
        alert.when.metric = metric;
        alert.when.scope = scope;
        alert.when.side = side;
        alert.when.threshold = threshold;
        alert.notify.resize(1); // the desktop
        return alert;
    };
    Alert &errors = add("errors", AlertMetric::ErrorRate, AlertScope::Route, AlertSide::Above, 0.05);
    errors.severity = config::AlertSeverity::Critical;
    errors.when.holds = 5min;
    errors.when.minCalls = 20;
    errors.notify.push_back(masked(NotifyKind::Slack, "https://hooks.slack.com/", "x9Qb"));
    errors.repeat = 1h;
    Alert &budget = add("budget", AlertMetric::BudgetUsed, AlertScope::Team, AlertSide::Above, 0.8);
    budget.notify.push_back(masked(NotifyKind::Webhook, "https://ops.example.org/", "hook"));
    budget.notify.push_back({.kind = NotifyKind::Email, .to = "finance@example.org"});
    budget.secret.value = api::Gateway::maskedSecret("7a1f");
    Alert &slow = add("slow", AlertMetric::LatencyP95, AlertScope::Route, AlertSide::Above, 10);
    slow.name = "slow answers";
    slow.when.window = 10min;
    slow.when.holds = 5min;
    slow.when.minCalls = 20;
    Alert &spend = add("spend", AlertMetric::Cost, AlertScope::Organisation, AlertSide::Deviates, 4);
    spend.name = "unusual spend";
    spend.when.direction = config::AlertDirection::Up;
    spend.when.window = 1h;
    spend.notify = {{.kind = NotifyKind::Email, .to = "finance@example.org"}};
    Alert &cache = add("cache", AlertMetric::CacheHitRate, AlertScope::Organisation, AlertSide::Below, 0.1);
    cache.severity = config::AlertSeverity::Info;
    cache.when.window = 1h;
    cache.when.minCalls = 100;
    cache.quiet = {{.from = 12 * 60, .to = 15 * 60, .days = {1, 2, 3, 4, 5}}};
    Alert &circuits = add("circuits", AlertMetric::CircuitOpen, AlertScope::Provider, AlertSide::Above, 0);
    circuits.origin = config::Origin::File;
    circuits.when.holds = 30s;
    Alert &limits = add("limits", AlertMetric::RateLimited, AlertScope::Provider, AlertSide::Above, 50);
    limits.name = "rate limits";
    limits.enabled = false;
    limits.notify = {masked(NotifyKind::Discord, "https://discord.com/", "Zk2w")};
    config.smtp.host = "smtp.example.org";
    config.smtp.user = "alerts";
    config.smtp.password.value = api::Gateway::maskedSecret("pw9z");
    config.smtp.from = "alerts@example.org";
}

AlertBoard sceneBoard()
{
    AlertBoard board {.at = ago(7s), .last = sceneFirings()};
    board.states = {status("alr_errors", "canary", AlertState::Firing, 0.117, 0.05, 25min, 77), status("alr_errors", "gpt-4o", AlertState::Ok, 0.0052, 0.05, 6h, 403), status("alr_errors", "smart", AlertState::Pending, 0.062, 0.05, 2min, 193),
                    status("alr_errors", "embeddings", AlertState::Ok, 0.0019, 0.05, 48h, 584), status("alr_budget", "growth", AlertState::Firing, 0.9957, 0.8, 51h, 0), status("alr_budget", "support", AlertState::Ok, 0.79, 0.8, 200h, 0),
                    status("alr_budget", "search", AlertState::Ok, 0.70, 0.8, 200h, 0), status("alr_slow", "gpt-4o", AlertState::Ok, 1.92, 10, 300h, 806), status("alr_slow", "smart", AlertState::Ok, 4.21, 10, 300h, 386),
                    status("alr_spend", "", AlertState::Ok, 18.2, 24.1, 90h, 15120), status("alr_cache", "", AlertState::Ok, 0.236, 1, 300h, 15120), status("alr_circuits", "local-vllm", AlertState::Pending, 1, 0, 18s, 0),
                    status("alr_circuits", "openai", AlertState::Ok, 0, 0, 300h, 0)};
    board.states[0].firing = 41;
    board.states[4].firing = 38;
    board.states[4].acknowledgedBy = "window";
    board.states[9].mutedUntil = FakeGateway::sceneTime() + 17h;
    board.states[9].lower = 6.3;
    board.states[10].lower = 0.1;
    board.states[10].upper.reset();
    board.mutes = {{.alert = "alr_spend", .until = FakeGateway::sceneTime() + 17h}};
    board.quiet = {"alr_cache"};
    std::erase_if(board.last, [](const AlertFiring &one) { return one.number != 41 && one.number != 38 && one.number != 35; });
    return board;
}

std::vector<AlertFiring> sceneFirings()
{
    std::vector<AlertFiring> all {firing(41, "alr_errors", "errors", "canary", AlertMetric::ErrorRate, "critical", 20min, std::nullopt, 0.062, 0.05), firing(40, "alr_errors", "errors", "gpt-4o", AlertMetric::ErrorRate, "critical", 5h + 12min, 4h + 55min, 0.058, 0.05),
                                  firing(39, "alr_errors", "errors", "canary", AlertMetric::ErrorRate, "critical", 14h + 20min, 14h, 0.071, 0.05), firing(38, "alr_budget", "budget", "growth", AlertMetric::BudgetUsed, "warning", 51h, std::nullopt, 0.801, 0.8),
                                  firing(35, "alr_spend", "unusual spend", "", AlertMetric::Cost, "warning", 96h, 93h, 31.4, 24.1)};
    all[2].told = false;
    all[3].acknowledgedBy = "window";
    return all;
}

std::vector<AlertDelivery> sceneDeliveries()
{
    const auto of = sceneFirings();
    return {delivery(96, of[0], AlertWord::Fired, "slack", "https://hooks.slack.com/••••", 18min, 3, true, true, "it answered 200"), delivery(95, of[0], AlertWord::Fired, "slack", "https://hooks.slack.com/••••", 19min, 2, false, false, "it answered 503"),
            delivery(94, of[0], AlertWord::Fired, "slack", "https://hooks.slack.com/••••", 19min + 40s, 1, false, false, "it answered 503"), delivery(93, of[0], AlertWord::Fired, "desktop", "", 20min, 1, true, true, "shown"),
            delivery(92, of[1], AlertWord::Resolved, "desktop", "", 4h + 55min, 1, true, true, "shown"), delivery(88, of[3], AlertWord::Fired, "email", "finance@example.org", 51h, 1, true, true, "smtp.example.org took it"),
            delivery(87, of[3], AlertWord::Fired, "webhook", "https://ops.example.org/••••", 51h, 1, false, true, "it answered 401")};
}

Result<AlertPreview> scenePreview(const Alert &alert, WallTime from, WallTime to)
{
    if (!alert.when.side)
        return fail(ErrorCode::Invalid, "write one of above, below and deviates: it is what the metric is compared with", "when");
    if (alert.when.metric == AlertMetric::CircuitOpen)
        return fail(ErrorCode::NotSupported, "Which circuits were open then is not kept: this alert cannot be tried on the past.", "when.metric");
    alerts::AlertPast past {.from = from, .to = to};
    if (config::infoOf(alert.when.metric).ofCalls)
        past.calls = calls(from - alert.when.windowOrUsual(), to);
    else
        past.gauges = budgets(from, to);
    return alerts::previewOf(alert, std::move(past), "Europe/Berlin");
}

} // namespace tests
