// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_columns.h"

#include "gateway/core/mark_colour.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/mark_look.h"
#include "ui/panes/filter_terms.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::CallRecord;
using gateway::CallStatus;

constexpr std::array<ColumnLook, columnCount> looks {{
    {"time", QT_TRANSLATE_NOOP("calls", "Time"), 112, 0},
    {"team", QT_TRANSLATE_NOOP("calls", "Team"), 90, 0},
    {"key", QT_TRANSLATE_NOOP("calls", "Key"), 88, 4},
    {"route", QT_TRANSLATE_NOOP("calls", "Route"), 74, 2},
    {"model", QT_TRANSLATE_NOOP("calls", "Model"), 92, 4},
    {"path", QT_TRANSLATE_NOOP("calls", "Path"), 88, 3},
    {"status", QT_TRANSLATE_NOOP("calls", "Status"), 58, 1},
    {"ttft", QT_TRANSLATE_NOOP("calls", "TTFT"), 66, 1, true},
    {"latency", QT_TRANSLATE_NOOP("calls", "Latency"), 68, 1, true},
    {"tokens.in", QT_TRANSLATE_NOOP("calls", "Tok in"), 58, 1, true},
    {"tokens.out", QT_TRANSLATE_NOOP("calls", "Tok out"), 64, 1, true},
    {"cost", QT_TRANSLATE_NOOP("calls", "Cost"), 84, 1, true},
    {"session", QT_TRANSLATE_NOOP("calls", "Session"), 110, 1, false, true},
    {"customer", QT_TRANSLATE_NOOP("calls", "Customer"), 100, 1, false, true},
    {"tags", QT_TRANSLATE_NOOP("calls", "Tags"), 100, 1, false, true},
    {"error", QT_TRANSLATE_NOOP("calls", "Error"), 120, 1, false, true},
    {"endpoint", QT_TRANSLATE_NOOP("calls", "Endpoint"), 100, 0, false, true},
    {"trace", QT_TRANSLATE_NOOP("calls", "Trace"), 240, 0, false, true},
    {"id", QT_TRANSLATE_NOOP("calls", "Id"), 240, 0, false, true},
    {"colour", QT_TRANSLATE_NOOP("calls", "Colour"), 70, 0, false, true},
    {"comment", QT_TRANSLATE_NOOP("calls", "Comment"), 160, 4, false, true},
}};

QString tr(const char *text) { return QCoreApplication::translate("calls", text); }

QString orUnknown(const std::string &text) { return text.empty() ? widgets::unknownText() : qt(text); }

QString tokens(const CallRecord &record, std::int64_t number)
{
    if (record.usage.total() == 0 && record.status != CallStatus::Ok)
        return number == 0 && record.status == CallStatus::Refused ? widgets::unknownText() : widgets::count(std::uint64_t(number));
    const QString text = widgets::count(std::uint64_t(std::max<std::int64_t>(number, 0)));
    return record.usage.estimated ? u"~"_s + text : text;
}

/// A value as the filter's grammar takes it.
QString quoted(const QString &value)
{
    const bool plain = std::ranges::none_of(value, [](QChar c) { return c.isSpace() || c == u'(' || c == u')' || c == u'"' || c == u'*' || c == u'\\'; })
        && !value.startsWith(u'<') && !value.startsWith(u'>') && !value.startsWith(u'=');
    if (plain)
        return value;
    QString escaped = value;
    escaped.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return u'"' + escaped + u'"';
}

QString term(const char *field, const std::string &value) { return value.empty() ? QString() : QLatin1StringView(field) + u":"_s + quoted(qt(value)); }
QString atLeast(const char *field, std::int64_t value, const QString &unit = {}) { return QLatin1StringView(field) + u":>="_s + QString::number(value) + unit; }

} // namespace

const ColumnLook &look(Column column) { return looks.at(std::size_t(column)); }
QString columnTitle(Column column) { return tr(look(column).title); }

QString cellText(const CallRecord &record, Column column)
{
    switch (column) {
    case Column::Time: return widgets::timeOfDayMillis(record.startedAt);
    case Column::Team: return orUnknown(record.team);
    case Column::Key: return orUnknown(record.key);
    case Column::Route: return orUnknown(record.route.empty() ? record.askedModel : record.route);
    case Column::Model: return orUnknown(record.model);
    case Column::Path: return pathWords(record);
    case Column::Status: return statusText(record);
    case Column::FirstByte: return record.firstByteUs < 0 ? widgets::unknownText() : widgets::latency(std::int64_t {record.firstByteUs});
    case Column::Latency: return widgets::latency(std::int64_t {record.latencyUs});
    case Column::TokensIn: return tokens(record, record.usage.input);
    case Column::TokensOut: return tokens(record, record.usage.output);
    case Column::Cost: return widgets::money(record.cost);
    case Column::Session: return orUnknown(record.session);
    case Column::Customer: return orUnknown(record.customer);
    case Column::Tags: return orUnknown(record.tags);
    case Column::Error: return record.error ? qt(gateway::toText(*record.error)) : widgets::unknownText();
    case Column::Endpoint: return qt(gateway::toText(record.endpoint));
    case Column::Trace: return orUnknown(record.trace);
    case Column::Id: return qt(record.id);
    case Column::Colour:
    case Column::Comment: break; // no part of the record
    }
    return widgets::unknownText();
}

QString cellText(const gateway::CallRow &row, Column column)
{
    if (column == Column::Colour)
        return row.mark.colour > 0 ? markName(row.mark.colour) : widgets::unknownText();
    return column == Column::Comment ? orUnknown(row.mark.comment) : cellText(row.record, column);
}

QString filterTerm(const CallRecord &record, Column column)
{
    switch (column) {
    case Column::Time: return {};
    case Column::Team: return term("team", record.team);
    case Column::Key: return term("key", record.key);
    case Column::Route: return term("route", record.route);
    case Column::Model: return term("model", record.model);
    case Column::Path: return record.attempts.empty() ? (record.status == CallStatus::Refused ? u"state:refused"_s : fromCache(record) ? u"(cache:hit OR cache:semantic)"_s : QString()) : term("provider", record.attempts.front().provider);
    case Column::Status:
        if (record.status == CallStatus::Cut || record.status == CallStatus::Cancelled)
            return term("state", std::string(gateway::toText(record.status)));
        return u"status:"_s + QString::number(record.httpStatus);
    case Column::FirstByte: return record.firstByteUs < 0 ? QString() : atLeast("ttft", record.firstByteUs / 1000, u"ms"_s);
    case Column::Latency: return atLeast("latency", record.latencyUs / 1000, u"ms"_s);
    case Column::TokensIn: return atLeast("tokens.in", record.usage.input);
    case Column::TokensOut: return atLeast("tokens.out", record.usage.output);
    case Column::Cost: return record.cost ? u"cost:>="_s + qt(record.cost->toDecimal()) : QString();
    case Column::Session: return term("session", record.session);
    case Column::Customer: return term("customer", record.customer);
    case Column::Tags: return term("tag", record.tags.substr(0, record.tags.find(',')));
    case Column::Error: return record.error ? term("error", std::string(gateway::toText(*record.error))) : QString();
    case Column::Endpoint: return term("endpoint", std::string(gateway::toText(record.endpoint)));
    case Column::Trace: return term("trace", record.trace);
    case Column::Id: return term("id", record.id);
    case Column::Colour:
    case Column::Comment: break;
    }
    return {};
}

QString filterTerm(const gateway::CallRow &row, Column column)
{
    if (column == Column::Colour)
        return row.mark.colour > 0 ? term("colour", std::string(gateway::markColourName(row.mark.colour))) : u"colour:none"_s;
    return column == Column::Comment ? (row.mark.comment.empty() ? QString() : u"comment:"_s + quoted(qt(row.mark.comment))) : filterTerm(row.record, column);
}

QString fieldTerm(const QString &field, const QString &value)
{
    if (value.isEmpty())
        return field + u":\"\""_s;
    return field + u':' + (field == u"status" ? value : quoted(value));
}

QString withTerm(const QString &filter, const QString &term, bool exclude)
{
    return panes::withFilter(filter, exclude ? u"NOT "_s + term : term);
}

QList<PathStep> pathOf(const CallRecord &record)
{
    QList<PathStep> steps;
    for (const gateway::AttemptRecord &attempt : record.attempts) {
        const PathStep step {qt(attempt.provider), attempt.skipped ? PathStep::End::Skipped : attempt.ok ? PathStep::End::Ok : PathStep::End::Failed, 1};
        if (!steps.isEmpty() && steps.last().provider == step.provider && steps.last().end == step.end)
            ++steps.last().tries;
        else
            steps.append(step);
    }
    return steps;
}

bool fromCache(const CallRecord &record) { return record.cache == gateway::CacheOutcome::Hit || record.cache == gateway::CacheOutcome::Semantic; }

QString pathWords(const CallRecord &record)
{
    if (record.attempts.empty()) {
        const QString word = record.status == CallStatus::Refused ? tr(QT_TRANSLATE_NOOP("calls", "refused")) : fromCache(record) ? tr(QT_TRANSLATE_NOOP("calls", "cache")) : widgets::unknownText();
        return record.repeats > 1 ? word + u" ×"_s + widgets::count(record.repeats) : word;
    }
    QStringList words;
    for (const PathStep &step : pathOf(record)) {
        const QString what = step.end == PathStep::End::Ok ? tr(QT_TRANSLATE_NOOP("calls", "%1 answered"))
            : step.end == PathStep::End::Skipped           ? tr(QT_TRANSLATE_NOOP("calls", "%1 skipped"))
            : step.tries > 1                               ? tr(QT_TRANSLATE_NOOP("calls", "%1 failed %2 times")).arg(u"%1"_s).arg(step.tries)
                                                           : tr(QT_TRANSLATE_NOOP("calls", "%1 failed"));
        words.append(what.arg(step.provider));
    }
    return words.join(u", "_s);
}

QString providerLetter(const QString &provider)
{
    return provider.startsWith(u"local-"_s) ? provider.mid(6, 1) : provider.left(1).toUpper(); // as widgets::paintProviderMark
}

bool rescued(const CallRecord &record)
{
    return record.status == CallStatus::Ok && std::ranges::any_of(record.attempts, [](const gateway::AttemptRecord &one) { return !one.ok; });
}

bool statusBad(const CallRecord &record) { return record.status != CallStatus::Ok; }

QString statusText(const CallRecord &record)
{
    if (record.status == CallStatus::Cut)
        return tr(QT_TRANSLATE_NOOP("calls", "cut"));
    if (record.status == CallStatus::Cancelled)
        return tr(QT_TRANSLATE_NOOP("calls", "left"));
    return record.httpStatus == 0 ? widgets::unknownText() : QString::number(record.httpStatus);
}

QString statusWords(const CallRecord &record)
{
    const QString code = record.httpStatus == 0 ? QString() : QString::number(record.httpStatus) + u' ';
    switch (record.status) {
    case CallStatus::Ok: return rescued(record) ? code + tr(QT_TRANSLATE_NOOP("calls", "rescued")) : code + tr(QT_TRANSLATE_NOOP("calls", "answered"));
    case CallStatus::Failed: return code + tr(QT_TRANSLATE_NOOP("calls", "failed"));
    case CallStatus::Refused: return code + tr(QT_TRANSLATE_NOOP("calls", "refused"));
    case CallStatus::Cut: return code + tr(QT_TRANSLATE_NOOP("calls", "cut"));
    case CallStatus::Cancelled: return tr(QT_TRANSLATE_NOOP("calls", "caller left"));
    }
    return code;
}

} // namespace ui::calls
