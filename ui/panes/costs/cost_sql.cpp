// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/cost_sql.h"

#include "gateway/core/sql_filter.h"
#include "ui/bridge/text.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

constexpr std::int64_t hourUs = 3'600'000'000;

QString say(const char *text) { return QCoreApplication::translate("ui::costs::CostSql", text); }

std::int64_t us(gateway::WallTime at) { return at.time_since_epoch().count(); }

/// What sums by hour tell apart.
bool isSummed(CostField field) { return field != CostField::Customer && field != CostField::Endpoint && field != CostField::Tags; }

bool isSummed(const gateway::CallFilter::Node &node)
{
    static constexpr std::array<std::string_view, 4> fields {"team", "key", "route", "provider"};
    using Kind = gateway::CallFilter::Kind;
    if (node.kind == Kind::Text || (node.kind == Kind::Term && std::ranges::find(fields, node.field->name) == fields.end()))
        return false;
    return std::ranges::all_of(node.children, [](const gateway::CallFilter::Node &child) { return isSummed(child); });
}

/// us_of('2026-11-01'), or the time itself where that would be cut off.
QString timeOf(gateway::WallTime at, const QTimeZone &zone)
{
    const QDateTime there = inZone(at, zone);
    if (us(at) % 1'000'000 != 0)
        return QString::number(us(at));
    if (there == there.date().startOfDay(zone))
        return u"us_of('%1')"_s.arg(there.date().toString(Qt::ISODate));
    return u"us_of('%1')"_s.arg(there.toUTC().toString(Qt::ISODate));
}

/// The bar that a row belongs to, and what that column is called.
std::pair<QString, QString> bucketOf(Per per, const QString &time)
{
    switch (per) {
    case Per::FiveMinutes: return {u"time_of(%1 / 300000000 * 300000000)"_s.arg(time), u"at"_s};
    case Per::Hour: return {u"hour"_s, u"hour"_s};
    case Per::Week: return {u"date(day, 'weekday 0', '-6 days')"_s, u"week"_s};
    case Per::Month: return {u"substr(day, 1, 7)"_s, u"month"_s};
    case Per::Fit:
    case Per::Day: break;
    }
    return {u"day"_s, u"day"_s};
}

QString measureOf(CostMeasure measure, bool summed)
{
    switch (measure) {
    case CostMeasure::Cost: return u"sum(cost_nano) / 1e9 AS usd"_s;
    case CostMeasure::Calls: return summed ? u"sum(calls) AS calls"_s : u"sum(counted) AS calls"_s;
    case CostMeasure::Tokens: return u"sum(input_tokens + output_tokens) AS tokens"_s;
    }
    return {};
}

QString nameOf(CostMeasure measure) { return measure == CostMeasure::Cost ? u"usd"_s : measure == CostMeasure::Calls ? u"calls"_s : u"tokens"_s; }

} // namespace

QString costSql(const Asked &asked, const gateway::CallFilter &filter)
{
    const Period &period = asked.shown.period;
    const bool whole = us(period.from) % hourUs == 0 && us(period.to) % hourUs == 0 && asked.shown.per != Per::FiveMinutes;
    const bool summed = whole && isSummed(asked.by) && isSummed(filter.root());
    const QString time = summed ? u"from_us"_s : u"started_us"_s;
    const QString by = bridge::qt(gateway::toText(asked.by));
    const auto [bucket, bucketName] = bucketOf(asked.shown.per, time);
    QString sql = u"-- "_s + say(QT_TRANSLATE_NOOP("ui::costs::CostSql", "%1 by %2, %3")).arg(measureTitle(asked.measure), fieldWord(asked.by), periodText(period, asked.zone));
    sql += u'\n';
    if (!summed)
        sql += u"-- "_s + say(QT_TRANSLATE_NOOP("ui::costs::CostSql", "of the calls that the log still has")) + u'\n';
    sql += u"SELECT %1, %2, %3\n"_s.arg(bucket == bucketName ? bucket : bucket + u" AS "_s + bucketName, by, measureOf(asked.measure, summed));
    sql += u"FROM %1\n"_s.arg(summed ? u"usage_hours"_s : u"calls"_s);
    sql += u"WHERE %1 >= %2 AND %1 < %3\n"_s.arg(time, timeOf(period.from, asked.zone), timeOf(period.to, asked.zone));
    if (!filter.empty())
        sql += u"  AND "_s + bridge::qt(gateway::sqlCondition(filter.root())) + u'\n';
    sql += u"GROUP BY %1, %2\nORDER BY %1, %3 DESC\nLIMIT 10000"_s.arg(bucketName, by, nameOf(asked.measure));
    return sql;
}

} // namespace ui::costs
