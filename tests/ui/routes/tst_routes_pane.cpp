// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/routes/failure_chips.h"
#include "ui/panes/routes/outline.h"
#include "ui/panes/routes/plan_layout.h"
#include "ui/panes/routes/problem_bar.h"
#include "ui/panes/routes/route_canvas.h"
#include "ui/panes/routes/route_traffic.h"
#include "ui/panes/routes/routes_pane.h"
#include "ui/panes/routes/yaml_editor.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/theme.h"

#include "gateway/config/yaml_writer.h"

#include <QDropEvent>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace ui::routes;
using tests::FakeGateway;

namespace {

struct Scene
{
    explicit Scene(FakeGateway::Scene which = FakeGateway::Scene::Full) : fake(which), view(FakeGateway::sceneTime)
    {
        ui::panes::PaneContext context;
        context.gateway = &fake;
        context.view = &view;
        pane = std::make_unique<RoutesPane>(context);
        pane->resize(1368, 824);
        pane->show();
        pane->setActive(true);
        pane->activateWindow();
        (void)QTest::qWaitForWindowActive(pane.get()); // shortcuts want the window that has the keys
        canvas = part<RouteCanvas>("routes.canvas");
    }
    template <typename T>
    T *part(const char *name) { return pane->findChild<T *>(QString::fromLatin1(name)); }
    void click(const char *name) { QTest::mouseClick(part<QPushButton>(name), Qt::LeftButton); }
    void clickNode(const Path &path) { QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {}, canvas->rectOf(path).center().toPoint()); }
    /// The models of the chosen route's rows, from what would be published.
    QStringList rows(int route = 0)
    {
        QStringList names;
        for (const auto &child : std::get<gateway::config::FallbackNode>(published().routes[static_cast<std::size_t>(route)].plan.node).children)
            names << titleOf(child);
        return names;
    }
    const gateway::config::Config &published()
    {
        const auto before = fake.applied().size();
        if (!QTest::qWaitFor([&] { return part<QPushButton>("routes.publish.open")->isEnabled(); }))
            return *fake.config();
        QTest::keyClick(canvas, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        click("routes.publish.confirm");
        (void)QTest::qWaitFor([&] { return fake.applied().size() > before; });
        return *fake.config();
    }

    FakeGateway fake;
    ui::bridge::ViewContext view;
    std::unique_ptr<RoutesPane> pane;
    RouteCanvas *canvas = nullptr;
};

} // namespace

class tst_RoutesPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::widgets::loadResources(); }

    void rowsAreDraggedIntoOrder()
    {
        Scene scene;
        const QPoint from = scene.canvas->rectOf({0}).center().toPoint();
        const QPoint to = scene.canvas->rectOf({2}).center().toPoint() + QPoint(0, 18);
        QTest::mousePress(scene.canvas->viewport(), Qt::LeftButton, {}, from);
        QTest::mouseMove(scene.canvas->viewport(), from + QPoint(0, 12));
        QTest::mouseMove(scene.canvas->viewport(), to);
        QTest::mouseRelease(scene.canvas->viewport(), Qt::LeftButton, {}, to);
        QTRY_VERIFY(scene.part<QPushButton>("routes.undo")->isEnabled());
        QCOMPARE(scene.rows(), (QStringList {u"claude-sonnet-4"_s, u"gemini-2.5-flash"_s, u"gpt-4o"_s}));
    }

    void undoAfterReorderingRestoresTheText()
    {
        Scene scene;
        const std::string before = toYaml(scene.fake.config()->routes[0]);
        scene.clickNode({0});
        QTest::keyClick(scene.canvas, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {1}));
        auto *yaml = scene.part<QPlainTextEdit>("routes.yaml");
        QVERIFY(yaml->toPlainText().trimmed() != QString::fromStdString(before).trimmed());
        QTest::keyClick(scene.canvas, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(yaml->toPlainText().trimmed(), QString::fromStdString(before).trimmed());
        QVERIFY(!scene.part<QPushButton>("routes.publish.open")->isEnabled());
    }

    void tabWalksTheNodesAndDelRemoves()
    {
        Scene scene;
        scene.canvas->setFocus();
        QTest::keyClick(scene.canvas, Qt::Key_Tab);
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {}));
        QTest::keyClick(scene.canvas, Qt::Key_Tab);
        QTest::keyClick(scene.canvas, Qt::Key_Tab);
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {1}));
        QTest::keyClick(scene.canvas, Qt::Key_Delete);
        QCOMPARE(scene.rows(), (QStringList {u"gpt-4o"_s, u"gemini-2.5-flash"_s}));
    }

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

    void aNodeIsDroppedBetweenRows()
    {
        Scene scene;
        QMimeData data;
        data.setData(QString::fromLatin1(insertMime), QByteArray::number(int(Insert::Model)));
        const QPointF between(scene.canvas->rectOf({1}).center().x(), scene.canvas->rectOf({1}).top());
        QDragEnterEvent enter(between.toPoint(), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(scene.canvas->viewport(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(between, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(scene.canvas->viewport(), &drop);
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {1}));
        QCOMPARE(scene.rows().size(), 4);
    }

    void aLineIsDrawnFromAPort()
    {
        Scene scene;
        scene.pane->openItem(u"canary"_s);
        const QPoint port = scene.canvas->placeOfPort({Port::Kind::After, {0}, 0}); // behind gpt-4o
        const QPoint to = scene.canvas->rectOf({1}).center().toPoint();             // claude-opus-4
        QTest::mousePress(scene.canvas->viewport(), Qt::LeftButton, {}, port);
        QTest::mouseMove(scene.canvas->viewport(), (port + to) / 2);
        QTest::mouseMove(scene.canvas->viewport(), to);
        QVERIFY(scene.canvas->connecting() && scene.canvas->connecting()->verdict().possible);
        QTest::mouseRelease(scene.canvas->viewport(), Qt::LeftButton, {}, to);
        QTRY_COMPARE(scene.canvas->chosen(), std::optional(Path {0, 1}));
        const auto &split = std::get<gateway::config::SplitNode>(scene.published().routes[2].plan.node);
        QCOMPARE(split.branches.size(), std::size_t {1});
        QCOMPARE(titleOf(childOf(split.branches[0].to, 1)), u"claude-opus-4"_s);
    }

    void aLineIsDrawnByKeys()
    {
        Scene scene;
        scene.pane->openItem(u"canary"_s);
        scene.canvas->setFocus();
        scene.canvas->setChosen(Path {1});
        QTest::keyClick(scene.canvas, Qt::Key_C);
        QVERIFY(scene.canvas->connecting());
        QVERIFY(!scene.canvas->accessibleDescription().isEmpty());
        QTest::keyClick(scene.canvas, Qt::Key_Right);
        QVERIFY(scene.canvas->connecting()->aim());
        QTest::keyClick(scene.canvas, Qt::Key_Return);
        QTRY_COMPARE(titleOf(*nodeAt(scene.published().routes[2].plan, {0, 1})), u"gpt-4o"_s);
    }

    void aLineThatLeadsBackIsRefusedWithItsReason()
    {
        Scene scene;
        scene.pane->openItem(u"canary"_s);
        const QPoint port = scene.canvas->placeOfPort({Port::Kind::After, {0}, 0});
        QTest::mousePress(scene.canvas->viewport(), Qt::LeftButton, {}, port);
        QTest::mouseMove(scene.canvas->viewport(), scene.canvas->rectOf({}).center().toPoint());
        QVERIFY(!scene.canvas->connecting()->verdict().possible);
        QVERIFY(scene.canvas->accessibleDescription().contains(u"circle"_s));
        QTest::mouseRelease(scene.canvas->viewport(), Qt::LeftButton, {}, scene.canvas->rectOf({}).center().toPoint());
        QVERIFY(!scene.canvas->connecting());
        QTest::qWait(0);
        QVERIFY(!scene.part<QPushButton>("routes.undo")->isEnabled());
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
        scene.fake.refuseNextApply({{"routes[1].plan.fallback[2].provider", "there is no provider gone", false}});
        scene.clickNode({0});
        QTest::keyClick(scene.canvas, Qt::Key_Down, Qt::AltModifier);
        QTRY_COMPARE(scene.part<QWidget>("routes.problems.state")->accessibleName(), u"1 problem"_s);
        QVERIFY(!scene.part<QPushButton>("routes.publish.open")->isEnabled());
        scene.click("routes.validate");
        auto *list = scene.part<QListWidget>("routes.problems.list");
        QTRY_VERIFY(list->isVisible());
        QVERIFY(list->item(0)->text().contains(u"smart"_s));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {2}));
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
        QVERIFY(scene.part<QPushButton>("routes.template.fallback")->isVisible());
        auto config = *FakeGateway().config();
        config.routes.clear();
        config.keys.clear();
        scene.fake.setConfig(config);
        scene.click("routes.template.split");
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

    void cardsDoNotOverlap()
    {
        using namespace gateway::config;
        TargetNode target;
        target.provider = "p", target.model = "m";
        FallbackNode chain;
        chain.children = {PlanNode {target}, PlanNode {SplitNode {{SplitBranch {50, PlanNode {target}}, SplitBranch {50, PlanNode {chain}}}}}, PlanNode {target}};
        SplitNode split;
        split.branches = {SplitBranch {40, PlanNode {chain}}, SplitBranch {30, PlanNode {target}}, SplitBranch {30, PlanNode {chain}}};
        const PlanLayout layout = layOut(PlanNode {split}, 96);
        for (std::size_t i = 0; i < layout.boxes.size(); ++i)
            for (std::size_t j = i + 1; j < layout.boxes.size(); ++j)
                QVERIFY(!layout.boxes[i].where.intersects(layout.boxes[j].where));
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
