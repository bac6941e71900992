// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/fake_telemetry.h"
#include "ui/panes/settings/settings_pane.h"
#include "ui/panes/settings/sinks_model.h"
#include "ui/panes/settings/telemetry_words.h"
#include "ui/widgets/button.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLineEdit>
#include <QTableView>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using gateway::CollectorStatus;
using gateway::SinkStatus;
using gateway::config::LogSink;
using gateway::config::TelemetrySettings;
using tests::FakeGateway;
using tests::FakeTelemetry;
using ui::settings::SinksModel;
using ui::settings::stateOf;
using ui::widgets::Button;
using ui::widgets::Label;

namespace {

const std::string mask = gateway::api::Gateway::maskedSecret("1234");

LogSink archive() { return {.name = "archive", .folder = "/var/log/signalbox", .every = 5min}; }

LogSink lake()
{
    LogSink sink {.name = "lake", .s3 = {.bucket = "calls", .prefix = "one", .endpoint = "http://127.0.0.1:9000"}, .bodies = true};
    sink.s3.accessKeyId.value = sink.s3.secretAccessKey.value = sink.s3.sessionToken.value = mask;
    return sink;
}

struct Scene
{
    Scene() : telemetry(FakeTelemetry::of(gateway)), view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, nullptr})
    {
        QObject::connect(&view, &ui::bridge::ViewContext::toastRequested, &pane, [this](const QString &text, const std::function<void()> &undo) {
            toast = text;
            takeBack = undo;
        });
        pane.resize(1200, 900);
        pane.show();
        pane.setActive(true);
        pane.openItem(u"telemetry"_s);
    }
    void give(TelemetrySettings settings, bool ofFile = false)
    {
        auto config = *gateway.config();
        config.telemetry = std::move(settings);
        if (ofFile)
            config.fileSections.insert("telemetry");
        gateway.setConfig(config);
    }
    const TelemetrySettings &now() const { return gateway.config()->telemetry; }
    template <typename T = QWidget>
    T *part(const QString &name) const { return pane.window()->findChild<T *>(u"settings."_s + name); }
    QTableView *table() const { return part<QTableView>(u"sinks.table"_s); }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    void click(const QString &name) const { part<Button>(name)->click(); }
    void type(const QString &name, const QString &text) const
    {
        auto *field = part<QLineEdit>(name);
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, text);
    }
    QString problemAt(const QString &name) const
    {
        auto *problem = part<Label>(name + u".problem"_s);
        return problem && problem->isVisible() ? problem->text() : QString();
    }

    FakeGateway gateway;
    FakeTelemetry &telemetry;
    ui::bridge::ViewContext view;
    ui::settings::SettingsPane pane;
    QString toast;
    std::function<void()> takeBack;
};

} // namespace

/// Where the log goes beside the window, in the settings.
class tst_Telemetry : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void aCollectorIsSetUpAndUndone()
    {
        Scene scene;
        scene.give({});
        QCOMPARE(scene.part<Button>(u"collector.change"_s)->text(), u"Set up…"_s);
        QVERIFY(!scene.part<Label>(u"collector.address"_s)->isVisible());
        scene.click(u"collector.change"_s);
        QTRY_VERIFY(scene.part(u"collectorForm"_s));
        scene.type(u"collectorForm.otlp"_s, u"http://127.0.0.1:4318"_s);
        scene.click(u"collectorForm.headers.add"_s);
        scene.type(u"collectorForm.headers.name.0"_s, u"x-team"_s);
        scene.type(u"collectorForm.headers.value.0"_s, u"hush"_s);
        scene.part<QCheckBox>(u"collectorForm.content"_s)->click();
        scene.click(u"collectorForm.submit"_s);
        QTRY_COMPARE(scene.now().otlp, std::string("http://127.0.0.1:4318"));
        QVERIFY(scene.now().content);
        QCOMPARE(scene.now().otlpHeaders.at("x-team"), std::string("hush"));
        QTRY_VERIFY(!scene.part(u"collectorForm"_s));
        QCOMPARE(scene.part<Label>(u"collector.address"_s)->text(), u"http://127.0.0.1:4318"_s);
        QCOMPARE(scene.toast, u"Collector set up"_s);
        QVERIFY(scene.takeBack);
        scene.takeBack();
        QTRY_VERIFY(scene.now() == TelemetrySettings {});
    }

    void headersAreNeverShown()
    {
        Scene scene;
        scene.give({.otlp = "http://127.0.0.1:4318", .otlpHeaders = {{"authorization", mask}}});
        scene.click(u"collector.change"_s);
        auto *value = scene.part<QLineEdit>(u"collectorForm.headers.value.0"_s);
        QTRY_VERIFY(value);
        QVERIFY(value->text().isEmpty() && value->echoMode() != QLineEdit::Normal);
        QVERIFY(!tests::accessibleText(scene.part(u"collectorForm"_s)).contains(u"1234"_s));
        scene.part<QCheckBox>(u"collectorForm.content"_s)->click();
        scene.click(u"collectorForm.submit"_s);
        QTRY_VERIFY(scene.now().content);
        QCOMPARE(scene.now().otlpHeaders.at("authorization"), mask); // which the gateway takes for the stored one
    }

    void whatTheGatewayDoesNotTakeStandsAtItsField()
    {
        Scene scene;
        scene.give({.otlp = "http://127.0.0.1:4318", .otlpHeaders = {{"authorization", mask}}});
        scene.click(u"collector.change"_s);
        QTRY_VERIFY(scene.part(u"collectorForm"_s));
        scene.type(u"collectorForm.otlp"_s, u"nowhere"_s);
        scene.gateway.refuseNextApply({{"telemetry.otlp", "\"nowhere\" is not a collector's address"}, {"telemetry.otlp_headers.authorization", "Paste it again."}, {"teams[0].name", "is taken"}});
        QTest::keyClick(scene.part(u"collectorForm.otlp"_s), Qt::Key_Return);
        QTRY_COMPARE(scene.problemAt(u"collectorForm.otlp"_s), u"\"nowhere\" is not a collector's address"_s);
        QCOMPARE(scene.problemAt(u"collectorForm.otlp_headers"_s), u"Paste it again."_s);
        QCOMPARE(scene.part<ui::widgets::SectionBanner>(u"collectorForm.problem"_s)->headline(), u"teams[0].name: is taken"_s);
        QCOMPARE(scene.now().otlp, std::string("http://127.0.0.1:4318"));
        scene.type(u"collectorForm.otlp"_s, u"http://127.0.0.1:4319"_s); // and it is looked at again
        QTRY_COMPARE(scene.problemAt(u"collectorForm.otlp"_s), QString());
        QVERIFY(!scene.part(u"collectorForm.problem"_s)->isVisible());
        scene.click(u"collectorForm.submit"_s);
        QTRY_COMPARE(scene.now().otlp, std::string("http://127.0.0.1:4319"));
        QVERIFY(!scene.takeBack); // nobody has the header that was for the other one
    }

    void theCollectorsStateIsTold()
    {
        Scene scene;
        scene.telemetry.setCollector({.on = true, .sent = 12'345, .waiting = 3});
        scene.give({.otlp = "http://127.0.0.1:4318"});
        auto *state = scene.part<ui::widgets::StateLabel>(u"collector.state"_s);
        QCOMPARE(state->text(), u"Well: 12,345 calls sent since the start, 3 waiting"_s);
        scene.telemetry.setCollector({.on = true, .waiting = 7, .problem = "Sending calls to the collector at x: nobody answers. They wait."});
        QTRY_COMPARE(state->text(), u"Sending calls to the collector at x: nobody answers. They wait. (no calls sent since the start, 7 waiting)"_s);
    }

    void aFolderIsAdded()
    {
        Scene scene;
        scene.give({});
        QVERIFY(!scene.table()->isVisible());
        scene.click(u"sinks.new"_s);
        QTRY_VERIFY(scene.part(u"sinkForm"_s));
        QVERIFY(!scene.part(u"sinkForm.s3.bucket"_s)->isVisible());
        scene.type(u"sinkForm.name"_s, u"archive"_s);
        scene.type(u"sinkForm.path"_s, u"/var/log/signalbox"_s);
        scene.click(u"sinkForm.submit"_s);
        QTRY_COMPARE(scene.now().sinks, std::vector<LogSink> {archive()});
        QCOMPARE(scene.toast, u"Log sink \"archive\" added"_s);
        QTRY_COMPARE(scene.table()->model()->rowCount(), 1);
        QCOMPARE(scene.cell(0, SinksModel::Place), u"/var/log/signalbox"_s);
        scene.takeBack();
        QTRY_VERIFY(scene.now().sinks.empty());
    }

    void aBucketIsAddedAndItsErrorsStandAtItsFields()
    {
        Scene scene;
        scene.give({.sinks = {archive()}});
        scene.click(u"sinks.new"_s);
        QTRY_VERIFY(scene.part(u"sinkForm"_s));
        scene.part<ui::widgets::SegmentedControl>(u"sinkForm.where"_s)->setCurrent(1);
        QVERIFY(!scene.part(u"sinkForm.folder"_s)->isVisible());
        scene.type(u"sinkForm.name"_s, u"lake"_s);
        scene.type(u"sinkForm.s3.bucket"_s, u"B"_s);
        scene.type(u"sinkForm.s3.access_key_id"_s, u"AKID"_s);
        scene.type(u"sinkForm.s3.secret_access_key"_s, u"wJalr"_s);
        scene.type(u"sinkForm.every"_s, u"soon"_s);
        scene.click(u"sinkForm.submit"_s);
        QCOMPARE(scene.gateway.questions(u"apply"_s), 0); // what cannot be read is not handed over
        QTRY_VERIFY(scene.problemAt(u"sinkForm.every"_s).startsWith(u"Not a duration"_s));
        scene.type(u"sinkForm.every"_s, u"30 s"_s);
        scene.gateway.refuseNextApply({{"telemetry.sinks[1].s3.bucket", "\"B\" is no bucket's name"}, {"telemetry.sinks[1].name", "is taken"}});
        scene.click(u"sinkForm.submit"_s);
        QTRY_COMPARE(scene.problemAt(u"sinkForm.s3.bucket"_s), u"\"B\" is no bucket's name"_s);
        QCOMPARE(scene.problemAt(u"sinkForm.name"_s), u"is taken"_s);
        QCOMPARE(scene.part(u"sinkForm"_s)->focusWidget(), scene.part(u"sinkForm.name"_s)); // the first that is wrong
        scene.type(u"sinkForm.s3.bucket"_s, u"calls"_s);
        scene.click(u"sinkForm.submit"_s);
        QTRY_COMPARE(scene.now().sinks.size(), std::size_t {2});
        const LogSink &made = scene.now().sinks[1];
        QCOMPARE(made.name, std::string("lake"));
        QVERIFY(made.folder.empty() && made.every == 30s);
        QCOMPARE(made.s3.region, std::string("us-east-1"));
        QCOMPARE(made.s3.secretAccessKey.value, std::string("wJalr"));
    }

    void aSinkWithNoPlaceSaysSoWhereThePlaceGoes()
    {
        Scene scene;
        scene.click(u"sinks.new"_s);
        QTRY_VERIFY(scene.part(u"sinkForm"_s));
        scene.type(u"sinkForm.name"_s, u"lake"_s);
        scene.gateway.refuseNextApply({{"telemetry.sinks[0]", "a sink needs a folder"}});
        scene.click(u"sinkForm.submit"_s);
        QTRY_COMPARE(scene.problemAt(u"sinkForm.folder"_s), u"a sink needs a folder"_s);
        QCOMPARE(scene.part(u"sinkForm"_s)->focusWidget(), scene.part(u"sinkForm.path"_s));
        QVERIFY(!scene.part(u"sinkForm.problem"_s)->isVisible());
    }

    void keysAreKeptAndATokenGoesWithThem()
    {
        Scene scene;
        scene.give({.sinks = {lake()}});
        scene.table()->selectRow(0);
        scene.click(u"sinks.change"_s);
        QTRY_VERIFY(scene.part(u"sinkForm"_s));
        QVERIFY(scene.part<QLineEdit>(u"sinkForm.s3.secret_access_key"_s)->text().isEmpty());
        QVERIFY(!tests::accessibleText(scene.part(u"sinkForm"_s)).contains(u"1234"_s));
        scene.part<QCheckBox>(u"sinkForm.bodies"_s)->click();
        scene.click(u"sinkForm.submit"_s);
        QTRY_VERIFY(!scene.now().sinks[0].bodies);
        QVERIFY(scene.now().sinks[0].s3 == lake().s3);
        QTRY_VERIFY(!scene.part(u"sinkForm"_s));
        scene.click(u"sinks.change"_s);
        QTRY_VERIFY(scene.part(u"sinkForm"_s));
        scene.type(u"sinkForm.s3.secret_access_key"_s, u"lasting"_s);
        scene.click(u"sinkForm.submit"_s);
        QTRY_COMPARE(scene.now().sinks[0].s3.secretAccessKey.value, std::string("lasting"));
        QVERIFY(scene.now().sinks[0].s3.sessionToken.empty());
        QCOMPARE(scene.now().sinks[0].s3.accessKeyId.value, mask);
    }

    void sinksTellHowTheyGo()
    {
        Scene scene;
        scene.telemetry.setSinks({{.name = "archive", .sent = 1204, .waiting = 12}, {.name = "lake", .waiting = 40, .problem = "The log sink lake does not reach the bucket calls: 503. Its calls wait in the call log."}});
        scene.give({.sinks = {archive(), lake()}});
        const QAbstractItemModelTester tester(scene.table()->model());
        QCOMPARE(scene.cell(0, SinksModel::Sent), u"1,204"_s);
        QCOMPARE(scene.cell(0, SinksModel::Waiting), u"12"_s);
        QCOMPARE(scene.cell(0, SinksModel::State), u"Well"_s);
        QCOMPARE(scene.cell(1, SinksModel::Place), u"s3://calls/one at http://127.0.0.1:9000"_s);
        QCOMPARE(scene.cell(1, SinksModel::State), u"Does not get through"_s);
        QVERIFY(scene.part<Label>(u"sinks.problems"_s)->text().contains(u"503"_s));
        scene.table()->selectRow(1);
        scene.telemetry.setSinks({{.name = "archive", .sent = 1210, .waiting = 0}, {.name = "lake", .sent = 40, .waiting = 0}});
        QTRY_COMPARE(scene.cell(1, SinksModel::State), u"Well"_s);
        QVERIFY(!scene.part<Label>(u"sinks.problems"_s)->isVisible());
        QCOMPARE(scene.table()->currentIndex().row(), 1); // what is chosen stays so
    }

    void sinksAreSwitchedAndRemoved()
    {
        Scene scene;
        scene.give({.sinks = {archive(), lake()}});
        scene.table()->selectRow(0);
        scene.click(u"sinks.turn"_s);
        QTRY_VERIFY(!scene.now().sinks[0].enabled);
        QTRY_COMPARE(scene.part<Button>(u"sinks.turn"_s)->text(), u"Turn on"_s);
        QCOMPARE(scene.cell(0, SinksModel::State), u"Off"_s);
        scene.click(u"sinks.remove"_s);
        QTRY_VERIFY(scene.part(u"removeSink"_s));
        scene.part(u"removeSink"_s)->findChild<Button *>(u"confirm.confirm"_s)->click();
        QTRY_COMPARE(scene.now().sinks.size(), std::size_t {1});
        QVERIFY(scene.takeBack);
        scene.takeBack();
        QTRY_COMPARE(scene.now().sinks.size(), std::size_t {2});
        scene.takeBack = {};
        scene.table()->selectRow(1);
        scene.click(u"sinks.remove"_s);
        QTRY_VERIFY(scene.part(u"removeSink"_s));
        scene.part(u"removeSink"_s)->findChild<Button *>(u"confirm.confirm"_s)->click();
        QTRY_COMPARE(scene.now().sinks.size(), std::size_t {1});
        QTRY_COMPARE(scene.toast, u"Log sink \"lake\" removed"_s);
        QVERIFY(!scene.takeBack); // its keys are gone
    }

    void thoseOfTheFileAreReadOnly()
    {
        Scene scene;
        scene.give({.otlp = "http://127.0.0.1:4318", .sinks = {archive()}}, true);
        scene.table()->selectRow(0);
        for (const QString &name : {u"collector.change"_s, u"sinks.new"_s, u"sinks.change"_s, u"sinks.turn"_s, u"sinks.remove"_s})
            QVERIFY2(!scene.part(name)->isEnabled(), qPrintable(name));
    }

    void lostSecretsAreKnown()
    {
        const TelemetrySettings before {.otlp = "http://a", .otlpHeaders = {{"x", mask}}, .sinks = {archive(), lake()}};
        using ui::settings::losesSecrets;
        QVERIFY(!losesSecrets(before, before));
        TelemetrySettings after = before;
        after.sinks.erase(after.sinks.begin());
        after.otlp.clear();
        QVERIFY(!losesSecrets(before, after)); // headers stay without a collector
        after.otlp = "http://b";
        QVERIFY(losesSecrets(before, after));
        after = before;
        after.otlpHeaders["x"] = "other";
        QVERIFY(losesSecrets(before, after));
        after = before;
        after.sinks[1].s3.bucket = "others";
        QVERIFY(losesSecrets(before, after));
        after = before;
        after.sinks[1].name = "renamed";
        QVERIFY(!losesSecrets(before, after));
    }

    void statesAreToldByShapeAndWords()
    {
        LogSink sink = archive();
        QCOMPARE(stateOf(sink, SinkStatus {.name = "archive", .dropped = 2}).words, u"Lacks 2 call(s)"_s); // the plural is the translation's
        QCOMPARE(stateOf(sink, SinkStatus {.name = "archive"}).words, u"Nothing sent yet"_s);
        QVERIFY(stateOf(sink, std::nullopt).words.isEmpty());
        sink.enabled = false;
        QCOMPARE(stateOf(sink, SinkStatus {.name = "archive", .problem = "x"}).words, u"Off"_s);
        QCOMPARE(stateOf(CollectorStatus {.on = true, .sent = 4, .lost = 1}).words, u"Well: 4 calls sent since the start, none waiting, 1 not taken"_s);
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

QTEST_MAIN(tst_Telemetry)
#include "tst_telemetry.moc"
