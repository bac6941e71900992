// SPDX-License-Identifier: GPL-3.0-or-later
// What the picture of a route makes of mouse and keys.
#include "tests/ui/routes/plan_samples.h"
#include "tests/ui/routes/routes_scene.h"
#include "ui/panes/routes/outline.h"
#include "ui/panes/routes/plan_shares.h"
#include "ui/widgets/theme.h"

#include "gateway/config/yaml_writer.h"

#include <QScrollBar>
#include <QSignalSpy>

#include <algorithm>
#include <ctime>

using namespace Qt::StringLiterals;
using namespace ui::routes;
using namespace tests;

namespace {

/// A when of 16 cases, each a limit about a chain in which a balance and a split stand: 210 nodes.
gateway::config::PlanNode twoHundredNodes()
{
    std::vector<gateway::config::WhenBranch> cases;
    for (int i = 0; i < 16; ++i) {
        auto rows = chain({target("openai", "gpt-4o"), target("claude", "claude-sonnet-4"), balance({{1, target("openai", "gpt-4o")}, {2, target("gemini", "gemini-2.5-flash")}, {1, target("claude", "claude-opus-4")}}),
            split({{70, target("openai", "gpt-4o")}, {30, chain({target("together", "llama-3.3-70b"), target("gemini", "gemini-2.5-flash")})}})});
        cases.push_back({is("metadata.tier", std::to_string(i).c_str()), limit(60 + i, std::move(rows))});
    }
    return when(std::move(cases), target("openai", "gpt-4o"));
}

double threadMilliseconds()
{
    timespec used {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

} // namespace

class tst_RoutesCanvas : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::widgets::loadResources(); }

    void rowsAreDraggedIntoOrder()
    {
        Scene scene;
        const QPoint from = scene.canvas->rectOf({0}).center().toPoint();
        const QPoint to = scene.canvas->rectOf({2}).center().toPoint() + QPoint(0, 18);
        scene.drag(from, to);
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

    void aNodeIsDroppedBetweenRows()
    {
        Scene scene;
        QVERIFY(scene.drop(NodeKind::Target, {scene.canvas->rectOf({1}).center().x(), scene.canvas->rectOf({1}).top()}));
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
        QCOMPARE(titleOf(*childAt(split.branches[0].to, 1)), u"claude-opus-4"_s);
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

    void anEdgeTakesWhatIsDroppedOnIt()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        const QString before = scene.text();
        QVERIFY(scene.drop(NodeKind::Target, scene.onEdgeTo({1}))); // before the split
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {1, 0}));
        QCOMPARE(kindOf(*nodeAt(scene.plan(), {1, 1})), NodeKind::Split);
        scene.undo();
        QCOMPARE(scene.text(), before);
        QVERIFY(scene.drop(NodeKind::Limit, scene.onEdgeTo({1, 1}))); // about the large model
        QCOMPARE(kindOf(*nodeAt(scene.plan(), {1, 1})), NodeKind::Limit);
        QCOMPARE(model(scene.plan(), {1, 1, 0}), u"claude-opus-4"_s);
        scene.undo();
        QCOMPARE(scene.text(), before);
        QVERIFY(!scene.drop(NodeKind::Target, QPointF(2, 2))); // on nothing
        QCOMPARE(scene.text(), before);
    }

    void theEmptyElseOfALimitTakesWhatIsDroppedOnIt()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        QVERIFY(scene.drop(NodeKind::Target, scene.onEdgeTo({0, 1})));
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {0, 1}));
        QVERIFY(nodeAt(scene.plan(), {0, 1}));
    }

    void aLineIsDrawnFromAnEmptyElse()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        scene.drag(scene.canvas->placeOfPort({Port::Kind::Way, {0}, 1}), scene.canvas->rectOf({1, 1}).center().toPoint());
        QTRY_COMPARE(scene.canvas->chosen(), std::optional(Path {0, 1}));
        QCOMPARE(model(scene.plan(), {0, 1}), u"claude-opus-4"_s);
    }

    void everyKindOfNodeIsAddedByItsButtonAndUndoneToTheByte_data()
    {
        QTest::addColumn<QByteArray>("button");
        QTest::addColumn<int>("kind");
        QTest::newRow("when") << QByteArray("routes.add.when") << int(NodeKind::When);
        QTest::newRow("split") << QByteArray("routes.add.split") << int(NodeKind::Split);
        QTest::newRow("balance") << QByteArray("routes.add.balance") << int(NodeKind::Balance);
        QTest::newRow("chain") << QByteArray("routes.add.chain") << int(NodeKind::Chain);
        QTest::newRow("limit") << QByteArray("routes.add.limit") << int(NodeKind::Limit);
        QTest::newRow("route") << QByteArray("routes.add.route") << int(NodeKind::Route);
    }
    void everyKindOfNodeIsAddedByItsButtonAndUndoneToTheByte()
    {
        QFETCH(QByteArray, button);
        QFETCH(int, kind);
        Scene scene;
        scene.pane->openItem(u"canary"_s);
        const QString before = scene.text();
        scene.clickNode({0});
        scene.click(button.constData());
        const auto chosen = scene.canvas->chosen();
        QVERIFY(chosen);
        QCOMPARE(int(kindOf(*nodeAt(scene.plan(), *chosen))), kind);
        QCOMPARE(scene.part<Outline>("routes.outline")->currentIndex().data(Qt::DisplayRole).toString().isEmpty(), false);
        scene.undo();
        QCOMPARE(scene.text(), before);
        QVERIFY(!scene.part<QPushButton>("routes.publish.open")->isEnabled());
    }

    void aSplitsBorderIsDragged()
    {
        Scene scene;
        scene.pane->openItem(u"canary"_s);
        const QRectF card = scene.canvas->rectOf({});
        const QPoint handle(qRound(card.left() + (24 + 84 * 0.9) * card.width() / 120), qRound(card.bottom() - 12 * card.height() / 64));
        scene.drag(handle, handle - QPoint(qRound(84 * 0.4 * card.width() / 120), 0));
        QTRY_VERIFY(scene.part<QPushButton>("routes.undo")->isEnabled());
        const auto plan = scene.plan();
        const auto &split = std::get<gateway::config::SplitNode>(plan.node);
        QVERIFY(std::abs(split.branches[0].weight - 50) <= 2);
        QCOMPARE(split.branches[0].weight + split.branches[1].weight, 100);
    }

    void movesOfOneRowThatFollowAreOneStep()
    {
        Scene scene;
        const QString before = scene.text();
        scene.clickNode({0});
        QTest::keyClick(scene.canvas, Qt::Key_Down, Qt::AltModifier);
        QTest::keyClick(scene.canvas, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {2}));
        scene.undo();
        QCOMPARE(scene.text(), before);
        QVERIFY(!scene.part<QPushButton>("routes.undo")->isEnabled());
        scene.clickNode({1});
        QTest::keyClick(scene.canvas, Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(scene.canvas, Qt::Key_Down, Qt::AltModifier); // there and back: nothing to undo
        QCOMPARE(scene.text(), before);
        QVERIFY(!scene.part<QPushButton>("routes.undo")->isEnabled());
    }

    void casesAreMovedWithTheirConditions()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        scene.canvas->setChosen(Path {});
        scene.click("routes.add.model"); // another case
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {1}));
        scene.canvas->setFocus();
        QTest::keyClick(scene.canvas, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {0}));
        QCOMPARE(kindOf(*nodeAt(scene.plan(), {1})), NodeKind::Limit);
    }

    void theOutlineSaysWhatThePictureShows()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        const auto *outline = scene.part<Outline>("routes.outline");
        QStringList lines;
        const auto collect = [&](const auto &self, const QModelIndex &index) -> void {
            const QVariant spoken = index.data(Qt::AccessibleTextRole);
            lines << (spoken.isValid() ? spoken : index.data()).toString();
            for (int row = 0; row < outline->model()->rowCount(index); ++row)
                self(self, outline->model()->index(row, 0, index));
        };
        collect(collect, outline->model()->index(0, 0));
        QCOMPARE(lines.size(), 1 + int(walk(scene.plan()).size()));
        QVERIFY(lines.contains(u"when metadata.tier = free"_s));
        QVERIFY(lines.contains(u"limit 60 rpm"_s));
        QVERIFY(lines.contains(u"else: split 90 / 10"_s));
        QVERIFY(lines.contains(u"10 %: claude-opus-4 at claude"_s));
    }

    void deletingMoreThanOneNodeOffersUndo()
    {
        Scene scene;
        QSignalSpy toasts(&scene.view, &ui::bridge::ViewContext::toastRequested);
        scene.pane->openItem(u"smart"_s);
        const QString before = scene.text();
        scene.canvas->setChosen(Path {0});
        QTest::keyClick(scene.canvas, Qt::Key_Delete); // the limit: the case cannot be without it
        QCOMPARE(kindOf(scene.plan()), NodeKind::Split);
        QCOMPARE(toasts.size(), 1);
        scene.undo();
        QCOMPARE(scene.text(), before);
        scene.canvas->setChosen(Path {});
        QTest::keyClick(scene.canvas, Qt::Key_Delete); // the route would lead nowhere
        QCOMPARE(scene.text(), before);
        scene.click("routes.inspector.unwrap");
        QCOMPARE(kindOf(scene.plan()), NodeKind::Split); // the else
    }

    void fromRightToLeftThePictureIsMirrored()
    {
        QApplication::setLayoutDirection(Qt::RightToLeft);
        {
            Scene scene;
            scene.pane->openItem(u"canary"_s);
            QVERIFY(scene.canvas->layoutOfPlan().mirrored);
            QVERIFY(scene.canvas->rectOf({0}).right() < scene.canvas->rectOf({}).left());
            const QPoint port = scene.canvas->placeOfPort({Port::Kind::After, {0}, 0});
            QVERIFY(std::abs(port.x() - scene.canvas->rectOf({0}).left()) < 2);
            scene.drag(port, scene.canvas->rectOf({1}).center().toPoint());
            QTRY_COMPARE(scene.canvas->chosen(), std::optional(Path {0, 1}));
        }
        QApplication::setLayoutDirection(Qt::LeftToRight);
    }

    void twoHundredNodesAreMovedAboutSmoothly()
    {
        Scene scene;
        auto config = *scene.fake.config();
        config.routes[1].plan = twoHundredNodes();
        scene.fake.setConfig(config);
        scene.pane->openItem(u"smart"_s);
        const auto nodes = walk(twoHundredNodes()).size();
        QVERIFY2(nodes >= 200, qPrintable(QString::number(nodes)));
        RouteCanvas &canvas = *scene.canvas;
        QTRY_VERIFY(canvas.verticalScrollBar()->maximum() > 0 || canvas.horizontalScrollBar()->maximum() > 0);
        const QPoint middle = canvas.viewport()->rect().center();
        QList<double> frames; // milliseconds of this thread's own time: other work of a busy machine does not count
        const auto panOver = [&](int zoomSteps) {
            canvas.fit();
            for (int i = 0; i < zoomSteps; ++i)
                canvas.zoomIn();
            QTest::mousePress(canvas.viewport(), Qt::MiddleButton, {}, middle);
            for (int step = 0; step < 60; ++step) {
                const double before = threadMilliseconds();
                QTest::mouseMove(canvas.viewport(), middle + QPoint(step % 2 ? 3 * step : -2 * step, -4 * step));
                canvas.viewport()->repaint();
                frames << threadMilliseconds() - before;
            }
            QTest::mouseRelease(canvas.viewport(), Qt::MiddleButton, {}, middle);
        };
        panOver(1);
        panOver(4);
        std::ranges::sort(frames);
        const double median = frames[frames.size() / 2], worst = frames[frames.size() * 95 / 100];
        qInfo("%zu nodes: %.2f ms a frame, 95 of 100 within %.2f ms", nodes, median, worst);
        QVERIFY2(median <= 16, qPrintable(QString::number(median)));
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    ui::widgets::Theme theme;
    tst_RoutesCanvas test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_routes_canvas.moc"
