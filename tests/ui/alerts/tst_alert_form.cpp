// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts_scene.h"

#include "translations/translations.h"
#include "ui/panes/alerts/level_field.h"

using namespace tests;
using gateway::config::AlertMetric;
using gateway::config::AlertScope;
using gateway::config::AlertSide;
using gateway::config::AlertUnit;
using namespace std::chrono_literals;

/// Alerts and the mail server as they are edited.
class tst_AlertForm : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void readsLevels_data();
    void readsLevels();
    void makesOneWithAllItHas();
    void metricsBringTheirFields();
    void undoesEachIntent();
    void problemsStandAtTheirFields();
    void levelsAreWithinWhatTheyAreSharesOf();
    void receiversAreKeptMasked();
    void duplicateIsOffAndHasNoMask();
    void mailServer();
    void removesAndBringsBack();

private:
    static void openAdd(AlertsScene &scene, const QString &form)
    {
        scene.click(u"new"_s);
        scene.pick(u"newMenu"_s, u"new."_s + form);
    }
    static void addReceiver(AlertsScene &scene, const QString &title)
    {
        scene.click(u"form.addReceiver"_s);
        auto *menu = scene.part<QMenu>(u"form.receiverMenu"_s);
        for (QAction *action : menu->actions()) {
            if (action->text() == title)
                action->trigger();
        }
        menu->close();
    }
};

void tst_AlertForm::initTestCase()
{
    FakeGateway::fixZoneAndLocale();
    ui::installTranslations(*qApp, QLocale::c());
}

void tst_AlertForm::readsLevels_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("unit");
    QTest::addColumn<double>("level");
    QTest::addColumn<bool>("read");
    const auto row = [](const char *typed, AlertUnit unit, double level, bool read = true) { QTest::newRow(typed) << QString::fromLatin1(typed) << int(unit) << level << read; };
    row("5 %", AlertUnit::Share, 0.05);
    row("0.5", AlertUnit::Share, 0.005);
    row("five", AlertUnit::Share, 0, false);
    row("$1,200.50", AlertUnit::Dollars, 1200.5);
    row("2.5 s", AlertUnit::Seconds, 2.5);
    row("800 ms", AlertUnit::Seconds, 0.8);
    row("soon", AlertUnit::Seconds, 0, false);
    row("10,000", AlertUnit::Count, 10000);
    row("inf", AlertUnit::Count, 0, false);
}

void tst_AlertForm::readsLevels()
{
    QFETCH(QString, typed);
    QFETCH(int, unit);
    QFETCH(double, level);
    QFETCH(bool, read);
    std::optional<double> out;
    QCOMPARE(ui::alerts::readLevel(typed, AlertUnit(unit), out).isEmpty(), read);
    QCOMPARE(out.value_or(0), level);
}

void tst_AlertForm::makesOneWithAllItHas()
{
    AlertsScene scene;
    openAdd(scene, u"plain"_s);
    const auto last = static_cast<std::size_t>(scene.rows() - 1);
    scene.type(u"form.name"_s, u"dear calls"_s);
    scene.chooseIn(u"form.metric"_s, int(AlertMetric::CostPerCall));
    scene.chooseIn(u"form.scope"_s, int(AlertScope::Team));
    auto *subject = scene.part<QComboBox>(u"form.subject"_s);
    QVERIFY(subject->findText(u"growth"_s) >= 0);
    subject->setCurrentText(u"growth"_s);
    Q_EMIT subject->activated(subject->currentIndex());
    scene.type(u"form.level"_s, u"$0.25"_s);
    scene.type(u"form.window"_s, u"15 min"_s);
    scene.type(u"form.for"_s, u"2 min"_s);
    scene.type(u"form.minCalls"_s, u"1,000"_s);
    scene.type(u"form.clear"_s, u"0.2"_s);
    scene.type(u"form.repeat"_s, u"1 h"_s);
    scene.chooseIn(u"form.severity"_s, int(gateway::config::AlertSeverity::Critical));
    scene.click(u"form.addQuiet"_s);
    addReceiver(scene, u"E-mail"_s);
    scene.type(u"form.receiver1.to"_s, u"ops@example.org"_s);
    scene.save();
    const auto &alert = scene.applied(last);
    QCOMPARE(alert.name, std::string("dear calls"));
    QCOMPARE(alert.when.metric, AlertMetric::CostPerCall);
    QCOMPARE(alert.when.subject, std::string("growth"));
    QCOMPARE(alert.when.threshold, 0.25);
    QCOMPARE(alert.when.window, std::optional<gateway::config::Millis>(15min));
    QCOMPARE(alert.when.holds, gateway::config::Millis(2min));
    QCOMPARE(alert.when.minCalls, std::int64_t {1000});
    QCOMPARE(alert.when.clear, std::optional(0.2));
    QCOMPARE(alert.repeat, std::optional<gateway::config::Millis>(1h));
    QCOMPARE(alert.severity, gateway::config::AlertSeverity::Critical);
    QCOMPARE(alert.quiet.size(), 1U);
    QCOMPARE(alert.quiet[0].from, 22 * 60);
    QCOMPARE(alert.notify.size(), 2U);
    QCOMPARE(alert.notify[1].to, std::string("ops@example.org"));
}

void tst_AlertForm::metricsBringTheirFields()
{
    AlertsScene scene;
    QVERIFY(scene.part(u"form.window"_s)->isVisible());
    scene.chooseIn(u"form.side"_s, int(AlertSide::Deviates));
    QVERIFY(scene.part(u"form.days"_s)->isVisible());
    QCOMPARE(scene.part<QLineEdit>(u"form.level"_s)->text(), u"3"_s);
    scene.chooseIn(u"form.metric"_s, int(AlertMetric::BudgetUsed)); // a state of now, and not kept by the hour
    QVERIFY(!scene.part(u"form.window"_s)->isVisible());
    QVERIFY(!scene.part(u"form.minCalls"_s)->isVisible());
    QVERIFY(!scene.part(u"form.days"_s)->isVisible());
    QCOMPARE(scene.part<QLineEdit>(u"form.level"_s)->text(), u"80 %"_s);
    scene.chooseIn(u"form.metric"_s, int(AlertMetric::CircuitOpen));
    QCOMPARE(scene.part<QComboBox>(u"form.scope"_s)->currentData().toInt(), int(AlertScope::Provider));
    QVERIFY(!scene.part(u"form.level"_s)->isVisible());
    scene.save(); // and the gateway would take it
    QCOMPARE(scene.applied(0).when.minCalls, std::int64_t {0});
    QCOMPARE(scene.applied(0).when.side, std::optional(AlertSide::Above));
}

void tst_AlertForm::undoesEachIntent()
{
    AlertsScene scene;
    scene.type(u"form.level"_s, u"12"_s);
    scene.chooseIn(u"form.severity"_s, int(gateway::config::AlertSeverity::Info));
    QVERIFY(scene.editing());
    scene.table()->setFocus();
    QTest::keyClick(scene.table(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(scene.part<QLineEdit>(u"form.level"_s)->text(), u"12 %"_s);
    QTest::keyClick(scene.table(), Qt::Key_Z, Qt::ControlModifier); // what was typed is one step
    QCOMPARE(scene.part<QLineEdit>(u"form.level"_s)->text(), u"5 %"_s);
    QVERIFY(!scene.editing());
}

void tst_AlertForm::problemsStandAtTheirFields()
{
    AlertsScene scene;
    scene.gateway.refuseNextApply({{"alerts[0].name", "There is an alert of that name."}, {"alerts[0].notify[1]", "It is no address."}, {"alerts[0].secret", "Nothing is signed with it.", true}});
    scene.type(u"form.name"_s, u"budget"_s);
    auto *problem = scene.part<ui::widgets::Label>(u"form.problem"_s), *atName = scene.part<ui::widgets::Label>(u"form.name.problem"_s);
    QTRY_VERIFY(problem->isVisible());
    QCOMPARE(problem->text(), u"It is no address."_s); // warnings are none
    QTRY_VERIFY(atName->isVisible());
    QCOMPARE(atName->text(), u"There is an alert of that name."_s);
    QVERIFY(scene.part(u"form.name"_s)->property("invalid").toBool());
    QVERIFY(scene.part(u"form.receiver1.to"_s)->property("invalid").toBool());
    QVERIFY(!scene.part(u"form.level"_s)->property("invalid").toBool());
    QVERIFY(!scene.part<QAbstractButton>(u"save"_s)->isEnabled());
    QCOMPARE(scene.cell(0, AlertsScene::Rule, Qt::ToolTipRole), u"There is an alert of that name."_s);
    scene.choose(u"slow answers"_s); // what is wrong elsewhere is said all the same
    QVERIFY(!problem->isVisible());
    QVERIFY(scene.part(u"errors"_s)->isVisible());
}

/// What the gateway would say in its own terms ("a share from 0 to 1") the field says first.
void tst_AlertForm::levelsAreWithinWhatTheyAreSharesOf()
{
    AlertsScene scene;
    auto *level = scene.part<QLineEdit>(u"form.level"_s);
    auto *note = scene.part<ui::widgets::Label>(u"form.level.problem"_s);
    for (const QString &typed : {u"500 %"_s, u"100 %"_s, u"-1"_s}) {
        scene.type(u"form.level"_s, typed);
        QTRY_VERIFY2(note->isVisible(), qPrintable(typed));
        QVERIFY2(note->text().startsWith(u"It is never"_s), qPrintable(note->text()));
        QVERIFY(!scene.part<QAbstractButton>(u"save"_s)->isEnabled());
    }
    scene.type(u"form.level"_s, u"500 %"_s);
    scene.part<QLineEdit>(u"form.window"_s)->setFocus();
    scene.chooseIn(u"form.severity"_s, int(gateway::config::AlertSeverity::Info));
    QTest::qWait(400); // the draft has been looked at: the rule has the "50 %" that came by on the way, and the field what was meant
    QCOMPARE(level->text(), u"500 %"_s);
    QVERIFY(note->isVisible());
    scene.choose(u"slow answers"_s);
    QVERIFY(!note->isVisible());
    scene.choose(u"errors"_s);
    scene.type(u"form.level"_s, u"99 %"_s);
    QVERIFY(!note->isVisible());
    scene.chooseIn(u"form.metric"_s, int(AlertMetric::BudgetUsed)); // may be overspent
    scene.type(u"form.level"_s, u"120"_s);
    QVERIFY(!level->property("invalid").toBool());
    scene.chooseIn(u"form.metric"_s, int(AlertMetric::Calls));
    for (const QString &typed : {u"500 %"_s, u"$4"_s}) { // another unit's
        scene.type(u"form.level"_s, typed);
        QVERIFY2(level->property("invalid").toBool(), qPrintable(typed));
    }
}

void tst_AlertForm::receiversAreKeptMasked()
{
    AlertsScene scene;
    auto *to = scene.part<QLineEdit>(u"form.receiver1.to"_s);
    QVERIFY(to->text().isEmpty());
    QVERIFY(to->placeholderText().startsWith(u"https://hooks.slack.com/"_s));
    const auto before = scene.gateway.config()->alerts[0].notify[1];
    scene.type(u"form.level"_s, u"7"_s);
    scene.save();
    QCOMPARE(scene.applied(0).notify[1], before); // the mask stands for what is stored
    scene.chooseIn(u"form.receiver1.kind"_s, int(gateway::config::NotifyKind::Discord));
    scene.save();
    QVERIFY(scene.applied(0).notify[1].to.empty()); // a mask of Slack's is no address of Discord's
}

void tst_AlertForm::duplicateIsOffAndHasNoMask()
{
    AlertsScene scene;
    scene.click(u"duplicate"_s);
    const int last = scene.rows() - 1;
    QCOMPARE(scene.cell(last, AlertsScene::Rule), u"errors-2"_s);
    QCOMPARE(scene.cell(last, AlertsScene::Channels), u"Desktop"_s);
    scene.save();
    QVERIFY(!scene.applied(static_cast<std::size_t>(last)).enabled);
}

void tst_AlertForm::mailServer()
{
    AlertsScene scene;
    scene.click(u"mail"_s);
    QCOMPARE(scene.part<QLineEdit>(u"smtp.host"_s)->text(), u"smtp.example.org"_s);
    QVERIFY(scene.part<QLineEdit>(u"smtp.password"_s)->text().isEmpty());
    QCOMPARE(scene.part<QLineEdit>(u"smtp.port"_s)->placeholderText(), u"587"_s);
    scene.chooseIn(u"smtp.tls"_s, int(gateway::config::SmtpTls::Tls));
    QCOMPARE(scene.part<QLineEdit>(u"smtp.port"_s)->placeholderText(), u"465"_s);
    scene.type(u"smtp.from"_s, u"gateway@example.org"_s);
    scene.type(u"smtp.password"_s, u"new one"_s);
    scene.save();
    QCOMPARE(scene.gateway.applied().back().smtp.from, std::string("gateway@example.org"));
    QCOMPARE(scene.gateway.applied().back().smtp.password.value, std::string("new one"));
    scene.click(u"smtp.clear"_s);
    scene.save();
    QVERIFY(scene.gateway.applied().back().smtp == gateway::config::SmtpSettings {});
}

void tst_AlertForm::removesAndBringsBack()
{
    AlertsScene scene;
    scene.choose(u"slow answers"_s);
    scene.table()->setFocus();
    QTest::keyClick(scene.table(), Qt::Key_Delete);
    QCOMPARE(scene.rowOf(u"slow answers"_s), -1);
    QCOMPARE(scene.told, u"slow answers: out of the draft"_s);
    scene.undo();
    QCOMPARE(scene.rowOf(u"slow answers"_s), 2);
    scene.choose(u"circuits"_s); // the --config file's
    QTest::keyClick(scene.table(), Qt::Key_Delete);
    QVERIFY(scene.rowOf(u"circuits"_s) >= 0);
}

QTEST_MAIN(tst_AlertForm)
#include "tst_alert_form.moc"
