// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "ui/bridge/range_zoom.h"
#include "ui/panes/overview/movers_card.h"
#include "ui/panes/overview/overview_figures.h"
#include "ui/panes/overview/overview_pane.h"
#include "ui/panes/overview/point_filter.h"
#include "ui/panes/overview/providers_card.h"
#include "ui/widgets/charts/chart_card.h"
#include "ui/widgets/stat_tile.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <QtTest>

using namespace Qt::StringLiterals;
using tests::FakeGateway;
using ui::overview::OverviewPane;
using ui::widgets::ChartCard;
using ui::widgets::StatTile;

namespace {

/// The pane over a made-up gateway, shown, its first answers there.
struct Scene
{
    explicit Scene(FakeGateway::Scene scene = FakeGateway::Scene::Full, QSettings *settings = nullptr) : gateway(scene), view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, settings})
    {
        pane.resize(1368, 780);
        pane.show();
        pane.setActive(true);
    }
    StatTile *tile(const QString &name) { return pane.findChild<StatTile *>(u"overview."_s + name); }
    ChartCard *chart(const QString &name) { return pane.findChild<ChartCard *>(u"overview."_s + name); }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    OverviewPane pane;
};

} // namespace

class tst_Overview : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void tilesTellTheHour()
    {
        Scene scene;
        QTRY_COMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        QCOMPARE(scene.tile(u"errors"_s)->value(), u"0.41 %"_s);
        QVERIFY(scene.tile(u"errors"_s)->note().startsWith(u"62 of 15,120 calls"_s));
        QCOMPARE(scene.tile(u"calls"_s)->change(), u"8.2 %"_s);
        QCOMPARE(scene.tile(u"cost"_s)->value(), u"$131.60"_s);
    }

    void tilesTakeTwoRowsWhereOneIsTooNarrow()
    {
        Scene scene;
        QTRY_COMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        const auto tiles = [&] {
            QList<StatTile *> shown;
            for (auto *tile : scene.pane.findChildren<StatTile *>())
                if (tile->isVisible())
                    shown.append(tile);
            return shown;
        };
        const auto rows = [&] {
            QSet<int> tops;
            for (const StatTile *tile : tiles())
                tops.insert(tile->mapTo(&scene.pane, QPoint()).y());
            return tops.size();
        };
        QCOMPARE(rows(), 1);
        const qsizetype count = tiles().size();
        scene.pane.resize(940, 780); // a window of 1024
        QTRY_COMPARE(rows(), 2);
        QCOMPARE(tiles().size(), count);
        for (const StatTile *tile : tiles()) {
            QVERIFY2(tile->width() >= 150, qPrintable(tile->text()));
            QVERIFY(scene.pane.rect().contains(QRect(tile->mapTo(&scene.pane, QPoint()), tile->size())));
        }
        QCOMPARE(scene.tile(u"calls"_s)->mapTo(&scene.pane, QPoint()).y(), scene.tile(u"errors"_s)->mapTo(&scene.pane, QPoint()).y());
        QVERIFY(scene.tile(u"calls"_s)->x() < scene.tile(u"errors"_s)->x()); // in their order
        scene.pane.resize(1368, 780);
        QTRY_COMPARE(rows(), 1);
    }

    void newErrorShowsWithinASecond()
    {
        Scene scene;
        QTRY_COMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        QElapsedTimer clock;
        clock.start();
        gateway::CallRecord failed = scene.gateway.madeCall(3);
        failed.id = "call_01JD3K8V2QNEW0000000000000";
        failed.startedAt = FakeGateway::sceneTime();
        failed.status = gateway::CallStatus::Failed;
        failed.error = gateway::ErrorCode::ServerError;
        failed.httpStatus = 502;
        scene.gateway.addCall(failed);
        QTRY_VERIFY_WITH_TIMEOUT(scene.tile(u"errors"_s)->note().startsWith(u"63 of 15,121 calls"_s), 5000);
        qInfo("shown after %lld ms", clock.elapsed());
    }

    void plotAreasStayThroughLiveTicks()
    {
        Scene scene;
        QTRY_VERIFY(scene.chart(u"costChart"_s)->chart()->data().bins > 0);
        scene.pane.grab();
        const QStringList names {u"latencyChart"_s, u"errorChart"_s, u"costChart"_s, u"firstTokenChart"_s, u"tokenChart"_s};
        QList<QRect> before;
        for (const QString &name : names)
            before.append(scene.chart(name)->chart()->plotArea());
        for (int tick = 0; tick < 60; ++tick) {
            gateway::api::Series series;
            for (int i = 0; i < 60; ++i)
                series.buckets.push_back({.at = FakeGateway::sceneTime() + std::chrono::seconds {60 * i}, .calls = 10U << (tick % 20), .p50Us = 1000 << (tick % 20), .p95Us = 2000 << (tick % 20), .p99Us = 4000 << (tick % 20), .ttftP95Us = 500 << (tick % 20), .costByTeam = {{"search", gateway::Money::fromNanos(1'000'000LL << (tick % 20))}}, .inputTokens = 100U << (tick % 20), .outputTokens = 9});
            series.totals.calls = 600;
            scene.chart(u"latencyChart"_s)->setData(ui::overview::latencyData(series, 60, FakeGateway::sceneTime()));
            scene.chart(u"costChart"_s)->setData(ui::overview::costData(series, 60, {u"search"_s}, FakeGateway::sceneTime()));
            scene.chart(u"firstTokenChart"_s)->setData(ui::overview::firstTokenData(series, 60, FakeGateway::sceneTime()));
            scene.chart(u"tokenChart"_s)->setData(ui::overview::tokenData(series, 60, FakeGateway::sceneTime()));
        }
        scene.pane.grab();
        int i = 0;
        for (const QString &name : names) {
            QCOMPARE(scene.chart(name)->chart()->plotArea(), before.at(i++));
            QCOMPARE(scene.chart(name)->chart()->plotArea().left(), 56);
        }
    }

    void brushSetsTheSameRangeOnAllCharts()
    {
        Scene scene;
        QTRY_VERIFY(scene.chart(u"costChart"_s)->chart()->data().bins > 0);
        auto *chart = scene.chart(u"latencyChart"_s)->chart();
        QWidget *target = chart->childAt(chart->plotArea().center());
        const QPoint from = chart->plotArea().topLeft() + QPoint(150, 30);
        QTest::mousePress(target, Qt::LeftButton, {}, from);
        QTest::mouseMove(target, from + QPoint(150, 0));
        QTest::mouseRelease(target, Qt::LeftButton, {}, from + QPoint(150, 0));
        QVERIFY(!scene.view.range().moving());
        QTRY_VERIFY(chart->data().stepMs < 60'000);
        for (const auto &name : {u"errorChart"_s, u"costChart"_s, u"firstTokenChart"_s, u"tokenChart"_s}) {
            QCOMPARE(scene.chart(name)->chart()->data().startMs, chart->data().startMs);
            QCOMPARE(scene.chart(name)->chart()->data().endMs(), chart->data().endMs());
        }
        const auto first = scene.view.range();
        QTest::keyClick(chart, Qt::Key_Plus);
        QVERIFY(scene.view.range() != first);
        QTest::keyClick(chart, Qt::Key_Backspace); // one step at a time
        QCOMPARE(scene.view.range().from, first.from);
        QTest::keyClick(chart, Qt::Key_Escape);
        QVERIFY(scene.view.range().moving());
        QVERIFY(!ui::bridge::RangeZoom::of(scene.view).zoomed());
    }

    /// A click on a part shows the calls of that part, in that bin.
    void pointShowsItsCalls()
    {
        Scene scene;
        QTRY_VERIFY(scene.chart(u"costChart"_s)->chart()->data().bins > 0);
        scene.pane.grab();
        auto *chart = scene.chart(u"costChart"_s)->chart();
        QSignalSpy asked(&scene.view, &ui::bridge::ViewContext::callsRequested);
        const auto data = chart->data();
        const qsizetype bin = data.bins / 2;
        const QRect plot = chart->plotArea();
        const QPoint at(plot.left() + int((double(bin) + 0.5) / double(data.bins) * plot.width()), plot.bottom() - 2); // in the lowest part
        QTest::mouseClick(chart->childAt(at), Qt::LeftButton, {}, at);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.first().first().toString(), u"team:\"%1\""_s.arg(data.series.front().id));
        QCOMPARE(scene.view.range().from.time_since_epoch() / std::chrono::milliseconds(1), data.startMs + bin * data.stepMs);
        QCOMPARE((scene.view.range().to - scene.view.range().from) / std::chrono::milliseconds(1), data.stepMs);
        ui::bridge::RangeZoom::of(scene.view).zoomOut();
        QVERIFY(scene.view.range().moving());
    }

    void keysShowThePointsCallsToo()
    {
        Scene scene;
        QTRY_VERIFY(scene.chart(u"errorChart"_s)->chart()->data().bins > 0);
        auto *chart = scene.chart(u"errorChart"_s)->chart();
        QSignalSpy asked(&scene.view, &ui::bridge::ViewContext::callsRequested);
        QTest::keyClick(chart, Qt::Key_Return); // no bin is pointed at
        QCOMPARE(asked.size(), 0);
        QTest::keyClick(chart, Qt::Key_Left);
        QTest::keyClick(chart, Qt::Key_Return);
        QCOMPARE(asked.takeFirst().first().toString(), u"status:>=400"_s);
    }

    void pagesFiguresAddUpToTheTiles()
    {
        Scene scene;
        QTRY_COMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        const QStringList lines = QString::fromUtf8(scene.pane.csv()).split(u"\r\n"_s, Qt::SkipEmptyParts);
        QCOMPARE(lines.front().section(u',', 0, 1), u"time_utc,calls"_s);
        qint64 calls = 0;
        for (const QString &line : lines.mid(1))
            calls += line.section(u',', 1, 1).toLongLong();
        QCOMPARE(calls, 15120);
    }

    void pageIsSavedAsAPicture()
    {
        Scene scene;
        QTRY_COMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        QImage image;
        QVERIFY(image.loadFromData(scene.pane.png(), "PNG"));
        QVERIFY(image.width() >= 2 * 1300 && image.height() > image.width() / 2);
        QXmlStreamReader drawing(scene.pane.svg());
        int elements = 0;
        while (!drawing.atEnd())
            elements += drawing.readNext() == QXmlStreamReader::StartElement;
        QVERIFY2(!drawing.hasError(), qPrintable(drawing.errorString()));
        QVERIFY(elements > 100);
    }

    void hiddenCardsStayHidden()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(u"window.ini"_s), QSettings::IniFormat);
        {
            Scene scene(FakeGateway::Scene::Full, &settings);
            QVERIFY(scene.chart(u"errorChart"_s)->isVisible());
            for (QAction *action : scene.chart(u"errorChart"_s)->menu()->actions())
                if (action->text().startsWith(u"Hide"_s))
                    action->trigger();
            QVERIFY(!scene.chart(u"errorChart"_s)->isVisible());
        }
        Scene again(FakeGateway::Scene::Full, &settings);
        QVERIFY(!again.chart(u"errorChart"_s)->isVisible());
        QVERIFY(again.chart(u"latencyChart"_s)->isVisible());
        const QList<QWidget *> bar = again.pane.barWidgets();
        auto *cards = qobject_cast<QPushButton *>(bar.front());
        cards->click();
        auto *menu = cards->findChild<QMenu *>();
        QTRY_VERIFY(menu->actions().size() >= 6);
        for (QAction *action : menu->actions())
            if (action->text() == u"Errors"_s)
                action->trigger();
        QVERIFY(again.chart(u"errorChart"_s)->isVisible());
        menu->close();
        qDeleteAll(bar);
    }

    /// What moved is told, and a click goes to the calls or the costs behind it.
    void moversLeadOn()
    {
        Scene scene;
        auto *card = scene.pane.findChild<ui::overview::MoversCard *>();
        QTRY_VERIFY(card->table()->model()->rowCount() > 2);
        QSignalSpy calls(&scene.view, &ui::bridge::ViewContext::callsRequested), panes(&scene.view, &ui::bridge::ViewContext::paneRequested);
        auto *model = card->table()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            scene.view.setFilterText({});
            const QString figure = model->index(row, 2).data().toString(), thing = model->index(row, 1).data().toString();
            Q_EMIT card->table()->activated(model->index(row, 0));
            const QString filter = figure == u"Cost"_s ? QString::fromStdString(scene.view.filter().text()) : calls.takeLast().first().toString();
            QVERIFY2(filter.startsWith(thing.section(u' ', 0, 0) + u':'), qPrintable(filter));
            QVERIFY(gateway::CallFilter::parse(filter.toStdString()));
            QCOMPARE(panes.size(), figure == u"Cost"_s ? 1 : 0);
            panes.clear();
        }
    }

    void tileShowsItsCalls()
    {
        Scene scene;
        QTRY_COMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        QSignalSpy asked(&scene.view, &ui::bridge::ViewContext::callsRequested);
        scene.tile(u"errors"_s)->click();
        QCOMPARE(asked.takeFirst().front().toString(), u"status:>=400"_s);
        scene.view.setFilterText(u"team:search OR team:growth"_s);
        scene.tile(u"errors"_s)->click();
        QCOMPARE(asked.takeFirst().front().toString(), u"(team:search OR team:growth) status:>=400"_s);
    }

    void everyTilesFilterIsValid()
    {
        Scene scene;
        QTRY_COMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        QSignalSpy asked(&scene.view, &ui::bridge::ViewContext::callsRequested);
        for (const auto &name : {u"calls"_s, u"errors"_s, u"latency"_s, u"ttft"_s, u"cost"_s, u"rescued"_s}) {
            scene.tile(name)->click();
            const std::string text = asked.takeFirst().front().toString().toStdString();
            QVERIFY2(gateway::CallFilter::parse(text).has_value(), text.c_str());
        }
    }

    void teamTotalsEqualTheWhole()
    {
        Scene scene;
        QTRY_VERIFY(scene.gateway.questions(u"series"_s) > 0);
        gateway::api::SeriesQuery query;
        query.range = scene.view.timeRange();
        std::optional<gateway::api::Series> series;
        scene.gateway.series(query, &scene.pane, [&series](auto answer) { series = *answer; });
        QTRY_VERIFY(series);
        gateway::Money sum;
        for (const auto &bin : series->buckets)
            for (const auto &[team, cost] : bin.costByTeam)
                sum += cost;
        QCOMPARE(sum.nanos(), series->totals.cost.nanos());
        const auto data = ui::overview::costData(*series, 60, {u"search"_s, u"support"_s}, FakeGateway::sceneTime());
        QVERIFY(std::ranges::any_of(data.series, [](const auto &one) { return one.id == ui::overview::unattributedId; })); // unattributed is there
    }

    void teamsThatCostMostHaveTheColours()
    {
        gateway::api::Series series;
        series.totals.calls = 1;
        gateway::api::SeriesBucket &bucket = series.buckets.emplace_back();
        bucket.at = FakeGateway::sceneTime() - std::chrono::hours(1);
        for (int number = 0; number < 12; ++number) // of no configured team: team11 cost most
            bucket.costByTeam[(number < 10 ? "team0" : "team") + std::to_string(number)] = gateway::Money::fromNanos(1'000'000'000LL * (number + 1));
        const auto data = ui::overview::costData(series, 60, {}, FakeGateway::sceneTime());
        QStringList shown;
        for (const auto &one : data.series)
            shown.append(one.label);
        QCOMPARE(shown, (QStringList {u"team04"_s, u"team05"_s, u"team06"_s, u"team07"_s, u"team08"_s, u"team09"_s, u"team10"_s, u"team11"_s, u"Other"_s}));
        QCOMPARE(data.series.back().values.front(), 1.0 + 2 + 3 + 4);
    }

    void nothingYetOffersTheFirstRun()
    {
        Scene scene(FakeGateway::Scene::Empty);
        auto *empty = scene.pane.findChild<ui::widgets::EmptyState *>(u"overview.empty"_s);
        QTRY_VERIFY(empty->isVisible());
        QSignalSpy asked(&scene.view, &ui::bridge::ViewContext::paneRequested);
        scene.pane.findChild<ui::widgets::Button *>(u"overview.firstRun"_s)->click();
        QCOMPARE(asked.front().front().toString(), u"firstrun"_s);
    }

    void providersWithoutCallsAreNotSaidToBeMissing()
    {
        ui::overview::ProvidersCard card;
        card.resize(600, 300);
        card.show();
        auto *empty = card.findChild<ui::widgets::EmptyState *>();
        auto *add = empty->findChild<ui::widgets::Button *>();
        card.showStrips({}, 0, {}, gateway::WallTime {});
        QVERIFY(empty->isVisible() && add->isVisible());
        card.showStrips({}, 2, {}, gateway::WallTime {});
        QVERIFY(empty->isVisible() && !add->isVisible());
    }

    void errorKeepsTheStaleFigures()
    {
        Scene scene;
        QTRY_COMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        scene.gateway.setScene(FakeGateway::Scene::Failing);
        scene.view.refresh();
        auto *banner = scene.pane.findChild<ui::widgets::SectionBanner *>(u"overview.banner"_s);
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        scene.gateway.setScene(FakeGateway::Scene::Full);
        scene.view.refresh();
        QTRY_VERIFY(!banner->isVisible());
    }

    void cacheHasATileWhereARouteKeepsAnswers()
    {
        Scene scene;
        QTRY_COMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        StatTile *tile = scene.tile(u"cache"_s);
        QVERIFY(!tile->isVisible());
        scene.gateway.setConfig(tests::cachingConfig());
        QTRY_VERIFY(tile->isVisible());
        QTRY_VERIFY(tile->value().endsWith(u" %"_s));
        QTRY_VERIFY2(tile->note().startsWith(u'$') && tile->note().endsWith(u"saved"_s), qPrintable(tile->note()));
        QTRY_VERIFY(!tile->change().isEmpty());
        QTRY_VERIFY(scene.chart(u"cacheChart"_s)->isVisible());
        const auto counted = [](const QString &note) { return note.section(u' ', 2, 2).remove(u',').toInt(); };
        scene.view.setFilterText(u"provider:openai"_s); // the filter counts here as everywhere
        QTRY_VERIFY2(tile->note().endsWith(u"calls"_s), qPrintable(tile->note()));
        const int some = counted(tile->note());
        scene.view.setFilterText(u"NOT provider:nobody"_s);
        QTRY_VERIFY2(counted(tile->note()) > some && some > 0, qPrintable(tile->note()));
        scene.view.setFilterText({});
        QSignalSpy opened(&scene.view, &ui::bridge::ViewContext::paneRequested);
        QTest::mouseClick(tile, Qt::LeftButton);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.first().first().toString(), u"cache"_s);
        auto config = *scene.gateway.config();
        for (auto &route : config.routes)
            route.cache.reset();
        scene.gateway.setConfig(config);
        QTRY_VERIFY(!tile->isVisible());
    }

    void hiddenPaneAsksNothing()
    {
        Scene scene;
        QTRY_COMPARE(scene.tile(u"calls"_s)->value(), u"15,120"_s);
        scene.pane.setActive(false);
        const int before = scene.gateway.questions(u"series"_s);
        scene.gateway.addCall(scene.gateway.madeCall(1));
        QCoreApplication::processEvents();
        QCOMPARE(scene.gateway.questions(u"series"_s), before);
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_Overview test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_overview.moc"
