// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/condition.h"

#include "gateway/config/condition_fields.h"
#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <compare>
#include <optional>
#include <ranges>
#include <span>

namespace gateway::routing {

namespace {

using config::Operator;
using Kind = FieldValue::Kind;
using OperandKind = config::ConditionValue::Kind;

constexpr std::int64_t patternMemory = 1 << 20; // of a compiled expression: what needs more is refused

std::optional<double> numberIn(std::string_view text)
{
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(number) : std::nullopt;
}

Result<Condition::Operand> operandOf(const config::FieldTest &test, const config::ConditionValue &value)
{
    Condition::Operand operand {.kind = value.kind, .truth = value.text == "true", .text = value.text};
    if (value.kind == OperandKind::Number)
        operand.number = numberIn(value.text).value_or(0);
    if (test.field == "time.weekday" && value.kind == OperandKind::Text) {
        operand.kind = OperandKind::Number;
        operand.number = config::weekdayOf(value.text).value_or(0);
    }
    if (test.comparison != Operator::Regex)
        return operand;
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_max_mem(patternMemory);
    auto pattern = std::make_shared<re2::RE2>(value.text, options);
    if (!pattern->ok())
        return fail(ErrorCode::Invalid, fmt::format("`$regex` {} is no regular expression of RE2: {}", jsonQuoted(truncatedUtf8(value.text, 100)), pattern->error()), test.field);
    operand.pattern = std::move(pattern);
    return operand;
}

bool equals(const FieldValue &value, const Condition::Operand &operand)
{
    switch (operand.kind) {
    case OperandKind::Null: return value.kind == Kind::Absent || value.kind == Kind::Null;
    case OperandKind::Bool: return value.kind == Kind::Bool ? value.truth == operand.truth : value.loose && value.text == operand.text;
    case OperandKind::Number:
        return value.kind == Kind::Number ? value.number == operand.number : value.loose && numberIn(value.text) == std::optional(operand.number);
    case OperandKind::Text: return value.kind == Kind::Text && (value.escaped ? wire::jsonStringIs(value.text, operand.text) : value.text == operand.text);
    }
    return false;
}

std::partial_ordering order(const FieldValue &value, const Condition::Operand &operand, Facts &facts)
{
    if (operand.kind == OperandKind::Number) {
        const auto number = value.kind == Kind::Number ? std::optional(value.number) : value.loose ? numberIn(value.text) : std::nullopt;
        return number ? *number <=> operand.number : std::partial_ordering::unordered;
    }
    if (operand.kind == OperandKind::Text && value.kind == Kind::Text)
        return facts.plainText(value) <=> std::string_view(operand.text);
    return std::partial_ordering::unordered;
}

std::string shown(const Condition::Operand &operand)
{
    return operand.kind == OperandKind::Null ? "null" : std::string(truncatedUtf8(operand.text, 40));
}

} // namespace

Result<std::shared_ptr<const Condition>> Condition::compile(const config::Condition &condition, FieldTable &fields)
{
    auto made = std::make_shared<Condition>();
    const auto first = made->add(condition, accept, reject, fields);
    if (!first)
        return std::unexpected(first.error());
    made->m_first = *first;
    return made;
}

/// Adds what asks it and goes on to `yes` or `no`, last parts first, since each has to know what comes behind it.
/// @return the test to begin with
Result<std::uint32_t> Condition::add(const config::Condition &condition, std::uint32_t yes, std::uint32_t no, FieldTable &fields)
{
    if (const auto *test = std::get_if<config::FieldTest>(&condition.test))
        return addTest(*test, yes, no, fields);
    if (const auto *inverse = std::get_if<config::NotOf>(&condition.test))
        return inverse->condition ? add(*inverse->condition, no, yes, fields) : Result<std::uint32_t>(no);
    const auto *all = std::get_if<config::AllOf>(&condition.test);
    const auto &parts = all ? all->conditions : std::get<config::AnyOf>(condition.test).conditions;
    Result<std::uint32_t> next = all ? yes : no;
    for (const config::Condition &part : parts | std::views::reverse) {
        next = all ? add(part, *next, no, fields) : add(part, yes, *next, fields);
        if (!next)
            break;
    }
    return next;
}

Result<std::uint32_t> Condition::addTest(const config::FieldTest &test, std::uint32_t yes, std::uint32_t no, FieldTable &fields)
{
    auto field = fields.find(test.field);
    if (!field)
        return fail(ErrorCode::Invalid, field.error().message, test.field);
    Test added {.field = std::move(*field), .comparison = test.comparison, .firstOperand = static_cast<std::uint32_t>(m_operands.size()), .yes = yes, .no = no};
    for (const config::ConditionValue &value : test.values) {
        auto operand = operandOf(test, value);
        if (!operand)
            return std::unexpected(operand.error());
        m_operands.push_back(std::move(*operand));
    }
    added.operandCount = static_cast<std::uint32_t>(m_operands.size()) - added.firstOperand;
    m_tests.push_back(std::move(added));
    return static_cast<std::uint32_t>(m_tests.size() - 1);
}

bool Condition::holds(Facts &facts, Witness *witness) const
{
    std::uint32_t at = m_first;
    while (at < reject) {
        const Test &test = m_tests[at];
        const FieldValue value = facts.value(*test.field); // a copy: reading another one may take its place
        const bool held = holds(test, value, facts);
        if (witness)
            witness->tested(*this, test, value, held);
        at = held ? test.yes : test.no;
    }
    return at == accept;
}

bool Condition::holds(const Test &test, const FieldValue &value, Facts &facts) const
{
    switch (test.comparison) {
    case Operator::Exists: return (value.kind != Kind::Absent) == m_operands[test.firstOperand].truth;
    case Operator::NotEqual:
    case Operator::NotIn: return !anyHolds(test, value, facts);
    default: return anyHolds(test, value, facts);
    }
}

/// Of a list, whether it holds for one of its elements.
bool Condition::anyHolds(const Test &test, const FieldValue &value, Facts &facts) const
{
    if (value.kind == Kind::List) {
        return std::ranges::any_of(value.text | std::views::split(','), [&](const auto &part) {
            return oneHolds(test, FieldValue::ofText(trimmed(std::string_view(part.begin(), part.end()))), facts);
        });
    }
    if (value.kind != Kind::Json || !value.text.starts_with('['))
        return oneHolds(test, value, facts);
    wire::JsonCursor cursor(value.text);
    bool found = false;
    cursor.elements([&] {
        std::string_view element;
        if (!cursor.skip(element))
            return false;
        found = oneHolds(test, FieldValue::ofJson(element), facts);
        return !found;
    });
    return found;
}

bool Condition::oneHolds(const Test &test, const FieldValue &value, Facts &facts) const
{
    const std::span<const Operand> operands(m_operands.data() + test.firstOperand, test.operandCount);
    switch (test.comparison) {
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::In:
    case Operator::NotIn: return std::ranges::any_of(operands, [&](const Operand &operand) { return equals(value, operand); });
    case Operator::Greater: return order(value, operands.front(), facts) > 0;
    case Operator::GreaterEqual: return order(value, operands.front(), facts) >= 0;
    case Operator::Less: return order(value, operands.front(), facts) < 0;
    case Operator::LessEqual: return order(value, operands.front(), facts) <= 0;
    case Operator::Regex: return value.kind == Kind::Text && re2::RE2::PartialMatch(facts.plainText(value), *operands.front().pattern);
    case Operator::Exists: break; // of the whole, not of its elements
    }
    return false;
}

std::string wordsOf(const FieldValue &value)
{
    constexpr std::size_t most = 60;
    switch (value.kind) {
    case Kind::Absent: return "absent";
    case Kind::Null: return "null";
    case Kind::Bool: return value.truth ? "true" : "false";
    case Kind::Number:
        if (!value.text.empty())
            return std::string(truncatedUtf8(value.text, most));
        return value.number == std::floor(value.number) ? fmt::format("{:.0f}", value.number) : fmt::format("{:.2f}", value.number);
    case Kind::Text:
    case Kind::Json:
    case Kind::List: return toValidUtf8(truncatedUtf8(value.text, most));
    }
    return {};
}

std::string Condition::wordsOf(const Test &test) const
{
    const std::span<const Operand> operands(m_operands.data() + test.firstOperand, test.operandCount);
    const auto list = [&] {
        std::string text;
        for (const Operand &operand : operands)
            text += (text.empty() ? "" : ", ") + shown(operand);
        return text;
    };
    switch (test.comparison) {
    case Operator::Equal: return "is " + list();
    case Operator::NotEqual: return "is not " + list();
    case Operator::Greater: return "> " + list();
    case Operator::GreaterEqual: return ">= " + list();
    case Operator::Less: return "< " + list();
    case Operator::LessEqual: return "<= " + list();
    case Operator::In: return "is one of " + list();
    case Operator::NotIn: return "is none of " + list();
    case Operator::Regex: return "matches " + list();
    case Operator::Exists: return operands.front().truth ? "exists" : "is absent";
    }
    return {};
}

} // namespace gateway::routing
