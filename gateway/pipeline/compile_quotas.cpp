// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/stable_hash.h"
#include "gateway/core/text.h"
#include "gateway/pipeline/compile_parts.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace gateway::pipeline {

namespace {

using state::OnBreach;
using state::ScopeRules;

std::optional<std::int64_t> lesser(const std::optional<std::int64_t> &a, const std::optional<std::int64_t> &b)
{
    return a && b ? std::min(*a, *b) : a ? a : b;
}

/// Makes scopes' rules of their configuration. Numbers of accounts are in the store: what goes into one never changes.
class QuotaCompiler
{
public:
    QuotaCompiler(const config::Config &config, const CompiledConfig &compiled, ProblemList &problems) : m_config(config), m_compiled(compiled), m_problems(problems) {}

    /// @param id     stable over edits; not the name
    /// @param field  of the scope: "teams[0]"
    ScopeRules rules(ScopeKind kind, std::string_view id, const std::string &name, const config::Quota &quota, const std::string &field)
    {
        ScopeRules made {.kind = kind, .name = name};
        for (std::size_t i = 0; i < quota.budgets.size(); ++i) {
            const std::string place = fmt::format("{}.budgets[{}]", field, i);
            state::BudgetRule rule = budget(kind, id, quota.budgets[i], place);
            if (std::ranges::find(made.budgets, rule.account, &state::BudgetRule::account) != made.budgets.end()) // one says its zone, the other leaves it to the gateway
                m_problems.error(place, fmt::format("`{}` is a second budget per {} in {}; keep the smaller one", place, toText(rule.per), rule.calendar->zone()));
            made.budgets.push_back(std::move(rule));
        }
        for (const config::Limit &limit : quota.limits)
            addLimit(made, kind, id, limit);
        m_any = m_any || !made.empty();
        return made;
    }
    ScopeRules customers()
    {
        ScopeRules made {.kind = ScopeKind::Customer};
        if (m_config.customers.defaultBudget)
            made.budgets.push_back(budget(ScopeKind::Customer, {}, *m_config.customers.defaultBudget, "customers.default_budget"));
        if (m_config.customers.defaultLimits)
            addLimit(made, ScopeKind::Customer, {}, *m_config.customers.defaultLimits);
        m_any = m_any || !made.empty();
        return made;
    }
    [[nodiscard]] bool any() const { return m_any; }
    [[nodiscard]] bool exact() const { return m_exact; }

private:
    state::BudgetRule budget(ScopeKind kind, std::string_view id, const config::Budget &budget, const std::string &field)
    {
        const std::string &zone = budget.timeZone.empty() ? m_config.gateway.timeZone : budget.timeZone;
        state::BudgetRule rule {.account = account(kind, id, fmt::format("budget {} {}", toText(budget.per), zone), budget.endpoint),
                                .endpoint = endpointOf(budget.endpoint),
                                .amount = budget.amount.value_or(Money()),
                                .per = budget.per,
                                .calendar = calendar(zone),
                                .warnAt = budget.warnAt,
                                .exact = budget.exact,
                                .blockUnknownPrice = budget.unknownPrice == config::UnknownPrice::Block};
        m_exact = m_exact || rule.exact;
        std::ranges::sort(rule.warnAt);
        if (budget.raise) {
            rule.raisedTo = budget.raise->to;
            rule.raisedUntil = budget.raise->until;
        }
        if (budget.onBreach.what == config::Breach::What::Warn)
            rule.onBreach = OnBreach::Warn;
        if (budget.onBreach.what == config::Breach::What::Route)
            reroute(rule, kind, budget.onBreach.route, field + ".on_breach");
        return rule;
    }

    void reroute(state::BudgetRule &rule, ScopeKind kind, const std::string &route, const std::string &field)
    {
        rule.onBreach = OnBreach::Route;
        rule.route = route;
        if (kind == ScopeKind::Provider) {
            m_problems.error(field, "a provider's budget names no other route: its targets are passed over, and the plan goes on to the next. Write block or warn.");
        } else if (!m_compiled.findRoute(route)) {
            std::vector<std::string_view> names;
            for (const auto &entry : m_compiled.routeByName)
                names.push_back(entry.first);
            std::ranges::sort(names);
            const std::string hint = didYouMean(route, names);
            m_problems.error(field, fmt::format("there is no enabled route {}{}", jsonQuoted(route), hint.empty() ? std::string(". Add it under routes.") : hint));
        }
    }

    /// Several entries for one endpoint hold together: each figure is the smallest that is said.
    static void addLimit(ScopeRules &made, ScopeKind kind, std::string_view id, const config::Limit &limit)
    {
        const std::optional<Endpoint> endpoint = endpointOf(limit.endpoint);
        auto same = std::ranges::find(made.limits, endpoint, &state::LimitRule::endpoint);
        if (same == made.limits.end()) {
            made.limits.push_back({.account = account(kind, id, "limit", limit.endpoint), .endpoint = endpoint});
            same = made.limits.end() - 1;
        }
        same->rpm = lesser(same->rpm, limit.rpm);
        same->tpm = lesser(same->tpm, limit.tpm);
        same->tpd = lesser(same->tpd, limit.tpd);
        same->parallel = lesser(same->parallel, limit.parallel);
    }

    static std::uint64_t account(ScopeKind kind, std::string_view id, std::string_view rule, std::string_view endpoint)
    {
        StableHash hash;
        for (const std::string_view part : {toText(kind), id, rule, endpoint})
            hash.add(part).add({"", 1});
        return hash.value();
    }

    std::shared_ptr<const Calendar> calendar(const std::string &zone)
    {
        auto &made = m_calendars[zone];
        if (!made)
            made = std::make_shared<const Calendar>(zone);
        return made;
    }

    const config::Config &m_config;
    const CompiledConfig &m_compiled;
    ProblemList &m_problems;
    std::map<std::string, std::shared_ptr<const Calendar>> m_calendars;
    bool m_any = false, m_exact = false;
};

template <typename Entry>
std::string_view idOf(const Entry &entry)
{
    return entry.id.empty() ? std::string_view(entry.name) : std::string_view(entry.id);
}

void compileNamed(QuotaCompiler &compiler, ScopeKind kind, const auto &entries, std::string_view list, CompiledQuotas::Named &named)
{
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (!entries[i].quota.empty())
            named.try_emplace(entries[i].name, compiler.rules(kind, idOf(entries[i]), entries[i].name, entries[i].quota, fmt::format("{}[{}]", list, i)));
    }
}

} // namespace

void compileQuotas(const config::Config &config, const AwakeKeys &awake, CompiledConfig &compiled, ProblemList &problems)
{
    QuotaCompiler compiler(config, compiled, problems);
    CompiledQuotas &quotas = compiled.quotas;
    for (std::size_t i = 0; i < config.providers.size(); ++i) {
        const config::Provider &provider = config.providers[i];
        compiled.providers[i].quota = compiler.rules(ScopeKind::Provider, compiled.providers[i].id, provider.name, provider.quota, fmt::format("providers[{}]", i));
    }
    quotas.ofProviders = compiler.any();
    quotas.organisation = compiler.rules(ScopeKind::Organisation, {}, {}, config.organisation.quota, "organisation");
    compileNamed(compiler, ScopeKind::Team, config.teams, "teams", quotas.teams);
    compileNamed(compiler, ScopeKind::Tag, config.tags, "tags", quotas.tags);
    quotas.customers = compiler.customers();
    quotas.customerHeader = config.customers.header;
    for (std::size_t i = 0; i < config.routes.size(); ++i) {
        const config::Route &route = config.routes[i];
        ScopeRules rules = compiler.rules(ScopeKind::Route, idOf(route), route.name, route.quota, fmt::format("routes[{}]", i));
        if (const auto enabled = std::ranges::find(compiled.routes, route.name, &CompiledRoute::name); enabled != compiled.routes.end())
            enabled->quota = std::move(rules);
    }
    for (std::size_t i = 0; i < config.keys.size(); ++i) {
        const config::VirtualKey &key = config.keys[i];
        if (key.quota.empty())
            continue;
        ScopeRules rules = compiler.rules(ScopeKind::Key, idOf(key), key.name, key.quota, fmt::format("keys[{}]", i));
        if (!awake[i])
            continue;
        KeyHasher::Digest digest {};
        const auto former = KeyHasher::parse(key.formerHash, digest) ? compiled.keys.find(digest) : compiled.keys.end();
        if (former != compiled.keys.end() && former->second.name == key.name)
            former->second.quota = rules;
        awake[i]->quota = std::move(rules);
    }
    quotas.any = compiler.any();
    quotas.exact = compiler.exact();
}

} // namespace gateway::pipeline
