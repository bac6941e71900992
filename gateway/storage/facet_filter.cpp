// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/facet_filter.h"

#include "gateway/storage/filter_terms.h"

#include <algorithm>
#include <span>

namespace gateway::storage {

namespace {

using Kind = CallFilter::Kind;
using Node = CallFilter::Node;

std::optional<Sql> facetTerm(const Node &node)
{
    if (node.kind != Kind::Term)
        return std::nullopt;
    Sql sql;
    if (node.field->name == "endpoint") {
        const auto endpoint = endpointNamed(node.value);
        return sql.add("(f.endpoint = ?)", endpoint ? toNumber(*endpoint) : -1);
    }
    if (node.field->name == "tag")
        return tagIs("(SELECT name FROM names WHERE id = f.tags)", node);
    return dimensionTerm(node);
}

/// A term about a customer, or one of several.
std::optional<Sql> customerCondition(const Node &node)
{
    if (node.kind == Kind::Or)
        return joined<std::optional<Sql>>(node, " OR ", customerCondition);
    if (node.kind != Kind::Term || node.field->name != "customer" || node.value.empty())
        return std::nullopt;
    Sql sql;
    if (!node.prefix)
        return sql.add("(u.name = ?)", node.value);
    return sql.add("(substr(u.name, 1, length(?))", node.value).add(" = ?)", node.value);
}

bool asksForTags(const Node &node)
{
    return (node.kind == Kind::Term && node.field->name == "tag") || std::ranges::any_of(node.children, asksForTags);
}

} // namespace

std::optional<Sql> facetCondition(const Node &node)
{
    return translated<std::optional<Sql>>(node, facetCondition, facetTerm);
}

std::optional<FacetFilter> facetFilter(const Node &root)
{
    FacetFilter filter {.facets = Sql {.text = "1", .values = {}}, .tags = asksForTags(root)};
    const std::span<const Node> parts = root.kind == Kind::And ? std::span<const Node>(root.children) : std::span(&root, 1);
    for (const Node &part : parts) {
        if (auto customers = customerCondition(part)) {
            if (filter.customers)
                filter.customers->add(" AND ").add(*customers);
            else
                filter.customers = std::move(*customers);
            continue;
        }
        const auto condition = facetCondition(part);
        if (!condition)
            return std::nullopt;
        filter.facets.add(" AND ").add(*condition);
    }
    return filter;
}

} // namespace gateway::storage
