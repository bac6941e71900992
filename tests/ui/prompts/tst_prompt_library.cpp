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

namespace {

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

/// Prompts as a library: made, taken from calls, renamed and deleted; and what runs of them give.
class tst_PromptLibrary : public QObject
{
    Q_OBJECT
private Q_SLOTS:
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
};

void tst_PromptLibrary::newPromptIsThereOnceItIsSaved()
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

void tst_PromptLibrary::promptOfALoggedCall()
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

void tst_PromptLibrary::callWithoutTextTellsWhy()
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

void tst_PromptLibrary::deleteCanBeUndone()
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

void tst_PromptLibrary::renameKeepsVersions()
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

void tst_PromptLibrary::codeHasAPlaceholder()
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

void tst_PromptLibrary::missingVariableBlocksTheRun()
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

void tst_PromptLibrary::wrongValueBlocksTheRun()
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

void tst_PromptLibrary::runsOnTwoRoutesSideBySide()
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

void tst_PromptLibrary::stopKeepsWhatCame()
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

void tst_PromptLibrary::failedRunSaysWhy()
{
    Scene scene;
    scene.fillAll();
    scene.gateway.prompts().failNextRun({.code = gateway::ErrorCode::Io, .message = "The listener is not up."});
    scene.click(u"playground.run"_s);
    QTRY_COMPARE(scene.part<ui::widgets::StateLabel>(u"run.0.state"_s)->text(), u"The listener is not up."_s);
    QVERIFY(!scene.card(0)->running());
}

void tst_PromptLibrary::runsWhatIsBeingWritten()
{
    Scene scene;
    scene.type(0, u" Be kind."_s);
    scene.fillAll();
    scene.click(u"playground.run"_s);
    QVERIFY(QString::fromStdString(scene.gateway.prompts().runs().back().version.messages[0].content).endsWith(u"Be kind."_s));
    QVERIFY(scene.gateway.applied().empty());
}

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_PromptLibrary test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_prompt_library.moc"
