// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts_scene.h"

#include "gateway/core/call_filter.h"
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/scene_alerts.h"
#include "translations/translations.h"
#include "ui/panes/alerts/preview_chart.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"

using namespace tests;
using gateway::AlertState;
using gateway::config::AlertMetric;
using namespace std::chrono_literals;

/// How alerts stand, and what is done with them at once.
class tst_AlertsPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void tellsHowEachStands();
    void followsTheBoard();
    void emptyOffersThree_data();
    void emptyOffersThree();
    void previewsWhatWouldHaveFired();
    void previewFollowsTheDraft();
    void previewOfWhatIsNotKept();
    void mutesAndUnmutes();
    void mutesOneSubject();
    void acknowledges();
    void bulkOverTheSelection();
    void testsWhatIsSaved();
    void firingsLeadToTheirCalls();
    void deliveryLogShowsEachTry();
    void secretsAreNotSeen();
    void failingAndWaiting();
};

void tst_AlertsPane::initTestCase()
{
    FakeGateway::fixZoneAndLocale();
    ui::installTranslations(*qApp, QLocale::c());
}

void tst_AlertsPane::tellsHowEachStands()
{
    AlertsScene scene;
    QCOMPARE(scene.rows(), 7);
    QCOMPARE(scene.cell(0, AlertsScene::State), u"Firing: 1 of 4"_s);
    QCOMPARE(scene.cell(1, AlertsScene::State), u"Firing: 1 of 3"_s);
    QCOMPARE(scene.note(1), u"acknowledged"_s);
    QCOMPARE(scene.cell(2, AlertsScene::State), u"Fine"_s);
    QCOMPARE(scene.cell(3, AlertsScene::State), u"Muted"_s);
    QCOMPARE(scene.note(3), u"until tomorrow 07:32"_s);
    QCOMPARE(scene.cell(4, AlertsScene::State), u"Quiet"_s);
    QCOMPARE(scene.cell(5, AlertsScene::State), u"Pending"_s);
    QCOMPARE(scene.cell(6, AlertsScene::State), u"Off"_s);
    QCOMPARE(scene.cell(0, AlertsScene::Rule, ui::widgets::CellSubText), u"Error rate of each route above 5 % within 5 min, for 5 min, with 20 calls at least"_s);
    QCOMPARE(scene.cell(1, AlertsScene::Channels), u"Desktop, Webhook, E-mail"_s);
    QCOMPARE(scene.cell(2, AlertsScene::LastFired), u"never"_s);
    QSet<QString> icons; // told by shape, not by colour alone
    for (int row = 0; row < scene.rows(); ++row)
        icons.insert(scene.cell(row, AlertsScene::State, ui::widgets::CellIcon));
    QCOMPARE(icons.size(), 7);
    scene.choose(u"circuits"_s); // of the --config file
    QVERIFY(scene.part(u"lock"_s)->isVisible());
    QVERIFY(scene.part<QLineEdit>(u"form.name"_s)->isReadOnly());
    QVERIFY(!scene.part(u"remove"_s)->isVisible());
}

void tst_AlertsPane::followsTheBoard()
{
    AlertsScene scene;
    auto board = sceneBoard();
    board.states[0].state = AlertState::Ok;
    board.states[2].state = AlertState::Ok;
    scene.gateway.alerts().setBoard(board);
    QCOMPARE(scene.cell(0, AlertsScene::State), u"Fine"_s);
    board.problem = "The call log cannot be read.";
    scene.gateway.alerts().setBoard(board);
    QVERIFY(scene.part(u"banner"_s)->isVisible());
    scene.gateway.alerts().setBoard({});
    QCOMPARE(scene.cell(0, AlertsScene::State), u"Not looked at yet"_s);
    QVERIFY(!scene.part(u"banner"_s)->isVisible());
}

void tst_AlertsPane::emptyOffersThree_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("metric");
    QTest::newRow("error rate") << u"errors"_s << int(AlertMetric::ErrorRate);
    QTest::newRow("budget") << u"budget"_s << int(AlertMetric::BudgetUsed);
    QTest::newRow("latency") << u"latency"_s << int(AlertMetric::LatencyP95);
}

void tst_AlertsPane::emptyOffersThree()
{
    QFETCH(QString, name);
    QFETCH(int, metric);
    AlertsScene scene(FakeGateway::Scene::Empty);
    QVERIFY(scene.part(u"templates"_s)->isVisible());
    scene.click(u"template."_s + name);
    QVERIFY(!scene.part(u"templates"_s)->isVisible());
    QCOMPARE(scene.rows(), 1);
    QCOMPARE(scene.cell(0, AlertsScene::State), u"Not saved"_s);
    QVERIFY(!scene.part<QAbstractButton>(u"mute"_s)->isEnabled()); // it is nobody's yet
    scene.save(); // as it is
    QCOMPARE(int(scene.applied(0).when.metric), metric);
    QCOMPARE(scene.applied(0).name, name.toStdString());
    QVERIFY(scene.applied(0).when.side.has_value());
    QTRY_VERIFY(!scene.editing()); // the gateway gave it an id, and nothing is left to save
    QVERIFY(scene.cell(0, AlertsScene::State) != u"Not saved"_s);
}

void tst_AlertsPane::previewsWhatWouldHaveFired()
{
    AlertsScene scene;
    const auto *chart = scene.part<ui::alerts::PreviewChart>(u"chart"_s);
    QTRY_VERIFY(chart->isVisible());
    const auto wanted = scenePreview(scene.gateway.config()->alerts[0], FakeGateway::sceneTime() - 24h, FakeGateway::sceneTime());
    QVERIFY(wanted->fired > 1);
    QCOMPARE(scene.stateText(u"previewCount"_s), u"Would have fired %1 times"_s.arg(wanted->fired));
    QCOMPARE(chart->preview().firings.size(), wanted->firings.size());
    QVERIFY(chart->accessibleDescription().contains(u"route canary at"_s));
    scene.part<QWidget>(u"chart"_s)->setFocus();
    QTest::keyClick(scene.part(u"chart"_s), Qt::Key_Left);
    QVERIFY(chart->crosshairWords().join(u"; "_s).contains(u"threshold 5 %"_s));
    scene.part<ui::widgets::SegmentedControl>(u"previewRange"_s)->setCurrent(1);
    QTRY_VERIFY(chart->preview().to - chart->preview().from == std::chrono::days {7});
}

void tst_AlertsPane::previewFollowsTheDraft()
{
    AlertsScene scene;
    QTRY_VERIFY(scene.stateText(u"previewCount"_s).startsWith(u"Would have fired"_s));
    scene.type(u"form.level"_s, u"90"_s);
    QTRY_COMPARE(scene.stateText(u"previewCount"_s), u"Would not have fired"_s);
    QCOMPARE(scene.gateway.alerts().previewed().back().when.threshold, 0.9);
    QVERIFY(scene.gateway.applied().empty()); // nothing was saved
    scene.type(u"form.level"_s, u"many"_s); // is not in the draft, and so not asked about
    QVERIFY(scene.part(u"form.level"_s)->property("invalid").toBool());
    QVERIFY(!scene.part<QAbstractButton>(u"save"_s)->isEnabled());
}

void tst_AlertsPane::previewOfWhatIsNotKept()
{
    AlertsScene scene;
    scene.choose(u"circuits"_s);
    auto *nothing = scene.part(u"previewNothing"_s);
    QTRY_VERIFY(nothing->isVisible());
    QTRY_VERIFY(accessibleText(nothing).contains(u"is not kept"_s));
}

void tst_AlertsPane::mutesAndUnmutes()
{
    AlertsScene scene;
    scene.choose(u"slow answers"_s);
    scene.table()->setFocus();
    QTest::keyClick(scene.table(), Qt::Key_M);
    scene.pick(u"muteMenu"_s, u"mute.hour"_s);
    QTRY_COMPARE(scene.cell(2, AlertsScene::State), u"Muted"_s);
    QCOMPARE(scene.gateway.alerts().mutes().back().until, std::optional(FakeGateway::sceneTime() + 1h));
    QVERIFY(!scene.gateway.alerts().mutes().back().subject);
    QVERIFY(!scene.editing()); // it is no edit of the configuration
    QTRY_COMPARE(scene.told, u"slow answers: muted until 15:32"_s);
    scene.undo();
    QTRY_COMPARE(scene.cell(2, AlertsScene::State), u"Fine"_s);
    scene.click(u"mute"_s);
    scene.pick(u"muteMenu"_s, u"mute.tomorrow"_s);
    QTRY_COMPARE(scene.note(2), u"until tomorrow 08:00"_s);
    scene.click(u"mute"_s);
    scene.pick(u"muteMenu"_s, u"mute.forGood"_s);
    QTRY_COMPARE(scene.note(2), u"until you unmute it"_s);
    scene.click(u"mute"_s);
    scene.pick(u"muteMenu"_s, u"mute.end"_s);
    QTRY_COMPARE(scene.cell(2, AlertsScene::State), u"Fine"_s);
}

void tst_AlertsPane::mutesOneSubject()
{
    AlertsScene scene;
    scene.openTab(AlertsScene::Subjects);
    QCOMPARE(scene.listed(u"subjects"_s, 0, 0), u"canary"_s); // what fires comes first
    QCOMPARE(scene.listed(u"subjects"_s, 0, 1), u"Firing"_s);
    QCOMPARE(scene.listed(u"subjects"_s, 1, 1), u"Pending"_s);
    auto *list = scene.part<ui::widgets::TableView>(u"subjects"_s);
    list->setFocus();
    QTest::keyClick(list, Qt::Key_M);
    scene.pick(u"subject.muteMenu"_s, u"mute.hour"_s);
    QTRY_COMPARE(scene.gateway.alerts().mutes().size(), 1U);
    QCOMPARE(scene.gateway.alerts().mutes().front().subject, std::optional<std::string>("canary"));
    QTRY_COMPARE(scene.listed(u"subjects"_s, 0, 6), u"muted until 15:32"_s);
    QCOMPARE(scene.cell(0, AlertsScene::State), u"Firing: 1 of 4"_s); // the others are not
    scene.click(u"subject.calls"_s);
    QCOMPARE(scene.calls, u"route:\"canary\" (state:failed OR state:cut)"_s);
    QVERIFY(gateway::CallFilter::parse(scene.calls.toStdString()).has_value());
}

void tst_AlertsPane::acknowledges()
{
    AlertsScene scene;
    scene.table()->setFocus();
    QTest::keyClick(scene.table(), Qt::Key_A);
    QTRY_COMPARE(scene.note(0), u"acknowledged"_s);
    QTRY_COMPARE(scene.told, u"1 acknowledged: not told again while it lasts"_s);
    QVERIFY(!scene.part<QAbstractButton>(u"acknowledge"_s)->isEnabled());
    scene.choose(u"slow answers"_s); // does not fire
    QVERIFY(!scene.part<QAbstractButton>(u"acknowledge"_s)->isEnabled());
}

void tst_AlertsPane::bulkOverTheSelection()
{
    AlertsScene scene;
    QVERIFY(!scene.part(u"bulk.mute"_s)->isVisible());
    scene.choose(u"errors"_s);
    scene.chooseAlso(u"slow answers"_s);
    scene.chooseAlso(u"circuits"_s);
    scene.click(u"bulk.mute"_s);
    scene.pick(u"muteMenu"_s, u"mute.hour"_s);
    QTRY_COMPARE(scene.told, u"3 alerts: muted until 15:32"_s);
    QCOMPARE(scene.gateway.alerts().mutes().size(), 3U);
    QVERIFY(scene.part(u"bulk.mute"_s)->isVisible()); // the selection stays
    scene.click(u"bulk.acknowledge"_s);
    QTRY_COMPARE(scene.told, u"1 acknowledged: not told again while it lasts"_s);
    scene.click(u"bulk.off"_s);
    scene.save();
    QVERIFY(!scene.applied(0).enabled && !scene.applied(2).enabled);
    QVERIFY(scene.applied(5).enabled); // the --config file's stays as it is
    QVERIFY(scene.applied(1).enabled);
}

void tst_AlertsPane::testsWhatIsSaved()
{
    AlertsScene scene;
    scene.choose(u"budget"_s);
    scene.gateway.alerts().refuseTests("it answered 401");
    QTest::keyClick(scene.table(), Qt::Key_T, Qt::ControlModifier);
    QTRY_COMPARE(scene.stateText(u"testResult"_s), u"Test of budget: 1 of 3 were told"_s);
    QCOMPARE(scene.gateway.alerts().tested(), std::vector<std::string> {"alr_budget"});
    QTRY_COMPARE(scene.listed(u"deliveries"_s, 0, 2), u"Test"_s);
    QCOMPARE(scene.listed(u"deliveries"_s, 0, 3), u"E-mail finance@example.org"_s);
    QCOMPARE(scene.listed(u"deliveries"_s, 0, 5), u"failed"_s);
    QCOMPARE(scene.listed(u"deliveries"_s, 0, 6), u"it answered 401"_s);
    QCOMPARE(scene.listed(u"deliveries"_s, 2, 5), u"told"_s); // the desktop
    scene.click(u"form.receiver0.remove"_s);
    QTest::keyClick(scene.table(), Qt::Key_T, Qt::ControlModifier);
    QVERIFY(scene.told.startsWith(u"Save budget first"_s));
    QCOMPARE(scene.gateway.alerts().tested().size(), 1U);
}

void tst_AlertsPane::firingsLeadToTheirCalls()
{
    AlertsScene scene;
    scene.openTab(AlertsScene::Firings);
    QTRY_COMPARE(scene.listedRows(u"firings"_s), 3); // those of this alert
    QCOMPARE(scene.listed(u"firings"_s, 0, 5), u"still"_s);
    QCOMPARE(scene.listed(u"firings"_s, 2, 6), u"muted or quiet"_s);
    auto *list = scene.part<ui::widgets::TableView>(u"firings"_s);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(1, 2)).center());
    QCOMPARE(scene.calls, u"route:\"gpt-4o\" (state:failed OR state:cut)"_s);
    const gateway::AlertFiring firing = sceneFirings()[1];
    QCOMPARE(scene.view.range().lastSeconds, std::int64_t {0});
    QCOMPARE(scene.view.range().from, firing.pendingSince - 5min);
    QCOMPARE(scene.view.range().to, *firing.resolvedAt);
    scene.part<ui::widgets::SegmentedControl>(u"firingsWhose"_s)->setCurrent(1);
    QTRY_COMPARE(scene.listedRows(u"firings"_s), 5);
}

void tst_AlertsPane::deliveryLogShowsEachTry()
{
    AlertsScene scene;
    scene.openTab(AlertsScene::Deliveries);
    QTRY_COMPARE(scene.listedRows(u"deliveries"_s), 5);
    QCOMPARE(scene.listed(u"deliveries"_s, 0, 4), u"3"_s);
    QCOMPARE(scene.listed(u"deliveries"_s, 0, 5), u"told"_s);
    QCOMPARE(scene.listed(u"deliveries"_s, 1, 5), u"tried again"_s);
    QCOMPARE(scene.listed(u"deliveries"_s, 1, 6), u"it answered 503"_s);
    std::vector<gateway::AlertDelivery> many;
    for (int i = 250; i > 0; --i)
        many.push_back({.number = i, .alert = "alr_errors", .name = "errors", .channel = "desktop", .at = FakeGateway::sceneTime(), .delivered = true});
    scene.gateway.alerts().setDeliveries(many);
    scene.view.refresh();
    QTRY_COMPARE(scene.listedRows(u"deliveries"_s), 100);
    scene.click(u"deliveriesOlder"_s);
    QTRY_COMPARE(scene.listedRows(u"deliveries"_s), 200);
    scene.click(u"deliveriesOlder"_s);
    QTRY_COMPARE(scene.listedRows(u"deliveries"_s), 250);
    QVERIFY(!scene.part(u"deliveriesOlder"_s)->isVisible());
}

void tst_AlertsPane::secretsAreNotSeen()
{
    AlertsScene scene;
    scene.choose(u"budget"_s);
    scene.click(u"form.addReceiver"_s);
    auto *menu = scene.part<QMenu>(u"form.receiverMenu"_s);
    menu->actions().at(1)->trigger(); // Slack
    menu->close();
    scene.type(u"form.receiver3.to"_s, u"https://hooks.slack.com/services/T0/s3cret"_s);
    scene.type(u"form.secret"_s, u"whsec-s3cret"_s);
    scene.table()->setFocus();
    QVERIFY(!accessibleText(&scene.pane).contains(u"s3cret"_s));
    scene.save();
    QCOMPARE(scene.gateway.applied().back().alerts[1].secret.value, std::string("whsec-s3cret"));
}

void tst_AlertsPane::failingAndWaiting()
{
    AlertsScene failing(FakeGateway::Scene::Failing);
    QVERIFY(failing.part(u"banner"_s)->isVisible());
    QTRY_VERIFY(failing.part(u"previewBanner"_s)->isVisible());
    failing.openTab(AlertsScene::Deliveries);
    QTRY_VERIFY(failing.part(u"deliveriesBanner"_s)->isVisible());
    failing.choose(u"slow answers"_s);
    failing.click(u"mute"_s);
    failing.pick(u"muteMenu"_s, u"mute.hour"_s);
    QTRY_VERIFY(failing.told.startsWith(u"Not muted: The disk has no space left"_s));
    AlertsScene waiting(FakeGateway::Scene::Waiting);
    QTest::qWait(300);
    QVERIFY(waiting.stateText(u"previewCount"_s).isEmpty()); // nothing is said before it is known
}

QTEST_MAIN(tst_AlertsPane)
#include "tst_alerts_pane.moc"
