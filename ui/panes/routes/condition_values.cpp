// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/condition_values.h"

#include "gateway/config/condition_fields.h"
#include "ui/bridge/text.h"

#include <QRegularExpression>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using Kind = ConditionValue::Kind;

namespace {

FieldKind kindOfField(const std::string &field)
{
    const ConditionField *found = findConditionField(field);
    return found ? found->kind : FieldKind::Any;
}

Kind literalKind(const QString &text)
{
    static const QRegularExpression number(u"^-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?$"_s); // RFC 8259
    if (text == u"true" || text == u"false")
        return Kind::Bool;
    if (text == u"null")
        return Kind::Null;
    return number.match(text).hasMatch() ? Kind::Number : Kind::Text;
}

/// Whether what a row would show reads back as the same test.
bool fitsRow(const FieldTest &test)
{
    if (test.comparison == Operator::Exists)
        return test.values.size() == 1 && test.values.front().kind == Kind::Bool;
    return test.values.empty() || valuesOf(typedOf(test), test.field, test.comparison) == test.values;
}

bool isList(Operator comparison) { return comparison == Operator::In || comparison == Operator::NotIn; }

} // namespace

ConditionValue valueOf(const QString &typed, const std::string &field)
{
    const QString text = typed.trimmed();
    const FieldKind kind = kindOfField(field);
    if (kind == FieldKind::Text || kind == FieldKind::List)
        return {Kind::Text, bridge::utf8(text)};
    if (text.size() >= 2 && text.startsWith(u'"') && text.endsWith(u'"'))
        return {Kind::Text, bridge::utf8(QStringView(text).mid(1, text.size() - 2))};
    const Kind literal = literalKind(text);
    return {literal, literal == Kind::Null ? std::string() : bridge::utf8(text)};
}

QString typedOf(const ConditionValue &value, const std::string &field)
{
    const QString text = value.kind == Kind::Null ? u"null"_s : bridge::qt(value.text);
    const FieldKind kind = kindOfField(field);
    const bool ambiguous = value.kind == Kind::Text && kind != FieldKind::Text && kind != FieldKind::List && literalKind(text) != Kind::Text;
    return ambiguous ? u'"' + text + u'"' : text;
}

std::vector<ConditionValue> valuesOf(const QString &typed, const std::string &field, Operator comparison)
{
    if (comparison == Operator::Regex)
        return {{Kind::Text, bridge::utf8(typed)}};
    if (!isList(comparison))
        return {valueOf(typed, field)};
    std::vector<ConditionValue> values;
    for (const QString &part : typed.split(u',', Qt::SkipEmptyParts))
        if (!part.trimmed().isEmpty())
            values.push_back(valueOf(part, field));
    return values;
}

QString typedOf(const FieldTest &test)
{
    if (test.comparison == Operator::Regex)
        return test.values.empty() ? QString() : bridge::qt(test.values.front().text);
    QStringList parts;
    for (const ConditionValue &value : test.values)
        parts << typedOf(value, test.field);
    return parts.join(u", "_s);
}

std::optional<ConditionRows> rowsOf(const Condition &condition)
{
    if (const auto *test = std::get_if<FieldTest>(&condition.test))
        return fitsRow(*test) ? std::optional(ConditionRows {{*test}, false}) : std::nullopt;
    const auto *all = std::get_if<AllOf>(&condition.test);
    const auto *any = std::get_if<AnyOf>(&condition.test);
    if (!all && !any)
        return std::nullopt;
    ConditionRows rows;
    rows.any = any;
    for (const Condition &one : all ? all->conditions : any->conditions) {
        const auto *test = std::get_if<FieldTest>(&one.test);
        if (!test || !fitsRow(*test))
            return std::nullopt;
        rows.tests.push_back(*test);
    }
    return rows;
}

Condition conditionOf(const ConditionRows &rows)
{
    if (rows.tests.size() == 1)
        return {rows.tests.front()};
    std::vector<Condition> conditions;
    for (const FieldTest &test : rows.tests)
        conditions.push_back({test});
    if (rows.any)
        return {AnyOf {std::move(conditions)}};
    return {AllOf {std::move(conditions)}};
}

} // namespace ui::routes
