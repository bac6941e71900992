// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/range_zoom.h"
#include "ui/panes/overview/movers.h"
#include "ui/panes/overview/overview_figures.h"
#include "ui/panes/overview/point_filter.h"
#include "ui/panes/overview/series_table.h"

#include <QtTest>

#include <random>

using namespace Qt::StringLiterals;
using namespace ui::overview;
using gateway::Money;
using gateway::UsageField;

namespace {

gateway::Series randomSeries(int bins)
{
    std::mt19937 random(5);
    gateway::Series series;
    for (int i = 0; i < bins; ++i) {
        gateway::SeriesBucket bin {.at = gateway::WallTime {std::chrono::seconds {1'760'000'000 + 60 * i}}, .calls = random() % 1000, .failed = random() % 50};
        for (auto &count : bin.errors)
            count = random() % 9;
        if (i % 3 != 0)
            bin.p95Us = random() % 9'000'000;
        bin.costByTeam = {{"search", Money::fromNanos(random() % 5'000'000'000LL)}, {"", Money::fromNanos(random() % 1'000'000LL)}};
        bin.inputTokens = random() % 100'000;
        bin.outputTokens = random() % 10'000;
        bin.cacheLooked = random() % 900;
        bin.cacheHits = bin.cacheLooked / 3;
        series.totals.calls += bin.calls;
        series.totals.inputTokens += bin.inputTokens;
        series.totals.outputTokens += bin.outputTokens;
        for (const auto &[team, cost] : bin.costByTeam)
            series.totals.cost += cost;
        series.buckets.push_back(bin);
    }
    return series;
}

gateway::Usage usageOf(std::initializer_list<std::pair<const char *, gateway::SeriesTotals>> groups)
{
    gateway::Usage usage;
    for (const auto &[name, totals] : groups) {
        usage.rows.push_back({.at = {}, .group = {name}, .totals = totals});
        usage.totals.calls += totals.calls;
        usage.totals.cost += totals.cost;
    }
    return usage;
}

gateway::SeriesTotals totals(std::uint64_t calls, std::uint64_t failed, std::int64_t p95, std::int64_t cents)
{
    gateway::SeriesTotals made {.calls = calls, .failed = failed};
    made.p95Us = p95;
    made.cost = Money::fromNanos(cents * 10'000'000);
    return made;
}

} // namespace

class tst_OverviewFigures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// What a spreadsheet adds up is what the range has, to the nano-dollar.
    void tablesSumsAreExact()
    {
        const gateway::Series series = randomSeries(60);
        const QStringList lines = QString::fromUtf8(seriesCsv(series, Figures::All)).split(u"\r\n"_s, Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 61);
        const QStringList names = lines.front().split(u',');
        const auto sum = [&](const QString &name) {
            qint64 nanos = 0;
            for (const QString &line : lines.mid(1))
                nanos += QString(line.split(u',').at(names.indexOf(name))).remove(u'.').toLongLong();
            return nanos;
        };
        QCOMPARE(sum(u"calls"_s), qint64(series.totals.calls));
        QCOMPARE(sum(u"tokens_in"_s), qint64(series.totals.inputTokens));
        QCOMPARE(sum(u"tokens_out"_s), qint64(series.totals.outputTokens));
        QCOMPARE(sum(u"cost_usd"_s), series.totals.cost.nanos());
        QCOMPARE(sum(u"search_usd"_s) + sum(u"unattributed_usd"_s), series.totals.cost.nanos());
        const CacheCounts cache = cacheCounts(series);
        QCOMPARE(sum(u"cache_looked"_s), qint64(cache.looked));
        QCOMPARE(sum(u"cache_hits"_s), qint64(cache.hits));
        QCOMPARE(lines.at(1).split(u',').at(names.indexOf(u"p95_ms"_s)), QString()); // unknown is empty, never 0
        QVERIFY(!QString::fromUtf8(seriesCsv(series, Figures::Tokens)).contains(u"cost"_s));
    }

    void tokensAreShownASecond()
    {
        gateway::Series series = randomSeries(4);
        series.buckets[1].inputTokens = 6000;
        const auto data = tokenData(series, 60, gateway::WallTime::max());
        QCOMPARE(data.series.at(0).values.at(1), 100.0);
        QCOMPARE(cacheData(series, 60).series.size(), 2);
        for (auto &bin : series.buckets)
            bin.cacheLooked = bin.cacheHits = 0;
        QVERIFY(cacheData(series, 60).series.isEmpty());
    }

    void rangesHaveFewBins_data()
    {
        QTest::addColumn<qint64>("seconds");
        for (const std::int64_t seconds : ui::bridge::rangeChoices())
            QTest::addRow("%lld", static_cast<long long>(seconds)) << qint64(seconds);
        QTest::newRow("three years") << qint64(3 * 365 * 86400);
        QTest::newRow("odd") << qint64(123'457);
    }
    void rangesHaveFewBins()
    {
        QFETCH(qint64, seconds);
        const std::int64_t bucket = bucketSeconds(seconds);
        QVERIFY(seconds / bucket <= 60);
        QVERIFY(seconds / bucket >= 20);
        QVERIFY(bucket < 86400 || bucket % 86400 == 0); // whole days are read from the sums by day
    }

    void pointsHaveValidFilters_data()
    {
        QTest::addColumn<int>("chart");
        QTest::addColumn<QString>("series");
        QTest::addColumn<QString>("filter");
        QTest::newRow("latency") << int(Figures::Latency) << QString() << QString();
        QTest::newRow("any error") << int(Figures::Errors) << QString() << u"status:>=400"_s;
        QTest::newRow("429") << int(Figures::Errors) << u"0"_s << u"state:failed (error:quota OR error:rate_limited)"_s;
        QTest::newRow("cut") << int(Figures::Errors) << u"4"_s << u"state:cut"_s;
        QTest::newRow("team") << int(Figures::Cost) << u"search"_s << u"team:\"search\""_s;
        QTest::newRow("unattributed") << int(Figures::Cost) << unattributedId << u"team:\"\""_s;
        QTest::newRow("others") << int(Figures::Cost) << u"*"_s << u"cost:>0"_s;
        QTest::newRow("streams") << int(Figures::FirstToken) << QString() << u"stream:true"_s;
        QTest::newRow("out") << int(Figures::Tokens) << u"out"_s << u"tokens.out:>0"_s;
        QTest::newRow("hits") << int(Figures::Cache) << u"hits"_s << u"(cache:hit OR cache:semantic)"_s;
        QTest::newRow("misses") << int(Figures::Cache) << u"misses"_s << u"cache:miss"_s;
    }
    void pointsHaveValidFilters()
    {
        QFETCH(int, chart);
        QFETCH(QString, series);
        QFETCH(QString, filter);
        QCOMPARE(pointFilter(Figures(chart), series), filter);
        QVERIFY(gateway::CallFilter::parse(filter.toStdString()));
    }

    void everyErrorClassHasAFilter()
    {
        for (std::size_t i = 0; i < gateway::errorClassCount; ++i)
            QVERIFY(gateway::CallFilter::parse(pointFilter(Figures::Errors, QString::number(i)).toStdString()));
    }

    void moversAreWhatMoved()
    {
        const gateway::Usage before = usageOf({{"search", totals(1000, 5, 900'000, 500)}, {"growth", totals(1000, 5, 900'000, 500)}, {"tiny", totals(3, 0, 100, 1)}, {"", totals(500, 0, 1, 100)}});
        const gateway::Usage now = usageOf({{"search", totals(1010, 120, 900'000, 505)}, {"growth", totals(1000, 5, 2'700'000, 1500)}, {"tiny", totals(9, 9, 900'000, 4)}, {"", totals(1, 0, 1, 1)}, {"fresh", totals(400, 1, 900'000, 300)}});
        const auto movers = topMovers(moversOf(UsageField::Team, now, before), 8);
        const auto moved = [&](const char *name, MovedFigure figure) { return std::ranges::find_if(movers, [&](const Mover &mover) { return mover.name == name && mover.figure == figure; }) != movers.end(); };
        QVERIFY(moved("search", MovedFigure::Errors));
        QVERIFY(!moved("search", MovedFigure::Cost)); // one per cent is none
        QVERIFY(moved("growth", MovedFigure::Cost) && moved("growth", MovedFigure::Latency) && !moved("growth", MovedFigure::Calls));
        QVERIFY(moved("fresh", MovedFigure::Cost) && moved("fresh", MovedFigure::Calls) && !moved("fresh", MovedFigure::Errors));
        QVERIFY(std::ranges::none_of(movers, [](const Mover &mover) { return mover.name.empty() || mover.name == "tiny"; }));
        QVERIFY(std::ranges::is_sorted(movers, [](const Mover &a, const Mover &b) { return a.weight > b.weight; }));
        QVERIFY(moversOf(UsageField::Team, now, {}).empty()); // there is nothing to compare with
    }

    void sameChangeIsToldOnce()
    {
        const gateway::Usage before = usageOf({{"search", totals(100, 0, 1000, 100)}}), now = usageOf({{"search", totals(300, 0, 1000, 300)}});
        auto all = moversOf(UsageField::Team, now, before);
        const auto keys = moversOf(UsageField::Key, now, before);
        all.insert(all.end(), keys.begin(), keys.end());
        const auto top = topMovers(all, 8);
        QCOMPARE(top.size(), 2u); // cost and calls, of the team
        QVERIFY(std::ranges::all_of(top, [](const Mover &mover) { return mover.field == UsageField::Team; }));
        QVERIFY(gateway::CallFilter::parse(moverFilter(top.front()).toStdString()));
    }

    void zoomGoesBackStepByStep()
    {
        ui::bridge::ViewContext view([] { return gateway::WallTime {std::chrono::seconds {1'760'000'000}}; });
        const auto at = [](int seconds) { return gateway::WallTime {std::chrono::seconds {1'759'990'000 + seconds}}; };
        ui::bridge::RangeZoom &zoom = ui::bridge::RangeZoom::of(view);
        QSignalSpy changed(&view, &ui::bridge::ViewContext::rangeChanged);
        zoom.zoomTo(at(0), at(3000));
        zoom.zoomTo(at(100), at(200));
        zoom.zoomTo(at(200), at(200)); // no time: no zoom
        QCOMPARE(changed.size(), 2);
        zoom.zoomOut();
        QVERIFY(view.range().to == at(3000));
        QVERIFY(zoom.zoomed());
        zoom.zoomOut();
        QVERIFY(view.range().moving() && !zoom.zoomed());
        zoom.zoomTo(at(0), at(3000));
        view.setRange({900, {}, {}});
        QVERIFY(!zoom.zoomed()); // a new choice is no zoom
    }
};

QTEST_GUILESS_MAIN(tst_OverviewFigures)
#include "tst_overview_figures.moc"
