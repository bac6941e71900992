// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/filter_marks.h"

#include "gateway/core/mark_colour.h"
#include "gateway/core/text.h"

#include <algorithm>

namespace gateway::storage {

namespace {

using Node = CallFilter::Node;

bool isNone(const Node &term)
{
    return term.value.empty() && !term.prefix;
}

/// Over `call_marks AS m`. Of a colour that is none, nothing.
Sql condition(const Node &term)
{
    Sql sql;
    if (term.field->name == "colour") {
        sql.add("m.colour > 0");
        return term.value.empty() ? sql : std::move(sql.add(" AND m.colour = ?", std::int64_t {markColourOf(term.value).value_or(-1)}));
    }
    if (term.value.empty())
        return std::move(sql.add("m.comment IS NOT NULL"));
    std::string words = term.value;
    std::ranges::transform(words, words.begin(), asciiLower);
    return std::move(sql.add("instr(lower(m.comment), ?) > 0", std::move(words)));
}

} // namespace

bool isMarkField(std::string_view field)
{
    return field == "colour" || field == "comment";
}

Sql markIs(const Node &term)
{
    Sql sql;
    sql.add(isNone(term) ? "(NOT EXISTS " : "(EXISTS ").add("(SELECT 1 FROM call_marks AS m WHERE m.row = c.row AND ").add(condition(term));
    return std::move(sql.add("))"));
}

std::optional<Branch> markBranch(const Node &term)
{
    if (isNone(term))
        return std::nullopt;
    Sql sql;
    sql.add("c.row IN (SELECT m.row FROM call_marks AS m WHERE ").add(condition(term)).add(")");
    return Branch {.index = nullptr, .condition = std::move(sql)};
}

} // namespace gateway::storage
