// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/filter_sql.h"

#include <cstdint>
#include <string>
#include <string_view>

/// Pieces of filter_sql.h's answers that conditions and indexes share.
namespace gateway::storage {

/// A field that is text in its own column.
struct TextField
{
    std::string_view field;
    std::string_view column;
    const char *index; ///< nullptr: none
};

/// nullptr: the field is none.
const TextField *textField(std::string_view field);

std::int64_t numberOf(const std::string &text); ///< 0: it is none
/// `names.id` of one name, or of those that begin so, as a subquery.
Sql nameIds(NameKind kind, const CallFilter::Node &node);
Sql idIs(const CallFilter::Node &node);
/// @param column  of all a call's tags together
Sql tagIs(std::string_view column, const CallFilter::Node &node);
/// One term over `dims AS d`; nullopt: it is none of its fields.
std::optional<Sql> dimensionTerm(const CallFilter::Node &node);

/// Joins the children's conditions; `translate` gives a child's as something like std::optional.
template <typename Answer, typename Translate>
Answer joined(const CallFilter::Node &node, std::string_view word, Translate translate)
{
    Sql sql;
    sql.add("(");
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        auto child = translate(node.children[i]);
        if (!child)
            return child;
        if (i > 0)
            sql.add(word);
        sql.add(*child);
    }
    return sql.add(")");
}

template <typename Answer, typename Translate, typename Leaf>
Answer translated(const CallFilter::Node &node, Translate translate, Leaf leaf)
{
    switch (node.kind) {
    case CallFilter::Kind::All: return Sql {.text = "1", .values = {}};
    case CallFilter::Kind::And: return joined<Answer>(node, " AND ", translate);
    case CallFilter::Kind::Or: return joined<Answer>(node, " OR ", translate);
    case CallFilter::Kind::Not: {
        auto child = translate(node.children.front());
        if (!child)
            return child;
        Sql sql;
        return sql.add("(NOT ").add(*child).add(")");
    }
    case CallFilter::Kind::Term:
    case CallFilter::Kind::Text: break;
    }
    return leaf(node);
}

} // namespace gateway::storage
