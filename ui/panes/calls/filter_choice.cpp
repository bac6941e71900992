// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/filter_choice.h"

#include "gateway/core/call_filter.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/call_columns.h"

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using gateway::CallFilter;
using Node = CallFilter::Node;

/// Where a quotation that begins at `at` ends.
qsizetype quotationEnd(const QString &text, qsizetype at)
{
    for (++at; at < text.size() && text.at(at) != u'"'; ++at)
        at += text.at(at) == u'\\' ? 1 : 0;
    return qMin(at + 1, text.size());
}

qsizetype groupEnd(const QString &text, qsizetype at)
{
    for (int depth = 0; at < text.size();) {
        if (text.at(at) == u'"') {
            at = quotationEnd(text, at);
            continue;
        }
        depth += text.at(at) == u'(' ? 1 : text.at(at) == u')' ? -1 : 0;
        ++at;
        if (depth == 0)
            break;
    }
    return at;
}

/// A word, and the quotation right behind a field's name.
qsizetype wordEnd(const QString &text, qsizetype at)
{
    const qsizetype from = at;
    while (at < text.size() && !text.at(at).isSpace() && text.at(at) != u'(' && text.at(at) != u')' && text.at(at) != u'"')
        ++at;
    const bool field = text.mid(from, at - from).contains(u':');
    return field && at < text.size() && text.at(at) == u'"' ? quotationEnd(text, at) : at;
}

/// What the filter ANDs, each as it was typed; where it ORs, all of it is one part.
QStringList andParts(const QString &text)
{
    QStringList parts;
    QString before;
    for (qsizetype at = 0; at < text.size();) {
        if (text.at(at).isSpace()) {
            ++at;
            continue;
        }
        const qsizetype end = text.at(at) == u'(' ? groupEnd(text, at) : text.at(at) == u'"' ? quotationEnd(text, at) : wordEnd(text, at);
        const QString part = text.mid(at, qMax<qsizetype>(1, end - at));
        at = qMax(end, at + 1);
        if (part == u"OR")
            return {u'(' + text.trimmed() + u')'};
        if (part == u"AND")
            continue;
        if (part == u"NOT") {
            before += u"NOT "_s;
            continue;
        }
        parts.append(before + part);
        before.clear();
    }
    return parts;
}

/// nullopt: it is no such term.
std::optional<QString> valueOf(const Node &node, const QString &field)
{
    if (node.kind != CallFilter::Kind::Term || node.prefix || bridge::qt(node.field->name) != field)
        return std::nullopt;
    if (node.op == CallFilter::Op::Equal)
        return bridge::qt(node.value);
    return node.op == CallFilter::Op::Less && field == u"status" ? std::optional(u'<' + bridge::qt(node.value)) : std::nullopt;
}

/// What a part chooses of the field; nullopt: it is about something else, or more than a choice.
std::optional<FieldChoice> partChoice(const QString &part, const QString &field)
{
    const auto parsed = CallFilter::parse(bridge::utf8(part));
    if (!parsed)
        return std::nullopt;
    const Node &root = parsed->root();
    FieldChoice choice;
    if (const auto value = valueOf(root, field)) {
        choice.included.append(*value);
        return choice;
    }
    if (root.kind == CallFilter::Kind::Not) {
        const auto value = valueOf(root.children.front(), field);
        return value ? std::optional(FieldChoice {{}, {*value}}) : std::nullopt;
    }
    if (root.kind != CallFilter::Kind::Or)
        return std::nullopt;
    for (const Node &child : root.children) {
        const auto value = valueOf(child, field);
        if (!value)
            return std::nullopt;
        choice.included.append(*value);
    }
    return choice;
}

QStringList textOf(const QString &field, const FieldChoice &choice)
{
    QStringList parts, included;
    for (const QString &value : choice.included)
        included.append(fieldTerm(field, value));
    if (!included.isEmpty())
        parts.append(included.size() == 1 ? included.first() : u'(' + included.join(u" OR "_s) + u')');
    for (const QString &value : choice.excluded)
        parts.append(u"NOT "_s + fieldTerm(field, value));
    return parts;
}

} // namespace

FieldChoice choiceOf(const QString &filter, const QString &field)
{
    FieldChoice all;
    for (const QString &part : andParts(filter)) {
        if (const auto choice = partChoice(part, field)) {
            all.included += choice->included;
            all.excluded += choice->excluded;
        }
    }
    return all;
}

QString withChoice(const QString &filter, const QString &field, const FieldChoice &choice)
{
    QStringList parts = andParts(filter);
    qsizetype place = -1;
    for (qsizetype i = 0; i < parts.size();) {
        if (!partChoice(parts.at(i), field)) {
            ++i;
            continue;
        }
        place = place < 0 ? i : place;
        parts.removeAt(i);
    }
    const QStringList added = textOf(field, choice);
    for (qsizetype i = 0; i < added.size(); ++i)
        parts.insert(place < 0 ? parts.size() : place + i, added.at(i));
    // A group that stood in parentheses only to be ANDed.
    if (parts.size() == 1 && added.isEmpty() && parts.first() == u'(' + filter.trimmed() + u')')
        return filter.trimmed();
    return parts.join(u' ');
}

QString toggled(const QString &filter, const QString &field, const QString &value, bool exclude)
{
    FieldChoice choice = choiceOf(filter, field);
    QStringList &into = exclude ? choice.excluded : choice.included;
    const bool was = into.contains(value);
    choice.included.removeAll(value);
    choice.excluded.removeAll(value);
    if (!was)
        into.append(value);
    return withChoice(filter, field, choice);
}

} // namespace ui::calls
