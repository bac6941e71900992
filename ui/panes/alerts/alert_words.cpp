// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/alert_words.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using bridge::qt;
using widgets::Icon;
using widgets::Role;

QString tr(const char *text, const char *comment = nullptr, int number = -1) { return QCoreApplication::translate("ui::alerts", text, comment, number); }

QString levelText(const AlertWhen &when)
{
    const QString value = valueText(when.threshold, unitOf(when));
    switch (*when.side) {
    case AlertSide::Above: return tr("above %1").arg(value);
    case AlertSide::Below: return tr("below %1").arg(value);
    case AlertSide::Deviates: break;
    }
    const QString many = QString::number(when.threshold, 'g', 3);
    switch (when.direction) {
    case gateway::config::AlertDirection::Up: return tr("%1 deviations above what is usual for the hour").arg(many);
    case gateway::config::AlertDirection::Down: return tr("%1 deviations below what is usual for the hour").arg(many);
    case gateway::config::AlertDirection::Both: break;
    }
    return tr("%1 deviations off what is usual for the hour").arg(many);
}

} // namespace

QString metricTitle(AlertMetric metric)
{
    switch (metric) {
    case AlertMetric::ErrorRate: return tr("Error rate");
    case AlertMetric::Calls: return tr("Calls");
    case AlertMetric::Cost: return tr("Cost");
    case AlertMetric::CostPerCall: return tr("Cost per call");
    case AlertMetric::Tokens: return tr("Tokens");
    case AlertMetric::LatencyP50: return tr("Latency, p50");
    case AlertMetric::LatencyP95: return tr("Latency, p95");
    case AlertMetric::LatencyP99: return tr("Latency, p99");
    case AlertMetric::FirstTokenP95: return tr("Time to first token, p95");
    case AlertMetric::BudgetUsed: return tr("Budget used");
    case AlertMetric::BudgetForecast: return tr("Budget forecast");
    case AlertMetric::CacheHitRate: return tr("Cache hit rate");
    case AlertMetric::CircuitOpen: return tr("Open circuits");
    case AlertMetric::RateLimited: return tr("Rate-limited calls");
    }
    return {};
}

QString scopeTitle(AlertScope scope)
{
    switch (scope) {
    case AlertScope::Organisation: return tr("Organisation");
    case AlertScope::Team: return tr("Team");
    case AlertScope::Key: return tr("Key");
    case AlertScope::Customer: return tr("Customer");
    case AlertScope::Route: return tr("Route");
    case AlertScope::Provider: return tr("Provider");
    case AlertScope::Model: return tr("Model");
    case AlertScope::Tag: return tr("Tag");
    }
    return {};
}

QString eachOf(AlertScope scope)
{
    switch (scope) {
    case AlertScope::Organisation: return tr("the organisation");
    case AlertScope::Team: return tr("each team");
    case AlertScope::Key: return tr("each key");
    case AlertScope::Customer: return tr("each customer");
    case AlertScope::Route: return tr("each route");
    case AlertScope::Provider: return tr("each provider");
    case AlertScope::Model: return tr("each model");
    case AlertScope::Tag: return tr("each tag");
    }
    return {};
}

QString subjectText(AlertScope scope, const QString &subject)
{
    switch (scope) {
    case AlertScope::Organisation: return tr("the organisation");
    case AlertScope::Team: return tr("team %1").arg(subject);
    case AlertScope::Key: return tr("key %1").arg(subject);
    case AlertScope::Customer: return tr("customer %1").arg(subject);
    case AlertScope::Route: return tr("route %1").arg(subject);
    case AlertScope::Provider: return tr("provider %1").arg(subject);
    case AlertScope::Model: return tr("model %1").arg(subject);
    case AlertScope::Tag: return tr("tag %1").arg(subject);
    }
    return subject;
}

QString subjectCount(AlertScope scope, int many)
{
    switch (scope) {
    case AlertScope::Organisation: return tr("the organisation");
    case AlertScope::Team: return tr("%n team(s)", nullptr, many);
    case AlertScope::Key: return tr("%n key(s)", nullptr, many);
    case AlertScope::Customer: return tr("%n customer(s)", nullptr, many);
    case AlertScope::Route: return tr("%n route(s)", nullptr, many);
    case AlertScope::Provider: return tr("%n provider(s)", nullptr, many);
    case AlertScope::Model: return tr("%n model(s)", nullptr, many);
    case AlertScope::Tag: return tr("%n tag(s)", nullptr, many);
    }
    return {};
}

QString severityTitle(AlertSeverity severity)
{
    switch (severity) {
    case AlertSeverity::Info: return tr("Information");
    case AlertSeverity::Warning: return tr("Warning");
    case AlertSeverity::Critical: return tr("Critical");
    }
    return {};
}

Icon severityIcon(AlertSeverity severity)
{
    return severity == AlertSeverity::Critical ? Icon::Error : severity == AlertSeverity::Warning ? Icon::Warning : Icon::Info;
}

Role severityRole(AlertSeverity severity)
{
    return severity == AlertSeverity::Critical ? Role::Err : severity == AlertSeverity::Warning ? Role::Warn : Role::Accent;
}

QString notifyTitle(NotifyKind kind)
{
    switch (kind) {
    case NotifyKind::Desktop: return tr("Desktop");
    case NotifyKind::Webhook: return tr("Webhook");
    case NotifyKind::Slack: return u"Slack"_s;
    case NotifyKind::Teams: return u"Teams"_s;
    case NotifyKind::Discord: return u"Discord"_s;
    case NotifyKind::Email: return tr("E-mail");
    }
    return {};
}

QString wordTitle(gateway::AlertWord word)
{
    switch (word) {
    case gateway::AlertWord::Fired: return tr("Fired");
    case gateway::AlertWord::Reminder: return tr("Still firing");
    case gateway::AlertWord::Resolved: return tr("Over");
    case gateway::AlertWord::Test: return tr("Test");
    }
    return {};
}

AlertUnit unitOf(const AlertWhen &when) { return gateway::config::infoOf(when.metric).unit; }

bool isPartOfAll(const AlertWhen &when)
{
    return unitOf(when) == AlertUnit::Share && when.metric != AlertMetric::BudgetUsed && when.metric != AlertMetric::BudgetForecast;
}

QString valueText(double value, AlertUnit unit)
{
    switch (unit) {
    case AlertUnit::Share: return u"%1 %"_s.arg(QString::number(value * 100, 'g', 3));
    case AlertUnit::Dollars: return widgets::money(gateway::Money::fromNanos(std::llround(value * 1e9)));
    case AlertUnit::Seconds:
        if (value == 0)
            return tr("0 s");
        if (value >= 1 && value < 60 && value == std::floor(value))
            return tr("%1 s").arg(value);
        return widgets::latency(static_cast<std::int64_t>(std::llround(value * 1e6)));
    case AlertUnit::Count: break;
    }
    return value >= 0 && value == std::floor(value) && value < 1e15 ? widgets::count(static_cast<std::uint64_t>(value)) : QString::number(value, 'g', 4);
}

QString ruleText(const AlertWhen &when)
{
    const QString whose = when.subject.empty() ? eachOf(when.scope) : subjectText(when.scope, qt(when.subject));
    QString text;
    if (!when.side)
        return tr("%1 of %2").arg(metricTitle(when.metric), whose);
    if (when.metric == AlertMetric::CircuitOpen && when.side == AlertSide::Above && when.threshold == 0)
        text = tr("A circuit of %1 is open").arg(whose);
    else
        text = tr("%1 of %2 %3").arg(metricTitle(when.metric), whose, levelText(when));
    if (gateway::config::infoOf(when.metric).ofCalls)
        text = tr("%1 within %2").arg(text, widgets::setting(when.windowOrUsual()));
    if (when.holds.count() > 0)
        text = tr("%1, for %2").arg(text, widgets::setting(when.holds));
    if (when.minCalls > 0)
        text = when.minCalls == 1 ? tr("%1, with a call at least").arg(text) : tr("%1, with %2 calls at least").arg(text, widgets::count(static_cast<std::uint64_t>(when.minCalls)));
    return text;
}

QString channelsText(const std::vector<Notify> &notify)
{
    static constexpr std::array kinds {NotifyKind::Desktop, NotifyKind::Slack, NotifyKind::Teams, NotifyKind::Discord, NotifyKind::Webhook, NotifyKind::Email};
    QStringList parts;
    for (const NotifyKind kind : kinds) {
        const auto many = std::ranges::count(notify, kind, &Notify::kind);
        if (many == 1)
            parts << notifyTitle(kind);
        else if (many > 1)
            parts << tr("%1 ×%2").arg(notifyTitle(kind)).arg(many);
    }
    return parts.isEmpty() ? tr("nobody") : parts.join(u", "_s);
}

QString receiversText(const std::vector<Notify> &notify)
{
    QStringList lines;
    for (const Notify &one : notify)
        lines << (one.kind == NotifyKind::Desktop ? tr("Desktop: this window, and the tray where there is one") : u"%1: %2"_s.arg(notifyTitle(one.kind), qt(one.isWebhook() ? gateway::config::shownWebhook(one.to) : one.to)));
    return lines.isEmpty() ? tr("It tells nobody; what it finds is shown here.") : lines.join(u'\n');
}

QString callsFilter(const AlertWhen &when, const std::string &subject)
{
    QStringList terms;
    if (when.scope != AlertScope::Organisation && !subject.empty())
        terms << u"%1:\"%2\""_s.arg(qt(toText(when.scope)), qt(subject).replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s));
    if (when.metric == AlertMetric::ErrorRate)
        terms << (terms.isEmpty() ? u"state:failed OR state:cut"_s : u"(state:failed OR state:cut)"_s);
    else if (when.metric == AlertMetric::RateLimited)
        terms << u"status:429"_s;
    return terms.join(u' ');
}

} // namespace ui::alerts
