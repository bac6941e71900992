// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/prompts/prompts_scene.h"
#include "tests/ui/support/accessible_text.h"
#include "ui/panes/prompts/diff_card.h"
#include "ui/widgets/button.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTextBlock>
#include <QtTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using gateway::config::Prompt;
using gateway::config::PromptVersion;
using tests::FakeGateway;
using Scene = tests::PromptsScene;
using namespace ui::prompts;

class tst_PromptsPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void treeShowsFoldersAndVersions();
    void findLeavesWhatMatches();
    void versionsHaveLabelsScoresAndCosts();
    void typingStartsTheNextVersion();
    void saveAddsAVersionAndMovesNoLabel();
    void saveTakesLabelsAsTheyAreThen();
    void whatSaysTheSameIsNotSaved();
    void brokenTemplateIsNotSaved();
    void refusedSaveKeepsWhatIsWritten();
    void undoTakesBackWhatWasTyped();
    void discardCanBeUndone();
    void messagesAreAddedMovedAndRemoved();
    void tabGoesThroughTheMessages();
    void variablesAreDeclaredWithChecks();
    void parametersKeepTheirOrder();
    void equalVersionsAreIdentical();
    void diffTellsWhatChanged();
    void labelMovesAndRollsBack();
    void undoOfALabelKeepsNewVersions();
    void newLabelIsChecked();
    void fileOwnedIsReadOnly();
    void emptyGatewayOffersTheFirst();
    void unreadLogIsSaid();
    void smallWindowHasRoomForAll();
    void everythingHasAName();
};

void tst_PromptsPane::treeShowsFoldersAndVersions()
{
    Scene scene;
    QCOMPARE(scene.tree()->topLevelItemCount(), 4);
    QCOMPARE(scene.tree()->topLevelItem(3)->text(0), u"support"_s);
    QCOMPARE(scene.tree()->promptCount(), 7);
    const auto *item = scene.tree()->currentItem();
    QVERIFY(item);
    QCOMPARE(item->text(0), u"summarise-ticket"_s);
    QCOMPARE(item->data(0, PromptTree::Latest).toString(), u"v8"_s);
    QTest::keyClick(scene.tree(), Qt::Key_Down);
    QCOMPARE(scene.part<QLabel>(u"title"_s)->text(), u"support-reply"_s);
}

void tst_PromptsPane::findLeavesWhatMatches()
{
    Scene scene;
    scene.pane.focusSearch();
    auto *search = scene.part<QLineEdit>(u"search"_s);
    QTest::keyClicks(search, u"search/"_s);
    QTRY_COMPARE(scene.tree()->promptCount(), 2);
    search->setText(u"nothing like it"_s);
    QTRY_VERIFY(!scene.tree()->isVisible());
    search->clear();
    QTRY_COMPARE(scene.tree()->promptCount(), 7);
    QCOMPARE(scene.tree()->currentItem()->text(0), u"summarise-ticket"_s);
}

void tst_PromptsPane::versionsHaveLabelsScoresAndCosts()
{
    Scene scene;
    QTRY_VERIFY(scene.row(0, VersionList::Known).toBool());
    QCOMPARE(scene.versions()->count(), 5);
    QCOMPARE(scene.row(0, VersionList::Labels).toStringList(), QStringList {u"staging"_s});
    QCOMPARE(scene.row(1, VersionList::Labels).toStringList(), QStringList {u"production"_s});
    QVERIFY(scene.row(0, VersionList::ScoreText).toString().startsWith(u"84"_s));
    QCOMPARE(scene.row(0, VersionList::CostText).toString(), u"$0.0038"_s);
    QVERIFY(scene.row(1, VersionList::CostShare).toDouble() > scene.row(0, VersionList::CostShare).toDouble());
    QVERIFY(scene.row(0, VersionList::Written).toString().startsWith(u"Ana"_s));
    QVERIFY(scene.part<QLabel>(u"labelWords"_s)->text().contains(u"get v7"_s));
    QVERIFY(scene.part<QLabel>(u"labelWords"_s)->text().contains(u"418 calls"_s));
    scene.pane.openItem(u"triage-label"_s); // nobody called it
    QTRY_VERIFY(!scene.row(0, VersionList::Known).toBool());
}

void tst_PromptsPane::typingStartsTheNextVersion()
{
    Scene scene;
    QVERIFY(!scene.button(u"save"_s)->isEnabled());
    scene.type(0, u" Be kind."_s);
    QCOMPARE(scene.versions()->count(), 6);
    QVERIFY(scene.row(0, VersionList::Writing).toBool());
    QCOMPARE(scene.versions()->currentRow(), 0);
    QVERIFY(scene.text(0)->toPlainText().endsWith(u"Be kind."_s));
    QVERIFY(scene.text(0)->hasFocus());
    QVERIFY(scene.button(u"save"_s)->isEnabled());
    QCOMPARE(scene.button(u"save"_s)->text(), u"Save as v9"_s);
    QVERIFY(scene.tree()->currentItem()->data(0, PromptTree::Writing).toBool());
    scene.versions()->setCurrentRow(1); // the stored one is as it was, and read-only now
    QVERIFY(!scene.text(0)->toPlainText().contains(u"Be kind"_s));
    QVERIFY(scene.text(0)->isReadOnly());
    QVERIFY(scene.gateway.applied().empty());
}

void tst_PromptsPane::saveAddsAVersionAndMovesNoLabel()
{
    Scene scene;
    const Prompt before = scene.stored();
    scene.type(0, u" Be kind."_s);
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(scene.stored().versions.size(), std::size_t {6});
    const PromptVersion &added = scene.stored().versions.back();
    QCOMPARE(added.version, 9);
    QVERIFY(QString::fromStdString(added.messages[0].content).endsWith(u"Be kind."_s));
    QVERIFY(added.labels.empty());
    QVERIFY(added.createdAt == FakeGateway::sceneTime());
    for (std::size_t i = 0; i < before.versions.size(); ++i)
        QVERIFY(scene.stored().versions[i] == before.versions[i]);
    QCOMPARE(scene.labelled("production"), 7);
    QTRY_VERIFY(scene.told.contains(u"production on v7"_s));
    QCOMPARE(scene.versions()->current(), 9);
    QVERIFY(!scene.button(u"save"_s)->isEnabled());
}

void tst_PromptsPane::saveTakesLabelsAsTheyAreThen()
{
    Scene scene;
    scene.type(0, u" Be kind."_s);
    auto config = *scene.gateway.config(); // somebody else publishes meanwhile
    auto prompt = std::ranges::find(config.prompts, "summarise-ticket", &Prompt::name);
    prompt->versions[3].labels.clear();
    prompt->versions[4].labels.push_back("production");
    scene.gateway.setConfig(config);
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(scene.stored().versions.size(), std::size_t {6});
    QCOMPARE(scene.labelled("production"), 8);
}

void tst_PromptsPane::whatSaysTheSameIsNotSaved()
{
    Scene scene;
    scene.type(0, u"x"_s);
    QTest::keyClick(scene.text(0), Qt::Key_Backspace);
    QVERIFY(!scene.button(u"save"_s)->isEnabled());
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QVERIFY(scene.told.contains(u"what v8 says"_s));
    QVERIFY(scene.gateway.applied().empty());
}

void tst_PromptsPane::brokenTemplateIsNotSaved()
{
    Scene scene;
    scene.type(0, u" {{#open}}"_s);
    QVERIFY(scene.part<QLabel>(u"message.0.problem"_s)->isVisible());
    QVERIFY(!scene.button(u"save"_s)->isEnabled());
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QVERIFY(scene.told.startsWith(u"Not saved. Message 1, line"_s));
    scene.type(0, u"yes{{/open}}"_s);
    QTRY_VERIFY(scene.button(u"save"_s)->isEnabled());
}

void tst_PromptsPane::refusedSaveKeepsWhatIsWritten()
{
    Scene scene;
    scene.type(0, u" Be kind."_s);
    QTest::qWait(400); // the check has been answered
    scene.gateway.refuseNextApply({{"prompts[5]", "the disk is full", false}});
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(scene.told.contains(u"the disk is full"_s));
    QVERIFY(scene.text(0)->toPlainText().endsWith(u"Be kind."_s));
    QVERIFY(scene.button(u"save"_s)->isEnabled());
}

void tst_PromptsPane::undoTakesBackWhatWasTyped()
{
    Scene scene;
    const QString before = scene.text(0)->toPlainText();
    scene.type(0, u" Be kind."_s);
    scene.press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(scene.text(0)->toPlainText(), before);
    QCOMPARE(scene.versions()->count(), 5); // nothing is being written any more
    scene.press(Qt::Key_Y, Qt::ControlModifier);
    QVERIFY(scene.text(0)->toPlainText().endsWith(u"Be kind."_s));
}

void tst_PromptsPane::discardCanBeUndone()
{
    Scene scene;
    scene.type(0, u" Be kind."_s);
    scene.click(u"discard"_s);
    QCOMPARE(scene.versions()->count(), 5);
    QVERIFY(scene.undo);
    scene.undo();
    QCOMPARE(scene.versions()->count(), 6);
    scene.versions()->setCurrentRow(0);
    QVERIFY(scene.text(0)->toPlainText().endsWith(u"Be kind."_s));
}

void tst_PromptsPane::messagesAreAddedMovedAndRemoved()
{
    Scene scene(FakeGateway::Scene::Full, u"triage-label"_s);
    scene.click(u"messages.add"_s);
    QTRY_VERIFY(scene.text(2) && scene.text(2)->isVisible());
    QVERIFY(scene.text(2)->hasFocus());
    scene.type(2, u"Third"_s);
    auto *role = scene.part<QComboBox>(u"message.2.role"_s);
    role->setCurrentText(u"assistant"_s);
    Q_EMIT role->textActivated(u"assistant"_s);
    scene.click(u"message.0.remove"_s);
    QTRY_COMPARE(scene.text(1)->toPlainText(), u"Third"_s);
    QCOMPARE(scene.part<QComboBox>(u"message.1.role"_s)->currentText(), u"assistant"_s);
    scene.click(u"message.1.remove"_s); // the last, by its own button
    QTRY_VERIFY(!scene.text(1));
    QCOMPARE(scene.text(0)->toPlainText(), u"{{text}}"_s);
    scene.press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(scene.text(1));
}

/// Their boxes are made last of all, and again and again.
void tst_PromptsPane::tabGoesThroughTheMessages()
{
    Scene scene(FakeGateway::Scene::Full, u"triage-label"_s);
    const auto order = [&] {
        QStringList names;
        const QWidget *first = scene.part<QWidget>(u"message.0.role"_s);
        for (const QWidget *at = first; names.size() < 12; at = at->nextInFocusChain()) {
            if (at->objectName().startsWith(u"prompts.message."_s) && at->focusPolicy() & Qt::TabFocus && at->isVisible())
                names << at->objectName().mid(16);
            if (at->objectName() == u"prompts.messages.add"_s)
                break;
        }
        return names;
    };
    QVERIFY2(order().startsWith(u"0.role"_s), qPrintable(order().join(u' ')));
    QVERIFY2(order().indexOf(u"0.text"_s) < order().indexOf(u"1.role"_s), qPrintable(order().join(u' ')));
    scene.click(u"message.0.remove"_s);
    scene.click(u"messages.add"_s);
    QTRY_VERIFY(scene.text(1) && scene.text(1)->isVisible());
    QVERIFY2(order().indexOf(u"0.text"_s) < order().indexOf(u"1.role"_s) && order().contains(u"1.text"_s), qPrintable(order().join(u' ')));
}

void tst_PromptsPane::variablesAreDeclaredWithChecks()
{
    Scene scene(FakeGateway::Scene::Full, u"triage-label"_s);
    scene.part<ui::widgets::TabStrip>(u"editor.tabs"_s)->setCurrent(1);
    QVERIFY(scene.part<QLabel>(u"variables.words"_s)->text().startsWith(u"text"_s));
    scene.click(u"variables.declare"_s);
    auto *name = scene.part<QLineEdit>(u"variable.0.name"_s);
    QTRY_VERIFY(name && name->isVisible());
    QCOMPARE(name->text(), u"text"_s);
    auto *type = scene.part<QComboBox>(u"variable.0.type"_s);
    type->setCurrentText(u"number"_s);
    Q_EMIT type->activated(type->currentIndex());
    QTest::keyClicks(scene.part<QLineEdit>(u"variable.0.min"_s), u"5"_s);
    QTest::keyClicks(scene.part<QLineEdit>(u"variable.0.default"_s), u"7"_s);
    QVERIFY(!scene.part<QAbstractButton>(u"variable.0.required"_s)->isChecked()); // a default is for who gives nothing
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(scene.stored("triage-label").versions.size(), std::size_t {6});
    const auto &variable = scene.stored("triage-label").versions.back().variables.front();
    QCOMPARE(variable.type, gateway::config::VariableType::Number);
    QCOMPARE(variable.least, std::optional<double>(5));
    QCOMPARE(variable.defaultValue, std::string("7"));
    QVERIFY(!variable.required);
}

void tst_PromptsPane::parametersKeepTheirOrder()
{
    Scene scene;
    auto config = *scene.gateway.config();
    auto prompt = std::ranges::find(config.prompts, "triage-label", &Prompt::name);
    prompt->versions.back().parameters.text = R"({"top_p":1,"seed":7,"temperature":0.2})";
    scene.gateway.setConfig(config);
    scene.pane.openItem(u"triage-label"_s);
    scene.part<ui::widgets::TabStrip>(u"editor.tabs"_s)->setCurrent(2);
    auto *temperature = scene.part<QLineEdit>(u"temperature"_s);
    QCOMPARE(temperature->text(), u"0.2"_s);
    temperature->setFocus();
    temperature->selectAll();
    QTest::keyClicks(temperature, u"0.75"_s);
    QCOMPARE(temperature->text(), u"0.75"_s);
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(scene.stored("triage-label").versions.size(), std::size_t {6});
    QCOMPARE(scene.stored("triage-label").versions.back().parameters.text, std::string(R"({"top_p":1,"seed":7,"temperature":0.75})"));
}

void tst_PromptsPane::equalVersionsAreIdentical()
{
    Scene scene;
    scene.press(Qt::Key_D, Qt::ControlModifier);
    auto *other = scene.part<QComboBox>(u"diff.other"_s);
    QTRY_VERIFY(other->isVisible());
    other->setCurrentIndex(other->findData(8));
    Q_EMIT other->activated(other->currentIndex());
    QVERIFY(scene.part<QLabel>(u"diff.same"_s)->isVisible());
    QVERIFY(scene.part<QLabel>(u"diff.same"_s)->text().contains(u"identical"_s));
    scene.press(Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY(!other->isVisible());
}

void tst_PromptsPane::diffTellsWhatChanged()
{
    Scene scene;
    scene.click(u"diff.open"_s);
    auto *text = scene.part<QPlainTextEdit>(u"diff.text"_s);
    QTRY_VERIFY(text->isVisible());
    QCOMPARE(scene.part<QComboBox>(u"diff.other"_s)->currentData().toInt(), 7); // what callers get
    QVERIFY(text->toPlainText().contains(u"Be as complete as possible."_s));
    QVERIFY(text->toPlainText().contains(u"lines alike"_s));
    const QString added = scene.part<QLabel>(u"diff.added"_s)->text(), removed = scene.part<QLabel>(u"diff.removed"_s)->text();
    scene.click(u"diff.swap"_s);
    QCOMPARE(scene.part<QLabel>(u"diff.added"_s)->text().mid(1), removed.mid(1));
    QCOMPARE(scene.part<QLabel>(u"diff.removed"_s)->text().mid(1), added.mid(1));
}

void tst_PromptsPane::labelMovesAndRollsBack()
{
    Scene scene;
    scene.click(u"moveLabel"_s);
    QTRY_VERIFY(scene.dialog(u"labelDialog"_s));
    QCOMPARE(scene.part<QComboBox>(u"labelDialog.label"_s)->currentText(), u"production"_s);
    QVERIFY(scene.part<QLabel>(u"labelDialog.effects"_s)->text().contains(u"v7 now and v8 then"_s));
    scene.click(u"labelDialog.move"_s);
    QTRY_COMPARE(scene.labelled("production"), 8);
    QCOMPARE(scene.labelled("staging"), 8);
    QCOMPARE(scene.stored().versions.size(), std::size_t {5});
    QTRY_VERIFY(scene.undo);
    QVERIFY(scene.told.contains(u"from v7 to v8"_s));
    scene.undo(); // rolling back is one label move
    QTRY_COMPARE(scene.labelled("production"), 7);
}

void tst_PromptsPane::undoOfALabelKeepsNewVersions()
{
    Scene scene;
    scene.click(u"moveLabel"_s);
    scene.click(u"labelDialog.move"_s);
    QTRY_VERIFY(scene.undo);
    const auto undo = scene.undo;
    scene.type(0, u" Be kind."_s);
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(scene.stored().versions.size(), std::size_t {6});
    undo();
    QTRY_COMPARE(scene.labelled("production"), 7);
    QCOMPARE(scene.stored().versions.size(), std::size_t {6});
}

void tst_PromptsPane::newLabelIsChecked()
{
    Scene scene;
    scene.click(u"moveLabel"_s);
    auto *label = scene.part<QComboBox>(u"labelDialog.label"_s);
    label->setCurrentText(u"9"_s);
    QVERIFY(!scene.button(u"labelDialog.move"_s)->isEnabled());
    label->setCurrentText(u"canary"_s);
    scene.click(u"labelDialog.move"_s);
    QTRY_COMPARE(scene.labelled("canary"), 8);
    QTRY_VERIFY(scene.undo);
    scene.undo();
    QTRY_COMPARE(scene.labelled("canary"), 0);
}

void tst_PromptsPane::fileOwnedIsReadOnly()
{
    Scene scene(FakeGateway::Scene::Full, u"commit-summary"_s);
    QTRY_VERIFY(scene.part<QLabel>(u"lock"_s)->isVisible());
    QVERIFY(scene.text(0)->isReadOnly());
    QVERIFY(!scene.button(u"save"_s)->isVisible());
    QVERIFY(!scene.button(u"moveLabel"_s)->isEnabled());
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QVERIFY(scene.gateway.applied().empty());
}

void tst_PromptsPane::emptyGatewayOffersTheFirst()
{
    Scene scene(FakeGateway::Scene::Empty, {});
    QVERIFY(scene.part<QWidget>(u"empty"_s)->isVisible());
    QVERIFY(!scene.button(u"save"_s)->isVisible());
    scene.click(u"empty.action"_s);
    QTRY_VERIFY(scene.dialog(u"import"_s));
}

void tst_PromptsPane::unreadLogIsSaid()
{
    Scene scene(FakeGateway::Scene::Failing);
    QTRY_VERIFY(scene.part<QWidget>(u"trouble"_s)->isVisible());
    QVERIFY(scene.part<QWidget>(u"trouble"_s)->toolTip().contains(u"no space left"_s));
    QCOMPARE(scene.versions()->count(), 5); // what does not come of the log is there
}

void tst_PromptsPane::smallWindowHasRoomForAll()
{
    Scene scene;
    scene.pane.resize(952, 564);
    QTRY_VERIFY(scene.pane.width() <= 960);
    QVERIFY2(scene.pane.minimumSizeHint().width() <= 952, qPrintable(QString::number(scene.pane.minimumSizeHint().width())));
    QVERIFY2(scene.pane.minimumSizeHint().height() <= 564, qPrintable(QString::number(scene.pane.minimumSizeHint().height())));
    scene.click(u"diff.open"_s);
    QVERIFY(!scene.part<QWidget>(u"editor"_s)->isVisible()); // the diff takes its place
    scene.click(u"diff.open"_s);
    QVERIFY(scene.part<QWidget>(u"editor"_s)->isVisible());
}

void tst_PromptsPane::everythingHasAName()
{
    Scene scene;
    for (QWidget *widget : scene.pane.findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus || qobject_cast<QAbstractScrollArea *>(widget->parentWidget()) || qobject_cast<QComboBox *>(widget->parentWidget()))
            continue;
        QAccessibleInterface *its = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(its && !its->text(QAccessible::Name).isEmpty(), qPrintable(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName()));
    }
}

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_PromptsPane test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_prompts_pane.moc"
