// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/panes/alerts/alert_words.h"

/// What is done with alerts in a draft. Pure.
namespace ui::alerts {

using gateway::config::Config;

enum class AlertTemplate {
    ErrorRate,  ///< of each route
    BudgetUsed, ///< of each team
    Latency,    ///< p95, of each route
    Plain       ///< to be filled in
};

/// What an alert is recognised by while it is edited: its id, or while it has none its name.
std::string identityOf(const Alert &alert);
/// "errors", "errors-2"
std::string freeName(const Config &config, const std::string &wanted);
/// A whole alert, ready to be saved.
Alert alertOf(AlertTemplate form, const Config &config);
/// The same again, off and under a name of its own. Webhooks' addresses go: what is masked stands for that alert's own alone.
Alert copyOf(const Alert &alert, const Config &config);

/// What cannot go with the new one takes its usual value: a scope without such figures, a window of what is a state, a
/// threshold in another unit.
void setMetric(AlertWhen &when, AlertMetric metric);
void setScope(AlertWhen &when, AlertScope scope);
void setSide(AlertWhen &when, AlertSide side);
[[nodiscard]] bool mayScope(AlertMetric metric, AlertScope scope);
[[nodiscard]] bool mayDeviate(const AlertWhen &when);
/// Names that subjects of that scope have by the configuration; empty where callers make them up.
QStringList knownSubjects(const Config &config, AlertScope scope);

} // namespace ui::alerts
