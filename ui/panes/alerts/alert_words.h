// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"
#include "gateway/core/alert_view.h"
#include "ui/widgets/icons.h"

#include <QString>

/// Alerts in words. GUI thread.
namespace ui::alerts {

using gateway::config::Alert;
using gateway::config::AlertMetric;
using gateway::config::AlertScope;
using gateway::config::AlertSeverity;
using gateway::config::AlertSide;
using gateway::config::AlertUnit;
using gateway::config::AlertWhen;
using gateway::config::Notify;
using gateway::config::NotifyKind;

QString metricTitle(AlertMetric metric);     ///< "Error rate"
QString scopeTitle(AlertScope scope);        ///< "Team"
QString eachOf(AlertScope scope);            ///< "each team"; "the organisation"
/// "team search", "the organisation"; `subject` is shown as it is.
QString subjectText(AlertScope scope, const QString &subject);
/// Whether the metric is a share that is never above all; a budget can be overspent.
bool isPartOfAll(const AlertWhen &when);
QString subjectCount(AlertScope scope, int many); ///< "4 routes"
QString severityTitle(AlertSeverity severity);
widgets::Icon severityIcon(AlertSeverity severity);
widgets::Role severityRole(AlertSeverity severity);
QString notifyTitle(NotifyKind kind);        ///< "Slack"
QString wordTitle(gateway::AlertWord word);  ///< "Fired"

/// A value of a metric: "12 %", "$4.20", "2.41 s", "1,200".
QString valueText(double value, AlertUnit unit);
AlertUnit unitOf(const AlertWhen &when);

/// "Error rate of each route above 5 % for 5 min, with 20 calls at least"
QString ruleText(const AlertWhen &when);
/// "Desktop, Slack, 2 e-mails": without addresses.
QString channelsText(const std::vector<Notify> &notify);
/// With addresses, of which no secret is shown, a line each.
QString receiversText(const std::vector<Notify> &notify);

/// The calls that a firing was about, as the filter of Calls: those of its subject, and where it counts failures those alone.
QString callsFilter(const AlertWhen &when, const std::string &subject);

} // namespace ui::alerts
