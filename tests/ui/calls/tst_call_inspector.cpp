// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/calls/calls_scene.h"
#include "tests/ui/support/fake_repricing.h"
#include "ui/panes/calls/body_view.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/panes/calls/call_curl.h"
#include "ui/panes/calls/call_export.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/chat_view.h"
#include "ui/panes/calls/cost_view.h"
#include "ui/panes/calls/details_view.h"
#include "ui/panes/calls/waterfall_view.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;
using gateway::CallRecord;
using tests::FakeGateway;
using ui::widgets::SegmentedControl;
using tests::calls::Scene;
using namespace ui::calls;

class tst_CallInspector : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void inspectorTellsTheRescue()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        QTest::mouseClick(scene.table()->viewport(), Qt::LeftButton, {}, QPoint(200, 12));
        CallInspector *inspector = scene.pane.inspector();
        QTRY_VERIFY(inspector->complete());
        QCOMPARE(scene.part<ui::widgets::Chip>(u"inspectorStatus"_s)->text(), u"200 rescued"_s);
        QCOMPARE(scene.part<ui::widgets::ElidedLabel>(u"inspectorSummary"_s)->text(), u"support-bot, smart, 3 attempts, 3.87 s, $0.0119, OpenAI chat → Anthropic"_s);
        QCOMPARE(scene.part<ui::widgets::Label>(u"attemptsNote"_s)->text(), u"openai 429 twice, then claude in 2.93 s"_s);
        QStringList lines;
        for (const auto &line : scene.part<WaterfallView>(u"waterfall"_s)->lines())
            lines.append(line.label + u'|' + line.code);
        QCOMPARE(lines, (QStringList {u"Key, route|"_s, u"1 openai gpt-4o|429"_s, u"wait 250 ms|"_s, u"2 openai gpt-4o|429"_s, u"3 claude claude-sonnet-4|200"_s, u"first byte|"_s}));
        const auto &messages = scene.part<ChatView>(u"chat"_s)->messages();
        QCOMPARE(messages.size(), 3);
        QCOMPARE(messages.at(2).role, u"assistant"_s); // joined from the event stream
        QVERIFY(messages.at(2).text.endsWith(u"by tomorrow noon."_s));
        inspector->setTab(CallInspector::Details);
        bool words = false;
        for (const auto &field : scene.part<DetailsView>(u"details"_s)->fields())
            words = words || field.value.contains(u"Rate limit reached for gpt-4o"_s);
        QVERIFY(words);
        inspector->setTab(CallInspector::Cost);
        const auto &cost = scene.part<CostView>(u"cost"_s)->lines();
        QVERIFY(cost.last().sum);
        QCOMPARE(cost.last().amount->nanos(), 11'934'000);
        gateway::Money sum;
        for (const auto &line : cost)
            if (!line.sum)
                sum += line.amount.value_or(gateway::Money {});
        QCOMPARE(sum.nanos(), 11'934'000);
    }

    void answersFromTheCacheAreNotCalledRefused()
    {
        CallRecord record;
        record.status = gateway::CallStatus::Ok;
        record.cache = gateway::CacheOutcome::Hit;
        WaterfallView waterfall;
        waterfall.setCall(record);
        QCOMPARE(waterfall.lines().first().label, u"Cache"_s);
        QVERIFY(waterfall.lines().first().ok);
        QCOMPARE(ui::calls::attemptWords(record), u"none, the answer was kept in the cache"_s);
        QCOMPARE(ui::calls::pathWords(record), u"cache"_s);
        record.status = gateway::CallStatus::Refused;
        record.cache = gateway::CacheOutcome::Off;
        waterfall.setCall(record);
        QCOMPARE(waterfall.lines().first().label, u"Refused"_s);
        QCOMPARE(ui::calls::pathWords(record), u"refused"_s);
    }

    void wordsThatTheFilterAsksForAreMarkedInTheChat()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        QTest::mouseClick(scene.table()->viewport(), Qt::LeftButton, {}, QPoint(200, 12));
        QTRY_VERIFY(scene.pane.inspector()->complete());
        const auto marked = [&] {
            QStringList texts;
            for (const auto *label : scene.part<ChatView>(u"chat"_s)->findChildren<QLabel *>()) {
                if (label->textFormat() == Qt::RichText)
                    texts.append(label->text());
            }
            return texts;
        };
        QVERIFY(marked().isEmpty());
        QVERIFY(scene.view.setFilterText(u"text:\"tomorrow noon\" OR text:ord*"_s));
        QCOMPARE(marked().size(), 2);
        const QString color = ui::calls::markColor(ui::widgets::themeColors(m_theme->dark())).name();
        QVERIFY2(marked()[0].contains(color) && marked()[0].contains(u">order</span> never came"_s), qPrintable(marked()[0]));
        QVERIFY2(marked()[1].contains(u">tomorrow noon</span>."_s), qPrintable(marked()[1]));
        m_theme->setMode(m_theme->dark() ? ui::widgets::ThemeMode::Light : ui::widgets::ThemeMode::Dark);
        const QString other = ui::calls::markColor(ui::widgets::themeColors(m_theme->dark())).name();
        QTRY_VERIFY2(marked()[0].contains(other) && other != color, qPrintable(marked()[0]));
        m_theme->setMode(ui::widgets::ThemeMode::Light);
        QVERIFY(scene.view.setFilterText(QString()));
        QVERIFY(marked().isEmpty());
    }

    void bothFiguresOfARepricedCallAreTold()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        QTest::mouseClick(scene.table()->viewport(), Qt::LeftButton, {}, QPoint(200, 12));
        QTRY_VERIFY(scene.pane.inspector()->complete());
        auto *cost = scene.part<CostView>(u"cost"_s);
        CallRecord record = scene.gateway.madeCall(2);
        cost->setCall(record, scene.gateway);
        QTRY_VERIFY(!cost->lines().isEmpty());
        const auto recorded = cost->lines().last();
        tests::FakeRepricing::of(scene.gateway).setCall(record.id, {gateway::Money::fromNanos(17'000'000), FakeGateway::sceneTime()});
        cost->setCall(record, scene.gateway);
        QTRY_VERIFY(cost->lines().last().attempt.startsWith(u"Re-priced, 17 Nov 2026"_s));
        QCOMPARE(cost->lines().last().amount->nanos(), 17'000'000);
        const auto &before = cost->lines().at(cost->lines().size() - 2);
        QVERIFY(before.sum && before.attempt == recorded.attempt && before.amount == record.cost); // stands as it was
        QVERIFY(cost->note().startsWith(u"Budgets and spend go by the recorded sum."_s));
        record.id = "call_other"; // has one figure alone
        cost->setCall(record, scene.gateway);
        QTest::qWait(50);
        QCOMPARE(cost->lines().last().attempt, recorded.attempt);
    }

    void promptIsMadeOfAChat()
    {
        Scene scene;
        QString opened;
        connect(&scene.view, &ui::bridge::ViewContext::paneRequested, &scene.pane, [&](const QString &pane, const QString &item) { opened = pane + u' ' + item; });
        CallRecord chat = scene.gateway.madeCall(2), embedding = chat;
        chat.endpoint = gateway::Endpoint::ChatCompletions;
        embedding.endpoint = gateway::Endpoint::Embeddings;
        embedding.id = "call_other";
        CallInspector inspector({&scene.gateway, &scene.view});
        inspector.show();
        inspector.showCall(embedding);
        auto *make = inspector.findChild<QAbstractButton *>(u"calls.makePrompt"_s);
        QVERIFY(make && !make->isVisible());
        inspector.showCall(chat);
        QVERIFY(make->isVisible());
        make->click();
        QCOMPARE(opened, u"prompts call:"_s + QString::fromStdString(chat.id));
    }

    void bodiesSayWhyTheyAreNotThere()
    {
        Scene scene;
        CallRecord record = scene.gateway.madeCall(2);
        BodyView view(BodyKind::Request);
        gateway::config::LogSettings settings;
        gateway::CallDetail detail {record, false};
        view.setCall(detail, true, settings);
        QVERIFY(view.text().startsWith(u"{\n  \"model\": "_s));
        detail.record.bodies.requestCut = true;
        view.setCall(detail, true, settings);
        QVERIFY(view.note().contains(u"Only the beginning was kept"_s));
        detail.record.bodies = {};
        detail.bodiesExpired = true;
        view.setCall(detail, true, settings);
        QVERIFY(view.note().startsWith(u"Not kept any more"_s));
        detail.bodiesExpired = false;
        detail.record.bodies.dropped = true;
        view.setCall(detail, true, settings);
        QVERIFY(view.note().startsWith(u"Not kept: too many bodies"_s));
        detail.record.bodies.dropped = false;
        settings.bodies = false;
        view.setCall(detail, true, settings);
        QVERIFY(view.note().startsWith(u"Not kept: keeping bodies is off"_s));
    }

    void translatedCallShowsBothSides()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        QTest::mouseClick(scene.table()->viewport(), Qt::LeftButton, {}, QPoint(200, 12));
        CallInspector *inspector = scene.pane.inspector();
        QTRY_VERIFY(inspector->complete());
        inspector->setTab(CallInspector::Request);
        auto *request = scene.part<BodyView>(u"request"_s);
        auto *sides = scene.part<SegmentedControl>(u"requestSides"_s);
        QVERIFY(sides->isVisible());
        QCOMPARE(sides->accessibleName(), u"Program: OpenAI chat"_s);
        QVERIFY(request->text().contains(u"logit_bias"_s));
        QTest::keyClick(sides, Qt::Key_Right);
        QCOMPARE(sides->accessibleName(), u"Provider: Anthropic"_s);
        QVERIFY(!request->text().contains(u"logit_bias"_s));
        QVERIFY(request->text().contains(u"\"model\": \"claude-sonnet-4\""_s));
        inspector->setTab(CallInspector::Response); // the side is kept
        auto *response = scene.part<BodyView>(u"response"_s);
        QVERIFY(response->note().startsWith(u"Event stream as received"_s));
        QVERIFY(response->text().startsWith(u"event: message_start"_s));
        QTest::keyClick(scene.part<SegmentedControl>(u"responseSides"_s), Qt::Key_Left);
        QVERIFY(response->note().startsWith(u"Event stream as sent"_s));
        QVERIFY(response->text().contains(u"chat.completion.chunk"_s));
    }

    void aCallThatWasNotTranslatedHasOneSide()
    {
        BodyView view(BodyKind::Request);
        gateway::CallDetail detail;
        detail.record.bodies.request = "{\"model\":\"smart\"}";
        view.setCall(detail, true, {}, CallSide::Provider);
        QVERIFY(view.findChild<SegmentedControl *>()->isHidden());
        QVERIFY(view.text().contains(u"smart"_s));
        detail.record.providerFormat = "anthropic";
        view.setCall(detail, true, {}, CallSide::Provider); // translated, but nothing was kept of it
        QVERIFY(!view.findChild<SegmentedControl *>()->isHidden());
        QVERIFY(view.text().isEmpty());
        QCOMPARE(view.note(), u"Nothing was kept of what the provider was sent."_s);
        detail.record.bodies.sent = "{\"model\":\"claude\"}";
        detail.record.bodies.sentCut = true;
        view.setCall(detail, true, {}, CallSide::Provider);
        QVERIFY(view.note().contains(u"Only the beginning was kept"_s));
        detail.record.bodies.sent = std::string("\0\0\0\x8a", 4);
        view.setCall(detail, true, {}, CallSide::Provider);
        QCOMPARE(view.note(), u"Binary, 4 B: not shown. Only the beginning was kept: bodies are cut at 262 kB."_s);
        QVERIFY(view.text().isEmpty());
    }

    void whatWasLostIsListed()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        QTest::mouseClick(scene.table()->viewport(), Qt::LeftButton, {}, QPoint(200, 12));
        QTRY_VERIFY(scene.pane.inspector()->complete());
        auto *chip = scene.part<ui::widgets::Chip>(u"inspectorLosses"_s);
        QVERIFY(chip->isVisible());
        QCOMPARE(chip->text(), u"2 lost"_s);
        QTest::mouseClick(chip, Qt::LeftButton);
        auto *details = scene.part<DetailsView>(u"details"_s);
        QVERIFY(details->isVisible());
        QCOMPARE(details->lost().size(), 2);
        QCOMPARE(details->lost().front().name, u"logit_bias"_s);
        QCOMPARE(details->lost().front().value, u"anthropic has no such parameter"_s);
        QStringList names;
        for (const auto &field : details->fields())
            names.append(field.name + u'=' + field.value);
        QVERIFY(names.contains(u"Translated=OpenAI chat → Anthropic"_s));
        QVERIFY(names.contains(u"Trace=4bf92f3577b34da6a3ce929d0e0e4736"_s));
        CallRecord plain = scene.gateway.madeCall(2);
        plain.losses.clear();
        details->setCall(plain);
        QVERIFY(details->lost().isEmpty());
    }

    void whatThePrivacyPolicyFoundIsTold()
    {
        Scene scene;
        CallRecord call = scene.gateway.madeCall(2);
        DetailsView details;
        call.policy.clear();
        details.setCall(call);
        QVERIFY(details.found().isEmpty());
        call.policy = "default";
        call.findings = {{.rule = "email", .action = "tokenize", .asked = 2, .answered = 1}, {.rule = "size", .action = "guardrail report", .asked = 1}, {.rule = "email", .action = "guardrail block", .answered = 1}};
        details.setCall(call);
        QCOMPARE(details.found().size(), 3);
        QCOMPARE(details.found()[0].name, u"E-mail address"_s);
        QCOMPARE(details.found()[0].value, u"2 in the request, 1 in the answer: placeholders went in their place, and the values came back in the answer"_s);
        QCOMPARE(details.found()[1].name, u"Guardrail size"_s);
        QCOMPARE(details.found()[1].value, u"had something against the request, and only reports"_s);
        QCOMPARE(details.found()[2].name, u"Guardrail email"_s);
        QCOMPARE(details.found()[2].value, u"did not let the first answer through; the model was asked again"_s);
        call.error = gateway::ErrorCode::BlockedByPolicy;
        details.setCall(call);
        QCOMPARE(details.found()[2].value, u"did not let the answer through"_s);
    }

    void prettyJsonKeepsNumbersAndOrder()
    {
        Scene scene;
        CallRecord record = scene.gateway.madeCall(2);
        record.bodies.request = "{\"z\":12345678901234567890,\"a\":[1.10,{}],\"s\":\"a\\\"{b\"}";
        BodyView view(BodyKind::Request);
        view.setCall({record, false}, true, {});
        QCOMPARE(view.text(), u"{\n  \"z\": 12345678901234567890,\n  \"a\": [\n    1.10,\n    {}\n  ],\n  \"s\": \"a\\\"{b\"\n}"_s);
        record.bodies.request = "{\"a\":1}\n{\"b\":{}}\n";
        view.setCall({record, false}, true, {});
        QCOMPARE(view.text(), u"{\n  \"a\": 1\n}\n{\n  \"b\": {}\n}"_s);
    }

    void streamOfToolCallsIsJoined()
    {
        const auto messages = answerMessages("data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"find\",\"arguments\":\"\"}}]}}]}\n\n"
                                             "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"q\\\":\"}}]}}]}\r\n\r\n"
                                             "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n");
        QCOMPARE(messages.size(), 1);
        QCOMPARE(messages.front().tools.size(), 1);
        QCOMPARE(messages.front().tools.front().name, u"find"_s);
        QCOMPARE(messages.front().tools.front().arguments, u"{\"q\":1}"_s);
        QCOMPARE(messages.front().note, u"tool_calls"_s);
    }

    void copiedCurlHasThePlaceholderKey()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        QTest::mouseClick(scene.table()->viewport(), Qt::LeftButton, {}, QPoint(200, 12));
        QTRY_VERIFY(scene.pane.inspector()->complete());
        QTest::mouseClick(scene.part<QPushButton>(u"copyCurl"_s), Qt::LeftButton);
        const QString curl = QGuiApplication::clipboard()->text();
        QVERIFY(curl.contains(u"Authorization: Bearer sb-YOUR-KEY"_s));
        QVERIFY(curl.contains(u"http://127.0.0.1:8787/v1/chat/completions"_s));
        QVERIFY(curl.contains(u"You answer for the shop"_s));
        QCOMPARE(curl.count(u"sb-"_s), 1);
    }

    void curlKnowsEveryEndpoint()
    {
        FakeGateway gateway;
        QStringList seen;
        for (std::size_t i = 0; i < gateway::endpointCount; ++i) {
            CallRecord record;
            record.endpoint = gateway::Endpoint(i);
            record.askedModel = "a/b";
            const QString curl = curlOf(record, gateway);
            QVERIFY(curl.contains(u"Authorization: Bearer sb-YOUR-KEY"_s));
            if (record.endpoint != gateway::Endpoint::Other) // of which nothing is known
                QVERIFY2(!seen.contains(curl), qPrintable(curl));
            seen.append(curl);
        }
        const auto curl = [&](gateway::Endpoint endpoint, const char *body, bool stream = false) {
            CallRecord record;
            record.endpoint = endpoint;
            record.askedModel = "a/b";
            record.stream = stream;
            record.bodies.request = body;
            return curlOf(record, gateway);
        };
        const QString messages = curl(gateway::Endpoint::Messages, "{\"max_tokens\":1}");
        QVERIFY(messages.contains(u"127.0.0.1:8787/v1/messages \\"_s) && messages.contains(u"anthropic-version: 2023-06-01"_s) && messages.endsWith(u"'{\"max_tokens\":1}'"_s));
        QVERIFY(curl(gateway::Endpoint::GenerateContent, "").contains(u":8787/v1beta/models/a%2Fb:generateContent \\"_s));
        QVERIFY(curl(gateway::Endpoint::GenerateContent, "", true).startsWith(u"curl -N 'http://127.0.0.1:8787/v1beta/models/a%2Fb:streamGenerateContent?alt=sse' \\"_s));
        QVERIFY(curl(gateway::Endpoint::CountTokens, "{\"contents\":[]}").contains(u"/v1beta/models/a%2Fb:countTokens"_s));
        QVERIFY(curl(gateway::Endpoint::CountTokens, "{\"messages\":[]}").contains(u"/v1/messages/count_tokens"_s));
        QVERIFY(!curl(gateway::Endpoint::Transcriptions, "").contains(u"--data-raw"_s));
    }

    void callOfAnotherPageOpensById()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        const QString id = u"call_01JD3K8V2Q0000000008990000"_s; // ten thousand calls down
        QCOMPARE(scene.model()->rowOf(id), -1);
        scene.pane.openItem(id);
        QTRY_VERIFY(scene.pane.inspector()->complete());
        QVERIFY(scene.pane.inspector()->isVisible());
        QCOMPARE(scene.pane.inspector()->record().id, id.toStdString());
    }

    void selectionCopiesItsIds()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        const auto at = [&](int row) { return scene.table()->visualRect(scene.model()->index(row, 2)).center(); };
        QTest::mouseClick(scene.table()->viewport(), Qt::LeftButton, {}, at(1));
        QTest::mouseClick(scene.table()->viewport(), Qt::LeftButton, Qt::ShiftModifier, at(3));
        QTest::mouseClick(scene.table()->viewport(), Qt::LeftButton, Qt::ControlModifier, at(6));
        auto *bar = scene.part<ui::widgets::SelectionBar>(u"selection"_s);
        QVERIFY(bar->isVisible());
        for (auto *button : bar->findChildren<QPushButton *>())
            if (button->text() == u"Copy ids")
                QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text().split(u'\n'),
            (QStringList {scene.model()->idAt(1), scene.model()->idAt(2), scene.model()->idAt(3), scene.model()->idAt(6)}));
    }

    void exportWritesWhatIsFound_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("csv") << int(CallExport::Format::Csv);
        QTest::newRow("jsonl") << int(CallExport::Format::JsonLines);
    }

    void exportWritesWhatIsFound()
    {
        QFETCH(int, format);
        FakeGateway gateway;
        CallExport out(&gateway);
        QTemporaryDir folder;
        const QString path = folder.filePath(u"calls"_s);
        CallExport::Job job;
        job.format = CallExport::Format(format);
        job.range = {FakeGateway::sceneTime() - std::chrono::hours {1}, gateway::WallTime::max()};
        job.filter = *gateway::CallFilter::parse("team:growth");
        QSignalSpy finished(&out, &CallExport::finished);
        out.start(path, job);
        QVERIFY(finished.wait());
        std::optional<gateway::CallCounts> counts;
        gateway::CallQuery query;
        query.range = job.range;
        query.filter = job.filter;
        gateway.countCalls(query, &out, [&](auto answer) { counts = *answer; });
        QTRY_VERIFY(counts);
        QCOMPARE(finished.front().at(1).toULongLong(), counts->found);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QCOMPARE(quint64(text.count('\n')), counts->found + (job.format == CallExport::Format::Csv ? 1 : 0));
        QVERIFY(!text.contains("You answer for the shop")); // bodies stay in the log
    }

    void exportTellsWhatWasTranslated()
    {
        CallRecord record;
        record.id = "call_1";
        record.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        record.providerFormat = "anthropic";
        record.losses = {{"logit_bias", "anthropic has no such parameter"}, {"seed", "no"}};
        record.decisions = "when: else";
        const QByteArray csv = CallExport::line(CallExport::Format::Csv, record);
        QVERIFY2(csv.endsWith(",4bf92f3577b34da6a3ce929d0e0e4736,anthropic,\"logit_bias,seed\",when: else\r\n"), csv.constData());
        QCOMPARE(CallExport::header(CallExport::Format::Csv).count(','), QByteArray(csv).replace("logit_bias,seed", "").count(','));
        QVERIFY(CallExport::line(CallExport::Format::JsonLines, record).contains("\"lost\":[{\"what\":\"logit_bias\",\"why\":\"anthropic has no such parameter\"}"));
    }

    void exportEscapesFormulas()
    {
        CallRecord record;
        record.tags = "=HYPERLINK(\"http://x\")";
        QVERIFY(CallExport::line(CallExport::Format::Csv, record).contains("\"'=HYPERLINK(\"\"http://x\"\")\""));
    }

    void cancelledExportLeavesNoFile()
    {
        FakeGateway gateway;
        CallExport out(&gateway);
        QTemporaryDir folder;
        const QString path = folder.filePath(u"calls.csv"_s);
        CallExport::Job job;
        job.range = {FakeGateway::sceneTime() - std::chrono::hours {1}, gateway::WallTime::max()};
        QSignalSpy progressed(&out, &CallExport::progressed);
        out.start(path, job);
        QVERIFY(progressed.wait());
        out.cancel();
        QVERIFY(!out.running());
        QTRY_COMPARE(QThreadPool::globalInstance()->activeThreadCount(), 0);
        QVERIFY(QDir(folder.path()).isEmpty());
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_CallInspector test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_call_inspector.moc"
