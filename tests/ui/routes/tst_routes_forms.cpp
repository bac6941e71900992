// SPDX-License-Identifier: GPL-3.0-or-later
// The inspector's forms of the nodes that decide: when, balance, limit.
#include "tests/ui/routes/plan_samples.h"
#include "tests/ui/routes/routes_scene.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/theme.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using namespace gateway::config;
using namespace ui::routes;
using namespace tests;

namespace {

void choose(QComboBox *box, const QString &text)
{
    const int index = box->findText(text);
    QVERIFY2(index >= 0, qPrintable(text));
    box->setCurrentIndex(index);
    Q_EMIT box->activated(index);
}

void type(QLineEdit *line, const QString &text)
{
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
}

} // namespace

class tst_RoutesForms : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::widgets::loadResources(); }

    void aConditionIsMadeOfRows()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        const QString before = scene.text();
        scene.canvas->setChosen(Path {});
        auto *field = scene.part<QComboBox>("routes.inspector.case.0.0.field");
        QVERIFY(field);
        type(field->lineEdit(), u"complexity"_s);
        choose(scene.part<QComboBox>("routes.inspector.case.0.0.operator"), u"≥"_s);
        type(scene.part<QLineEdit>("routes.inspector.case.0.0.value"), u"0.6"_s);
        QCOMPARE(titleOf(scene.plan()), u"complexity ≥ 0.6"_s);

        scene.click("routes.inspector.case.0.add");
        type(scene.part<QComboBox>("routes.inspector.case.0.1.field")->lineEdit(), u"team"_s);
        choose(scene.part<QComboBox>("routes.inspector.case.0.1.operator"), u"is one of"_s);
        type(scene.part<QLineEdit>("routes.inspector.case.0.1.value"), u"search, 5"_s);
        QCOMPARE(titleOf(scene.plan()), u"complexity ≥ 0.6 and team is one of search, 5"_s);
        scene.part<ui::widgets::SegmentedControl>("routes.inspector.case.0.joined")->setCurrent(1);
        QCOMPARE(titleOf(scene.plan()), u"complexity ≥ 0.6 or team is one of search, 5"_s);
        scene.click("routes.inspector.case.0.0.remove");
        QCOMPARE(titleOf(scene.plan()), u"team is one of search, 5"_s);
        while (scene.part<QPushButton>("routes.undo")->isEnabled())
            scene.click("routes.undo");
        QCOMPARE(scene.text(), before);
    }

    void aFieldThatIsNoneSaysWhichIsNear()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        scene.canvas->setChosen(Path {});
        auto *field = scene.part<QComboBox>("routes.inspector.case.0.0.field");
        type(field->lineEdit(), u"tokens.inputt"_s);
        QVERIFY(ui::widgets::isInvalid(field));
        QVERIFY(field->toolTip().contains(u"tokens.input"_s));
    }

    void conditionsWithinConditionsAreText()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        scene.canvas->setChosen(Path {});
        scene.part<ui::widgets::SegmentedControl>("routes.inspector.case.0.form")->setCurrent(1);
        auto *text = scene.part<QPlainTextEdit>("routes.inspector.case.0.text");
        QVERIFY(text->isVisible());
        QCOMPARE(text->toPlainText(), u"metadata.tier: free"_s);
        text->setFocus();
        text->setPlainText(u"team: a\n$or: [{ key: b }, { complexity: { $gt: 0.5 } }]"_s);
        QCOMPARE(titleOf(scene.plan()), u"team = a and (key = b or complexity > 0.5)"_s);
        QVERIFY(!scene.part<ui::widgets::SegmentedControl>("routes.inspector.case.0.form")->isEnabled()); // rows cannot show it
        text->setPlainText(u"team: a\n$orr: []"_s);
        QVERIFY(scene.part<QWidget>("routes.inspector.case.0.problem")->isVisible());
        QCOMPARE(titleOf(scene.plan()), u"team = a and (key = b or complexity > 0.5)"_s); // nothing changes
    }

    void casesComeAndGo()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        const QString before = scene.text();
        scene.canvas->setChosen(Path {});
        scene.click("routes.inspector.when.add");
        QCOMPARE(childCount(scene.plan()), 3);
        QCOMPARE(kindOf(*nodeAt(scene.plan(), {1})), NodeKind::Target);
        scene.click("routes.inspector.case.0.delete");
        QCOMPARE(childCount(scene.plan()), 2);
        QCOMPARE(kindOf(*nodeAt(scene.plan(), {0})), NodeKind::Target);
        scene.undo();
        scene.undo();
        QCOMPARE(scene.text(), before);
    }

    void aBalanceByHashKeepsSomethingTogether()
    {
        Scene scene;
        scene.pane->openItem(u"canary"_s);
        scene.clickNode({0});
        scene.click("routes.add.balance");
        const auto node = [&] { return std::get<BalanceNode>(nodeAt(scene.plan(), {0})->node); };
        QCOMPARE(node().by, BalanceBy::Latency);
        QVERIFY(!scene.part<QComboBox>("routes.inspector.balance.hashOn")->isVisible());
        choose(scene.part<QComboBox>("routes.inspector.balance.by"), u"Hash"_s);
        auto *field = scene.part<QComboBox>("routes.inspector.balance.hashOn");
        QVERIFY(field->isVisible());
        type(field->lineEdit(), u"metadata.session"_s);
        QCOMPARE(node().hashOn, std::string("metadata.session"));
        scene.part<QSpinBox>("routes.inspector.weight.1")->setValue(3);
        QCOMPARE(node().among[1].weight, 3);
        choose(scene.part<QComboBox>("routes.inspector.balance.by"), u"Cost"_s);
        QCOMPARE(node().hashOn, std::string()); // that is for hash alone
    }

    void aLimitIsWhatIsTypedAndNothingElse()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        scene.canvas->setChosen(Path {0});
        const auto node = [&] { return std::get<LimitNode>(nodeAt(scene.plan(), {0})->node); };
        auto *rpm = scene.part<QLineEdit>("routes.inspector.limit.rpm");
        QCOMPARE(rpm->text(), u"60"_s);
        type(rpm, u"x"_s);
        QVERIFY(ui::widgets::isInvalid(rpm));
        QCOMPARE(node().rpm, std::optional<std::int64_t>(60));
        type(rpm, u"1,200"_s);
        QVERIFY(!ui::widgets::isInvalid(rpm));
        QCOMPARE(node().rpm, std::optional<std::int64_t>(1200));
        type(scene.part<QLineEdit>("routes.inspector.limit.amount"), u"0.50"_s);
        choose(scene.part<QComboBox>("routes.inspector.limit.per"), u"a week"_s);
        choose(scene.part<QComboBox>("routes.inspector.limit.each"), u"each team"_s);
        QCOMPARE(node().amount, std::optional(gateway::Money::fromNanos(500'000'000)));
        QCOMPARE(titleOf(*nodeAt(scene.plan(), {0})), u"1,200 rpm, $0.50 a week, each team"_s);
        rpm->setFocus();
        rpm->selectAll();
        QTest::keyClick(rpm, Qt::Key_Delete);
        QVERIFY(!node().rpm);
    }

    void keystrokesInOneFieldOfOneNodeAreOneStep()
    {
        Scene scene;
        scene.pane->openItem(u"smart"_s);
        const QString before = scene.text();
        scene.canvas->setChosen(Path {0, 0, 0});
        type(scene.part<QLineEdit>("routes.inspector.model"), u"one"_s);
        scene.canvas->setChosen(Path {0, 0, 1});
        type(scene.part<QLineEdit>("routes.inspector.model"), u"two"_s);
        QCOMPARE(model(scene.plan(), {0, 0, 1}), u"two"_s);
        scene.click("routes.undo");
        QCOMPARE(model(scene.plan(), {0, 0, 0}), u"one"_s); // the other node's words stay
        QCOMPARE(model(scene.plan(), {0, 0, 1}), u"llama-3.3-70b"_s);
        scene.click("routes.undo");
        QCOMPARE(scene.text(), before);
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    ui::widgets::Theme theme;
    tst_RoutesForms test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_routes_forms.moc"
