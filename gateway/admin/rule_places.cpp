// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/rule_places.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <type_traits>
#include <utility>

namespace gateway::admin {

namespace {

using config::Budget;
using config::Config;
using config::Limit;
using config::Origin;

constexpr std::array allScopes {ScopeKind::Organisation, ScopeKind::Team, ScopeKind::Key, ScopeKind::Customer, ScopeKind::Provider, ScopeKind::Route, ScopeKind::Tag};

/// A scope's rules in a configuration, which may be constant.
template <typename Rule, typename Quota>
auto &listIn(Quota &quota)
{
    if constexpr (std::is_same_v<Rule, Budget>)
        return quota.budgets;
    else
        return quota.limits;
}

template <typename Rule, typename Customers>
auto &oneIn(Customers &customers)
{
    if constexpr (std::is_same_v<Rule, Budget>)
        return customers.defaultBudget;
    else
        return customers.defaultLimits;
}

template <typename Rule>
constexpr std::string_view listName = std::is_same_v<Rule, Budget> ? "budgets" : "limits";
template <typename Rule>
constexpr std::string_view oneName = std::is_same_v<Rule, Budget> ? "default_budget" : "default_limits";

/// Calls visit(entries, "teams") with the entries of a scope that has a name.
template <typename AnyConfig, typename Visit>
void withEntries(AnyConfig &config, ScopeKind scope, const Visit &visit)
{
    switch (scope) {
    case ScopeKind::Team: return visit(config.teams, "teams");
    case ScopeKind::Key: return visit(config.keys, "keys");
    case ScopeKind::Provider: return visit(config.providers, "providers");
    case ScopeKind::Route: return visit(config.routes, "routes");
    case ScopeKind::Tag: return visit(config.tags, "tags");
    case ScopeKind::Organisation:
    case ScopeKind::Customer: return;
    }
}

template <typename Entry>
std::string_view hashOf(const Entry &entry)
{
    if constexpr (std::is_same_v<Entry, config::VirtualKey>)
        return entry.hash;
    else
        return {};
}

Origin originOf(const Config &config, const char *section)
{
    return config.fileSections.contains(section) ? Origin::File : Origin::Database;
}

std::optional<std::size_t> readIndex(std::string_view text)
{
    std::size_t index = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), index);
    const bool plain = text == "0" || !text.starts_with('0'); // a rule has one id
    return problem == std::errc() && end == text.data() + text.size() && plain ? std::optional(index) : std::nullopt;
}

} // namespace

std::string RulePlace::id() const
{
    return hasName(scope) ? fmt::format("{}:{}:{}", toText(scope), name, index) : fmt::format("{}:{}", toText(scope), index);
}

std::optional<RulePlace> RulePlace::parse(std::string_view id)
{
    const std::size_t first = id.find(':');
    const std::size_t last = id.rfind(':');
    if (first == std::string_view::npos)
        return std::nullopt;
    const auto scope = scopeNamed(id.substr(0, first));
    const auto index = readIndex(id.substr(last + 1));
    if (!scope || !index || hasName(*scope) == (first == last))
        return std::nullopt;
    return RulePlace {.scope = *scope, .name = first == last ? std::string() : std::string(id.substr(first + 1, last - first - 1)), .index = *index};
}

std::optional<ScopeKind> scopeNamed(std::string_view word)
{
    const auto found = std::ranges::find(allScopes, word, [](ScopeKind scope) { return toText(scope); });
    return found == allScopes.end() ? std::nullopt : std::optional(*found);
}

bool hasName(ScopeKind scope)
{
    return scope != ScopeKind::Organisation && scope != ScopeKind::Customer;
}

template <typename Rule>
std::string ScopesRules<Rule>::field(std::size_t index) const
{
    return single ? list : fmt::format("{}[{}]", list, index);
}

template <typename Rule>
std::optional<ScopesRules<Rule>> rulesOf(const Config &config, ScopeKind scope, std::string_view name)
{
    if (!hasName(scope) && !name.empty())
        return std::nullopt;
    if (scope == ScopeKind::Organisation) {
        const auto &rules = listIn<Rule>(config.organisation.quota);
        return ScopesRules<Rule> {.list = fmt::format("organisation.{}", listName<Rule>), .origin = originOf(config, "organisation"), .rules = rules};
    }
    if (scope == ScopeKind::Customer) {
        ScopesRules<Rule> found {.list = fmt::format("customers.{}", oneName<Rule>), .origin = originOf(config, "customers"), .rules = {}, .single = true};
        if (const auto &one = oneIn<Rule>(config.customers))
            found.rules.push_back(*one);
        return found;
    }
    std::optional<ScopesRules<Rule>> found;
    withEntries(config, scope, [&](const auto &entries, const char *list) {
        const auto entry = std::ranges::find(entries, name, [](const auto &each) -> std::string_view { return each.name; });
        if (entry == entries.end())
            return;
        const auto &rules = listIn<Rule>(entry->quota);
        found = ScopesRules<Rule> {.list = fmt::format("{}[{}].{}", list, entry - entries.begin(), listName<Rule>), .origin = entry->origin, .rules = rules, .keyHash = std::string(hashOf(*entry))};
    });
    return found;
}

template <typename Rule>
void setRules(Config &config, ScopeKind scope, std::string_view name, std::vector<Rule> rules)
{
    if (scope == ScopeKind::Organisation)
        listIn<Rule>(config.organisation.quota) = std::move(rules);
    else if (scope == ScopeKind::Customer)
        oneIn<Rule>(config.customers) = rules.empty() ? std::nullopt : std::optional(std::move(rules.front()));
    withEntries(config, scope, [&](auto &entries, const char *) {
        const auto entry = std::ranges::find(entries, name, [](const auto &each) -> std::string_view { return each.name; });
        if (entry != entries.end())
            listIn<Rule>(entry->quota) = std::move(rules);
    });
}

template <typename Rule>
void forEachScope(const Config &config, const ScopeVisitor<Rule> &visit)
{
    visit(ScopeKind::Organisation, {}, listIn<Rule>(config.organisation.quota), originOf(config, "organisation"), {});
    if (const auto &one = oneIn<Rule>(config.customers))
        visit(ScopeKind::Customer, {}, {&*one, 1}, originOf(config, "customers"), {});
    for (const ScopeKind scope : allScopes) {
        withEntries(config, scope, [&](const auto &entries, const char *) {
            for (const auto &entry : entries)
                visit(scope, entry.name, listIn<Rule>(entry.quota), entry.origin, hashOf(entry));
        });
    }
}

template struct ScopesRules<Budget>;
template struct ScopesRules<Limit>;
template std::optional<ScopesRules<Budget>> rulesOf(const Config &, ScopeKind, std::string_view);
template std::optional<ScopesRules<Limit>> rulesOf(const Config &, ScopeKind, std::string_view);
template void setRules(Config &, ScopeKind, std::string_view, std::vector<Budget>);
template void setRules(Config &, ScopeKind, std::string_view, std::vector<Limit>);
template void forEachScope<Budget>(const Config &, const ScopeVisitor<Budget> &);
template void forEachScope<Limit>(const Config &, const ScopeVisitor<Limit> &);

} // namespace gateway::admin
