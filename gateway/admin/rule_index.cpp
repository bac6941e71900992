// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/rule_index.h"

#include <algorithm>

namespace gateway::admin {

template <typename Rule>
RuleIndex<Rule>::RuleIndex(api::ConfigPtr config) : m_config(std::move(config))
{
    forEachScope<Rule>(*m_config, [this](ScopeKind kind, std::string_view name, std::span<const Rule> rules, config::Origin origin, std::string_view keyHash) {
        if (!rules.empty())
            m_scopes.push_back({.kind = kind, .name = name, .rules = rules.data(), .count = rules.size(), .origin = origin, .keyHash = keyHash});
    });
    std::ranges::sort(m_scopes, {}, &Scope::order);
}

template <typename Rule>
typename RuleIndex<Rule>::Page RuleIndex<Rule>::page(const RuleFilter &filter, std::size_t most) const
{
    auto scope = m_scopes.begin();
    if (filter.scope)
        scope = std::ranges::lower_bound(m_scopes, std::pair(*filter.scope, std::string_view(filter.name)), {}, &Scope::order);
    if (filter.after)
        scope = std::max(scope, std::ranges::lower_bound(m_scopes, std::pair(filter.after->scope, std::string_view(filter.after->name)), {}, &Scope::order));
    Page page;
    for (; scope != m_scopes.end() && (!filter.scope || scope->kind == *filter.scope) && (filter.name.empty() || scope->name == filter.name); ++scope) {
        const bool begun = filter.after && scope->order() == std::pair(filter.after->scope, std::string_view(filter.after->name));
        for (std::size_t i = begun ? filter.after->index + 1 : 0; i < scope->count; ++i) {
            if (page.rules.size() == most) {
                page.more = true;
                return page;
            }
            page.rules.push_back({.place = {.scope = scope->kind, .name = std::string(scope->name), .index = i}, .rule = scope->rules + i, .origin = scope->origin, .keyHash = scope->keyHash});
        }
    }
    return page;
}

template class RuleIndex<config::Budget>;
template class RuleIndex<config::Limit>;

} // namespace gateway::admin
