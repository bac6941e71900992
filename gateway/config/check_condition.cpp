// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check_entries.h"

#include "gateway/config/condition_fields.h"
#include "gateway/core/call_record.h"
#include "gateway/core/text.h"

#include <charconv>
#include <fmt/format.h>

namespace gateway::config {

namespace {

using Kind = ConditionValue::Kind;

std::string shown(const ConditionValue &value)
{
    return value.kind == Kind::Null ? "null" : value.kind == Kind::Text ? jsonQuoted(truncatedUtf8(value.text, 60)) : value.text;
}

bool isOrdering(Operator comparison)
{
    return comparison == Operator::Greater || comparison == Operator::GreaterEqual || comparison == Operator::Less || comparison == Operator::LessEqual;
}

/// A number that is out of what the field can have: the test is always true or never.
void checkRange(Checks &checks, const std::string &at, const FieldTest &test, const ConditionField &field, const ConditionValue &value)
{
    double number = 0;
    std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
    if (value.kind == Kind::Number && (number < field.least || number > field.most))
        checks.warn(at, fmt::format("`{}` is never {}: it goes from {} to {}", test.field, value.text, field.least, field.most));
}

/// Why the field cannot be compared with that value; nullopt: it can.
std::optional<std::string> valueProblem(const FieldTest &test, const ConditionField &field, const ConditionValue &value)
{
    if (isOrdering(test.comparison) && (value.kind == Kind::Null || value.kind == Kind::Bool))
        return fmt::format("`{}` needs a number or text to compare with, not {}", toText(test.comparison), shown(value));
    switch (field.kind) {
    case FieldKind::Bool:
        if (isOrdering(test.comparison) || value.kind != Kind::Bool)
            return fmt::format("`{}` is true or false; write {}: true", test.field, test.field);
        break;
    case FieldKind::Number:
        if (value.kind != Kind::Number && !(test.field == "time.weekday" && weekdayOf(value.text)))
            return fmt::format("`{}` is a number ({}); {} is none", test.field, field.says, shown(value));
        break;
    case FieldKind::List:
        if (isOrdering(test.comparison))
            return fmt::format("`{}` is a list; it knows $eq, $ne, $in, $nin, $regex and $exists", test.field);
        break;
    case FieldKind::Text:
        if (test.field == "endpoint" && value.kind == Kind::Text && !isOrdering(test.comparison) && !endpointOf(value.text))
            return fmt::format("`endpoint` is never {}; there are chat, completions, messages, responses, generate_content, embeddings and others", shown(value));
        break;
    case FieldKind::Any:
        break;
    }
    return std::nullopt;
}

void checkTest(Checks &checks, const std::string &at, const FieldTest &test)
{
    if (auto problem = conditionFieldProblem(test.field)) {
        checks.error(at, std::move(*problem));
        return;
    }
    const ConditionField &field = *findConditionField(test.field);
    const std::string_view word = toText(test.comparison);
    const bool list = test.comparison == Operator::In || test.comparison == Operator::NotIn;
    if (test.values.empty() || (!list && test.values.size() > 1)) {
        checks.error(at, fmt::format("`{}` of `{}` needs {}", word, test.field, list ? "one value or more" : "one value"));
        return;
    }
    const ConditionValue &first = test.values.front();
    if (test.comparison == Operator::Exists) {
        if (first.kind != Kind::Bool)
            checks.error(at, fmt::format("`$exists` is true or false, not {}", shown(first)));
    } else if (test.comparison == Operator::Regex) {
        if (first.kind != Kind::Text)
            checks.error(at, fmt::format("`$regex` takes a text, such as \"^free\", not {}", shown(first)));
        else if (field.kind == FieldKind::Number || field.kind == FieldKind::Bool)
            checks.error(at, fmt::format("`{}` is no text that a regular expression could match", test.field));
    } else {
        for (const ConditionValue &value : test.values) {
            if (auto problem = valueProblem(test, field, value))
                checks.error(at, std::move(*problem));
            else
                checkRange(checks, at, test, field, value);
        }
    }
}

struct ConditionCheck
{
    Checks &checks;
    const std::string &field;

    void operator()(const AllOf &all) const
    {
        if (all.conditions.empty())
            checks.error(field, "the condition is empty, which is always true; put its plan under `else`");
        // A map of several tests has them side by side; their fields are not numbered.
        for (const Condition &condition : all.conditions)
            checkCondition(checks, field, condition);
    }

    void operator()(const AnyOf &any) const
    {
        if (any.conditions.empty())
            checks.error(field + ".$or", "`$or` of nothing is never true; give it one condition or more");
        for (std::size_t i = 0; i < any.conditions.size(); ++i)
            checkCondition(checks, fmt::format("{}.$or[{}]", field, i), any.conditions[i]);
    }

    void operator()(const NotOf &inverse) const
    {
        if (inverse.condition)
            checkCondition(checks, field + ".$not", *inverse.condition);
        else
            checks.error(field + ".$not", "`$not` needs a condition");
    }

    void operator()(const FieldTest &test) const { checkTest(checks, fmt::format("{}.{}", field, test.field), test); }
};

} // namespace

void checkCondition(Checks &checks, const std::string &field, const Condition &condition)
{
    std::visit(ConditionCheck {checks, field}, condition.test);
}

} // namespace gateway::config
