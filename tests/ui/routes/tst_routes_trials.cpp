// SPDX-License-Identifier: GPL-3.0-or-later
// Trying a plan without calling anybody: simulate, explain, replay.
#include "tests/ui/routes/plan_samples.h"
#include "tests/ui/routes/routes_scene.h"
#include "ui/panes/routes/outline.h"
#include "ui/panes/routes/row_button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProgressBar>
#include <QSignalSpy>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using namespace ui::routes;
using namespace tests;

namespace {

QString stateText(Scene &scene, const char *name) { return scene.part<ui::widgets::StateLabel>(name)->text(); }

/// All that the table of changed calls shows.
QStringList changedCalls(Scene &scene)
{
    const QAbstractItemModel *model = scene.part<ui::widgets::TableView>("routes.replay.calls")->model();
    QStringList cells;
    for (int row = 0; row < model->rowCount(); ++row)
        for (int column = 0; column < model->columnCount(); ++column)
            cells << model->index(row, column).data().toString() << model->index(row, column).data(ui::widgets::CellSubText).toString();
    return cells;
}

/// Replays, and waits for what comes of it.
void replay(Scene &scene)
{
    const int before = scene.fake.questions(u"replay"_s);
    scene.click("routes.replay.start");
    (void)QTest::qWaitFor([&] { return scene.fake.questions(u"replay"_s) > before && scene.part<QPushButton>("routes.replay.start")->isEnabled(); });
}

QString expectedCost(Scene &scene) { return scene.part<QLabel>("routes.replay.expected.1")->accessibleName(); }

void moveFirstRowDown(Scene &scene)
{
    scene.canvas->setChosen(Path {0});
    scene.canvas->setFocus();
    QTest::keyClick(scene.canvas, Qt::Key_Down, Qt::AltModifier);
}

} // namespace

class tst_RoutesTrials : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::widgets::loadResources(); }

    void aDownProviderIsWalkedBy()
    {
        Scene scene;
        scene.click("routes.simulate");
        QTRY_VERIFY(stateText(scene, "routes.simulation.end").contains(u"gpt-4o"_s));
        scene.part<ui::widgets::SegmentedControl>("routes.simulation.fault.openai")->setCurrent(1);
        QTRY_VERIFY(stateText(scene, "routes.simulation.end").contains(u"claude-sonnet-4"_s));
        QTRY_VERIFY(!scene.canvas->token().walking() && scene.canvas->token().active());
        const auto &passages = scene.canvas->token().passages();
        QCOMPARE(passages.value(Path {0}), Passage::Failed);
        QCOMPARE(passages.value(Path {1}), Passage::Answered); // row 2 is lit
        QCOMPARE(passages.value(Path {2}, Passage::None), Passage::None);
        QVERIFY(scene.part<QWidget>("routes.simulation.step.1")->accessibleName().contains(u"claude-sonnet-4"_s));
        QVERIFY(scene.part<QLabel>("routes.simulation.total")->text().contains(u"2 attempts"_s));
    }

    void aSimulationFollowsTheDraft()
    {
        Scene scene;
        scene.click("routes.simulate");
        QTRY_VERIFY(stateText(scene, "routes.simulation.end").contains(u"gpt-4o"_s));
        moveFirstRowDown(scene);
        QTRY_VERIFY(stateText(scene, "routes.simulation.end").contains(u"claude-sonnet-4"_s));
        QTest::keyClick(scene.part<QWidget>("routes.simulation"), Qt::Key_Escape);
        QVERIFY(scene.part<QWidget>("routes.inspector")->isVisible());
        QVERIFY(!scene.canvas->token().active());
        QVERIFY(!scene.part<QPushButton>("routes.simulate")->isChecked());
    }

    void nobodyAnswersWhereAllAreDown()
    {
        Scene scene;
        scene.click("routes.simulate");
        for (const char *provider : {"openai", "claude", "gemini"})
            scene.part<ui::widgets::SegmentedControl>(("routes.simulation.fault." + std::string(provider)).c_str())->setCurrent(3);
        QTRY_VERIFY(stateText(scene, "routes.simulation.end").contains(u"failed"_s));
        QVERIFY(scene.part<QLabel>("routes.simulation.total")->text().contains(u"3 attempts"_s));
    }

    void aCallIsExplainedNodeByNode()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        scene.click("routes.explain");
        QTRY_VERIFY(stateText(scene, "routes.explain.end").contains(u"llama-3.3-70b at together"_s)); // local-vllm rests
        const QString when = scene.part<RowButton>("routes.explain.step.0")->accessibleName();
        QVERIFY2(when.contains(u"when metadata.tier = free"_s) && when.contains(u"limit 60 rpm"_s), qPrintable(when)); // nodes by their names in the picture
        QVERIFY(!when.contains(u"plan."_s));
        const QString skipped = scene.part<RowButton>("routes.explain.target.0")->accessibleName();
        QVERIFY2(skipped.contains(u"Not asked: circuit open, for 12 s more"_s), qPrintable(skipped));
        const QString asked = scene.part<RowButton>("routes.explain.target.1")->accessibleName();
        QVERIFY2(asked.contains(u"$0.0041"_s) && asked.contains(u"1.41\u00a0s"_s), qPrintable(asked));
        QTRY_VERIFY(!scene.canvas->token().walking());
        QCOMPARE(scene.canvas->token().passages().value(Path {0, 0, 0}), Passage::Skipped);
        QCOMPARE(scene.canvas->token().passages().value(Path {0, 0, 1}), Passage::Answered);
        QTest::mouseClick(scene.part<RowButton>("routes.explain.step.1"), Qt::LeftButton);
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {0}));
        QTest::keyClick(scene.part<RowButton>("routes.explain.target.2"), Qt::Key_Return);
        QCOMPARE(scene.canvas->chosen(), std::optional(Path {0, 0, 2}));
    }

    void anExplanationFollowsTheDraftAndTheCall()
    {
        Scene scene;
        scene.click("routes.explain");
        QTRY_VERIFY(stateText(scene, "routes.explain.end").contains(u"gpt-4o"_s));
        moveFirstRowDown(scene);
        QTRY_VERIFY(stateText(scene, "routes.explain.end").contains(u"claude-sonnet-4"_s));
        scene.part<ui::widgets::SegmentedControl>("routes.which")->setCurrent(1); // what is live
        QTRY_VERIFY(stateText(scene, "routes.explain.end").contains(u"gpt-4o"_s));
        scene.part<ui::widgets::SegmentedControl>("routes.which")->setCurrent(0);
        scene.part<QPlainTextEdit>("routes.explain.body")->setPlainText(u"no JSON"_s);
        QTRY_VERIFY(stateText(scene, "routes.explain.end").contains(u"not JSON"_s));
        QVERIFY(!scene.part<RowButton>("routes.explain.target.0"));
        QVERIFY(!scene.canvas->token().active());
    }

    void theCallToBeExplainedIsWrittenInEachForm()
    {
        Scene scene;
        scene.click("routes.explain");
        auto *form = scene.part<QComboBox>("routes.explain.form");
        auto *body = scene.part<QPlainTextEdit>("routes.explain.body");
        for (int i = 0; i < form->count(); ++i) {
            form->setCurrentIndex(i);
            Q_EMIT form->activated(i);
            const QJsonDocument read = QJsonDocument::fromJson(body->toPlainText().toUtf8());
            QVERIFY2(read.isObject(), qPrintable(form->currentText()));
            QVERIFY(read.object().value(u"model"_s).toString(u"gpt-4o"_s) == u"gpt-4o"_s);
        }
        body->setPlainText(u"{\"mine\":1}"_s);
        form->setCurrentIndex(0);
        Q_EMIT form->activated(0);
        QCOMPARE(body->toPlainText(), u"{\"mine\":1}"_s); // what was written stays
    }

    void theNewestCallOfTheLogIsTaken()
    {
        Scene scene;
        scene.click("routes.explain");
        const QString sample = scene.part<QPlainTextEdit>("routes.explain.body")->toPlainText();
        scene.click("routes.explain.newest");
        QTRY_VERIFY(scene.part<QPlainTextEdit>("routes.explain.body")->toPlainText() != sample);
        QVERIFY(scene.part<QComboBox>("routes.explain.key")->currentIndex() > 0);
        QTRY_VERIFY(stateText(scene, "routes.explain.end").contains(u"asked first"_s));
    }

    void theLogIsReplayedThroughTheDraft()
    {
        Scene scene;
        scene.click("routes.replay.open");
        moveFirstRowDown(scene);
        replay(scene);
        QVERIFY(stateText(scene, "routes.replay.end").contains(u"go another way"_s));
        QVERIFY(scene.part<QWidget>("routes.replay.figures")->isVisible());
        QVERIFY2(expectedCost(scene).contains(u"between"_s), qPrintable(expectedCost(scene)));
        QVERIFY(!changedCalls(scene).isEmpty());
        QCOMPARE(changedCalls(scene)[2], u"openai gpt-4o"_s);
        QCOMPARE(changedCalls(scene)[3], u"→ claude claude-sonnet-4"_s);

        QSignalSpy opened(&scene.view, &ui::bridge::ViewContext::paneRequested);
        auto *table = scene.part<ui::widgets::TableView>("routes.replay.calls");
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(0, 1)).center());
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].toString(), u"calls"_s);
        QVERIFY(opened[0][1].toString().startsWith(u"call_"_s));

        QVERIFY(!scene.part<QWidget>("routes.replay.old")->isVisible());
        scene.undo();
        QVERIFY(scene.part<QWidget>("routes.replay.old")->isVisible()); // it is of another plan now
    }

    void aReplayTwiceGivesTheSame()
    {
        Scene scene;
        scene.click("routes.replay.open");
        moveFirstRowDown(scene);
        scene.part<QDoubleSpinBox>("routes.replay.sample")->setValue(20);
        const auto replayed = [&](int seed) {
            scene.part<QSpinBox>("routes.replay.seed")->setValue(seed);
            replay(scene);
            return QStringList {stateText(scene, "routes.replay.end"), expectedCost(scene)} + changedCalls(scene);
        };
        const QStringList first = replayed(7);
        QVERIFY(first.size() > 10);
        QCOMPARE(replayed(7), first);
        QVERIFY(replayed(8) != first); // the seed draws other ones
    }

    void aReplayIsOfATeamOrAKey()
    {
        Scene scene;
        scene.click("routes.replay.open");
        moveFirstRowDown(scene);
        replay(scene);
        const QString all = stateText(scene, "routes.replay.end");
        QVERIFY(all.contains(u"go another way"_s));
        auto *key = scene.part<QComboBox>("routes.replay.key");
        key->setCurrentIndex(key->findData(u"growth-web"_s));
        replay(scene);
        QVERIFY(stateText(scene, "routes.replay.end") != all);
        QVERIFY(scene.part<QWidget>("routes.replay.figures")->isVisible());
    }

    void aReplayTellsHowFarItIsAndIsCancelled()
    {
        Scene scene(FakeGateway::Scene::Waiting);
        scene.click("routes.replay.open");
        scene.click("routes.replay.start");
        QTRY_VERIFY(scene.part<QProgressBar>("routes.replay.progress")->value() > 0);
        QVERIFY(scene.part<QLabel>("routes.replay.said")->text().contains(u"41,216"_s));
        QVERIFY(!scene.part<QPushButton>("routes.replay.start")->isEnabled());
        scene.click("routes.replay.cancel");
        QVERIFY(scene.part<QPushButton>("routes.replay.start")->isEnabled());
        QVERIFY(!scene.part<QProgressBar>("routes.replay.progress")->isVisible());
    }

    void aLogThatCannotBeReadIsSaid()
    {
        Scene scene(FakeGateway::Scene::Failing);
        scene.click("routes.replay.open");
        scene.click("routes.replay.start");
        QTRY_VERIFY(scene.part<ui::widgets::SectionBanner>("routes.replay.banner")->isVisible());
        QVERIFY(scene.part<ui::widgets::SectionBanner>("routes.replay.banner")->headline().contains(u"cannot be replayed"_s));
    }

    void aCircuitThatOpensIsSeenWithinASecond()
    {
        Scene scene;
        const auto told = [&] { // to screen readers, of the first row
            const QAbstractItemModel *model = scene.part<Outline>("routes.outline")->model();
            const QModelIndex chain = model->index(0, 0, model->index(0, 0));
            return model->index(0, 0, chain).data(Qt::AccessibleDescriptionRole).toString();
        };
        QVERIFY(told().isEmpty());
        auto health = scene.fake.health();
        std::erase_if(health, [](const auto &target) { return target.provider == "openai"; });
        for (const char *credential : {"main", "spare"})
            health.push_back({.provider = "openai", .credential = credential, .model = "gpt-4o", .circuit = gateway::api::TargetHealth::Circuit::Open, .restsFor = std::chrono::seconds {12}});
        const QImage before = scene.canvas->grab().toImage();
        scene.fake.setHealth(health);
        QElapsedTimer clock;
        clock.start();
        QTRY_COMPARE_WITH_TIMEOUT(told(), u"is not asked now"_s, 2000);
        qInfo("the badge is there after %lld ms", clock.elapsed());
        QVERIFY2(clock.elapsed() <= 1000, qPrintable(QString::number(clock.elapsed())));
        QVERIFY(scene.canvas->grab().toImage() != before);
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    ui::widgets::Theme theme;
    tst_RoutesTrials test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_routes_trials.moc"
