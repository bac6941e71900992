// SPDX-License-Identifier: GPL-3.0-or-later
// Test sets and experiments of the prompts' pane.
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/pane_scene.h"
#include "ui/panes/lines_field.h"
#include "ui/panes/prompts/experiment_page.h"
#include "ui/panes/prompts/prompts_pane.h"
#include "ui/panes/prompts/results_model.h"
#include "ui/panes/prompts/share_table.h"
#include "ui/panes/prompts/template_edit.h"
#include "ui/panes/prompts/test_table.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/table_view.h"

#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QTableView>
#include <QtTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using gateway::config::Prompt;
using gateway::config::PromptTestCase;
using gateway::config::PromptVersion;
using tests::FakeGateway;
using namespace ui::prompts;

namespace {

struct Scene : tests::PaneScene<PromptsPane>
{
    explicit Scene(PromptsPane::Mode mode, const QString &prompt = u"summarise-ticket"_s, FakeGateway::Scene scene = FakeGateway::Scene::Full) : PaneScene(u"prompts"_s, scene)
    {
        pane.openItem(prompt);
        pane.setMode(mode);
    }

    QTableView *table() const { return part<QTableView>(u"tests.table"_s); }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    QString head(int column) const { return table()->model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(); }
    TestTable::State state(int row, int column) const
    {
        const auto *model = static_cast<const TestTable *>(table()->model());
        return model->stateAt(model->index(row, column));
    }
    void choose(int row, int column) const { table()->setCurrentIndex(table()->model()->index(row, column)); }
    void run() const
    {
        click(u"tests.run"_s);
        QTRY_COMPARE(part<QPushButton>(u"tests.run"_s)->text(), u"Run tests"_s);
    }
    const Prompt &stored(const std::string &name = "summarise-ticket") const
    {
        const auto &prompts = gateway.config()->prompts;
        const auto found = std::ranges::find(prompts, name, &Prompt::name);
        if (found == prompts.end())
            qFatal("there is no such prompt");
        return *found;
    }
    bool saves() const { return part<QAbstractButton>(u"setup.save"_s)->isEnabled(); }
    void save()
    {
        QTRY_VERIFY(saves());
        click(u"setup.save"_s);
        QTRY_VERIFY(told.startsWith(u"Saved in configuration version"));
    }
};

/// Picks an entry of the menu that is open by its text.
void pick(const QString &text)
{
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    for (QAction *action : menu->actions()) {
        if (action->text() == text) {
            QVERIFY(action->isEnabled());
            menu->close();
            action->trigger();
            return;
        }
    }
    QFAIL(qPrintable(text));
}

} // namespace

class tst_PromptSetup : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tableHasCasesAndVersions();
    void runTellsWhatEachVersionBreaks();
    void answerOfACellIsShown();
    void runStopsAndKeepsNothing();
    void failedRunSaysWhy();
    void runAsksTheChosenRoute();
    void versionsAreChosen();
    void changedCaseMakesItsResultsOld();
    void whatIsBeingWrittenCanBeTested();
    void firstSetIsMadeWithACase();
    void newCaseTakesThePlaygroundsValues();
    void caseIsEditedAndSaved();
    void brokenJsonIsNotSaved();
    void removedCaseComesBack();
    void setIsRenamedAndRemoved();
    void savedVersionStaysWhenTestsAreSaved();
    void fileOwnedRunsAndIsNotEdited();
    void promptWithoutAVersionHasNoTests();
    void keysWork();

    void experimentBeginsWithTwoVersions();
    void weightsAreChanged();
    void wrongWeightIsToldAndNotTaken();
    void oneVersionAloneIsNotSaved();
    void experimentEnds();
    void resultsByVersion();
    void resultsCannotBeRead();
    void noCallYet();
    void everythingHasAName();
};

void tst_PromptSetup::tableHasCasesAndVersions()
{
    Scene scene(PromptsPane::Tests);
    QCOMPARE(scene.table()->model()->rowCount(), 4); // three cases and their sum
    QCOMPARE(scene.head(1), u"v8"_s);
    QCOMPARE(scene.head(2), u"v7"_s); // that callers get now
    QCOMPARE(scene.cell(0, 0), u"scanner app"_s);
    QCOMPARE(scene.state(0, 1), TestTable::State::NotRun);
    QVERIFY(scene.part<QLabel>(u"tests.note"_s)->text().startsWith(u"6 real calls"));
    QCOMPARE(scene.part<ui::widgets::TabStrip>(u"modes"_s)->current(), int(PromptsPane::Tests));
}

void tst_PromptSetup::runTellsWhatEachVersionBreaks()
{
    Scene scene(PromptsPane::Tests);
    scene.run();
    QCOMPARE(scene.gateway.prompts().testRuns().size(), std::size_t(1));
    const auto &order = scene.gateway.prompts().testRuns().front();
    QCOMPARE(order.versions.size(), std::size_t(2));
    QCOMPARE(order.versions.front().version, std::int64_t(8));
    QVERIFY(order.route.empty());
    QCOMPARE(scene.state(0, 1), TestTable::State::Passed);
    QCOMPARE(scene.state(1, 1), TestTable::State::Failed); // says nothing of an LED
    QVERIFY(scene.cell(0, 1).contains(u"1.62 s") && scene.cell(0, 1).contains(u"$0.0022"));
    QVERIFY2(scene.cell(3, 1).startsWith(u"2 of 3"), qPrintable(scene.cell(3, 1)));
    QVERIFY(scene.cell(3, 1).contains(u"$0.0066"));
}

void tst_PromptSetup::answerOfACellIsShown()
{
    Scene scene(PromptsPane::Tests);
    scene.run();
    scene.choose(1, 1);
    QVERIFY(scene.part<QPlainTextEdit>(u"answer.text"_s)->toPlainText().startsWith(u"Scanner app 5.2"));
    QCOMPARE(scene.part<QLabel>(u"answer.failures"_s)->text(), u"does not match LED"_s);
    scene.click(u"answer.open"_s);
    QCOMPARE(scene.opened, u"calls call_01JD2K7Q0000000000000PR01"_s);
    scene.choose(1, 0);
    QVERIFY(scene.part<QPlainTextEdit>(u"answer.text"_s)->toPlainText().isEmpty());
}

void tst_PromptSetup::runStopsAndKeepsNothing()
{
    Scene scene(PromptsPane::Tests);
    scene.gateway.prompts().setHeld(true);
    scene.click(u"tests.run"_s);
    QTRY_VERIFY(scene.part<QLabel>(u"tests.note"_s)->text().startsWith(u"1 of 6"));
    QCOMPARE(scene.state(0, 1), TestTable::State::Running);
    scene.click(u"tests.run"_s); // it says Stop now
    QCOMPARE(scene.state(0, 1), TestTable::State::NotRun);
    QCOMPARE(scene.part<QPushButton>(u"tests.run"_s)->text(), u"Run tests"_s);
}

void tst_PromptSetup::failedRunSaysWhy()
{
    Scene scene(PromptsPane::Tests);
    scene.gateway.prompts().failNextRun({.code = gateway::ErrorCode::Io, .message = "The listener is not up."});
    scene.run();
    QCOMPARE(scene.part<QLabel>(u"tests.note"_s)->text(), u"The listener is not up."_s);
    QCOMPARE(scene.state(0, 1), TestTable::State::NotRun);
}

void tst_PromptSetup::runAsksTheChosenRoute()
{
    Scene scene(PromptsPane::Tests);
    auto *route = scene.part<QComboBox>(u"tests.route"_s);
    route->setCurrentIndex(route->findData(u"smart"_s));
    scene.run();
    QCOMPARE(scene.gateway.prompts().testRuns().front().route, std::string("smart"));
    QCOMPARE(scene.state(0, 1), TestTable::State::Failed); // that one writes "scanner app" small
}

void tst_PromptSetup::versionsAreChosen()
{
    Scene scene(PromptsPane::Tests);
    scene.click(u"tests.versions"_s);
    pick(u"v5"_s);
    QCOMPARE(scene.table()->model()->columnCount(), 4);
    QCOMPARE(scene.head(3), u"v5"_s);
    for (const QString &version : {u"v8 (staging)"_s, u"v7 (production)"_s, u"v5"_s}) {
        scene.click(u"tests.versions"_s);
        pick(version);
    }
    QCOMPARE(scene.table()->model()->columnCount(), 1);
    QVERIFY(!scene.part<QWidget>(u"tests.run"_s)->isEnabled());
}

void tst_PromptSetup::changedCaseMakesItsResultsOld()
{
    Scene scene(PromptsPane::Tests);
    scene.run();
    scene.choose(0, 0);
    auto *matches = scene.part<ui::panes::LinesField>(u"case.matches"_s);
    matches->setFocus();
    matches->setPlainText(u"Android"_s);
    QTRY_COMPARE(scene.state(0, 1), TestTable::State::Old);
    QCOMPARE(scene.state(1, 1), TestTable::State::Failed);
    QVERIFY(scene.cell(3, 1).startsWith(u"1 of 2"));
}

void tst_PromptSetup::whatIsBeingWrittenCanBeTested()
{
    Scene scene(PromptsPane::Write);
    auto *text = scene.part<TemplateEdit>(u"message.0.text"_s);
    text->setFocus();
    QTest::keyClicks(text, u"Hello. "_s);
    scene.pane.setMode(PromptsPane::Tests);
    QCOMPARE(scene.head(1), u"v9, not saved"_s);
    scene.run();
    const auto &asked = scene.gateway.prompts().testRuns().front().versions.front();
    QCOMPARE(asked.version, std::int64_t(9));
    QVERIFY(asked.messages.front().content.find("Hello.") != std::string::npos);
    QCOMPARE(scene.state(0, 1), TestTable::State::Passed);
    scene.pane.setMode(PromptsPane::Write);
    QTest::keyClicks(text, u"Bye. "_s);
    scene.pane.setMode(PromptsPane::Tests);
    QCOMPARE(scene.state(0, 1), TestTable::State::Old);
}

void tst_PromptSetup::firstSetIsMadeWithACase()
{
    Scene scene(PromptsPane::Tests, u"triage-label"_s);
    QVERIFY(scene.part<QWidget>(u"tests.none"_s)->isVisible());
    scene.click(u"tests.first"_s);
    auto *name = scene.pane.findChild<QLineEdit *>(u"prompts.tests.nameDialog.name"_s);
    QVERIFY(name);
    name->setText(u"no such name"_s);
    QVERIFY(!scene.pane.findChild<QAbstractButton *>(u"prompts.tests.nameDialog.submit"_s)->isEnabled());
    name->setText(u"labels"_s);
    scene.pane.findChild<QAbstractButton *>(u"prompts.tests.nameDialog.submit"_s)->click();
    QCOMPARE(scene.table()->model()->rowCount(), 2);
    QCOMPARE(scene.cell(0, 0), u"case 1"_s);
    scene.save();
    const Prompt &its = scene.stored("triage-label");
    QCOMPARE(its.testSets.size(), std::size_t(1));
    QCOMPARE(its.testSets[0].name, std::string("labels"));
    QCOMPARE(its.testSets[0].cases[0].variables.text, std::string(R"({"text":""})")); // the names of its variables
}

void tst_PromptSetup::newCaseTakesThePlaygroundsValues()
{
    Scene scene(PromptsPane::Write);
    auto *language = scene.part<QLineEdit>(u"form.language"_s);
    QVERIFY(language);
    language->setFocus();
    QTest::keyClicks(language, u"German"_s);
    scene.pane.setMode(PromptsPane::Tests);
    scene.click(u"tests.add"_s);
    scene.save();
    QCOMPARE(scene.stored().testSets[0].cases.back().variables.text, std::string(R"({"language":"German"})"));
}

void tst_PromptSetup::caseIsEditedAndSaved()
{
    Scene scene(PromptsPane::Tests);
    scene.choose(2, 0);
    auto *name = scene.part<QLineEdit>(u"case.name"_s);
    name->setFocus();
    name->selectAll();
    QTest::keyClicks(name, u"ends well"_s);
    QCOMPARE(scene.cell(2, 0), u"ends well"_s);
    scene.part<QPlainTextEdit>(u"case.schema"_s)->setPlainText(u"{\"type\":\"string\"}"_s);
    auto *notMatches = scene.part<ui::panes::LinesField>(u"case.notMatches"_s);
    notMatches->setFocus();
    notMatches->setPlainText(u"sorry\n\nregret"_s);
    name->setFocus(); // leaving the lines tells them
    scene.save();
    const PromptTestCase &test = scene.stored().testSets[0].cases[2];
    QCOMPARE(test.name, std::string("ends well"));
    QCOMPARE(test.schema.text, std::string(R"({"type":"string"})"));
    QCOMPARE(test.notMatches, (std::vector<std::string> {"sorry", "regret"}));
    QCOMPARE(scene.stored().versions.size(), std::size_t(5));
}

void tst_PromptSetup::brokenJsonIsNotSaved()
{
    Scene scene(PromptsPane::Tests);
    scene.choose(0, 0);
    scene.part<QPlainTextEdit>(u"case.variables"_s)->setPlainText(u"{\"language\": "_s);
    QVERIFY(scene.part<QWidget>(u"case.variables.problem"_s)->isVisible());
    QTest::qWait(600); // the gateway's check is over by then
    QVERIFY(!scene.saves());
    QVERIFY(!scene.part<QWidget>(u"tests.run"_s)->isEnabled());
}

void tst_PromptSetup::removedCaseComesBack()
{
    Scene scene(PromptsPane::Tests);
    scene.choose(1, 0);
    scene.table()->setFocus();
    QTest::keyClick(scene.table(), Qt::Key_Delete);
    QCOMPARE(scene.table()->model()->rowCount(), 3);
    QTest::keyClick(scene.table(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(scene.table()->model()->rowCount(), 4);
    QCOMPARE(scene.cell(1, 0), u"printer"_s);
}

void tst_PromptSetup::setIsRenamedAndRemoved()
{
    Scene scene(PromptsPane::Tests);
    scene.run();
    scene.pane.findChild<QAction *>(u"prompts.tests.rename"_s)->trigger();
    scene.pane.findChild<QLineEdit *>(u"prompts.tests.nameDialog.name"_s)->setText(u"smoke"_s);
    scene.pane.findChild<QAbstractButton *>(u"prompts.tests.nameDialog.submit"_s)->click();
    QVERIFY(scene.part<QComboBox>(u"tests.set"_s)->currentText().startsWith(u"smoke"));
    QCOMPARE(scene.state(0, 1), TestTable::State::Passed); // its results go with it
    scene.pane.findChild<QAction *>(u"prompts.tests.remove"_s)->trigger();
    QVERIFY(scene.part<QWidget>(u"tests.none"_s)->isVisible());
    scene.save();
    QVERIFY(scene.stored().testSets.empty());
}

void tst_PromptSetup::savedVersionStaysWhenTestsAreSaved()
{
    Scene scene(PromptsPane::Tests);
    scene.click(u"tests.add"_s); // not saved yet
    scene.pane.setMode(PromptsPane::Write);
    auto *text = scene.part<TemplateEdit>(u"message.0.text"_s);
    text->setFocus();
    QTest::keyClicks(text, u"Hello. "_s);
    QTest::keyClick(text, Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(scene.stored().versions.size(), std::size_t(6));
    scene.pane.setMode(PromptsPane::Tests);
    scene.told.clear();
    scene.save();
    QCOMPARE(scene.stored().versions.size(), std::size_t(6));
    QCOMPARE(scene.stored().testSets[0].cases.size(), std::size_t(4));
}

void tst_PromptSetup::fileOwnedRunsAndIsNotEdited()
{
    Scene scene(PromptsPane::Write, u"commit-summary"_s);
    auto config = *scene.gateway.config();
    auto &its = *std::ranges::find(config.prompts, "commit-summary", &Prompt::name);
    its.testSets = {{.name = "any", .cases = {{.name = "one", .variables = {R"({"text":"x"})"}, .matches = {"Next"}}}}};
    scene.gateway.setConfig(config);
    scene.pane.setMode(PromptsPane::Tests);
    QVERIFY(!scene.part<QWidget>(u"tests.add"_s)->isEnabled());
    QVERIFY(scene.part<QLineEdit>(u"case.name"_s)->isReadOnly());
    scene.run();
    QCOMPARE(scene.state(0, 1), TestTable::State::Passed);
    scene.pane.setMode(PromptsPane::Experiment);
    QVERIFY(!scene.part<QWidget>(u"experiment.begin"_s)->isEnabled());
}

void tst_PromptSetup::promptWithoutAVersionHasNoTests()
{
    Scene scene(PromptsPane::Tests);
    scene.pane.openItem(u"call:call_7"_s);
    auto *name = scene.pane.findChild<QLineEdit *>(u"prompts.import.name"_s);
    QVERIFY(name);
    QTRY_VERIFY(!scene.pane.findChild<QPlainTextEdit *>(u"prompts.import.preview"_s)->toPlainText().isEmpty());
    QCOMPARE(scene.gateway.prompts().importedCall(), std::string("call_7"));
    QTest::keyClicks(name, u"of-a-call"_s);
    scene.pane.findChild<QAbstractButton *>(u"prompts.import.submit"_s)->click();
    QCOMPARE(scene.pane.mode(), PromptsPane::Write);
    QVERIFY(!scene.part<QWidget>(u"modes"_s)->isEnabled());
}

void tst_PromptSetup::keysWork()
{
    Scene scene(PromptsPane::Tests);
    scene.table()->setFocus();
    QTest::keyClick(scene.table(), Qt::Key_Insert);
    QCOMPARE(scene.table()->model()->rowCount(), 5);
    QVERIFY(scene.part<QLineEdit>(u"case.name"_s)->hasFocus());
    QTRY_VERIFY(scene.saves());
    QTest::keyClick(scene.part<QLineEdit>(u"case.name"_s), Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(scene.stored().testSets[0].cases.size(), std::size_t(4));
    QTest::keyClick(scene.part<QLineEdit>(u"case.name"_s), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(scene.gateway.prompts().testRuns().size(), std::size_t(1));
    QVERIFY(scene.gateway.prompts().runs().empty()); // the playground is not on the screen
}

void tst_PromptSetup::experimentBeginsWithTwoVersions()
{
    Scene scene(PromptsPane::Experiment);
    scene.click(u"experiment.begin"_s);
    auto *shares = scene.part<QTableView>(u"experiment.shares"_s);
    QCOMPARE(shares->model()->rowCount(), 2);
    QCOMPARE(shares->model()->index(0, ShareTable::Version).data().toString(), u"@production, v7 now"_s);
    QCOMPARE(shares->model()->index(1, ShareTable::Version).data().toString(), u"v8"_s);
    QCOMPARE(shares->model()->index(0, ShareTable::Share).data().toString(), u"50.0 %"_s);
    scene.save();
    const auto &experiment = scene.stored().experiment;
    QCOMPARE(experiment.size(), std::size_t(2));
    QCOMPARE(experiment[0].label, std::string("production"));
    QCOMPARE(experiment[1].version, std::int64_t(8));
}

void tst_PromptSetup::weightsAreChanged()
{
    Scene scene(PromptsPane::Experiment);
    scene.click(u"experiment.begin"_s);
    auto *shares = scene.part<QTableView>(u"experiment.shares"_s);
    shares->setFocus();
    shares->setCurrentIndex(shares->model()->index(0, ShareTable::Weight));
    QTest::keyClick(shares, Qt::Key_F2);
    auto *editor = shares->viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, u"3"_s);
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(shares->model()->index(0, ShareTable::Share).data().toString(), u"75.0 %"_s);
    scene.save();
    QCOMPARE(scene.stored().experiment[0].weight, 3.0);
}

void tst_PromptSetup::wrongWeightIsToldAndNotTaken()
{
    Scene scene(PromptsPane::Experiment);
    scene.click(u"experiment.begin"_s);
    auto *model = scene.part<QTableView>(u"experiment.shares"_s)->model();
    for (const QString &typed : {u"0"_s, u"-1"_s, u"many"_s}) {
        scene.told.clear();
        QVERIFY(!model->setData(model->index(0, ShareTable::Weight), typed, Qt::EditRole));
        QVERIFY(scene.told.contains(u"above 0"));
    }
    QCOMPARE(model->index(0, ShareTable::Weight).data().toString(), u"1"_s);
}

void tst_PromptSetup::oneVersionAloneIsNotSaved()
{
    Scene scene(PromptsPane::Experiment);
    scene.click(u"experiment.begin"_s);
    scene.click(u"experiment.remove"_s);
    QCOMPARE(scene.part<QTableView>(u"experiment.shares"_s)->model()->rowCount(), 1);
    scene.click(u"experiment.add"_s);
    pick(u"v6"_s);
    QCOMPARE(scene.part<QTableView>(u"experiment.shares"_s)->model()->rowCount(), 2);
    scene.save();
    QCOMPARE(scene.stored().experiment[1].version, std::int64_t(6));
}

void tst_PromptSetup::experimentEnds()
{
    Scene scene(PromptsPane::Experiment);
    scene.click(u"experiment.begin"_s);
    scene.save();
    QVERIFY(!scene.stored().experiment.empty());
    scene.told.clear();
    scene.click(u"experiment.end"_s);
    QVERIFY(scene.part<QWidget>(u"experiment.none"_s)->isVisible());
    scene.save();
    QVERIFY(scene.stored().experiment.empty());
}

void tst_PromptSetup::resultsByVersion()
{
    Scene scene(PromptsPane::Experiment);
    auto *results = scene.part<QTableView>(u"experiment.results"_s);
    QTRY_COMPARE(results->model()->rowCount(), 5);
    const auto cell = [&](int row, int column) { return results->model()->index(row, column).data().toString(); };
    QCOMPARE(cell(0, ResultsModel::Version), u"v8, staging"_s);
    QCOMPARE(cell(0, ResultsModel::Calls), u"61"_s);
    QCOMPARE(cell(0, ResultsModel::Score), u"84.0 %"_s);
    QCOMPARE(cell(0, ResultsModel::Cost), u"$0.0038"_s);
    QCOMPARE(cell(0, ResultsModel::Slow), u"2.90 s"_s);
    QCOMPARE(cell(1, ResultsModel::Version), u"v7, production"_s);
}

void tst_PromptSetup::resultsCannotBeRead()
{
    Scene scene(PromptsPane::Experiment, u"summarise-ticket"_s, FakeGateway::Scene::Failing);
    QTRY_VERIFY(scene.part<QWidget>(u"experiment.banner"_s)->isVisible());
}

void tst_PromptSetup::noCallYet()
{
    Scene scene(PromptsPane::Experiment, u"triage-label"_s);
    QTRY_VERIFY(scene.part<QWidget>(u"experiment.noCalls"_s)->isVisible());
}

void tst_PromptSetup::everythingHasAName()
{
    for (const auto mode : {PromptsPane::Tests, PromptsPane::Experiment}) {
        Scene scene(mode);
        for (QWidget *widget : scene.pane.findChildren<QWidget *>()) {
            if (!widget->isVisible() || widget->focusProxy() || !(widget->focusPolicy() & Qt::TabFocus))
                continue;
            QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(interface && !interface->text(QAccessible::Name).trimmed().isEmpty(), qPrintable(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName()));
        }
    }
}

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_PromptSetup test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_prompt_setup.moc"
