// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/filter_extras.h"

#include "gateway/core/call_filter_value.h"
#include "gateway/storage/filter_terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace gateway::storage {

namespace {

using Kind = CallFilter::Kind;
using Node = CallFilter::Node;
using Terms = std::span<const Node *const>;

struct ExtraField
{
    std::string_view field;
    std::string_view column; ///< of extras
    const char *index;
};

/// Those that leave the fewest rows first.
constexpr std::array extraFields {
    ExtraField {"finding", "findings", "extras_with_findings"},
    ExtraField {"privacy", "findings", "extras_with_findings"},
    ExtraField {"prompt", "prompt", "extras_by_prompt"},
    ExtraField {"policy", "policy", "extras_by_policy"},
};

const ExtraField *extraField(std::string_view field)
{
    const auto found = std::ranges::find(extraFields, field, &ExtraField::field);
    return found == extraFields.end() ? nullptr : &*found;
}

/// A prompt's name stands for all its versions.
Sql nameCondition(const Node &term)
{
    Sql sql;
    if (term.prefix)
        return sql.add("substr(name, 1, length(?))", term.value).add(" = ?", term.value);
    sql.add("name = ?", term.value);
    if (term.field->name == "prompt")
        sql.add(" OR substr(name, 1, length(?))", term.value + "@").add(" = ?", term.value + "@");
    return sql;
}

/// "2 0 tokenize email" or "1 0 guardrail block size" on a line of its own: finding_list.h. No word has a blank in it.
Sql findingCondition(const Node &term)
{
    Sql sql;
    if (term.field->name == "privacy")
        return sql.add("instr(e.findings, ?) > 0", " " + term.value + " ");
    if (!term.prefix)
        return sql.add("instr(e.findings || char(10), ?) > 0", " " + term.value + "\n");
    sql.add("(");
    for (const std::string_view action : findingActions)
        sql.add(action == findingActions.front() ? "instr(e.findings, ?) > 0" : " OR instr(e.findings, ?) > 0", fmt::format(" {} {}", action, term.value));
    return sql.add(")");
}

template <typename Condition>
Sql anyOf(Terms terms, Condition condition)
{
    Sql sql;
    for (const Node *term : terms)
        sql.add(term == terms.front() ? "" : " OR ").add(condition(*term));
    return sql;
}

/// One of these terms, all of one field.
Sql conditionOf(const ExtraField &field, Terms terms)
{
    Sql sql;
    if (field.column == "findings")
        return sql.add("e.findings IS NOT NULL AND (").add(anyOf(terms, findingCondition)).add(")");
    const NameKind kind = field.column == "prompt" ? NameKind::Prompt : NameKind::Policy;
    sql.add(fmt::format("e.{} IN (SELECT id FROM names WHERE kind = ?", field.column), static_cast<std::int64_t>(kind));
    return sql.add(" AND (").add(anyOf(terms, nameCondition)).add("))");
}

/// The terms of a part of an AND that is a term of that field, or an OR of such; empty: it is something else.
std::vector<const Node *> termsOf(const Node &part, std::string_view field)
{
    const auto isOne = [&](const Node &node) { return node.kind == Kind::Term && node.field->name == field && !node.value.empty(); };
    std::vector<const Node *> terms;
    if (isOne(part))
        terms.push_back(&part);
    else if (part.kind == Kind::Or && std::ranges::all_of(part.children, isOne))
        std::ranges::transform(part.children, std::back_inserter(terms), [](const Node &node) { return &node; });
    return terms;
}

} // namespace

bool isExtraField(std::string_view field)
{
    return extraField(field) != nullptr;
}

Sql extraIs(const Node &term)
{
    const ExtraField &field = *extraField(term.field->name);
    const Node *const one = &term;
    const bool none = term.value.empty() && !term.prefix;
    Sql sql;
    sql.add(none ? "(NOT " : "(").add(fmt::format("((c.flags & {}) <> 0 AND EXISTS (SELECT 1 FROM extras AS e WHERE e.row = c.row AND ", call_flag::extras));
    if (term.value.empty())
        sql.add(fmt::format("e.{} IS NOT NULL", field.column));
    else
        sql.add(conditionOf(field, std::span(&one, 1)));
    return sql.add(")))");
}

std::optional<ExtraRows> extraRows(const Node &root)
{
    const std::span<const Node> parts = root.kind == Kind::And ? std::span<const Node>(root.children) : std::span(&root, 1);
    for (const ExtraField &field : extraFields) {
        for (const Node &part : parts) {
            if (const auto terms = termsOf(part, field.field); !terms.empty())
                return ExtraRows {.index = field.index, .condition = conditionOf(field, terms)};
        }
    }
    return std::nullopt;
}

} // namespace gateway::storage
