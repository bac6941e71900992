// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/filter_sql.h"

#include "gateway/core/text.h"
#include "gateway/storage/cause_function.h"
#include "gateway/storage/facet_filter.h"
#include "gateway/storage/filter_extras.h"
#include "gateway/storage/filter_marks.h"
#include "gateway/storage/filter_terms.h"
#include "gateway/storage/filter_text.h"
#include "gateway/storage/trace_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace gateway::storage {

namespace {

using Kind = CallFilter::Kind;
using Node = CallFilter::Node;
using Op = CallFilter::Op;

/// A field whose values stand in `names`.
struct NamedField
{
    std::string_view field;
    NameKind kind;
    std::string_view column;   ///< of calls
    bool dimension;            ///< dims has it, too
};

constexpr std::array namedFields {
    NamedField {"team", NameKind::Team, "team", true},
    NamedField {"key", NameKind::Key, "key", true},
    NamedField {"key_id", NameKind::KeyId, "key_id", false},
    NamedField {"route", NameKind::Route, "route", true},
    NamedField {"provider", NameKind::Provider, "provider", true},
    NamedField {"error", NameKind::Error, "error", false},
};

const NamedField *namedField(std::string_view field)
{
    const auto found = std::ranges::find(namedFields, field, &NamedField::field);
    return found == namedFields.end() ? nullptr : &*found;
}

constexpr std::array textFields {
    TextField {"peer", "c.peer", nullptr},
    TextField {"customer", "c.customer", "calls_customer"},
    TextField {"session", "c.session", "calls_session"},
};

/// A field that is a number in its own column, of `calls` and of `block_tops`.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> numberFields {{
    {"latency", "latency_us"},
    {"ttft", "first_us"},
    {"cost", "cost"},
    {"tokens.in", "input"},
    {"tokens.out", "output"},
    {"attempts", "attempts"},
}};

const std::pair<std::string_view, std::string_view> *numberField(std::string_view field)
{
    const auto found = std::ranges::find(numberFields, field, &std::pair<std::string_view, std::string_view>::first);
    return found == numberFields.end() ? nullptr : &*found;
}

std::string_view operatorOf(Op op)
{
    switch (op) {
    case Op::Equal: return "=";
    case Op::Less: return "<";
    case Op::LessOrEqual: return "<=";
    case Op::Greater: return ">";
    case Op::GreaterOrEqual: return ">=";
    }
    return "=";
}

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), asciiLower);
    return lower;
}

/// Nothing constant: with a bare 0 SQLite finds no plan that uses the index it is told to use.
Sql never()
{
    return Sql {.text = "(c.flags < 0)", .values = {}};
}

/// coalesce: an empty column and an unknown name are both "no", so that NOT of it is "yes".
Sql nameIs(std::string_view column, NameKind kind, const Node &node)
{
    Sql sql;
    sql.add(fmt::format("coalesce({} {} ", column, node.prefix ? "IN" : "="));
    return sql.add(nameIds(kind, node)).add(", 0)");
}

Sql textIs(std::string_view column, const Node &node)
{
    Sql sql;
    if (node.value.empty() && !node.prefix)
        return sql.add(fmt::format("({} IS NULL)", column));
    if (!node.prefix)
        return sql.add(fmt::format("coalesce({} = ?, 0)", column), node.value);
    return sql.add(fmt::format("coalesce(substr({}, 1, length(?))", column), node.value).add(" = ?, 0)", node.value);
}

/// Asked for or answering. What was asked for is only written where it is not the route's name.
Sql modelIs(const Node &node)
{
    Sql sql;
    sql.add("(").add(nameIs("c.model", NameKind::Model, node)).add(" OR ").add(textIs("c.asked", node));
    return sql.add(" OR (c.asked IS NULL AND ").add(nameIs("c.route", NameKind::Route, node)).add("))");
}

/// The same of `dims AS d`.
Sql modelIsIn(const Node &node)
{
    Sql sql;
    if (node.value.empty() && !node.prefix)
        return sql.add("(d.aliased = 0)");
    sql.add("(").add(nameIs("d.model", NameKind::Model, node)).add(" OR (d.aliased = 0 AND ").add(nameIs("d.route", NameKind::Route, node));
    return sql.add(") OR (d.aliased <> 0 AND ").add(nameIs("d.aliased", NameKind::Asked, node)).add("))");
}

Sql traceIs(const Node &node)
{
    Sql sql;
    if (node.value.empty() && !node.prefix)
        return sql.add("(NOT EXISTS (SELECT 1 FROM extras AS e WHERE e.row = c.row AND e.trace IS NOT NULL))");
    if (const QByteArray whole = packTrace(node.value); !whole.isEmpty())
        return sql.add("(c.row IN ").add(traceRows(whole)).add(")");
    const auto range = node.prefix ? packedTraceRange(node.value) : std::nullopt;
    if (!range)
        return never();
    return sql.add("(EXISTS (SELECT 1 FROM extras AS e WHERE e.row = c.row AND e.trace >= ?", range->first).add(" AND e.trace < ?))", range->second);
}

Sql flagIs(std::int64_t bit, const Node &node)
{
    return Sql {.text = fmt::format("((c.flags & {}) {} 0)", bit, node.value == "true" ? "<>" : "="), .values = {}};
}

Sql numberIs(std::string_view column, const Node &node)
{
    Sql sql;
    return sql.add(fmt::format("coalesce({} {} ?, 0)", column, operatorOf(node.op)), numberOf(node.value));
}

Sql stateIs(const Node &node)
{
    const auto status = callStatusNamed(node.value);
    Sql sql;
    return status ? sql.add("(c.status = ?)", toNumber(*status)) : never();
}

Sql cacheIs(const Node &node)
{
    const auto outcome = cacheOutcomeNamed(node.value);
    Sql sql;
    return outcome ? sql.add(fmt::format("((c.flags & {}) = ?)", call_flag::cacheMask << call_flag::cacheShift), toNumber(*outcome) << call_flag::cacheShift) : never();
}

Sql endpointIs(const Node &node)
{
    const auto endpoint = endpointNamed(node.value);
    Sql sql;
    return endpoint ? sql.add("(c.endpoint = ?)", toNumber(*endpoint)) : never();
}

/// Free text: ids, models and error messages.
Sql textIn(const Node &node)
{
    const std::string text = lowered(node.value);
    Sql sql;
    sql.add("(coalesce(c.model IN (SELECT id FROM names WHERE kind = ?", static_cast<std::int64_t>(NameKind::Model)).add(" AND instr(lower(name), ?) > 0), 0)", text);
    sql.add(" OR coalesce(instr(lower(c.asked), ?) > 0, 0)", text);
    sql.add(" OR (c.asked IS NULL AND coalesce(c.route IN (SELECT id FROM names WHERE kind = ?", static_cast<std::int64_t>(NameKind::Route)).add(" AND instr(lower(name), ?) > 0), 0))", text);
    sql.add(" OR coalesce(instr(lower(c.error_message), ?) > 0, 0)", text);
    if (const auto range = packedIdRange(node.value))
        sql.add(" OR (c.id >= ?", range->first).add(" AND c.id < ?)", range->second);
    return sql.add(")");
}

Result<Sql> termCondition(const Node &node)
{
    const std::string_view field = node.field->name;
    if (const NamedField *named = namedField(field)) {
        const std::string column = fmt::format("c.{}", named->column);
        if (node.value.empty() && !node.prefix)
            return Sql {.text = fmt::format("({} IS NULL)", column), .values = {}};
        return nameIs(column, named->kind, node);
    }
    if (const TextField *text = textField(field))
        return textIs(text->column, node);
    if (const auto *number = numberField(field))
        return numberIs(fmt::format("c.{}", number->second), node);
    if (field == "model")
        return modelIs(node);
    if (field == "status")
        return numberIs("c.http_status", node);
    if (field == "state")
        return stateIs(node);
    if (field == "endpoint")
        return endpointIs(node);
    if (field == "cache")
        return cacheIs(node);
    if (field == "cause")
        return causeIs(node);
    if (isExtraField(field))
        return extraIs(node);
    if (isMarkField(field))
        return markIs(node);
    if (field == "stream")
        return flagIs(call_flag::stream, node);
    if (field == "test")
        return flagIs(call_flag::test, node);
    if (field == "shadow")
        return flagIs(call_flag::shadow, node);
    if (field == "continued")
        return flagIs(call_flag::continued, node);
    if (field == "id")
        return idIs(node);
    if (field == "tag")
        return tagIs("c.tags", node);
    if (field == "trace")
        return traceIs(node);
    return fail(ErrorCode::Invalid, fmt::format("The call log cannot be searched for {}.", field), std::string(field));
}

void collectModelTerms(const Node &node, std::vector<const Node *> &terms)
{
    if (node.kind == Kind::Term && node.field->name == "model")
        terms.push_back(&node);
    for (const Node &child : node.children)
        collectModelTerms(child, terms);
}

} // namespace

std::optional<Sql> dimensionTerm(const Node &node)
{
    if (node.kind != Kind::Term)
        return std::nullopt;
    if (node.field->name == "model")
        return modelIsIn(node);
    const NamedField *named = namedField(node.field->name);
    if (named == nullptr || !named->dimension)
        return std::nullopt;
    const std::string column = fmt::format("d.{}", named->column);
    if (node.value.empty() && !node.prefix)
        return Sql {.text = fmt::format("({} = 0)", column), .values = {}};
    return nameIs(column, named->kind, node);
}

const TextField *textField(std::string_view field)
{
    const auto found = std::ranges::find(textFields, field, &TextField::field);
    return found == textFields.end() ? nullptr : &*found;
}

std::int64_t numberOf(const std::string &text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Sql nameIds(NameKind kind, const Node &node)
{
    Sql ids;
    ids.add("(SELECT id FROM names WHERE kind = ?", static_cast<std::int64_t>(kind));
    if (node.prefix)
        return ids.add(" AND substr(name, 1, length(?))", node.value).add(" = ?)", node.value);
    return ids.add(" AND name = ?)", node.value);
}

Sql tagIs(std::string_view column, const Node &node)
{
    // Tags are comma-joined: with commas on both sides each stands alone.
    Sql sql;
    return sql.add(fmt::format("coalesce(instr(',' || {} || ',', ?) > 0, 0)", column), node.prefix ? "," + node.value : "," + node.value + ",");
}

Sql idIs(const Node &node)
{
    Sql sql;
    const auto range = packedIdRange(node.value);
    if (range && (node.prefix || node.value.size() == std::string_view("call_").size() + 26))
        return sql.add("(c.id >= ?", range->first).add(" AND c.id < ?)", range->second);
    if (node.prefix)
        return never();
    return sql.add("(c.id = ?)", packId(node.value));
}

Sql &Sql::add(std::string_view piece)
{
    text += piece;
    return *this;
}

Sql &Sql::add(std::string_view piece, SqlValue value)
{
    text += piece;
    values.push_back(std::move(value));
    return *this;
}

Sql &Sql::add(const Sql &other)
{
    text += other.text;
    values.insert(values.end(), other.values.begin(), other.values.end());
    return *this;
}

void Sql::bindTo(Statement &statement) const
{
    for (const SqlValue &value : values) {
        if (const auto *number = std::get_if<std::int64_t>(&value))
            statement.bind(*number);
        else if (const auto *text_ = std::get_if<std::string>(&value))
            statement.bind(std::string_view(*text_));
        else
            statement.bindBlob(std::get<QByteArray>(value));
    }
}

Result<Sql> callCondition(const CallFilter::Node &node)
{
    if (const auto words = textExpression(node)) {
        Sql sql;
        return sql.add("text_has(?, c.row)", *words);
    }
    const auto isText = [](const Node &child) { return textExpression(child).has_value(); };
    if (const auto words = node.kind == Kind::And ? textOfAll(node) : std::nullopt) {
        // All words of an AND together, and last: the other conditions cost less.
        Node others = node;
        std::erase_if(others.children, isText);
        auto sql = callCondition(others);
        if (!sql)
            return sql;
        Sql both;
        return both.add("(").add(*sql).add(" AND text_has(?, c.row))", *words);
    }
    return translated<Result<Sql>>(node, callCondition, [](const Node &leaf) -> Result<Sql> { return leaf.kind == Kind::Text ? Result<Sql>(textIn(leaf)) : termCondition(leaf); });
}

std::optional<Sql> dimensionCondition(const CallFilter::Node &node)
{
    return translated<std::optional<Sql>>(node, dimensionCondition, dimensionTerm);
}

std::vector<const CallFilter::Node *> modelTerms(const CallFilter::Node &node)
{
    std::vector<const Node *> terms;
    collectModelTerms(node, terms);
    return terms;
}

unsigned dimensionFields(const CallFilter::Node &node)
{
    unsigned fields = 0;
    if (node.kind == Kind::Term) {
        const std::string_view field = node.field->name;
        if (field == "model")
            fields = fieldBit(DimensionField::Model) | fieldBit(DimensionField::Route) | fieldBit(DimensionField::Aliased);
        else if (field == "team")
            fields = fieldBit(DimensionField::Team);
        else if (field == "key")
            fields = fieldBit(DimensionField::Key);
        else if (field == "route")
            fields = fieldBit(DimensionField::Route);
        else if (field == "provider")
            fields = fieldBit(DimensionField::Provider);
    }
    for (const Node &child : node.children)
        fields |= dimensionFields(child);
    return fields;
}

std::optional<Sql> dimensionsOfAll(const CallFilter::Node &root)
{
    if (root.kind == Kind::And) {
        Sql all;
        for (const Node &child : root.children) {
            if (auto some = dimensionsOfAll(child))
                all.add(all.text.empty() ? "" : " AND ").add(*some);
        }
        return all.text.empty() ? std::nullopt : std::optional(std::move(all));
    }
    if (root.kind == Kind::All)
        return std::nullopt;
    auto condition = dimensionCondition(root);
    if (condition && modelTerms(root).empty())
        return condition;
    // Of names past a bound, only a call's row says which it has.
    const auto untold = [](NameKind kind) {
        Sql sql;
        return sql.add("(SELECT id FROM names WHERE kind = ?", static_cast<std::int64_t>(kind)).add(" AND name = ?)", std::string(otherNames));
    };
    Sql sql;
    if (condition)
        return sql.add("(").add(*condition).add(" OR d.aliased IN ").add(untold(NameKind::Asked)).add(")");
    auto facets = facetCondition(root);
    if (!facets)
        return std::nullopt;
    sql.add("d.id IN (SELECT f.dim FROM facets AS f CROSS JOIN dims AS d ON d.id = f.dim WHERE (").add(*facets);
    return sql.add(") OR f.tags IN ").add(untold(NameKind::Tags)).add(" OR d.aliased IN ").add(untold(NameKind::Asked)).add(")");
}

std::optional<Sql> blockCondition(const CallFilter::Node &root)
{
    if (root.kind == Kind::And) {
        Sql all;
        for (const Node &child : root.children) {
            if (auto some = blockCondition(child))
                all.add(all.text.empty() ? "" : " AND ").add(*some);
        }
        return all.text.empty() ? std::nullopt : std::optional(std::move(all));
    }
    const auto *number = root.kind == Kind::Term ? numberField(root.field->name) : nullptr;
    if (number == nullptr || (root.op != Op::Greater && root.op != Op::GreaterOrEqual))
        return std::nullopt;
    Sql sql;
    return sql.add(fmt::format("t.{} {} ?", number->second, operatorOf(root.op)), numberOf(root.value));
}

} // namespace gateway::storage
