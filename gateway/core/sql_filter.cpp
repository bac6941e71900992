// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/sql_filter.h"

#include "gateway/core/call_filter_value.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace gateway {

namespace {

using Kind = CallFilter::Kind;
using Node = CallFilter::Node;
using Op = CallFilter::Op;
using Pairs = std::pair<std::string_view, std::string_view>;

// Of fields and columns: where they differ in name.
constexpr std::array namedFields {Pairs {"team", "team"}, Pairs {"key", "key"}, Pairs {"key_id", "key_id"}, Pairs {"route", "route"}, Pairs {"provider", "provider"}, Pairs {"error", "error"}, Pairs {"cause", "cause"},
                                  Pairs {"peer", "peer"}, Pairs {"customer", "customer"}, Pairs {"session", "session"}, Pairs {"policy", "policy"}};
constexpr std::array wordFields {Pairs {"state", "status"}, Pairs {"endpoint", "endpoint"}, Pairs {"cache", "cache"}};
constexpr std::array flagFields {"stream", "test", "shadow", "continued"};
constexpr std::array numberFields {Pairs {"cost", "cost_nano"}, Pairs {"tokens.in", "input_tokens"}, Pairs {"tokens.out", "output_tokens"}, Pairs {"attempts", "attempts"},
                                   Pairs {"latency", "latency_ms"}, Pairs {"ttft", "first_token_ms"}, Pairs {"status", "coalesce(http_status, 0)"}};
constexpr std::string_view idPrefix = "call_";

template <typename Table>
std::string_view columnOf(const Table &table, std::string_view field)
{
    const auto found = std::ranges::find(table, field, &Pairs::first);
    return found == table.end() ? std::string_view() : found->second;
}

std::string_view signOf(Op op)
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

/// Characters, as SQLite's substr() counts them.
std::size_t lengthOf(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string beginsWith(std::string_view column, std::string_view text)
{
    return fmt::format("(substr({}, 1, {}) IS {})", column, lengthOf(text), sqlQuoted(text));
}

std::string holds(std::string_view column, std::string_view text)
{
    return fmt::format("(coalesce(instr({}, {}), 0) > 0)", column, sqlQuoted(text));
}

std::string textIs(std::string_view column, const Node &node)
{
    if (node.prefix)
        return node.value.empty() ? fmt::format("({} IS NOT NULL)", column) : beginsWith(column, node.value);
    return node.value.empty() ? fmt::format("({} IS NULL)", column) : fmt::format("({} IS {})", column, sqlQuoted(node.value));
}

/// Ids are in capitals behind their beginning.
std::string canonicalId(std::string_view id)
{
    std::string text(id);
    if (text.starts_with(idPrefix))
        std::ranges::transform(text.begin() + idPrefix.size(), text.end(), text.begin() + idPrefix.size(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

std::string promptIs(const Node &node)
{
    if (node.prefix || node.value.empty())
        return textIs("prompt", node);
    return fmt::format("({} OR {})", textIs("prompt", node), beginsWith("prompt", node.value + "@")); // a name stands for all its versions
}

std::string findingIs(const Node &node)
{
    if (node.value.empty())
        return textIs("findings", node);
    if (!node.prefix)
        return fmt::format("(coalesce(instr(findings || char(10), {} || char(10)), 0) > 0)", sqlQuoted(" " + node.value));
    std::string text;
    for (const std::string_view action : findingActions)
        text += fmt::format("{}{}", text.empty() ? "" : " OR ", holds("findings", fmt::format(" {} {}", action, node.value)));
    return "(" + text + ")";
}

/// Durations are microseconds in a filter, and milliseconds in a query.
std::string numberIs(std::string_view field, std::string_view column, const Node &node)
{
    std::int64_t number = 0;
    std::from_chars(node.value.data(), node.value.data() + node.value.size(), number);
    const bool duration = field == "latency" || field == "ttft";
    return fmt::format("(({} {} {}) IS TRUE)", column, signOf(node.op), duration ? fmt::format("{}", static_cast<double>(number) / 1e3) : fmt::format("{}", number));
}

std::string termIs(const Node &node)
{
    const std::string_view field = node.field->name;
    if (const std::string_view column = columnOf(namedFields, field); !column.empty())
        return textIs(column, node);
    if (const std::string_view column = columnOf(wordFields, field); !column.empty())
        return fmt::format("({} = {})", column, sqlQuoted(lowered(node.value)));
    if (const std::string_view column = columnOf(numberFields, field); !column.empty())
        return numberIs(field, column, node);
    if (std::ranges::find(flagFields, field) != flagFields.end())
        return fmt::format("({} = {})", field, node.value == "true" ? 1 : 0);
    if (field == "model")
        return fmt::format("({} OR {})", textIs("model", node), textIs("asked", node));
    if (field == "id") {
        Node canonical = node;
        canonical.value = canonicalId(node.value);
        return textIs("id", canonical);
    }
    if (field == "trace") {
        Node lower = node;
        lower.value = lowered(node.value);
        return textIs("trace", lower);
    }
    if (field == "tag")
        return holds("',' || tags || ','", node.prefix ? "," + node.value : "," + node.value + ",");
    if (field == "prompt")
        return promptIs(node);
    if (field == "colour")
        return textIs("colour", node);
    if (field == "comment")
        return node.value.empty() ? textIs("comment", node) : holds("lower(comment)", lowered(node.value));
    if (field == "privacy")
        return node.value.empty() ? textIs("findings", node) : holds("findings", " " + node.value + " ");
    if (field == "text")
        return "(NULL /* text: asks the index of requests and answers, which queries cannot */)";
    return findingIs(node);
}

/// Free text: ids, models and error messages.
std::string textIn(const Node &node)
{
    const std::string text = lowered(node.value);
    std::string sql = fmt::format("({} OR {} OR {}", holds("lower(model)", text), holds("lower(asked)", text), holds("lower(error_message)", text));
    if (node.value.size() > idPrefix.size() && node.value.starts_with(idPrefix))
        sql += " OR " + beginsWith("id", canonicalId(node.value));
    return sql + ")";
}

std::string joined(const Node &node, std::string_view word)
{
    std::string sql;
    for (const Node &child : node.children)
        sql += fmt::format("{}{}", sql.empty() ? "" : word, sqlCondition(child));
    return "(" + sql + ")";
}

} // namespace

std::string sqlCondition(const CallFilter::Node &node)
{
    switch (node.kind) {
    case Kind::All: return "TRUE";
    case Kind::And: return joined(node, " AND ");
    case Kind::Or: return joined(node, " OR ");
    case Kind::Not: return "(NOT " + sqlCondition(node.children.front()) + ")";
    case Kind::Term: return termIs(node);
    case Kind::Text: return textIn(node);
    }
    return "TRUE";
}

std::string sqlQuoted(std::string_view text)
{
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c;
        if (c == '\'')
            quoted += c;
    }
    return quoted + "'";
}

} // namespace gateway
