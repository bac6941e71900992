// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/scopes/scope_ref.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::panes {

namespace {

using gateway::ScopeKind;
using gateway::config::Config;
using gateway::config::Origin;
using gateway::config::Quota;

QString tr(const char *text) { return QCoreApplication::translate("ui::panes", text); }

/// Calls `with(entries)` with the list that holds scopes of this kind; nothing where there is no list.
template <typename AnyConfig, typename With>
void withEntries(AnyConfig &config, ScopeKind kind, const With &with)
{
    switch (kind) {
    case ScopeKind::Team: with(config.teams); break;
    case ScopeKind::Key: with(config.keys); break;
    case ScopeKind::Provider: with(config.providers); break;
    case ScopeKind::Route: with(config.routes); break;
    case ScopeKind::Tag: with(config.tags); break;
    case ScopeKind::Organisation:
    case ScopeKind::Customer: break;
    }
}

/// Calls `with(entry, index)` with the scope's own entry. @return whether there is one
template <typename AnyConfig, typename With>
bool withEntry(AnyConfig &config, const ScopeRef &scope, const With &with)
{
    bool found = false;
    withEntries(config, scope.kind, [&](auto &entries) {
        const auto entry = std::ranges::find_if(entries, [&](const auto &one) { return one.name == scope.name; });
        if (entry == entries.end())
            return;
        found = true;
        with(*entry, static_cast<std::size_t>(entry - entries.begin()));
    });
    return found;
}

} // namespace

Quota quotaOf(const Config &config, const ScopeRef &scope)
{
    if (scope.kind == ScopeKind::Organisation)
        return config.organisation.quota;
    Quota quota;
    if (scope.kind == ScopeKind::Customer) {
        if (config.customers.defaultBudget)
            quota.budgets.push_back(*config.customers.defaultBudget);
        if (config.customers.defaultLimits)
            quota.limits.push_back(*config.customers.defaultLimits);
    }
    withEntry(config, scope, [&](const auto &entry, std::size_t) { quota = entry.quota; });
    return quota;
}

bool setQuota(Config &config, const ScopeRef &scope, Quota quota)
{
    if (scope.kind == ScopeKind::Organisation) {
        config.organisation.quota = std::move(quota);
        return true;
    }
    if (scope.kind == ScopeKind::Customer) {
        config.customers.defaultBudget = quota.budgets.empty() ? std::nullopt : std::optional(quota.budgets.front());
        config.customers.defaultLimits = quota.limits.empty() ? std::nullopt : std::optional(quota.limits.front());
        return true;
    }
    return withEntry(config, scope, [&](auto &entry, std::size_t) { entry.quota = std::move(quota); });
}

bool isThere(const Config &config, const ScopeRef &scope)
{
    return scope.kind == ScopeKind::Organisation || scope.kind == ScopeKind::Customer || withEntry(config, scope, [](const auto &, std::size_t) {});
}

bool isLocked(const Config &config, const ScopeRef &scope)
{
    if (scope.kind == ScopeKind::Organisation)
        return config.fileSections.contains("organisation");
    if (scope.kind == ScopeKind::Customer)
        return config.fileSections.contains("customers");
    bool locked = false;
    withEntry(config, scope, [&](const auto &entry, std::size_t) { locked = entry.origin == Origin::File; });
    return locked;
}

std::string teamOf(const Config &config, const ScopeRef &scope)
{
    if (scope.kind != ScopeKind::Key)
        return {};
    const auto key = std::ranges::find(config.keys, scope.name, &gateway::config::VirtualKey::name);
    return key == config.keys.end() ? std::string() : key->team;
}

QString fieldPrefix(const Config &config, const ScopeRef &scope)
{
    if (scope.kind == ScopeKind::Organisation)
        return u"organisation."_s;
    if (scope.kind == ScopeKind::Customer)
        return u"customers."_s;
    QString prefix;
    withEntry(config, scope, [&](const auto &, std::size_t index) { prefix = u"%1s[%2]."_s.arg(bridge::qt(gateway::toText(scope.kind))).arg(index); });
    return prefix;
}

QString titleOf(const ScopeRef &scope)
{
    if (!scope.name.empty())
        return bridge::qt(scope.name);
    return scope.kind == ScopeKind::Organisation ? tr("Organisation") : tr("Every customer");
}

QString inWords(const ScopeRef &scope)
{
    if (scope.kind == ScopeKind::Organisation)
        return tr("the organisation");
    return scope.name.empty() ? tr("every customer") : tr("%1 %2").arg(kindWord(scope.kind), bridge::qt(scope.name));
}

QString kindWord(ScopeKind kind)
{
    switch (kind) {
    case ScopeKind::Organisation: return tr("organisation");
    case ScopeKind::Team: return tr("team");
    case ScopeKind::Key: return tr("key");
    case ScopeKind::Customer: return tr("customer");
    case ScopeKind::Provider: return tr("provider");
    case ScopeKind::Route: return tr("route");
    case ScopeKind::Tag: return tr("tag");
    }
    return {};
}

widgets::Icon iconOf(ScopeKind kind)
{
    using widgets::Icon;
    switch (kind) {
    case ScopeKind::Organisation: return Icon::Organisation;
    case ScopeKind::Team: return Icon::Team;
    case ScopeKind::Key: return Icon::Key;
    case ScopeKind::Customer: return Icon::Team;
    case ScopeKind::Provider: return Icon::Server;
    case ScopeKind::Route: return Icon::Chain;
    case ScopeKind::Tag: return Icon::Tag;
    }
    return Icon::None;
}

QString filterOf(const ScopeRef &scope)
{
    if (scope.name.empty())
        return {};
    return u"%1:\"%2\""_s.arg(bridge::qt(gateway::toText(scope.kind)), bridge::qt(scope.name));
}

} // namespace ui::panes
