// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/prompts/diff_card.h"
#include "ui/panes/prompts/prompt_tree.h"
#include "ui/panes/prompts/prompts_pane.h"
#include "ui/panes/prompts/run_card.h"
#include "ui/panes/prompts/template_edit.h"
#include "ui/panes/prompts/version_list.h"
#include "ui/widgets/button.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/theme.h"

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
using namespace ui::prompts;

namespace {

struct Scene
{
    explicit Scene(FakeGateway::Scene scene = FakeGateway::Scene::Full, const QString &prompt = u"summarise-ticket"_s) : gateway(scene), view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, nullptr})
    {
        QObject::connect(&view, &ui::bridge::ViewContext::toastRequested, &pane, [this](const QString &text, const std::function<void()> &back) {
            told = text;
            undo = back;
        });
        pane.resize(1368, 820);
        pane.show();
        pane.setActive(true);
        pane.activateWindow();
        if (!QTest::qWaitForWindowActive(&pane))
            qFatal("the window does not become active");
        pane.openItem(prompt);
    }

    template <typename T = QWidget>
    T *part(const QString &name) const
    {
        for (QWidget *window : QApplication::topLevelWidgets())
            if (T *found = window->findChild<T *>(u"prompts."_s + name))
                return found;
        return nullptr;
    }
    QDialog *dialog(const QString &name) const { return pane.findChild<QDialog *>(u"prompts."_s + name); }
    QAbstractButton *button(const QString &name) const { return part<QAbstractButton>(name); }
    void click(const QString &name) const
    {
        QAbstractButton *its = button(name);
        QVERIFY2(its && its->isVisible() && its->isEnabled(), qPrintable(name));
        QTest::mouseClick(its, Qt::LeftButton);
    }
    TemplateEdit *text(int message) const { return part<TemplateEdit>(u"message.%1.text"_s.arg(message)); }
    VersionList *versions() const { return part<VersionList>(u"versions"_s); }
    PromptTree *tree() const { return part<PromptTree>(u"tree"_s); }
    RunCard *card(int index) const { return part<RunCard>(u"run.%1"_s.arg(index)); }
    QString cardText(int index) const { return part<QPlainTextEdit>(u"run.%1.text"_s.arg(index))->toPlainText(); }
    QVariant row(int row, int role) const { return versions()->item(row)->data(role); }
    const Prompt &stored(const std::string &name = "summarise-ticket") const
    {
        const auto &prompts = gateway.config()->prompts;
        const auto found = std::ranges::find(prompts, name, &Prompt::name);
        if (found == prompts.end())
            qFatal("there is no such prompt");
        return *found;
    }
    std::int64_t labelled(const std::string &label) const
    {
        for (const PromptVersion &version : stored().versions)
            if (std::ranges::find(version.labels, label) != version.labels.end())
                return version.version;
        return 0;
    }
    /// At the end of a message's text.
    void type(int message, const QString &words) const
    {
        TemplateEdit *edit = text(message);
        edit->setFocus();
        edit->moveCursor(QTextCursor::End);
        QTest::keyClicks(edit, words);
    }
    void press(int key, Qt::KeyboardModifiers modifiers) const
    {
        auto *window = const_cast<PromptsPane *>(&pane);
        if (!QApplication::activeModalWidget() && !pane.isActiveWindow()) { // no window manager does it when a dialog is gone
            window->activateWindow();
            QVERIFY(QTest::qWaitForWindowActive(window));
        }
        QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : window, static_cast<Qt::Key>(key), modifiers);
    }
    void fill(const QString &name, const QString &value) const
    {
        auto *field = part<QWidget>(u"form."_s + name);
        QVERIFY2(field, qPrintable(name));
        if (auto *box = qobject_cast<QComboBox *>(field)) {
            box->setCurrentIndex(box->findData(value));
            Q_EMIT box->activated(box->currentIndex());
            return;
        }
        field->setFocus();
        QTest::keyClicks(field, value);
    }
    void fillAll() const
    {
        for (const auto &[name, value] : {std::pair {u"language"_s, u"English"_s}, {u"max_words"_s, u"40"_s}, {u"ticket_id"_s, u"TCK-482910"_s}, {u"customer_tier"_s, u"pro"_s}, {u"text"_s, u"The scanner app closes."_s}})
            fill(name, value);
    }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    PromptsPane pane;
    QString told;
    std::function<void()> undo;
};

/// Whether some letters of the text are underlined as wrong.
QStringList underlined(const TemplateEdit *edit)
{
    QStringList words;
    for (QTextBlock block = edit->document()->begin(); block.isValid(); block = block.next())
        for (const auto &range : block.layout()->formats())
            if (range.format.underlineStyle() == QTextCharFormat::WaveUnderline)
                words << block.text().mid(range.start, range.length);
    return words;
}

} // namespace

class tst_PromptsPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

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
    void variablesAreDeclaredWithChecks();
    void parametersKeepTheirOrder();
    void equalVersionsAreIdentical();
    void diffTellsWhatChanged();
    void labelMovesAndRollsBack();
    void undoOfALabelKeepsNewVersions();
    void newLabelIsChecked();
    void fileOwnedIsReadOnly();
    void newPromptIsThereOnceItIsSaved();
    void promptOfALoggedCall();
    void callWithoutTextTellsWhy();
    void deleteCanBeUndone();
    void renameKeepsVersions();
    void codeHasAPlaceholder();
    void missingVariableBlocksTheRun();
    void wrongValueBlocksTheRun();
    void runsOnTwoRoutesSideBySide();
    void stopKeepsWhatCame();
    void failedRunSaysWhy();
    void runsWhatIsBeingWritten();
    void emptyGatewayOffersTheFirst();
    void unreadLogIsSaid();
    void smallWindowHasRoomForAll();
    void everythingHasAName();

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
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

void tst_PromptsPane::newPromptIsThereOnceItIsSaved()
{
    Scene scene;
    QTest::keyClick(scene.tree(), Qt::Key_Insert);
    QTRY_VERIFY(scene.dialog(u"name"_s));
    auto *name = scene.part<QLineEdit>(u"name.name"_s);
    QTest::keyClicks(name, u"triage-label"_s);
    QVERIFY(!scene.button(u"name.submit"_s)->isEnabled()); // taken
    name->clear();
    QTest::keyClicks(name, u"greeting"_s);
    scene.click(u"name.submit"_s);
    QTRY_COMPARE(scene.part<QLabel>(u"title"_s)->text(), u"greeting"_s);
    QVERIFY(scene.gateway.applied().empty());
    scene.type(0, u"Say hello."_s);
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
    const Prompt &made = scene.stored("greeting");
    QCOMPARE(made.folder, std::string("support"));
    QCOMPARE(made.versions.size(), std::size_t {1});
    QCOMPARE(made.versions[0].version, 1);
    QCOMPARE(made.versions[0].messages[0].content, std::string("Say hello."));
}

void tst_PromptsPane::promptOfALoggedCall()
{
    Scene scene(FakeGateway::Scene::Full);
    auto entries = scene.pane.paletteEntries();
    const auto import = std::ranges::find_if(entries, [](const ui::panes::PaletteEntry &entry) { return entry.text.contains(u"logged call"_s); });
    QVERIFY(import != entries.end());
    import->run();
    auto *calls = scene.part<QTableView>(u"import.calls"_s);
    QTRY_VERIFY(calls && calls->isVisible() && calls->model()->rowCount() > 0);
    calls->setCurrentIndex(calls->model()->index(0, 0));
    QTRY_VERIFY(scene.part<QPlainTextEdit>(u"import.preview"_s)->toPlainText().contains(u"You answer support tickets."_s));
    QVERIFY(!scene.button(u"import.submit"_s)->isEnabled());
    QTest::keyClicks(scene.part<QLineEdit>(u"import.name"_s), u"from-call"_s);
    scene.click(u"import.submit"_s);
    QTRY_COMPARE(scene.part<QLabel>(u"title"_s)->text(), u"from-call"_s);
    QCOMPARE(scene.text(1)->toPlainText(), u"My scanner does not start."_s);
    scene.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
    QCOMPARE(scene.stored("from-call").versions[0].model, std::string("gpt-4o"));
}

void tst_PromptsPane::callWithoutTextTellsWhy()
{
    Scene scene;
    scene.gateway.prompts().setImported(gateway::fail(gateway::ErrorCode::Invalid, "Its body is not kept."));
    auto entries = scene.pane.paletteEntries();
    std::ranges::find_if(entries, [](const ui::panes::PaletteEntry &entry) { return entry.text.contains(u"logged call"_s); })->run();
    auto *calls = scene.part<QTableView>(u"import.calls"_s);
    QTRY_VERIFY(calls && calls->isVisible() && calls->model()->rowCount() > 0);
    calls->setCurrentIndex(calls->model()->index(0, 0));
    QTest::keyClicks(scene.part<QLineEdit>(u"import.name"_s), u"from-call"_s);
    QTRY_VERIFY(scene.part<QPlainTextEdit>(u"import.preview"_s)->toPlainText().contains(u"Its body is not kept."_s));
    QVERIFY(!scene.button(u"import.submit"_s)->isEnabled());
}

void tst_PromptsPane::deleteCanBeUndone()
{
    Scene scene;
    const Prompt before = scene.stored();
    scene.tree()->setFocus();
    QTest::keyClick(scene.tree(), Qt::Key_Delete);
    QTRY_COMPARE(scene.gateway.config()->prompts.size(), std::size_t {6});
    QTRY_VERIFY(scene.undo);
    scene.undo();
    QTRY_COMPARE(scene.gateway.config()->prompts.size(), std::size_t {7});
    QVERIFY(scene.stored() == before);
}

void tst_PromptsPane::renameKeepsVersions()
{
    Scene scene;
    scene.tree()->setFocus();
    QTest::keyClick(scene.tree(), Qt::Key_F2);
    QTRY_VERIFY(scene.dialog(u"name"_s));
    auto *name = scene.part<QLineEdit>(u"name.name"_s);
    name->selectAll();
    QTest::keyClicks(name, u"ticket-summary"_s);
    scene.part<QComboBox>(u"name.folder"_s)->setCurrentText(u"support/tickets"_s);
    scene.click(u"name.submit"_s);
    QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
    QCOMPARE(scene.stored("ticket-summary").versions.size(), std::size_t {5});
    QCOMPARE(scene.stored("ticket-summary").folder, std::string("support/tickets"));
    QTRY_COMPARE(scene.part<QLabel>(u"title"_s)->text(), u"ticket-summary"_s);
}

void tst_PromptsPane::codeHasAPlaceholder()
{
    Scene scene;
    scene.click(u"code.open"_s);
    auto *code = scene.part<ui::widgets::CodeView>(u"code.text"_s);
    QTRY_VERIFY(code && code->isVisible());
    QVERIFY(code->toPlainText().contains(u"sb-YOUR-KEY"_s));
    QVERIFY(code->toPlainText().contains(u"x-signalbox-prompt: summarise-ticket@staging"_s));
    scene.part<ui::widgets::TabStrip>(u"code.naming"_s)->setCurrent(2);
    QVERIFY(code->toPlainText().contains(u"http://127.0.0.1:8787/v1/prompts/summarise-ticket@staging/completions"_s));
    auto *which = scene.part<QComboBox>(u"code.which"_s);
    which->setCurrentIndex(which->findData(u"@8"_s));
    QVERIFY(code->toPlainText().contains(u"summarise-ticket@8/"_s));
}

void tst_PromptsPane::missingVariableBlocksTheRun()
{
    Scene scene;
    scene.fill(u"language"_s, u"English"_s);
    scene.text(0)->setFocus();
    scene.press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(scene.gateway.prompts().runs().empty());
    QVERIFY(underlined(scene.text(0)).contains(u"{{max_words}}"_s));
    QVERIFY(!underlined(scene.text(0)).contains(u"{{language}}"_s));
    QVERIFY(ui::widgets::isInvalid(scene.part<QWidget>(u"form.max_words"_s)));
    QVERIFY(scene.part<QWidget>(u"form.max_words"_s)->hasFocus()); // the first of them
    QVERIFY(scene.part<QLabel>(u"playground.note"_s)->text().contains(u"max_words"_s));
    scene.fillAll();
    QVERIFY(underlined(scene.text(0)).isEmpty());
    scene.press(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(scene.gateway.prompts().runs().size(), std::size_t {1});
}

void tst_PromptsPane::wrongValueBlocksTheRun()
{
    Scene scene;
    scene.fillAll();
    auto *words = scene.part<QLineEdit>(u"form.max_words"_s);
    words->clear();
    QTest::keyClicks(words, u"4000"_s);
    QVERIFY(ui::widgets::isInvalid(words)); // above its most
    scene.click(u"playground.run"_s);
    QVERIFY(scene.gateway.prompts().runs().empty());
}

void tst_PromptsPane::runsOnTwoRoutesSideBySide()
{
    Scene scene;
    scene.fillAll();
    QCOMPARE(scene.card(0)->route(), u"gpt-4o"_s); // the version's own
    scene.card(1)->setRoute(u"smart"_s);
    scene.click(u"playground.run"_s);
    QTRY_VERIFY(scene.cardText(0).contains(u"Scanner app 5.2"_s));
    QTRY_VERIFY(!scene.card(0)->running() && !scene.card(1)->running());
    QVERIFY(scene.cardText(0).endsWith(u"build 5.2.1."_s));
    QVERIFY(scene.cardText(1).endsWith(u"version 5.1."_s));
    QCOMPARE(scene.gateway.prompts().runs().size(), std::size_t {2});
    const auto &run = scene.gateway.prompts().runs().back();
    QCOMPARE(run.routes, std::vector<std::string> {"smart"});
    QCOMPARE(run.version.version, 8);
    QVERIFY(run.variables.find("\"max_words\":40") != std::string::npos);
    QVERIFY(run.variables.find("\"customer_tier\":\"pro\"") != std::string::npos);
    const QString figures = scene.part<QLabel>(u"run.1.figures"_s)->text();
    for (const QString &part : {u"902"_s, u"2.34"_s, u"701"_s, u"53"_s, u"$0.0029"_s})
        QVERIFY2(figures.contains(part), qPrintable(figures));
    QSignalSpy opened(&scene.view, &ui::bridge::ViewContext::paneRequested);
    scene.click(u"run.0.open"_s);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened[0][0].toString(), u"calls"_s);
}

void tst_PromptsPane::stopKeepsWhatCame()
{
    Scene scene;
    scene.fillAll();
    scene.gateway.prompts().setHeld(true);
    scene.click(u"playground.run"_s);
    QTRY_COMPARE(scene.cardText(0), u"Scanner app 5.2 "_s);
    QVERIFY(scene.card(0)->running());
    scene.click(u"run.0.stop"_s);
    QVERIFY(!scene.card(0)->running());
    QCOMPARE(scene.cardText(0), u"Scanner app 5.2 "_s);
    QCOMPARE(scene.part<ui::widgets::StateLabel>(u"run.0.state"_s)->text(), u"Stopped"_s);
    QVERIFY(!scene.button(u"run.0.open"_s)->isVisible());
    scene.gateway.prompts().setHeld(false);
    scene.click(u"playground.run"_s);
    QTRY_VERIFY(scene.cardText(0).endsWith(u"build 5.2.1."_s));
    QVERIFY(!scene.part<QWidget>(u"run.0.state"_s)->isVisible());
}

void tst_PromptsPane::failedRunSaysWhy()
{
    Scene scene;
    scene.fillAll();
    scene.gateway.prompts().failNextRun({.code = gateway::ErrorCode::Io, .message = "The listener is not up."});
    scene.click(u"playground.run"_s);
    QTRY_COMPARE(scene.part<ui::widgets::StateLabel>(u"run.0.state"_s)->text(), u"The listener is not up."_s);
    QVERIFY(!scene.card(0)->running());
}

void tst_PromptsPane::runsWhatIsBeingWritten()
{
    Scene scene;
    scene.type(0, u" Be kind."_s);
    scene.fillAll();
    scene.click(u"playground.run"_s);
    QVERIFY(QString::fromStdString(scene.gateway.prompts().runs().back().version.messages[0].content).endsWith(u"Be kind."_s));
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
