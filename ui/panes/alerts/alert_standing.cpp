// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/alert_standing.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using gateway::AlertBoard;
using gateway::AlertState;
using gateway::AlertStatus;
using gateway::WallTime;
using widgets::Icon;
using widgets::Role;

QString tr(const char *text) { return QCoreApplication::translate("alerts", text); }

QDateTime localOf(WallTime at) { return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count()); }

AlertCondition conditionOf(const Alert &alert, const AlertBoard &board, const AlertStanding &standing)
{
    if (alert.id.empty())
        return AlertCondition::Unsaved;
    if (standing.firing > 0)
        return AlertCondition::Firing;
    if (!alert.enabled)
        return AlertCondition::Off;
    if (standing.mutedUntil)
        return AlertCondition::Muted;
    if (board.at == WallTime {})
        return AlertCondition::Unknown;
    if (standing.pending > 0)
        return AlertCondition::Pending;
    return standing.quiet ? AlertCondition::Quiet : AlertCondition::Fine;
}

QString firingWords(const AlertStanding &standing)
{
    return standing.subjects > 1 ? tr("Firing: %1 of %2").arg(standing.firing).arg(standing.subjects) : tr("Firing");
}

} // namespace

QString untilText(WallTime until, WallTime now)
{
    if (until >= gateway::AlertMute::forGood)
        return tr("you unmute it");
    const QDateTime end = localOf(until), today = localOf(now);
    const QString time = end.toString(u"HH:mm"_s);
    if (end.date() == today.date())
        return time;
    if (end.date() == today.date().addDays(1))
        return tr("tomorrow %1").arg(time);
    return QLocale().toString(end.date(), u"d MMM"_s) + u' ' + time;
}

std::vector<AlertStatus> statesOf(const AlertBoard &board, const std::string &alert)
{
    std::vector<AlertStatus> all;
    for (const AlertStatus &status : board.states) {
        if (status.alert == alert)
            all.push_back(status);
    }
    std::ranges::stable_sort(all, [](const AlertStatus &a, const AlertStatus &b) { return a.state != b.state ? a.state > b.state : a.subject < b.subject; });
    return all;
}

AlertStanding standingOf(const Alert &alert, const AlertBoard &board)
{
    AlertStanding standing;
    if (!alert.id.empty()) {
        for (const AlertStatus &status : board.states) {
            if (status.alert != alert.id)
                continue;
            ++standing.subjects;
            standing.firing += status.state == AlertState::Firing;
            standing.pending += status.state == AlertState::Pending;
            standing.unacknowledged += status.state == AlertState::Firing && status.acknowledgedBy.empty();
        }
        for (const gateway::AlertMute &mute : board.mutes) {
            if (mute.alert == alert.id && !mute.subject)
                standing.mutedUntil = mute.until;
        }
        standing.quiet = std::ranges::find(board.quiet, alert.id) != board.quiet.end();
        if (const auto last = std::ranges::find(board.last, alert.id, &gateway::AlertFiring::alert); last != board.last.end())
            standing.lastFired = last->firedAt;
    }
    standing.condition = conditionOf(alert, board, standing);
    return standing;
}

StateLook lookOf(const Alert &alert, const AlertStanding &standing, WallTime now)
{
    QStringList notes;
    if (standing.firing > 0 && standing.unacknowledged == 0)
        notes << tr("acknowledged");
    if (standing.mutedUntil)
        notes << (*standing.mutedUntil >= gateway::AlertMute::forGood ? tr("muted") : tr("muted until %1").arg(untilText(*standing.mutedUntil, now)));
    else if (standing.quiet)
        notes << tr("quiet hours");
    const QString note = notes.join(u", "_s);
    switch (standing.condition) {
    case AlertCondition::Unsaved: return {Icon::Edit, Role::Muted, tr("Not saved"), {}};
    case AlertCondition::Off: return {Icon::Skipped, Role::Muted, tr("Off"), note};
    case AlertCondition::Unknown: return {Icon::Dot, Role::Muted, tr("Not looked at yet"), note};
    case AlertCondition::Fine: return {Icon::Ok, Role::Ok, tr("Fine"), note};
    case AlertCondition::Quiet: return {Icon::Moon, Role::Muted, tr("Quiet"), tr("quiet hours")};
    case AlertCondition::Muted: return {Icon::Pause, Role::Muted, tr("Muted"), *standing.mutedUntil >= gateway::AlertMute::forGood ? tr("until you unmute it") : tr("until %1").arg(untilText(*standing.mutedUntil, now))};
    case AlertCondition::Pending: return {Icon::HalfOpen, Role::Warn, tr("Pending"), note.isEmpty() ? tr("for less than %1").arg(widgets::setting(alert.when.holds)) : note};
    case AlertCondition::Firing: break;
    }
    return {severityIcon(alert.severity), severityRole(alert.severity), firingWords(standing), note};
}

StateLook lookOf(const AlertStatus &status, AlertSeverity severity, WallTime now)
{
    QStringList notes;
    if (!status.acknowledgedBy.empty())
        notes << tr("acknowledged by %1").arg(status.acknowledgedBy == "window" ? tr("this window") : bridge::qt(status.acknowledgedBy));
    if (status.mutedUntil)
        notes << (*status.mutedUntil >= gateway::AlertMute::forGood ? tr("muted") : tr("muted until %1").arg(untilText(*status.mutedUntil, now)));
    const QString note = notes.join(u", "_s);
    switch (status.state) {
    case AlertState::Ok: return {status.mutedUntil ? Icon::Pause : Icon::Ok, status.mutedUntil ? Role::Muted : Role::Ok, tr("Fine"), note};
    case AlertState::Pending: return {Icon::HalfOpen, Role::Warn, tr("Pending"), note};
    case AlertState::Firing: break;
    }
    return {severityIcon(severity), severityRole(severity), tr("Firing"), note};
}

} // namespace ui::alerts
