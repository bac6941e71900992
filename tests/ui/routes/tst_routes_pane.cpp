// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/routes/routes_scene.h"
#include "ui/panes/routes/failure_chips.h"
#include "ui/panes/routes/outline.h"
#include "ui/panes/routes/problem_bar.h"
#include "ui/panes/routes/route_traffic.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/theme.h"

#include "gateway/config/yaml_writer.h"

#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QSpinBox>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace ui::routes;
using namespace tests;

class tst_RoutesPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::widgets::loadResources(); }

    void aModelIsAddedBesideWhatIsChosen()
    {
        Scene scene;
        scene.clickNode({0});
        scene.click("routes.add.model");
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {1}));
        auto *model = scene.part<QLineEdit>("routes.inspector.model");
        model->setFocus();
        model->selectAll();
        QTest::keyClicks(model, u"new-model"_s);
        QCOMPARE(scene.rows().value(1), u"new-model"_s);
    }

    void aStatusCodeOfOnesOwnJoinsTheChips()
    {
        Scene scene;
        scene.canvas->setChosen(std::nullopt);
        auto *chips = scene.part<FailureChips>("routes.inspector.routeFallback");
        chips->setFocus();
        QTest::keyClick(chips, Qt::Key_5);
        auto *code = chips->findChild<QLineEdit *>(u"routes.failureCode"_s);
        QVERIFY(code);
        QTest::keyClicks(code, u"2"_s);
        QTest::keyClick(code, Qt::Key_Return);
        QVERIFY(ui::widgets::isInvalid(code)); // 52 is no status code
        QTest::keyClicks(code, u"9"_s);
        QTest::keyClick(code, Qt::Key_Return);
        const auto &items = scene.published().routes[0].fallbackOn.items;
        QVERIFY(std::ranges::find(items, "529") != items.end());
    }

    void sharesAlwaysAddUpToAHundred()
    {
        Scene scene;
        scene.pane->openItem(u"canary"_s);
        scene.clickNode({});
        auto *share = scene.part<QSpinBox>("routes.inspector.share.1");
        QVERIFY(share);
        share->setValue(25);
        QCOMPARE(scene.part<QSpinBox>("routes.inspector.share.0")->value(), 75);
        QTest::mouseDClick(scene.canvas->viewport(), Qt::LeftButton, {}, scene.canvas->rectOf({}).center().toPoint());
        auto *edit = scene.canvas->findChild<QLineEdit *>(u"routes.canvas.shares"_s);
        QVERIFY(edit);
        edit->selectAll();
        QTest::keyClicks(edit, u"1 / 3"_s);
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_COMPARE(scene.part<QSpinBox>("routes.inspector.share.1")->value(), 75);
        const auto &split = std::get<gateway::config::SplitNode>(scene.published().routes[2].plan.node);
        QCOMPARE(split.branches[0].weight + split.branches[1].weight, 100);
    }

    void textAndPictureAreOne()
    {
        Scene scene;
        scene.part<ui::widgets::SegmentedControl>("routes.view")->setCurrent(1);
        auto *yaml = scene.part<QPlainTextEdit>("routes.yaml");
        QString text = yaml->toPlainText();
        yaml->setPlainText(text.replace(u"gemini-2.5-flash"_s, u"gemini-2.5-pro"_s));
        QTRY_COMPARE(scene.rows().value(2), u"gemini-2.5-pro"_s);
    }

    void aWrongTextIsMarkedWithItsPlaceAndChangesNothing()
    {
        Scene scene;
        const auto before = scene.fake.config()->routes[0];
        const auto read = readRoute(u"name: gpt-4o\nplan:\n  fallbak: []\n"_s, before);
        QVERIFY(!read);
        QCOMPARE(read.error().front().line, 3);
        QCOMPARE(read.error().front().column, 3);
        const auto good = readRoute(QString::fromStdString(toYaml(before)), before);
        QVERIFY(good);
        QVERIFY(*good == before);
        scene.part<ui::widgets::SegmentedControl>("routes.view")->setCurrent(1);
        scene.part<QPlainTextEdit>("routes.yaml")->setPlainText(u"name: gpt-4o\nplan: {}\n"_s);
        QTRY_VERIFY(scene.part<QWidget>("routes.yaml.state")->accessibleName().contains(u"2:"_s));
        QVERIFY(!scene.part<QPushButton>("routes.undo")->isEnabled());
    }

    void problemsAreListedByNodeAndAClickChooses()
    {
        Scene scene;
        scene.fake.refuseNextApply({{"routes[1].plan.else.split[0].to.fallback[2].provider", "there is no provider gone", false}});
        scene.clickNode({0});
        QTest::keyClick(scene.canvas, Qt::Key_Down, Qt::AltModifier);
        QTRY_COMPARE(scene.part<QWidget>("routes.problems.state")->accessibleName(), u"1 problem"_s);
        QVERIFY(!scene.part<QPushButton>("routes.publish.open")->isEnabled());
        scene.click("routes.validate");
        auto *list = scene.part<QListWidget>("routes.problems.list");
        QTRY_VERIFY(list->isVisible());
        QVERIFY(list->item(0)->text().contains(u"smart"_s));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {1, 0, 2}));
        QCOMPARE(scene.part<QListView>("routes.list")->currentIndex().row(), 1);
    }

    void overrideMustBeAJsonObject()
    {
        Scene scene;
        scene.clickNode({0});
        auto *field = scene.part<QLineEdit>("routes.inspector.override");
        field->setFocus();
        QTest::keyClicks(field, u"{\"temperature\": 0.2"_s);
        QVERIFY(field->property("invalid").toBool());
        QVERIFY(!scene.part<QPushButton>("routes.undo")->isEnabled());
        QTest::keyClicks(field, u"}"_s);
        QVERIFY(!field->property("invalid").toBool());
        const auto &chain = std::get<gateway::config::FallbackNode>(scene.published().routes[0].plan.node);
        QCOMPARE(QString::fromStdString(std::get<gateway::config::TargetNode>(chain.children[0].node).override_.text), u"{\"temperature\": 0.2}"_s);
    }

    void fileRoutesAreReadOnlyAndNameTheFile()
    {
        Scene scene;
        auto config = *scene.fake.config();
        config.routes[0].origin = gateway::config::Origin::File;
        scene.fake.setConfig(config);
        QTRY_VERIFY(!scene.part<QPushButton>("routes.add.model")->isEnabled());
        scene.clickNode({0});
        QTest::keyClick(scene.canvas, Qt::Key_Delete);
        QTest::keyClick(scene.canvas, Qt::Key_Down, Qt::AltModifier);
        QVERIFY(!scene.part<QPushButton>("routes.undo")->isEnabled());
    }

    void emptyOffersTemplates()
    {
        Scene scene(FakeGateway::Scene::Empty);
        QVERIFY(!scene.part<QPushButton>("routes.explain")->isEnabled()); // there is no plan to be tried
        QVERIFY(scene.part<QPushButton>("routes.template.fallback")->isVisible());
        auto config = *FakeGateway().config();
        config.routes.clear();
        config.keys.clear();
        scene.fake.setConfig(config);
        scene.click("routes.template.split");
        QVERIFY(scene.part<QPushButton>("routes.explain")->isEnabled());
        QCOMPARE(std::get<gateway::config::SplitNode>(scene.published().routes[0].plan.node).branches[0].weight, 90);
    }

    void callsAreToldToTheNodesTheyPassed()
    {
        const std::vector<Leaf> leaves {{{0}, "a", "m"}, {{1}, "b", "n"}};
        gateway::api::CallRow row;
        gateway::AttemptRecord first, second;
        first.provider = "a", first.model = "m", first.ok = false;
        second.provider = "b", second.model = "n", second.ok = true;
        row.record.attempts = {first, second};
        gateway::api::CallRow direct;
        first.ok = true;
        direct.record.attempts = {first};
        const Sample sample = tellApart(leaves, {row, direct});
        QCOMPARE(sample.calls, std::uint64_t {2});
        QCOMPARE(sample.nodes[Path {0}].answered, std::uint64_t {1});
        QCOMPARE(sample.nodes[Path {0}].calls, std::uint64_t {2});
        QCOMPARE(sample.nodes[Path {1}].answered, std::uint64_t {1});
        QVERIFY(!sample.nodes[Path {1}].meanCost); // an unknown price is not zero
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    ui::widgets::Theme theme;
    tst_RoutesPane test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_routes_pane.moc"
