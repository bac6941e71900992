// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/conflicts.h"

#include "ui/bridge/target_state.h"
#include "ui/bridge/text.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using namespace gateway::config;
using gateway::LimitState;
using gateway::Money;
using gateway::Period;
using gateway::ScopeKind;
using panes::ScopeRef;
using Count = std::optional<std::int64_t>;

QString tr(const char *text) { return QCoreApplication::translate("ui::budgets", text); }

/// The budget of an hour is above that of a month where it has more money: the month's then always binds first.
void compareBudgets(const ScopeRef &scope, const Quota &own, const ScopeRef &parent, const Quota &above, std::vector<Conflict> &out)
{
    for (const Budget &budget : own.budgets) {
        for (const Budget &over : above.budgets) {
            const bool holdsForAll = over.endpoint.empty() || over.endpoint == budget.endpoint;
            if (budget.amount && over.amount && holdsForAll && budget.per <= over.per && *budget.amount > *over.amount) {
                out.push_back({Conflict::What::AboveParent, scope,
                               tr("%1 is more than %2 may spend: %3").arg(panes::capText(*budget.amount, budget.per), panes::inWords(parent), panes::capText(*over.amount, over.per))});
            }
        }
    }
}

void compareLimits(const ScopeRef &scope, const Quota &own, const ScopeRef &parent, const Quota &above, std::vector<Conflict> &out)
{
    using What = LimitState::What;
    static constexpr std::array counts {std::pair {What::Requests, &Limit::rpm}, std::pair {What::Tokens, &Limit::tpm}, std::pair {What::TokensPerDay, &Limit::tpd}, std::pair {What::Parallel, &Limit::parallel}};
    for (const Limit &limit : own.limits) {
        for (const Limit &over : above.limits) {
            if (!over.endpoint.empty() && over.endpoint != limit.endpoint)
                continue;
            for (const auto &[what, member] : counts) {
                const Count &mine = limit.*member, &theirs = over.*member;
                if (mine && theirs && *mine > *theirs) {
                    out.push_back({Conflict::What::AboveParent, scope,
                                   tr("%1: %2 is more than %3 has: %4").arg(panes::limitTitle(what), widgets::count(static_cast<std::uint64_t>(*mine)), panes::inWords(parent), widgets::count(static_cast<std::uint64_t>(*theirs)))});
                }
            }
        }
    }
}

/// What calls can come by which way.
class Reach
{
public:
    Reach(const Config &config, gateway::WallTime now) : m_config(config), m_open(!config.gateway.requireKey)
    {
        for (const VirtualKey &key : config.keys) {
            if (key.revoked || key.hash.empty() || (key.expires && *key.expires <= now))
                continue;
            m_anyKey = true;
            m_teams.insert(key.team);
            m_passthrough = m_passthrough || key.permissions.contains(Permission::Passthrough);
            if (!key.permissions.contains(Permission::Call))
                continue;
            m_allModels = m_allModels || !key.models;
            if (key.models)
                m_models.insert(key.models->begin(), key.models->end());
            addBreaches(key.quota);
        }
        addBreaches(config.organisation.quota);
        for (const Team &team : config.teams)
            addBreaches(team.quota);
    }

    [[nodiscard]] bool any() const { return m_anyKey || m_open; }
    [[nodiscard]] bool team(const std::string &name) const { return m_teams.contains(name); }

    [[nodiscard]] bool route(const Route &route) const
    {
        if (!route.enabled)
            return false;
        if (m_open || m_allModels || route.name.ends_with('*'))
            return any();
        return m_models.contains(route.name) || m_breaches.contains(route.name) || std::ranges::any_of(route.aliases, [this](const std::string &alias) { return m_models.contains(alias); });
    }

    [[nodiscard]] bool provider(const Provider &provider) const { return provider.enabled && (m_passthrough || !bridge::routesUsing(m_config, provider.name).isEmpty()); }

private:
    /// Where calls go that a budget has no room for.
    void addBreaches(const Quota &quota)
    {
        for (const Budget &budget : quota.budgets) {
            if (budget.onBreach.what == Breach::What::Route)
                m_breaches.insert(budget.onBreach.route);
        }
    }

    const Config &m_config;
    bool m_open, m_anyKey = false, m_allModels = false, m_passthrough = false;
    std::unordered_set<std::string> m_teams, m_models, m_breaches;
};

QString unusableText(const VirtualKey &key)
{
    if (key.revoked)
        return tr("The key is revoked: no call comes with it");
    return key.hash.empty() ? tr("The key has no secret yet: no call comes with it") : tr("The key has expired: no call comes with it");
}

/// The teams' parts of the organisation's budget.
void addUp(const Config &config, std::vector<Conflict> &out)
{
    for (const Budget &whole : config.organisation.quota.budgets) {
        if (!whole.amount || !whole.endpoint.empty())
            continue;
        Money sum;
        for (const Team &team : config.teams) {
            for (const Budget &part : team.quota.budgets) {
                if (part.amount && part.per == whole.per && part.endpoint.empty())
                    sum += std::min(*part.amount, *whole.amount);
            }
        }
        if (sum <= *whole.amount)
            continue;
        Conflict conflict;
        conflict.what = Conflict::What::Overcommitted;
        conflict.text = tr("All teams together may spend %1, the organisation %2").arg(panes::capText(sum, whole.per), panes::amountText(*whole.amount));
        out.push_back(std::move(conflict));
    }
}

} // namespace

std::vector<Conflict> findConflicts(const Config &config, gateway::WallTime now)
{
    std::vector<Conflict> out;
    const Reach reach(config, now);
    const ScopeRef organisation;
    const auto compare = [&](const ScopeRef &scope, const Quota &own, const ScopeRef &parent, const Quota &above) {
        compareBudgets(scope, own, parent, above, out);
        compareLimits(scope, own, parent, above, out);
    };
    const auto unreachable = [&](const ScopeRef &scope, const QString &text) { out.push_back({Conflict::What::Unreachable, scope, text}); };
    if (!config.organisation.quota.empty() && !reach.any())
        unreachable(organisation, tr("No key sends traffic here"));
    addUp(config, out);
    std::unordered_map<std::string_view, const Team *> teams;
    for (const Team &team : config.teams) {
        teams.emplace(team.name, &team);
        if (team.quota.empty())
            continue;
        const ScopeRef scope {ScopeKind::Team, team.name};
        compare(scope, team.quota, organisation, config.organisation.quota);
        if (!reach.team(team.name))
            unreachable(scope, tr("No key sends traffic here"));
    }
    for (const VirtualKey &key : config.keys) {
        if (key.quota.empty())
            continue;
        const ScopeRef scope {ScopeKind::Key, key.name};
        const auto team = teams.find(key.team);
        if (team != teams.end())
            compare(scope, key.quota, {ScopeKind::Team, key.team}, team->second->quota);
        compare(scope, key.quota, organisation, config.organisation.quota);
        if (key.revoked || key.hash.empty() || (key.expires && *key.expires <= now))
            unreachable(scope, unusableText(key));
    }
    for (const Provider &provider : config.providers) {
        if (!provider.quota.empty() && !reach.provider(provider))
            unreachable({ScopeKind::Provider, provider.name}, provider.enabled ? tr("No route sends calls here") : tr("The provider is switched off"));
    }
    for (const Route &route : config.routes) {
        if (!route.quota.empty() && !reach.route(route))
            unreachable({ScopeKind::Route, route.name}, route.enabled ? tr("No key sends traffic here") : tr("The route is switched off"));
    }
    ScopeRef everyCustomer;
    everyCustomer.kind = ScopeKind::Customer;
    compare(everyCustomer, panes::quotaOf(config, everyCustomer), organisation, config.organisation.quota);
    return out;
}

} // namespace ui::budgets
