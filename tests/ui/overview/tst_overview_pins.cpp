// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/fake_sql.h"
#include "ui/panes/costs/sql_results.h"
#include "ui/panes/overview/overview_pane.h"
#include "ui/panes/overview/pin_card.h"
#include "ui/panes/pinned_queries.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::StringLiterals;
using tests::FakeGateway;
using ui::overview::PinCard;
using ui::panes::PinnedQueries;

namespace {

struct Scene
{
    explicit Scene(QSettings &settings) : gateway(FakeGateway::Scene::Full), view([this] { return now; }), pane({&gateway, &view, nullptr, &settings})
    {
        pane.resize(1368, 900);
        pane.show();
    }
    PinCard *card() const { return pane.findChild<PinCard *>(); }

    gateway::WallTime now = FakeGateway::sceneTime();
    FakeGateway gateway;
    ui::bridge::ViewContext view;
    ui::overview::OverviewPane pane;
};

} // namespace

class tst_OverviewPins : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<QSettings>(m_folder->filePath(u"window.ini"_s), QSettings::IniFormat);
    }
    void cleanupTestCase() { m_theme.reset(); }

    void pinIsThereAfterARestart()
    {
        const auto pinned = PinnedQueries(m_settings.get()).add(u"By team"_s, u"SELECT team FROM calls LIMIT 5"_s, false);
        m_settings->sync();
        QSettings again(m_settings->fileName(), QSettings::IniFormat);
        QCOMPARE(PinnedQueries(&again).all(), QList {pinned});
        Scene scene(again);
        QVERIFY(scene.card());
        QCOMPARE(scene.card()->accessibleName(), u"By team"_s);
        QCOMPARE(scene.gateway.sql().asked().size(), 0u); // nobody looks
        scene.pane.setActive(true);
        QTRY_VERIFY(scene.card()->results()->model().rowCount() > 0);
        QCOMPARE(scene.gateway.sql().asked().front(), std::string("SELECT team FROM calls LIMIT 5"));
    }

    void pinIsReadOnceAMinuteAndWithF5()
    {
        PinnedQueries(m_settings.get()).add(u"By team"_s, u"SELECT team FROM calls LIMIT 5"_s, false);
        Scene scene(*m_settings);
        scene.pane.setActive(true);
        QTRY_COMPARE(scene.gateway.sql().asked().size(), 1u);
        QTRY_VERIFY(scene.card()->results()->model().rowCount() > 0);
        scene.pane.setActive(false);
        scene.now += std::chrono::seconds {59};
        scene.pane.setActive(true);
        QCoreApplication::processEvents();
        QCOMPARE(scene.gateway.sql().asked().size(), 1u);
        scene.pane.setActive(false);
        scene.now += std::chrono::seconds {2};
        scene.pane.setActive(true);
        QTRY_COMPARE(scene.gateway.sql().asked().size(), 2u);
        QCoreApplication::processEvents();
        scene.view.refresh();
        QTRY_COMPARE(scene.gateway.sql().asked().size(), 3u);
    }

    void troubleIsSaidInWords()
    {
        PinnedQueries(m_settings.get()).add(u"By team"_s, u"SELECT team FROM calls LIMIT 5"_s, false);
        PinnedQueries(m_settings.get()).add(u"Bad"_s, u"DELETE FROM calls"_s, false);
        Scene scene(*m_settings);
        scene.gateway.sql().setFailing(true);
        scene.pane.setActive(true);
        auto *banner = scene.card()->findChild<ui::widgets::SectionBanner *>();
        QTRY_VERIFY(banner->isVisibleTo(scene.card()));
        QCOMPARE(banner->headline(), u"The call log cannot be read"_s);
        scene.gateway.sql().setFailing(false);
        Q_EMIT banner->retried();
        QTRY_VERIFY(!banner->isVisibleTo(scene.card()));
    }

    void unpinCanBeUndone()
    {
        PinnedQueries store(m_settings.get());
        store.add(u"One"_s, u"SELECT 1 AS x"_s, true);
        Scene scene(*m_settings);
        scene.pane.setActive(true);
        std::function<void()> undo;
        connect(&scene.view, &ui::bridge::ViewContext::toastRequested, this, [&undo](const QString &, const std::function<void()> &way) { undo = way; });
        scene.card()->findChild<QAction *>(u"overview.unpin"_s)->trigger();
        QVERIFY(store.all().isEmpty());
        QTRY_VERIFY(!scene.card());
        QVERIFY(undo);
        undo();
        QCOMPARE(store.all().size(), 1);
        QVERIFY(scene.card());
    }

    void pinsAreBounded()
    {
        PinnedQueries store(m_settings.get());
        for (qsizetype i = 0; i < PinnedQueries::most; ++i)
            QVERIFY(!store.add(u"q"_s, u"SELECT 1"_s, false).id.isEmpty());
        QVERIFY(store.add(u"q"_s, u"SELECT 1"_s, false).id.isEmpty());
        QVERIFY(PinnedQueries(nullptr).add(u"q"_s, u"SELECT 1"_s, false).id.isEmpty());
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_OverviewPins test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_overview_pins.moc"
