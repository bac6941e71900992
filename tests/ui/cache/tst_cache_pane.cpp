// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/cache/cache_scene.h"
#include "tests/ui/support/accessible_text.h"
#include "ui/panes/cache/entries_model.h"
#include "ui/widgets/charts/chart_card.h"
#include "ui/widgets/stat_tile.h"
#include "ui/widgets/states.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>

#include <numeric>

using namespace Qt::StringLiterals;
using gateway::config::CacheMode;
using tests::CacheScene;
using tests::FakeCacheTools;
using tests::FakeGateway;
using ui::cache::CachePane;
using ui::cache::EntriesModel;
using ui::widgets::StatTile;

class tst_CachePane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // --- off

    void offOffersOneButtonThatTurnsARouteOn()
    {
        CacheScene scene(FakeGateway::Scene::Full, std::nullopt);
        scene.gateway.cache().setMood(FakeCacheTools::Mood::Empty);
        scene.gateway.setConfig(*scene.gateway.config());
        auto *route = scene.part<QComboBox>(u"off.route"_s);
        QVERIFY(route->isVisible());
        route->setCurrentText(u"smart"_s);
        scene.click(u"off.turnOn"_s);
        QTRY_VERIFY(scene.route("smart").cache);
        QVERIFY(scene.route("smart").cache->mode == CacheMode::Exact);
        QVERIFY(!scene.route("gpt-4o").cache);
        QTRY_VERIFY(!route->isVisible());
        QVERIFY(scene.part<StatTile>(u"hitRate"_s)->isVisible());
        scene.undo();
        QTRY_VERIFY(!scene.route("smart").cache);
        QTRY_VERIFY(route->isVisible());
    }

    void withoutARouteItLeadsToTheRoutes()
    {
        CacheScene scene(FakeGateway::Scene::Empty, std::nullopt);
        scene.click(u"off.turnOn"_s);
        QCOMPARE(scene.opened.trimmed(), u"routes"_s);
    }

    // --- savings

    void tilesAndTablesAgree()
    {
        CacheScene scene;
        auto *hitRate = scene.part<StatTile>(u"hitRate"_s);
        QTRY_VERIFY(hitRate->value().contains(u'%'));
        QVERIFY(hitRate->note().contains(u"semantic"_s));
        QVERIFY(scene.part<StatTile>(u"saved"_s)->value().startsWith(u'$'));
        auto *teams = scene.table(u"teams"_s)->model();
        QCOMPARE(teams->rowCount(), 5); // four teams, and calls without one
        QCOMPARE(scene.table(u"routes"_s)->model()->rowCount(), 2);
        const auto &chart = scene.part<ui::widgets::ChartCard>(u"chart"_s)->chart()->data();
        double hits = 0;
        for (qsizetype series = 0; series < 2; ++series)
            hits += std::accumulate(chart.series[series].values.begin(), chart.series[series].values.end(), 0.0);
        QVERIFY2(hitRate->note().remove(u',').startsWith(QString::number(qint64(hits)) + u' '), qPrintable(hitRate->note()));
    }

    void barsThatAreOverAreAskedForOnce()
    {
        CacheScene scene;
        auto *hitRate = scene.part<StatTile>(u"hitRate"_s);
        QTRY_VERIFY(hitRate->value().contains(u'%'));
        const int first = scene.gateway.cache().questions(u"savings"_s);
        scene.pane.setActive(false);
        scene.pane.setActive(true);
        QTRY_VERIFY(scene.gateway.cache().questions(u"savings"_s) > first);
        QTest::qWait(50);
        QVERIFY(scene.gateway.cache().questions(u"savings"_s) - first <= 12); // those of the last ten minutes
    }

    void unreadableLogIsSaidAndTriedAgain()
    {
        CacheScene scene(FakeGateway::Scene::Failing);
        auto *banner = scene.part<ui::widgets::SectionBanner>(u"banner"_s);
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(scene.part<StatTile>(u"saved"_s)->value(), u"—"_s); // never $0.00
        scene.gateway.cache().setMood(FakeCacheTools::Mood::Well);
        Q_EMIT banner->retried();
        QTRY_VERIFY(!banner->isVisible());
        QTRY_VERIFY(scene.part<StatTile>(u"saved"_s)->value().startsWith(u'$'));
    }

    void nothingLookedIsADashAndNoZero()
    {
        CacheScene scene(FakeGateway::Scene::Full);
        scene.gateway.cache().setMood(FakeCacheTools::Mood::Empty);
        scene.view.refresh();
        QTRY_COMPARE(scene.part<StatTile>(u"saved"_s)->value(), u"—"_s);
        QCOMPARE(scene.part<StatTile>(u"hitRate"_s)->value(), u"—"_s);
    }

    void troubleOfTheStoreIsShown()
    {
        CacheScene scene;
        scene.gateway.cache().setProblem("cache.db cannot be opened: permission denied");
        QTRY_VERIFY_WITH_TIMEOUT(scene.part<QWidget>(u"storeBanner"_s)->isVisible(), 3000);
    }

    // --- answers

    void delEvictsWhatIsChosenAfterAsking()
    {
        CacheScene scene;
        scene.pane.setPage(CachePane::Page::Entries);
        auto *table = scene.table(u"entries"_s);
        QTRY_COMPARE(table->model()->rowCount(), 40);
        table->selectRow(0);
        const std::string key = static_cast<EntriesModel *>(table->model())->entry(0).key;
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Delete);
        QTRY_VERIFY(scene.dialog());
        QVERIFY(scene.gateway.cache().purged().empty()); // nothing goes before it is confirmed
        scene.confirm();
        QTRY_COMPARE(table->model()->rowCount(), 39);
        QCOMPARE(scene.gateway.cache().purged().size(), 1U);
        QVERIFY(scene.gateway.cache().purged().front().key);
        QCOMPARE(static_cast<EntriesModel *>(table->model())->rowOf(key), -1);
        QCOMPARE(scene.told, u"1 answer evicted"_s);
    }

    void routeAndModelNarrowWhatIsEvicted()
    {
        CacheScene scene;
        scene.pane.setPage(CachePane::Page::Entries);
        auto *table = scene.table(u"entries"_s);
        QTRY_COMPARE(table->model()->rowCount(), 40);
        auto *route = scene.part<QComboBox>(u"entries.route"_s);
        route->setCurrentIndex(route->findData(u"smart"_s));
        Q_EMIT route->activated(route->currentIndex());
        QTRY_VERIFY(table->model()->rowCount() < 40);
        const int shown = table->model()->rowCount();
        scene.click(u"evictShown"_s);
        QTRY_VERIFY(scene.dialog());
        scene.confirm();
        QTRY_COMPARE(scene.gateway.cache().allEntries().size(), std::size_t(40 - shown));
        QCOMPARE(scene.gateway.cache().purged().front().route.value_or(""), std::string("smart"));
        QVERIFY(!scene.gateway.cache().purged().front().model);
    }

    void enterOpensTheCallThatWasAnswered()
    {
        CacheScene scene;
        scene.pane.setPage(CachePane::Page::Entries);
        auto *table = scene.table(u"entries"_s);
        QTRY_COMPARE(table->model()->rowCount(), 40);
        table->selectRow(3);
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(scene.opened, u"calls "_s + QString::fromStdString(static_cast<EntriesModel *>(table->model())->entry(3).callId));
    }

    void rowsAreSortedByWhatTheySaved()
    {
        CacheScene scene;
        scene.pane.setPage(CachePane::Page::Entries);
        auto *table = scene.table(u"entries"_s);
        QTRY_COMPARE(table->model()->rowCount(), 40);
        table->sortByColumn(EntriesModel::Saved, Qt::DescendingOrder);
        auto *model = static_cast<EntriesModel *>(table->model());
        for (int row = 1; row < 40; ++row)
            QVERIFY(ui::cache::savedBy(model->entry(row - 1)).value_or(gateway::Money {}) >= ui::cache::savedBy(model->entry(row)).value_or(gateway::Money {}));
    }

    void emptyAndFailedListsDiffer()
    {
        CacheScene scene;
        scene.gateway.cache().setEntries({});
        scene.pane.setPage(CachePane::Page::Entries);
        QTRY_VERIFY(tests::accessibleText(&scene.pane).contains(u"No answer is kept yet"_s));
        scene.gateway.cache().setMood(FakeCacheTools::Mood::Failing);
        scene.click(u"entries.refresh"_s);
        QTRY_VERIFY(scene.part<QWidget>(u"entries.banner"_s)->isVisible());
    }

    void tabsAreReachedByKeys()
    {
        CacheScene scene;
        auto *tabs = scene.part<QWidget>(u"tabs"_s);
        tabs->setFocus();
        QTest::keyClick(tabs, Qt::Key_Right);
        QCOMPARE(int(scene.pane.page()), int(CachePane::Page::Entries));
        QTRY_VERIFY(scene.table(u"entries"_s)->isVisible());
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_CachePane test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_cache_pane.moc"
