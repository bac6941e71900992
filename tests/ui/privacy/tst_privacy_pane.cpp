// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/privacy/privacy_scene.h"
#include "ui/panes/privacy/dry_run_model.h"
#include "ui/panes/privacy/found_legend.h"
#include "ui/panes/privacy/pattern_mark.h"
#include "ui/panes/privacy/span_text.h"
#include "ui/widgets/button.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QProgressBar>
#include <QStandardItemModel>
#include <QtTest>

using namespace Qt::StringLiterals;
using gateway::config::PrivacyAction;
using tests::FakeGateway;
using Scene = tests::PrivacyScene;
using ui::privacy::RulesModel;

namespace {

constexpr int ticketRow = 4, codenameRow = 5, externalRow = 8;

} // namespace

class tst_PrivacyPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rulesStandInTheirOrder()
    {
        Scene scene;
        QCOMPARE(scene.table()->model()->rowCount(), 9);
        QCOMPARE(scene.cell(0, RulesModel::Name), u"E-mail address"_s);
        QCOMPARE(scene.cell(2, RulesModel::Action), u"Block"_s);
        QCOMPARE(scene.cell(ticketRow, RulesModel::Name), u"ticket"_s);
        QCOMPARE(scene.cell(ticketRow, RulesModel::Notes), u"TCK-[0-9]{6}"_s);
        QCOMPARE(scene.cell(codenameRow, RulesModel::Notes), u"3 words"_s);
        QVERIFY(!scene.editing());
    }

    void keysMoveRulesAndUndoBringsThemBack()
    {
        Scene scene;
        const QStringList before = scene.detectors();
        scene.table()->setFocus();
        scene.table()->choose(0);
        QTest::keyClick(scene.table(), Qt::Key_Down, Qt::AltModifier);
        QTest::keyClick(scene.table(), Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(scene.detectors().mid(0, 3), (QStringList {u"phone"_s, u"credit_card"_s, u"email"_s}));
        QCOMPARE(scene.table()->currentRow(), 2);
        QTest::keyClick(&scene.pane, Qt::Key_Z, Qt::ControlModifier); // both moves were one intent
        QCOMPARE(scene.detectors(), before);
        QVERIFY(!scene.editing());
        scene.table()->choose(0);
        QTest::keyClick(scene.table(), Qt::Key_Up, Qt::AltModifier); // there is nothing above
        QVERIFY(!scene.editing());
        scene.click(u"redo"_s);
        QCOMPARE(scene.detectors().value(2), u"email"_s);
    }

    void draggedRulesMoveInTheDraft()
    {
        Scene scene;
        auto *model = scene.table()->model();
        const std::unique_ptr<QMimeData> rule(model->mimeData({model->index(0, 0)}));
        QVERIFY(!model->dropMimeData(rule.get(), Qt::MoveAction, 3, 0, {})); // the view takes no rows out
        QCOMPARE(scene.detectors().mid(0, 3), (QStringList {u"phone"_s, u"credit_card"_s, u"email"_s}));
        QCOMPARE(scene.table()->currentRow(), 2);
        scene.save();
        QCOMPARE(scene.applied().rules[2].detect, std::string("email"));
        QVERIFY(scene.told.contains(u"Saved as version"_s));
        QVERIFY(!scene.editing());
    }

    void actionAndThresholdAreSaved()
    {
        Scene scene;
        scene.table()->choose(1);
        scene.chooseIn(u"rule.action"_s, int(PrivacyAction::Hash));
        QCOMPARE(scene.cell(1, RulesModel::Action), u"Hash"_s);
        scene.part<QDoubleSpinBox>(u"rule.threshold"_s)->setValue(0.8);
        QVERIFY(scene.cell(1, RulesModel::Notes).startsWith(u"from 0.80 on"_s));
        scene.save();
        QCOMPARE(scene.applied().rules[1].action, PrivacyAction::Hash);
        QCOMPARE(scene.applied().rules[1].threshold, std::optional(0.8));
        scene.part<QDoubleSpinBox>(u"rule.threshold"_s)->setValue(0.5); // the usual one is none
        scene.save();
        QVERIFY(!scene.applied().rules[1].threshold);
    }

    void wrongPatternsHaveACaretAndAreNotSaved()
    {
        Scene scene;
        scene.table()->choose(ticketRow);
        scene.type(u"rule.pattern"_s, u"TCK-[0-9"_s);
        auto *mark = scene.part<ui::privacy::PatternMark>(u"rule.mark"_s);
        QVERIFY(mark->isVisible());
        QCOMPARE(mark->caretLetter(), 4);
        QCOMPARE(scene.part<ui::widgets::StateLabel>(u"rule.patternState"_s)->text(), u"A ] is missing"_s);
        QVERIFY(ui::widgets::isInvalid(scene.part(u"rule.pattern"_s)));
        QTest::qWait(300); // the check is through
        QVERIFY(!scene.part<QAbstractButton>(u"save"_s)->isEnabled());
        QTest::keyClicks(scene.part(u"rule.pattern"_s), u"]{4}"_s);
        QVERIFY(!mark->isVisible());
        QVERIFY(scene.part<ui::widgets::StateLabel>(u"rule.patternState"_s)->text().contains(u"RE2"_s));
        scene.save();
        QCOMPARE(scene.applied().rules[ticketRow].pattern, std::string("TCK-[0-9]{4}"));
    }

    void typingIsOneStep()
    {
        Scene scene;
        scene.table()->choose(ticketRow);
        scene.type(u"rule.pattern"_s, u"ABC"_s);
        scene.click(u"undo"_s);
        QCOMPARE(scene.part<QLineEdit>(u"rule.pattern"_s)->text(), u"TCK-[0-9]{6}"_s);
        QVERIFY(!scene.editing());
    }

    void eachDetectorHasItsFields()
    {
        Scene scene;
        const auto visible = [&](const char *name) { return scene.part(u"rule."_s + QString::fromLatin1(name))->isVisible(); };
        scene.table()->choose(0);
        QVERIFY(!visible("name") && !visible("pattern") && !visible("words") && !visible("url") && !visible("regions"));
        scene.table()->choose(1);
        QVERIFY(visible("regions"));
        scene.table()->choose(codenameRow);
        QVERIFY(visible("name") && visible("words") && !visible("pattern"));
        scene.table()->choose(externalRow);
        QVERIFY(visible("url") && visible("entities") && visible("onFailure") && !visible("context"));
        QCOMPARE(scene.part<QLineEdit>(u"rule.entities"_s)->text(), u"PERSON, LOCATION"_s);
    }

    void wordsAreOneALine()
    {
        Scene scene;
        scene.table()->choose(codenameRow);
        auto *words = scene.part<QPlainTextEdit>(u"rule.words"_s);
        words->setFocus();
        words->moveCursor(QTextCursor::End);
        words->insertPlainText(u"\nOsprey \n\n"_s);
        QTRY_COMPARE(scene.cell(codenameRow, RulesModel::Notes), u"4 words"_s);
        scene.save();
        QCOMPARE(scene.applied().rules[codenameRow].words.back(), std::string("Osprey"));
    }

    void newRulesAreChosenAndDoublesAreNot()
    {
        Scene scene;
        scene.addRule(u"us_ssn"_s);
        QCOMPARE(scene.table()->model()->rowCount(), 10);
        QCOMPARE(scene.table()->currentRow(), 9);
        QCOMPARE(scene.part<QLabel>(u"title"_s)->text(), u"US social security number"_s);
        scene.addRule(u"regex"_s);
        QTRY_VERIFY(scene.part(u"rule.pattern"_s)->hasFocus());
        scene.click(u"add"_s);
        QVERIFY(!scene.part<QMenu>(u"addMenu"_s)->findChild<QAction *>(u"privacy.add.email"_s)->isEnabled());
        scene.part<QMenu>(u"addMenu"_s)->hide();
        auto *box = scene.part<QComboBox>(u"rule.detector"_s);
        const auto *model = qobject_cast<QStandardItemModel *>(box->model());
        QVERIFY(!model->item(box->findData(u"email"_s))->isEnabled());
        QVERIFY(model->item(box->findData(u"uk_nhs"_s))->isEnabled());
        QVERIFY(!model->item(box->findText(u"Money"_s))->isEnabled()); // a heading
    }

    void detectorCanBeChanged()
    {
        Scene scene;
        scene.table()->choose(ticketRow);
        scene.chooseIn(u"rule.detector"_s, u"dictionary"_s);
        QVERIFY(scene.part(u"rule.words"_s)->isVisible());
        QCOMPARE(scene.cell(ticketRow, RulesModel::Name), u"ticket"_s);
        scene.click(u"undo"_s);
        QCOMPARE(scene.part<QLineEdit>(u"rule.pattern"_s)->text(), u"TCK-[0-9]{6}"_s);
    }

    void removedRulesComeBack()
    {
        Scene scene;
        const QStringList before = scene.detectors();
        scene.table()->setFocus();
        scene.table()->choose(3);
        QTest::keyClick(scene.table(), Qt::Key_Delete);
        QCOMPARE(scene.table()->model()->rowCount(), 8);
        QVERIFY(scene.told.contains(u"IBAN"_s));
        scene.undo();
        QCOMPARE(scene.detectors(), before);
    }

    void aRuleIsSwitchedOffAndBackOn()
    {
        Scene scene;
        scene.table()->setFocus();
        scene.table()->choose(3);
        const auto action = [&] { return scene.table()->model()->index(3, ui::privacy::RulesModel::Action).data().toString(); };
        const QString before = action();
        QTest::keyClick(scene.table(), Qt::Key_Space);
        QCOMPARE(action(), u"off"_s);
        QTest::keyClick(scene.table(), Qt::Key_Space);
        QCOMPARE(action(), before);
        QTest::keyClick(scene.table(), Qt::Key_Space);
        scene.click(u"undo"_s);
        QCOMPARE(action(), before);
    }

    void inheritedRulesAreShownAndNotChanged()
    {
        Scene scene;
        scene.pane.openItem(u"strict"_s);
        QCOMPARE(scene.detectors(), (QStringList {u"all"_s, u"regex"_s, u"dictionary"_s, u"external"_s})); // all leaves nothing for built-in ones
        scene.table()->choose(1);
        QVERIFY(scene.cell(1, RulesModel::Notes).startsWith(u"from default"_s));
        QVERIFY(scene.part<QLineEdit>(u"rule.pattern"_s)->isReadOnly());
        QVERIFY(!scene.part(u"rule.remove"_s)->isVisible());
        QVERIFY(!(scene.table()->model()->flags(scene.table()->model()->index(1, 0)) & Qt::ItemIsDragEnabled));
        QTest::keyClick(scene.table(), Qt::Key_Up, Qt::AltModifier);
        QVERIFY(!scene.editing());
        scene.click(u"rule.goTo"_s);
        QCOMPARE(scene.table()->model()->rowCount(), 9);
        QCOMPARE(scene.table()->currentRow(), ticketRow);
    }

    void policiesAreChosenMadeRenamedAndCopied()
    {
        Scene scene;
        scene.part<ui::widgets::SegmentedControl>(u"policies"_s)->setCurrent(1);
        QCOMPARE(scene.table()->model()->rowCount(), 4);
        scene.part<QAction>(u"rename"_s)->trigger();
        scene.type(u"policy.name"_s, u"severe"_s);
        QCOMPARE(scene.part<QLineEdit>(u"policy.name"_s)->text(), u"severe"_s);
        QVERIFY(scene.part(u"policy.users"_s)->findChild<ui::widgets::Button *>());
        scene.type(u"policy.name"_s, u"default"_s); // is there
        QVERIFY(ui::widgets::isInvalid(scene.part(u"policy.name"_s)));
        QVERIFY(!scene.part<QAbstractButton>(u"save"_s)->isEnabled());
        scene.type(u"policy.name"_s, u"severe"_s);
        scene.save();
        QCOMPARE(scene.applied(1).name, std::string("severe"));
        QCOMPARE(scene.gateway.applied().back().keys[10].privacy, std::string("severe"));
        scene.part<QAction>(u"duplicate"_s)->trigger();
        scene.click(u"new"_s);
        scene.save();
        QCOMPARE(scene.gateway.applied().back().privacyPolicies.size(), std::size_t(4));
        QCOMPARE(scene.applied(2).name, std::string("severe-copy"));
        QCOMPARE(scene.applied(3).name, std::string("policy"));
        QVERIFY(scene.part(u"noRules"_s)->isVisible());
    }

    void removedPolicyTellsWhoNamedIt()
    {
        Scene scene;
        scene.pane.openItem(u"strict"_s);
        scene.part<QAction>(u"remove"_s)->trigger();
        QVERIFY(scene.told.contains(u"1 key, 1 team"_s));
        QCOMPARE(scene.table()->model()->rowCount(), 9);
        scene.undo();
        scene.pane.openItem(u"strict"_s);
        QCOMPARE(scene.table()->model()->rowCount(), 4);
        QVERIFY(!scene.editing());
    }

    void extendingAddsRules()
    {
        Scene scene;
        scene.pane.openItem(u"strict"_s);
        scene.part<ui::widgets::TabStrip>(u"tabs"_s)->setCurrent(1);
        scene.chooseIn(u"policy.extends"_s, QString());
        QCOMPARE(scene.table()->model()->rowCount(), 1);
        scene.click(u"undo"_s);
        QCOMPARE(scene.table()->model()->rowCount(), 4);
        scene.pane.openItem(u"default"_s);
        scene.part<ui::widgets::TabStrip>(u"tabs"_s)->setCurrent(1);
        QCOMPARE(scene.part<QComboBox>(u"policy.extends"_s)->findData(u"strict"_s), -1); // that would go round
        QVERIFY(scene.part<QLabel>(u"policy.usual"_s)->text().contains(u"keys"_s));
    }

    void answersTooIsThePolicys()
    {
        Scene scene;
        QVERIFY(scene.part<QCheckBox>(u"answers"_s)->isChecked());
        scene.click(u"answers"_s);
        scene.save();
        QCOMPARE(scene.applied().answers, std::optional(false));
    }

    void fileOwnedPolicyIsLocked()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        config.privacyPolicies[0].origin = gateway::config::Origin::File;
        config.fileSections = {"privacy.policies"};
        scene.gateway.setConfig(config);
        QVERIFY(scene.part(u"lock"_s)->isVisible());
        QVERIFY(!scene.part<QAbstractButton>(u"add"_s)->isEnabled());
        QVERIFY(!scene.part(u"rule.action"_s)->isEnabled());
        QVERIFY(!scene.part<QAction>(u"remove"_s)->isEnabled());
        scene.table()->choose(0);
        QTest::keyClick(scene.table(), Qt::Key_Down, Qt::AltModifier);
        QTest::keyClick(scene.table(), Qt::Key_Delete);
        QVERIFY(!scene.editing());
    }

    void tabComesToThePoliciesBeforeWhatIsDoneWithThem()
    {
        Scene scene;
        const QWidget *at = scene.part(u"policies"_s);
        QVERIFY(at->isVisible());
        do
            at = at->nextInFocusChain();
        while (!(at->focusPolicy() & Qt::TabFocus) || !at->isVisible());
        QCOMPARE(at, static_cast<const QWidget *>(scene.part(u"new"_s)));
    }

    void gatewaysProblemsStandAtTheRule()
    {
        Scene scene;
        scene.gateway.refuseNextApply({{"privacy.policies[0].rules[8].url", "`url` is no http or https address", false}});
        scene.table()->choose(externalRow);
        scene.type(u"rule.url"_s, u"presidio"_s);
        QTRY_COMPARE(scene.part<QLabel>(u"rule.url.problem"_s)->text(), u"`url` is no http or https address"_s);
        QVERIFY(ui::widgets::isInvalid(scene.part(u"rule.url"_s)));
        QVERIFY(!scene.part<QAbstractButton>(u"save"_s)->isEnabled());
        scene.table()->choose(0);
        QVERIFY(scene.part<QLabel>(u"errors"_s)->isVisible());
        scene.click(u"revert"_s);
        QVERIFY(!scene.editing());
    }

    void starterSetLeavesWhatIsThere()
    {
        Scene scene;
        scene.click(u"starter"_s);
        QTRY_VERIFY(scene.part<QDialog>(u"starterDialog"_s));
        QVERIFY(!scene.part<QCheckBox>(u"starter.email"_s)->isEnabled());
        scene.click(u"starter.passport"_s);
        scene.click(u"starter.submit"_s);
        QCOMPARE(scene.detectors().count(u"email"_s), 1);
        QVERIFY(scene.detectors().contains(u"private_key"_s));
        QVERIFY(!scene.detectors().contains(u"passport"_s));
        scene.click(u"undo"_s);
        QCOMPARE(scene.table()->model()->rowCount(), 9);
    }

    void emptyGatewayBeginsWithTheStarterSet()
    {
        Scene scene(FakeGateway::Scene::Empty);
        auto *empty = scene.part<ui::widgets::EmptyState>(u"noPolicy"_s);
        QVERIFY(empty->isVisible());
        QVERIFY(!scene.part(u"inspector"_s)->isVisible());
        QVERIFY(!scene.part(u"try"_s)->isVisible());
        QTest::mouseClick(empty->findChild<QAbstractButton *>(), Qt::LeftButton);
        QVERIFY(scene.table()->isVisible());
        QVERIFY(scene.gateway.applied().empty()); // it is off until it is saved
        scene.save();
        QCOMPARE(scene.applied().name, std::string("default"));
    }

    void sampleIsMarkedAndReplaced()
    {
        Scene scene;
        auto *sample = scene.part<ui::privacy::SpanText>(u"sample"_s), *sent = scene.part<ui::privacy::SpanText>(u"sent"_s);
        QTRY_COMPARE(sample->spans().size(), 7);
        QCOMPARE(sample->textOf(0), u"TCK-482910"_s);
        QCOMPARE(sent->textOf(0), u"<TICKET_1>"_s);
        QCOMPARE(sample->spans()[0].series, sent->spans()[0].series);
        QVERIFY(sent->toPlainText().contains(u"<EMAIL_2>"_s));
        QVERIFY(!sent->toPlainText().contains(u"example.org"_s));
        QCOMPARE(scene.part<QLabel>(u"found"_s)->text(), u"7 found"_s);
        QVERIFY(scene.part<QLabel>(u"notAsked"_s)->text().endsWith(u"presidio, judge"_s));
        QCOMPARE(scene.part<ui::privacy::FoundLegend>(u"legend"_s)->entries().size(), 5);
    }

    void trialFollowsDraftAndText()
    {
        Scene scene;
        auto *sample = scene.part<ui::privacy::SpanText>(u"sample"_s), *sent = scene.part<ui::privacy::SpanText>(u"sent"_s);
        QTRY_COMPARE(sample->spans().size(), 7);
        scene.table()->choose(ticketRow);
        scene.type(u"rule.pattern"_s, u"TCK-482655"_s);
        QTRY_COMPARE(sample->spans().size(), 6);
        sample->setPlainText(u"Grüße an ana@example.org"_s);
        QTRY_COMPARE(sent->toPlainText(), u"Grüße an <EMAIL_1>"_s);
        QCOMPARE(sample->textOf(0), u"ana@example.org"_s);
        sample->setPlainText(u"4111 1111 1111 1111"_s);
        auto *blocked = scene.part<ui::widgets::EmptyState>(u"blocked"_s);
        QTRY_VERIFY(blocked->isVisible());
        QVERIFY(!sent->isVisible());
        sample->setPlainText(u"nothing here"_s);
        QTRY_COMPARE(scene.part<QLabel>(u"found"_s)->text(), u"nothing found"_s);
    }

    void draftIsTriedWithWhatItExtends()
    {
        Scene scene;
        scene.table()->choose(ticketRow);
        scene.type(u"rule.pattern"_s, u"QQ"_s);
        scene.pane.openItem(u"strict"_s);
        scene.click(u"test"_s);
        const auto &tried = scene.gateway.privacy().tried();
        QCOMPARE(tried.name, std::string("strict"));
        QCOMPARE(tried.given->rules.size(), std::size_t(4));
        QCOMPARE(tried.given->rules[1].pattern, std::string("QQ"));
        QVERIFY(tried.given->extends.empty());
    }

    void controlEnterTriesAtOnce()
    {
        Scene scene;
        QTRY_VERIFY(scene.gateway.privacy().trials() > 0);
        const int before = scene.gateway.privacy().trials();
        QTest::keyClick(scene.part(u"sample"_s), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(scene.gateway.privacy().trials(), before + 1);
    }

    void troubleOfATrialIsTold()
    {
        Scene scene;
        QTRY_COMPARE(scene.part<ui::privacy::SpanText>(u"sample"_s)->spans().size(), 7);
        scene.gateway.privacy().setProblem(gateway::Error {.code = gateway::ErrorCode::Invalid, .message = "pattern of rule ticket is no regular expression"});
        scene.click(u"test"_s);
        QTRY_VERIFY(scene.part(u"tryProblem"_s)->isVisible());
        scene.gateway.privacy().setProblem({});
        scene.click(u"test"_s);
        QTRY_VERIFY(!scene.part(u"tryProblem"_s)->isVisible());
    }

    void dryRunCountsAndWritesNothing()
    {
        Scene scene;
        scene.click(u"dryRunButton"_s);
        auto *table = scene.part<QTableView>(u"dryRun.table"_s);
        QTRY_VERIFY(table->isVisible());
        QCOMPARE(scene.gateway.privacy().callsAsked(), 1000);
        QVERIFY(scene.part<QLabel>(u"dryRun.summary"_s)->text().contains(u"in the requests of 1,000 calls"_s));
        QVERIFY(scene.part<QLabel>(u"dryRun.aside"_s)->text().contains(u"no request in the log"_s));
        QCOMPARE(table->model()->index(0, ui::privacy::DryRunModel::Name).data().toString(), u"E-mail address"_s);
        QCOMPARE(table->model()->index(0, ui::privacy::DryRunModel::Found).data().toString(), u"406"_s);
        const QString text = table->model()->index(0, ui::privacy::DryRunModel::Sample).data().toString();
        QVERIFY(text.startsWith(u"*****.*********@"_s));
        QVERIFY(scene.gateway.applied().empty());
        QVERIFY(!scene.editing());
        scene.click(u"answers"_s);
        QVERIFY(scene.part(u"dryRun.old"_s)->isVisible());
    }

    void dryRunCanBeCancelled()
    {
        Scene scene;
        scene.gateway.privacy().setLog(tests::FakePrivacyTools::Log::Silent);
        scene.click(u"dryRunButton"_s);
        QCOMPARE(scene.part<QLabel>(u"dryRun.said"_s)->text(), u"scanning the last 1,000 calls…"_s);
        QVERIFY(scene.part(u"dryRun.progress"_s)->isVisible());
        QVERIFY(!scene.part(u"dryRun.start"_s)->isEnabled());
        scene.click(u"dryRun.cancel"_s);
        QVERIFY(!scene.part(u"dryRun.progress"_s)->isVisible());
        QVERIFY(scene.part(u"dryRun.start"_s)->isEnabled());
        scene.gateway.privacy().setLog(tests::FakePrivacyTools::Log::Well);
        scene.chooseIn(u"dryRun.calls"_s, 100);
        scene.click(u"dryRun.start"_s);
        QTRY_VERIFY(scene.part<QLabel>(u"dryRun.summary"_s)->text().contains(u"of 100 calls"_s));
    }

    void failingLogIsToldAndTriedAgain()
    {
        Scene scene(FakeGateway::Scene::Failing);
        scene.click(u"dryRunButton"_s);
        auto *problem = scene.part<ui::widgets::SectionBanner>(u"dryRun.problem"_s);
        QTRY_VERIFY(problem->isVisible());
        scene.gateway.privacy().setLog(tests::FakePrivacyTools::Log::Well);
        Q_EMIT problem->retried();
        QTRY_VERIFY(scene.part<QTableView>(u"dryRun.table"_s)->isVisible());
        QVERIFY(!problem->isVisible());
    }

    void manyPoliciesBecomeAList()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        for (int i = 0; i < 40; ++i)
            config.privacyPolicies.push_back({.id = "pol_" + std::to_string(i), .name = "policy-of-team-" + std::to_string(i)});
        scene.gateway.setConfig(config);
        auto *list = scene.part<QComboBox>(u"policy.list"_s);
        QVERIFY(list->isVisible());
        list->setCurrentIndex(41);
        Q_EMIT list->activated(41);
        QVERIFY(scene.part(u"noRules"_s)->isVisible());
    }

    void fitsTheSmallestWindow()
    {
        Scene scene;
        scene.pane.resize(952, 564); // of 1024 by 640
        QCoreApplication::processEvents();
        QVERIFY(scene.pane.minimumSizeHint().width() <= 952);
        QVERIFY(scene.pane.minimumSizeHint().height() <= 564);
        for (const char *name : {"add", "starter", "answers", "dryRunButton", "save"}) {
            const auto *part = scene.part(QString::fromLatin1(name));
            const QRect where(part->mapTo(&scene.pane, QPoint()), part->size());
            QVERIFY2(scene.pane.rect().contains(where) && part->width() >= part->minimumSizeHint().width(), name);
        }
    }

    void paletteMakesPolicies()
    {
        Scene scene;
        QStringList texts;
        for (const auto &entry : scene.pane.paletteEntries())
            texts << entry.text;
        QVERIFY(texts.contains(u"New privacy policy"_s));
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_PrivacyPane test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_privacy_pane.moc"
