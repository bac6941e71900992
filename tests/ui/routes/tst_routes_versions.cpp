// SPDX-License-Identifier: GPL-3.0-or-later
// Publishing, and going back.
#include "tests/ui/routes/plan_samples.h"
#include "tests/ui/routes/routes_scene.h"
#include "ui/panes/routes/versions_dialog.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace gateway::config;
using namespace ui::routes;
using namespace tests;

namespace {

std::size_t rowsOf(const Route &route) { return std::get<FallbackNode>(route.plan.node).children.size(); }

QString stateText(Scene &scene, const char *name) { return scene.part<ui::widgets::StateLabel>(name)->text(); }

} // namespace

class tst_RoutesVersions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::widgets::loadResources(); }

    void aNoteIsPublishedWithTheDraft()
    {
        Scene scene;
        scene.clickNode({2});
        QTest::keyClick(scene.canvas, Qt::Key_Delete);
        QTRY_VERIFY(scene.part<QPushButton>("routes.publish.open")->isEnabled());
        scene.click("routes.publish.open");
        scene.part<QLineEdit>("routes.publish.note")->setText(u"two are enough"_s);
        scene.click("routes.publish.confirm");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        QCOMPARE(scene.fake.revision().note, std::string("two are enough"));
        QVERIFY(!scene.part<QPushButton>("routes.publish.open")->isEnabled()); // it is live: nothing to publish
    }

    void keystrokesAfterPublishingAreAStepOfTheirOwn()
    {
        Scene scene;
        scene.clickNode({0});
        const auto type = [&](const QString &text) {
            auto *line = scene.part<QLineEdit>("routes.inspector.model");
            line->setFocus();
            line->selectAll();
            QTest::keyClicks(line, text);
        };
        type(u"first"_s);
        (void)scene.published();
        const QString live = scene.text();
        type(u"second"_s);
        scene.click("routes.undo");
        QCOMPARE(scene.text(), live);
    }

    void versionsAreListedAndGoneBackToAsANewOne()
    {
        Scene scene;
        const auto before = *scene.fake.config();
        QCOMPARE(rowsOf(before.routes[0]), std::size_t {3});
        scene.click("routes.versions.open");
        auto *list = scene.part<QListWidget>("routes.versions.list");
        QTRY_COMPARE(list->count(), 2); // the live one, and the one that changed a route
        QVERIFY(!scene.part<QPushButton>("routes.versions.goBack")->isEnabled());
        list->setCurrentRow(1);
        QTRY_VERIFY(scene.part<QPushButton>("routes.versions.goBack")->isEnabled());
        scene.click("routes.versions.goBack");
        QTRY_COMPARE(scene.fake.revision().number, std::uint64_t {215});
        const auto now = *scene.fake.config();
        QCOMPARE(rowsOf(now.routes[0]), std::size_t {2});
        QVERIFY(now.providers == before.providers && now.keys == before.keys); // routes alone
        QVERIFY(scene.fake.revision().note.find("213") != std::string::npos);
        QCOMPARE(scene.text().count(u"provider:"_s), 2); // the draft follows
    }

    void goingBackCanBeUndone()
    {
        Scene scene;
        QSignalSpy toasts(&scene.view, &ui::bridge::ViewContext::toastRequested);
        scene.click("routes.versions.open");
        auto *list = scene.part<QListWidget>("routes.versions.list");
        QTRY_COMPARE(list->count(), 2);
        list->setCurrentRow(1);
        QTRY_VERIFY(scene.part<QPushButton>("routes.versions.goBack")->isEnabled());
        scene.click("routes.versions.goBack");
        QTRY_COMPARE(toasts.size(), 1);
        toasts.front().at(1).value<std::function<void()>>()();
        QTRY_COMPARE(scene.fake.revision().number, std::uint64_t {216});
        QCOMPARE(rowsOf(scene.fake.config()->routes[0]), std::size_t {3});
    }

    void aVersionThatFitsNoMoreIsRefusedWithTheReason()
    {
        Scene scene;
        scene.click("routes.versions.open");
        auto *list = scene.part<QListWidget>("routes.versions.list");
        QTRY_COMPARE(list->count(), 2);
        scene.fake.refuseNextApply({{"routes[0].plan.fallback[1].provider", "there is no provider claude", false}});
        list->setCurrentRow(1);
        QTRY_VERIFY(stateText(scene, "routes.versions.state").contains(u"no provider claude"_s));
        QVERIFY(!scene.part<QPushButton>("routes.versions.goBack")->isEnabled());
        scene.click("routes.versions.draft"); // there it can be mended
        QCOMPARE(scene.text().count(u"provider:"_s), 2);
        QCOMPARE(scene.fake.revision().number, std::uint64_t {214});
        scene.click("routes.undo");
        QCOMPARE(scene.text().count(u"provider:"_s), 3);
    }

    void routesOfAFileStayWhenGoingBack()
    {
        Config now, then;
        now.routes = {route("mine", target("p", "new")), route("filed", target("p", "f"))};
        now.routes[1].origin = Origin::File;
        then.routes = {route("mine", target("p", "old")), route("filed", target("p", "other"))};
        then.routes.push_back(route("gone", target("p", "g")));
        const Config result = withRoutesOf(now, then);
        QCOMPARE(result.routes.size(), std::size_t {3});
        QVERIFY(result.routes[0] == now.routes[1]);
        QVERIFY(result.routes[1] == then.routes[0]);
        QVERIFY(result.routes[2] == then.routes[2]);
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    ui::widgets::Theme theme;
    tst_RoutesVersions test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_routes_versions.moc"
