// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/calls/calls_scene.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/call_python.h"
#include "ui/panes/calls/mark_look.h"
#include "ui/panes/calls/mark_strip.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using gateway::CallMark;
using gateway::CallRecord;
using gateway::Endpoint;
using tests::FakeGateway;
using tests::calls::Scene;
using namespace ui::calls;

namespace {

/// The pane with its list there, and what it says to the window.
struct Marking : Scene
{
    Marking()
    {
        QObject::connect(&view, &ui::bridge::ViewContext::toastRequested, &pane, [this](const QString &text, const std::function<void()> &undo) {
            said = text;
            takeBack = undo;
        });
        if (!QTest::qWaitFor([this] { return model()->rowCount() == 500; }))
            qFatal("no calls");
        QApplication::setActiveWindow(&pane);
    }
    void click(int row, Qt::KeyboardModifiers keys = {}) { QTest::mouseClick(table()->viewport(), Qt::LeftButton, keys, table()->visualRect(model()->index(row, 2)).center()); }
    CallMark mark(int row) { return model()->call(row)->mark; }
    /// The stored one.
    CallMark kept(int row) { return gateway.marks().markOf(model()->idAt(row).toStdString()); }
    void inspect(int row)
    {
        click(row);
        if (!QTest::qWaitFor([this] { return pane.inspector()->complete(); }))
            qFatal("no detail");
    }

    QString said;
    std::function<void()> takeBack;
};

} // namespace

class tst_MarkingCalls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void keysColourTheChosenCall_data()
    {
        QTest::addColumn<int>("colour");
        for (int colour = 1; colour <= 6; ++colour)
            QTest::newRow(qPrintable(markName(colour))) << colour;
    }

    void keysColourTheChosenCall()
    {
        QFETCH(int, colour);
        Marking scene;
        scene.table()->setFocus();
        scene.click(2);
        QTest::keyClick(scene.table(), Qt::Key(Qt::Key_0 + colour), Qt::AltModifier);
        QTRY_COMPARE(scene.mark(2).colour, colour);
        QCOMPARE(scene.kept(2).colour, colour);
        QVERIFY2(scene.said.contains(markName(colour)), qPrintable(scene.said));
        const QModelIndex first = scene.model()->index(2, 0);
        QVERIFY(first.data(Qt::ToolTipRole).toString().contains(markName(colour)));
        QVERIFY(first.data(Qt::AccessibleDescriptionRole).toString().contains(markName(colour)));
        QTest::keyClick(scene.table(), Qt::Key_0, Qt::AltModifier);
        QTRY_COMPARE(scene.mark(2).colour, 0);
    }

    void aSelectionIsColouredAndUndoneAsItWas()
    {
        Marking scene;
        scene.table()->setFocus();
        scene.click(3);
        QTest::keyClick(scene.table(), Qt::Key_5, Qt::AltModifier);
        QTRY_COMPARE(scene.mark(3).colour, 5);
        scene.click(1);
        scene.click(4, Qt::ShiftModifier);
        auto *button = scene.part<QPushButton>(u"colour"_s);
        QVERIFY(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        auto *menu = button->findChild<QMenu *>(u"calls.colourMenu"_s);
        QVERIFY(menu);
        QTRY_VERIFY(menu->isVisible());
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->actions().at(1)).center()); // orange
        for (int row = 1; row <= 4; ++row)
            QTRY_COMPARE(scene.mark(row).colour, 2);
        QCOMPARE(scene.mark(0).colour, 0);
        QCOMPARE(scene.gateway.marks().last().size(), std::size_t(4));
        QCOMPARE(scene.said, u"4 calls marked orange"_s);
        QVERIFY(scene.takeBack);
        scene.takeBack();
        QTRY_COMPARE(scene.mark(3).colour, 5);
        QCOMPARE(scene.mark(1).colour, 0);
        QCOMPARE(scene.kept(4).colour, 0);
    }

    void theCellMenuColoursToo()
    {
        Marking scene;
        scene.click(1);
        auto *menu = new QMenu(&scene.pane);
        Q_EMIT scene.table()->menuWanted(menu, {scene.model()->idAt(1)});
        auto *colours = menu->findChild<QMenu *>(u"calls.colourMenu"_s);
        QVERIFY(colours);
        QCOMPARE(colours->actions().size(), 8); // six, a line, none
        colours->actions().at(3)->trigger();
        QTRY_COMPARE(scene.mark(1).colour, 4);
    }

    void commentsAreKeptWithEnterAndShown()
    {
        Marking scene;
        scene.inspect(2);
        auto *field = scene.part<QLineEdit>(u"comment"_s);
        QVERIFY(field && field->isVisible());
        field->setFocus();
        QTest::keyClicks(field, u"  odd answer "_s);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(scene.mark(2).comment, std::string("odd answer"));
        QCOMPARE(scene.gateway.marks().asked(), 1);
        scene.table()->setShownColumns({u"comment"_s, u"colour"_s});
        QCOMPARE(scene.cell(2, Column::Comment), u"odd answer"_s);
        QCOMPARE(scene.cell(2, Column::Colour), u"—"_s);
        QCOMPARE(filterTerm(*scene.model()->call(2), Column::Comment), u"comment:\"odd answer\""_s);
        scene.takeBack();
        QTRY_COMPARE(scene.mark(2).comment, std::string());
        QTRY_COMPARE(field->text(), QString());
    }

    void escBringsTheCommentBackAndLeavingKeepsIt()
    {
        Marking scene;
        scene.inspect(2);
        auto *field = scene.part<QLineEdit>(u"comment"_s);
        field->setFocus();
        QTest::keyClicks(field, u"no"_s);
        QTest::keyClick(field, Qt::Key_Escape);
        QCOMPARE(field->text(), QString());
        QVERIFY(scene.pane.inspector()->isVisible()); // that Esc was the field's
        QTest::keyClicks(field, u"yes"_s);
        const QString id = scene.model()->idAt(2);
        scene.click(5); // another call
        QTRY_COMPARE(scene.gateway.marks().markOf(id.toStdString()).comment, std::string("yes"));
        QTRY_VERIFY(scene.pane.inspector()->complete());
        QCOMPARE(scene.pane.inspector()->id(), scene.model()->idAt(5));
        QTRY_COMPARE(field->text(), QString());
        QCOMPARE(scene.kept(5).comment, std::string());
    }

    void swatchesMarkAndTakeOff()
    {
        Marking scene;
        scene.inspect(0);
        auto *red = scene.part<QAbstractButton>(u"mark.red"_s);
        QVERIFY(red && !red->isChecked());
        QCOMPARE(red->accessibleName(), u"Mark red"_s);
        QTest::mouseClick(red, Qt::LeftButton);
        QTRY_VERIFY(red->isChecked());
        QTRY_COMPARE(scene.mark(0).colour, 1);
        QTest::mouseClick(red, Qt::LeftButton);
        QTRY_VERIFY(!red->isChecked());
        QCOMPARE(scene.kept(0).colour, 0);
    }

    void whatOthersMarkShowsAtOnce()
    {
        Marking scene;
        scene.inspect(1);
        const std::string id = scene.model()->idAt(1).toStdString();
        scene.gateway.marks().mark({{.callId = id, .colour = 6, .comment = "by another"}}, this, [](const auto &) {});
        QTRY_COMPARE(scene.mark(1).colour, 6);
        QCOMPARE(scene.part<QLineEdit>(u"comment"_s)->text(), u"by another"_s);
        QVERIFY(scene.part<QAbstractButton>(u"mark.violet"_s)->isChecked());
    }

    void failuresAreTold()
    {
        Marking scene;
        scene.table()->setFocus();
        scene.click(0);
        scene.gateway.marks().failNext({.code = gateway::ErrorCode::Busy, .message = "The call log takes no marks now. Try again."});
        QTest::keyClick(scene.table(), Qt::Key_1, Qt::AltModifier);
        QTRY_COMPARE(scene.said, u"Not marked: The call log takes no marks now. Try again."_s);
        QCOMPARE(scene.mark(0).colour, 0);
    }

    void tagsArePaintedBeforeTheFirstColumn()
    {
        Marking scene;
        scene.table()->setFocus();
        const auto edge = [&](int row) { return scene.table()->viewport()->grab(QRect(1, scene.table()->rowViewportPosition(row) + 5, 2, 1)).toImage().pixelColor(0, 0); };
        scene.click(7); // so that no selection is in the way
        const QColor bare = edge(2);
        scene.gateway.marks().mark({{.callId = scene.model()->idAt(2).toStdString(), .colour = 4}}, this, [](const auto &) {});
        QTRY_COMPARE(scene.mark(2).colour, 4);
        QVERIFY(edge(2) != bare);
        QCOMPARE(edge(2).rgb(), markColor(4, ui::widgets::colorsOf(scene.table())).rgb());
    }

    void keysCopyCode()
    {
        Marking scene;
        scene.table()->setFocus();
        int chat = 0;
        while (scene.model()->call(chat)->record.endpoint != gateway::Endpoint::ChatCompletions)
            ++chat;
        scene.click(chat);
        QTest::keyClick(scene.table(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(scene.said, u"Copied as curl"_s);
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(u"curl "_s));
        QTest::keyClick(scene.table(), Qt::Key_C, Qt::ControlModifier | Qt::AltModifier);
        QTRY_COMPARE(scene.said, u"Copied as Python"_s);
        const QString python = QGuiApplication::clipboard()->text();
        QVERIFY2(python.contains(u"from openai import OpenAI"_s) && python.contains(u"api_key=\"sb-YOUR-KEY\""_s) && python.contains(u"You answer for the shop"_s), qPrintable(python));
        QCOMPARE(python.count(u"sb-"_s), 1);
        scene.click(chat + 1, Qt::ControlModifier); // two
        QTest::keyClick(scene.table(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(scene.said.startsWith(u"Choose one call"_s));
    }

    void pythonSpeaksTheCallersFormat_data()
    {
        QTest::addColumn<int>("endpoint");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QStringList>("has");
        QTest::newRow("chat") << int(Endpoint::ChatCompletions) << QByteArray("{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":\"a \\\"b\\\"\"}],\"stream\":true,\"seed\":null,\"logprobs\":false,\"odd\":{\"x\":true}}")
                              << QStringList {u"from openai import OpenAI"_s, u"base_url=\"http://127.0.0.1:8787/v1\""_s, u"client.chat.completions.create("_s, u"model=\"smart\""_s, u"\"content\": \"a \\\"b\\\"\""_s,
                                     u"stream=True"_s, u"seed=None"_s, u"logprobs=False"_s, u"extra_body={"_s, u"\"x\": True"_s, u"for event in answer:"_s};
        QTest::newRow("anthropic") << int(Endpoint::Messages) << QByteArray("{\"model\":\"claude\",\"max_tokens\":20,\"messages\":[]}")
                                   << QStringList {u"from anthropic import Anthropic"_s, u"base_url=\"http://127.0.0.1:8787\""_s, u"client.messages.create("_s, u"max_tokens=20"_s, u"print(answer.content)"_s};
        QTest::newRow("responses") << int(Endpoint::Responses) << QByteArray("{\"model\":\"m\",\"input\":\"hi\"}") << QStringList {u"client.responses.create("_s, u"answer.output_text"_s};
        QTest::newRow("embeddings") << int(Endpoint::Embeddings) << QByteArray("{\"model\":\"m\",\"input\":[\"a\"],\"dimensions\":8}") << QStringList {u"client.embeddings.create("_s, u"extra_body="_s, u"\"dimensions\": 8"_s};
        QTest::newRow("gemini") << int(Endpoint::GenerateContent) << QByteArray("{\"contents\":[]}") << QStringList {u"import httpx"_s, u":8787/v1beta/models/a%2Fb:generateContent"_s, u"\"contents\": []"_s};
        QTest::newRow("not kept") << int(Endpoint::ChatCompletions) << QByteArray() << QStringList {u"model=\"a/b\""_s, u"Hello"_s};
        QTest::newRow("no JSON") << int(Endpoint::ChatCompletions) << QByteArray("{\"model\":") << QStringList {u"import httpx"_s, u"content=\"{\\\"model\\\":\""_s};
        QTest::newRow("too deep") << int(Endpoint::ChatCompletions) << QByteArray("{\"model\":\"m\",\"x\":" + QByteArray(100, '[') + QByteArray(100, ']') + "}") << QStringList {u"import httpx"_s, u"content=\""_s};
        QTest::newRow("audio") << int(Endpoint::Transcriptions) << QByteArray() << QStringList {u"files={\"file\": open(\"FILE\", \"rb\")}"_s, u"\"model\": \"a/b\""_s};
    }

    void pythonSpeaksTheCallersFormat()
    {
        QFETCH(int, endpoint);
        QFETCH(QByteArray, body);
        QFETCH(QStringList, has);
        FakeGateway gateway;
        CallRecord record;
        record.endpoint = Endpoint(endpoint);
        record.askedModel = "a/b";
        record.bodies.request = body.toStdString();
        const QString python = pythonOf(record, gateway);
        for (const QString &part : has)
            QVERIFY2(python.contains(part), qPrintable(part + u" is not in\n"_s + python));
    }

    void pythonKnowsEveryEndpoint()
    {
        FakeGateway gateway;
        QStringList seen;
        for (std::size_t i = 0; i < gateway::endpointCount; ++i) {
            CallRecord record;
            record.endpoint = Endpoint(i);
            record.askedModel = "a/b";
            const QString python = pythonOf(record, gateway);
            QCOMPARE(python.count(u"sb-YOUR-KEY"_s), 1);
            if (record.endpoint != Endpoint::Other) // of which nothing is known
                QVERIFY2(!seen.contains(python), qPrintable(python));
            seen.append(python);
        }
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_MarkingCalls test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_marking_calls.moc"
