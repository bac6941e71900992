// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/rule_places.h"
#include "gateway/api/gateway.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::admin {

/// A rule where it stands in a configuration, which outlives this.
template <typename Rule>
struct PlacedRule
{
    RulePlace place;
    const Rule *rule = nullptr;
    config::Origin origin = config::Origin::Database;
    std::string_view keyHash {}; ///< of a key's: VirtualKey::hash
};

/// What is asked of the rules of all scopes.
struct RuleFilter
{
    std::optional<ScopeKind> scope {};  ///< nullopt: any
    std::string name {};                ///< of the scope; empty: any
    std::optional<RulePlace> after {};  ///< the last one of the page before; nullopt: from the first
};

/// The rules of a configuration in the order of their lists. Made once for a configuration, so that a page costs what it
/// shows, however many keys there are. Holds on to the configuration.
/// @tparam Rule  config::Budget or config::Limit
template <typename Rule>
class RuleIndex
{
public:
    explicit RuleIndex(api::ConfigPtr config);

    struct Page
    {
        std::vector<PlacedRule<Rule>> rules;
        bool more = false;
    };
    [[nodiscard]] Page page(const RuleFilter &filter, std::size_t most) const;
    [[nodiscard]] const api::ConfigPtr &config() const { return m_config; }

private:
    struct Scope
    {
        ScopeKind kind;
        std::string_view name;
        const Rule *rules;
        std::size_t count;
        config::Origin origin;
        std::string_view keyHash;
        [[nodiscard]] std::pair<ScopeKind, std::string_view> order() const { return {kind, name}; }
    };

    api::ConfigPtr m_config;
    std::vector<Scope> m_scopes; ///< those with rules, in order
};

/// The indexes of the configuration that was asked about last. On one thread.
class RuleIndexes
{
public:
    template <typename Rule>
    const RuleIndex<Rule> &of(const api::ConfigPtr &config)
    {
        auto &index = std::get<std::optional<RuleIndex<Rule>>>(m_indexes);
        if (!index || index->config() != config)
            index.emplace(config);
        return *index;
    }

private:
    std::pair<std::optional<RuleIndex<config::Budget>>, std::optional<RuleIndex<config::Limit>>> m_indexes;
};

} // namespace gateway::admin
