// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/key_words.h"

#include "ui/bridge/text.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using gateway::config::Config;
using gateway::config::VirtualKey;

constexpr std::chrono::days old {365};

QString tr(const char *text) { return QCoreApplication::translate("ui::keys", text); }

} // namespace

QString firstModel(const Config &config, const VirtualKey &key)
{
    const auto concrete = [](const std::string &name) { return !name.ends_with('*'); };
    if (key.models) {
        const auto named = std::ranges::find_if(*key.models, concrete);
        return named == key.models->end() ? QString() : qt(*named);
    }
    const auto route = std::ranges::find_if(config.routes, concrete, &gateway::config::Route::name);
    return route == config.routes.end() ? QString() : qt(route->name);
}

QString summaryOf(const VirtualKey &key)
{
    const QString team = key.team.empty() ? tr("No team") : tr("Team %1").arg(qt(key.team));
    QStringList models;
    if (key.models) {
        for (const std::string &model : *key.models)
            models << qt(model);
    }
    const QString expiry = key.expires ? tr("until %1").arg(widgets::dayText(*key.expires)) : tr("without an end");
    using gateway::config::Permission;
    QString may = models.isEmpty() ? tr("every model") : models.join(u", "_s);
    if (!key.permissions.contains(Permission::Call))
        may = tr("no model");
    if (key.permissions.contains(Permission::Passthrough))
        may = tr("%1, providers' own APIs").arg(may);
    if (key.permissions.contains(Permission::ReadLog))
        may = tr("%1, its own calls in the log").arg(may);
    QStringList rules;
    for (const auto &budget : key.quota.budgets)
        rules << panes::capText(budget.amount.value_or(gateway::Money()), budget.per);
    for (const auto &limit : key.quota.limits) {
        if (limit.rpm)
            rules << tr("%1 requests a minute").arg(widgets::count(static_cast<std::uint64_t>(*limit.rpm)));
    }
    if (!rules.isEmpty())
        may = tr("%1, %2").arg(may, rules.join(u", "_s));
    return tr("%1, %2, %3.").arg(team, may, expiry);
}

QString problemOf(const gateway::api::ApplyOutcome &outcome)
{
    const auto problem = std::ranges::find(outcome.problems, false, &gateway::api::FieldError::warning);
    return problem == outcome.problems.end() ? tr("The gateway did not take the change.") : qt(problem->message);
}

QString problemField(const gateway::api::ApplyOutcome &outcome)
{
    const auto problem = std::ranges::find(outcome.problems, false, &gateway::api::FieldError::warning);
    return problem == outcome.problems.end() ? QString() : qt(problem->field);
}

QString ageOf(const VirtualKey &key, gateway::WallTime now)
{
    if (key.createdAt == gateway::WallTime {})
        return widgets::unknownText();
    return widgets::span(std::chrono::duration_cast<gateway::Duration>(std::max(now - key.createdAt, decltype(now - key.createdAt) {})));
}

bool isOld(const VirtualKey &key, gateway::WallTime now)
{
    return !key.revoked && !key.expires && key.createdAt != gateway::WallTime {} && now - key.createdAt > old;
}

} // namespace ui::keys
