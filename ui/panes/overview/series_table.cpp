// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/series_table.h"

#include "ui/bridge/csv.h"
#include "ui/bridge/text.h"
#include "ui/panes/overview/overview_figures.h"

#include <QDateTime>

#include <functional>
#include <set>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using gateway::api::SeriesBucket;

struct Column
{
    QString name;
    std::function<QString(const SeriesBucket &)> text;
};

QString dollars(gateway::Money amount)
{
    const std::int64_t nanos = amount.nanos();
    const std::int64_t whole = nanos / 1'000'000'000, part = std::abs(nanos % 1'000'000'000);
    return (nanos < 0 && whole == 0 ? u"-"_s : QString()) + u"%1.%2"_s.arg(whole).arg(part, 9, 10, QChar(u'0'));
}

Column number(const QString &name, std::uint64_t SeriesBucket::*member)
{
    return {name, [member](const SeriesBucket &bin) { return QString::number(bin.*member); }};
}

Column milliseconds(const QString &name, std::optional<std::int64_t> SeriesBucket::*member)
{
    return {name, [member](const SeriesBucket &bin) { return bin.*member ? QString::number(double(*(bin.*member)) / 1000, 'f', 3) : QString(); }};
}

void addErrors(QList<Column> &columns)
{
    columns.append({number(u"failed"_s, &SeriesBucket::failed), number(u"refused"_s, &SeriesBucket::refused), number(u"rescued"_s, &SeriesBucket::rescued)});
    for (std::size_t i = 0; i < gateway::api::errorClassCount; ++i)
        columns.append({errorClassName(gateway::api::ErrorClass(i)), [i](const SeriesBucket &bin) { return QString::number(bin.errors[i]); }});
}

void addCosts(QList<Column> &columns, const gateway::api::Series &series)
{
    columns.append({u"cost_usd"_s, [](const SeriesBucket &bin) {
        gateway::Money sum;
        for (const auto &[team, cost] : bin.costByTeam)
            sum += cost;
        return dollars(sum);
    }});
    std::set<std::string> teams;
    for (const SeriesBucket &bin : series.buckets)
        for (const auto &[team, cost] : bin.costByTeam)
            teams.insert(team);
    for (const std::string &team : teams) {
        columns.append({team.empty() ? u"unattributed_usd"_s : bridge::qt(team) + u"_usd"_s, [team](const SeriesBucket &bin) {
            const auto found = bin.costByTeam.find(team);
            return dollars(found == bin.costByTeam.end() ? gateway::Money {} : found->second);
        }});
    }
}

} // namespace

QByteArray seriesCsv(const gateway::api::Series &series, FigureSet figures)
{
    QList<Column> columns {{u"time_utc"_s,
        [](const SeriesBucket &bin) { return QDateTime::fromSecsSinceEpoch(std::chrono::floor<std::chrono::seconds>(bin.at.time_since_epoch()).count(), Qt::UTC).toString(Qt::ISODate); }}};
    columns.append(number(u"calls"_s, &SeriesBucket::calls));
    if (figures & Figures::Latency)
        columns.append({milliseconds(u"p50_ms"_s, &SeriesBucket::p50Us), milliseconds(u"p95_ms"_s, &SeriesBucket::p95Us), milliseconds(u"p99_ms"_s, &SeriesBucket::p99Us)});
    if (figures & Figures::FirstToken)
        columns.append(milliseconds(u"ttft_p95_ms"_s, &SeriesBucket::ttftP95Us));
    if (figures & Figures::Errors)
        addErrors(columns);
    if (figures & Figures::Cost)
        addCosts(columns, series);
    if (figures & Figures::Tokens)
        columns.append({number(u"tokens_in"_s, &SeriesBucket::inputTokens), number(u"tokens_out"_s, &SeriesBucket::outputTokens)});
    if (figures & Figures::Cache)
        columns.append({number(u"cache_hits"_s, &SeriesBucket::cacheHits), number(u"cache_looked"_s, &SeriesBucket::cacheLooked)});
    QStringList cells;
    for (const Column &column : columns)
        cells.append(column.name);
    QByteArray text = bridge::csvLine(cells);
    for (const SeriesBucket &bin : series.buckets) {
        cells.clear();
        for (const Column &column : columns)
            cells.append(column.text(bin));
        text += bridge::csvLine(cells);
    }
    return text;
}

} // namespace ui::overview
