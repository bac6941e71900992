// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/alert_edit.h"

#include "ui/bridge/text.h"

#include <QStringList>

#include <algorithm>

namespace ui::alerts {

namespace {

using namespace std::chrono_literals;

constexpr double usualDeviations = 3;

/// What is usually too much of it.
double usualThreshold(AlertMetric metric)
{
    switch (metric) {
    case AlertMetric::ErrorRate: return 0.05;
    case AlertMetric::Calls: return 1000;
    case AlertMetric::Cost: return 10;
    case AlertMetric::CostPerCall: return 0.1;
    case AlertMetric::Tokens: return 1'000'000;
    case AlertMetric::LatencyP50: return 5;
    case AlertMetric::LatencyP95: return 10;
    case AlertMetric::LatencyP99: return 20;
    case AlertMetric::FirstTokenP95: return 3;
    case AlertMetric::BudgetUsed: return 0.8;
    case AlertMetric::BudgetForecast: return 1;
    case AlertMetric::CacheHitRate: return 0.1;
    case AlertMetric::CircuitOpen: return 0;
    case AlertMetric::RateLimited: return 10;
    }
    return 0;
}

bool isBudget(AlertMetric metric) { return metric == AlertMetric::BudgetUsed || metric == AlertMetric::BudgetForecast; }

} // namespace

std::string identityOf(const Alert &alert) { return alert.id.empty() ? "name:" + alert.name : alert.id; }

std::string freeName(const Config &config, const std::string &wanted)
{
    std::string name = wanted;
    for (int number = 2; std::ranges::find(config.alerts, name, &Alert::name) != config.alerts.end(); ++number)
        name = wanted + '-' + std::to_string(number);
    return name;
}

Alert alertOf(AlertTemplate form, const Config &config)
{
    Alert alert;
    alert.notify = {{}}; // the desktop
    alert.when.side = AlertSide::Above;
    switch (form) {
    case AlertTemplate::ErrorRate:
        alert.name = "errors";
        alert.when = {.metric = AlertMetric::ErrorRate, .scope = AlertScope::Route, .side = AlertSide::Above, .threshold = 0.05, .holds = 5min, .minCalls = 20};
        break;
    case AlertTemplate::BudgetUsed:
        alert.name = "budget";
        alert.when = {.metric = AlertMetric::BudgetUsed, .scope = AlertScope::Team, .side = AlertSide::Above, .threshold = 0.8};
        break;
    case AlertTemplate::Latency:
        alert.name = "latency";
        alert.when = {.metric = AlertMetric::LatencyP95, .scope = AlertScope::Route, .side = AlertSide::Above, .threshold = 10, .window = 10min, .holds = 5min, .minCalls = 20};
        break;
    case AlertTemplate::Plain:
        alert.name = "alert";
        alert.when.threshold = usualThreshold(alert.when.metric);
        break;
    }
    alert.name = freeName(config, alert.name);
    return alert;
}

Alert copyOf(const Alert &alert, const Config &config)
{
    Alert copy = alert;
    copy.id.clear();
    copy.origin = gateway::config::Origin::Database;
    copy.name = freeName(config, alert.name);
    copy.enabled = false;
    copy.secret = {};
    std::erase_if(copy.notify, [](const Notify &notify) { return notify.isWebhook() && gateway::config::isMaskedWebhook(notify.to); });
    return copy;
}

bool mayScope(AlertMetric metric, AlertScope scope)
{
    if (metric == AlertMetric::CircuitOpen)
        return scope == AlertScope::Provider;
    return !isBudget(metric) || scope != AlertScope::Model;
}

bool mayDeviate(const AlertWhen &when)
{
    return gateway::config::infoOf(when.metric).canDeviate && when.scope != AlertScope::Customer && when.scope != AlertScope::Tag;
}

void setSide(AlertWhen &when, AlertSide side)
{
    if (when.side == side)
        return;
    const bool was = when.side == AlertSide::Deviates, is = side == AlertSide::Deviates;
    when.side = side;
    when.clear.reset();
    if (was != is)
        when.threshold = is ? usualDeviations : usualThreshold(when.metric);
    if (!is) {
        when.direction = gateway::config::AlertDirection::Both;
        when.days = AlertWhen {}.days;
    }
}

void setScope(AlertWhen &when, AlertScope scope)
{
    if (when.scope == scope)
        return;
    when.scope = scope;
    when.subject.clear();
    if (when.side == AlertSide::Deviates && !mayDeviate(when))
        setSide(when, AlertSide::Above);
}

void setMetric(AlertWhen &when, AlertMetric metric)
{
    if (when.metric == metric)
        return;
    const bool sameUnit = gateway::config::infoOf(when.metric).unit == gateway::config::infoOf(metric).unit && isBudget(when.metric) == isBudget(metric);
    when.metric = metric;
    if (!mayScope(metric, when.scope))
        setScope(when, metric == AlertMetric::CircuitOpen ? AlertScope::Provider : AlertScope::Organisation);
    if (when.side == AlertSide::Deviates && !mayDeviate(when))
        setSide(when, AlertSide::Above);
    if (!when.side || metric == AlertMetric::CircuitOpen)
        setSide(when, AlertSide::Above);
    if (when.side != AlertSide::Deviates && (!sameUnit || metric == AlertMetric::CircuitOpen)) {
        when.threshold = usualThreshold(metric);
        when.clear.reset();
    }
    if (!gateway::config::infoOf(metric).ofCalls) {
        when.window.reset();
        when.minCalls = 0;
    }
}

QStringList knownSubjects(const Config &config, AlertScope scope)
{
    QStringList names;
    const auto add = [&](const auto &entries) {
        for (const auto &entry : entries)
            names << bridge::qt(entry.name);
    };
    switch (scope) {
    case AlertScope::Team: add(config.teams); break;
    case AlertScope::Key: add(config.keys); break;
    case AlertScope::Route: add(config.routes); break;
    case AlertScope::Provider: add(config.providers); break;
    case AlertScope::Model:
        for (const auto &provider : config.providers) {
            for (const auto &model : provider.models)
                names << bridge::qt(model.id);
        }
        break;
    case AlertScope::Organisation:
    case AlertScope::Customer:
    case AlertScope::Tag: break;
    }
    names.removeDuplicates();
    return names;
}

} // namespace ui::alerts
