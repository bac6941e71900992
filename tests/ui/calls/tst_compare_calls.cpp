// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/calls/calls_scene.h"
#include "ui/panes/calls/call_diff.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/compare_dialog.h"
#include "ui/panes/calls/replay_dialog.h"
#include "ui/panes/calls/side_text.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QPlainTextEdit>
#include <QTableView>

using namespace Qt::StringLiterals;
using gateway::CallRecord;
using gateway::Endpoint;
using tests::FakeGateway;
using tests::calls::Scene;
using namespace ui::calls;
using Kind = SideRow::Kind;

namespace {

CallRecord chat(const char *body, const char *answer = "")
{
    CallRecord record;
    record.endpoint = Endpoint::ChatCompletions;
    record.bodies.request = body;
    record.bodies.answer = answer;
    return record;
}

/// "system| -one +two | ~3" for the rows that there are.
QString told(const QList<SideRow> &rows)
{
    QStringList lines;
    const auto marked = [](const QList<DiffPiece> &pieces) {
        QString text;
        for (const DiffPiece &piece : pieces)
            text += piece.changed ? u'[' + piece.text + u']' : piece.text;
        return text;
    };
    for (const SideRow &row : rows) {
        if (row.kind == Kind::Lines)
            lines << (row.onLeft ? marked(row.left) : u"-"_s) + u" | "_s + (row.onRight ? marked(row.right) : u"-"_s);
        else
            lines << (row.kind == Kind::Heading ? u"# "_s : u"~ "_s) + row.words;
    }
    return lines.join(u'\n');
}

struct Comparing : Scene
{
    Comparing()
    {
        QObject::connect(&view, &ui::bridge::ViewContext::toastRequested, &pane, [this](const QString &text) { said = text; });
        if (!QTest::qWaitFor([this] { return model()->rowCount() == 500; }))
            qFatal("no calls");
        QApplication::setActiveWindow(&pane);
        table()->setFocus();
    }
    void click(int row, Qt::KeyboardModifiers keys = {}) { QTest::mouseClick(table()->viewport(), Qt::LeftButton, keys, table()->visualRect(model()->index(row, 2)).center()); }
    CompareDialog *compared()
    {
        auto *dialog = pane.findChild<CompareDialog *>();
        return dialog && QTest::qWaitFor([dialog] { return dialog->complete(); }) ? dialog : nullptr;
    }
    ReplayDialog *replayed()
    {
        QTest::keyClick(table(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        return QTest::qWaitFor([this] { return pane.findChild<ReplayDialog *>() != nullptr; }) ? pane.findChild<ReplayDialog *>() : nullptr;
    }
    QString words(const QString &name) { return pane.findChild<ui::widgets::Label *>(u"calls."_s + name)->text(); }

    QString said;
};

} // namespace

class tst_CompareCalls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void messagesAreAlignedAndWordsTold()
    {
        const CallRecord one = chat("{\"model\":\"a\",\"temperature\":0.2,\"messages\":[{\"role\":\"system\",\"content\":\"Be kind.\\nAnswer in one line.\"},{\"role\":\"user\",\"content\":\"Hello\"}]}");
        const CallRecord other = chat("{\"temperature\":0.7,\"model\":\"a\",\"messages\":[{\"role\":\"system\",\"content\":\"Be kind.\\nAnswer in two lines.\"},{\"role\":\"user\",\"content\":\"Hello\"},{\"role\":\"assistant\",\"content\":\"Hi\"}]}");
        const QString rows = told(requestRows(one, other));
        QVERIFY2(rows.startsWith(u"# Parameters\n"_s), qPrintable(rows));
        QVERIFY2(rows.contains(u"  \"temperature\": 0.[2] |   \"temperature\": 0.[7]\n"_s), qPrintable(rows));
        QVERIFY2(rows.contains(u"# system\nBe kind. | Be kind.\nAnswer in [one] [line]. | Answer in [two] [lines].\n~ 1 message alike\n# assistant, in the second alone\n- | [Hi]"_s), qPrintable(rows));
    }

    void orderOfMembersIsNoDifference()
    {
        QVERIFY(requestRows(chat("{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"n\":1}"), chat("{\"n\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"model\":\"a\"}")).isEmpty());
    }

    void streamAndWholeAnswerOfOneTextAreIdentical()
    {
        const char *whole = "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello there\"},\"finish_reason\":\"stop\"}]}";
        const char *stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hello \"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"there\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        QVERIFY2(answerRows(chat("{}", whole), chat("{}", stream)).isEmpty(), qPrintable(told(answerRows(chat("{}", whole), chat("{}", stream)))));
        const char *other = "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello you\"},\"finish_reason\":\"stop\"}]}";
        QCOMPARE(told(answerRows(chat("{}", whole), chat("{}", other))), u"# assistant\nHello [there] | Hello [you]\n(stop) | (stop)"_s);
    }

    void whatIsNoChatIsComparedAsText()
    {
        CallRecord one = chat("{\"b\":1,\"a\":[1]}"), other = chat("{\"b\":2,\"a\":[1]}");
        one.endpoint = other.endpoint = Endpoint::Moderations;
        const QString rows = told(requestRows(one, other));
        QVERIFY2(rows.contains(u"  \"b\": [1] |   \"b\": [2]"_s), qPrintable(rows));
        one.bodies.request = "no json [";
        QVERIFY(!requestRows(one, other).isEmpty());
    }

    void longTextsAreBounded()
    {
        std::string one, other;
        for (int i = 0; i < 9000; ++i) {
            one += "a" + std::to_string(i) + "\n";
            other += "b" + std::to_string(i) + "\n";
        }
        const QList<SideRow> rows = textRows(one, other);
        QCOMPARE(rows.size(), 3001);
        QVERIFY(rows.last().words.contains(u"not shown"_s));
    }

    void figuresAreSubtracted()
    {
        CallRecord one, other;
        one.latencyUs = 1'000'000;
        other.latencyUs = 1'250'000;
        one.cost = gateway::Money::fromNanos(20'000'000);
        one.usage.output = 100;
        other.usage.output = 80;
        const auto find = [&](const QString &name) {
            const auto pairs = figurePairs(one, other);
            return *std::ranges::find(pairs, name, &FigurePair::name);
        };
        QCOMPARE(find(u"Latency"_s).difference, u"+250 ms (+25 %)"_s);
        QCOMPARE(find(u"Output tokens"_s).difference, u"−20 (−20 %)"_s);
        QVERIFY(find(u"Cost"_s).differs && find(u"Cost"_s).difference.isEmpty()); // one has none
        QVERIFY(!find(u"Input tokens"_s).differs);
    }

    void twoSelectedAreComparedByKey()
    {
        Comparing scene;
        scene.click(2);
        QTest::keyClick(scene.table(), Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY2(scene.said.startsWith(u"Choose two calls"_s), qPrintable(scene.said));
        scene.click(5, Qt::ControlModifier);
        QTest::keyClick(scene.table(), Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        CompareDialog *dialog = scene.compared();
        QVERIFY(dialog);
        QVERIFY(dialog->isVisible());
        const CallRecord earlier = scene.model()->call(5)->record;
        auto *figures = dialog->findChild<QTableView *>(u"calls.compare.figures"_s);
        QCOMPARE(figures->model()->rowCount(), int(figurePairs(earlier, earlier).size()));
        QCOMPARE(figures->model()->index(1, 1).data().toString(), earlier.model.empty() ? u"—"_s : QString::fromStdString(earlier.model)); // the earlier one is the first
        QCOMPARE(scene.pane.findChild<ui::widgets::Label *>(u"calls.compare.head1"_s)->toolTip(), QString::fromStdString(earlier.id));
        QVERIFY(scene.words(u"compare.summary"_s).contains(u"figures differ"_s));
        dialog->setTab(CompareDialog::Answer);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!scene.pane.findChild<CompareDialog *>());
    }

    void theBarComparesTwoAndNoMore()
    {
        Comparing scene;
        scene.click(1);
        scene.click(3, Qt::ShiftModifier);
        auto *button = scene.part<QPushButton>(u"compareSelected"_s);
        QVERIFY(button->isVisible() && !button->isEnabled());
        scene.click(3, Qt::ControlModifier);
        QVERIFY(button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(scene.compared());
    }

    void identicalAndMissingBodiesAreSaid()
    {
        FakeGateway gateway;
        std::deque<CallRecord> log {gateway.madeCall(2), gateway.madeCall(2), gateway.madeCall(2)};
        for (std::size_t i = 0; i < log.size(); ++i) {
            log[i].id = "call_SAME" + std::to_string(i);
            log[i].startedAt = FakeGateway::sceneTime() - std::chrono::seconds(i + 1);
        }
        log[2].bodies = {};
        gateway.setLog(log);
        ui::bridge::ViewContext view(FakeGateway::sceneTime);
        QWidget window;
        window.resize(1024, 640);
        window.show();
        const auto words = [&](const QString &other, const char *page) {
            auto *dialog = new CompareDialog({&gateway, &view}, u"call_SAME0"_s, other, &window);
            dialog->open();
            if (!QTest::qWaitFor([dialog] { return dialog->complete(); }))
                return QString();
            const QString text = dialog->findChild<ui::widgets::Label *>(QLatin1StringView(page))->text();
            delete dialog;
            return text;
        };
        QCOMPARE(words(u"call_SAME1"_s, "calls.compare.request.words"), u"The requests are identical."_s);
        QCOMPARE(words(u"call_SAME1"_s, "calls.compare.answer.words"), u"The answers are identical."_s);
        QVERIFY(words(u"call_SAME1"_s, "calls.compare.summary").contains(u"all figures are equal"_s));
        QVERIFY(words(u"call_SAME2"_s, "calls.compare.request.words").startsWith(u"Of the first call: "_s));
        QVERIFY(words(u"call_SAME2"_s, "calls.compare.summary").contains(u"cannot be compared"_s));
        auto *gone = new CompareDialog({&gateway, &view}, u"call_SAME0"_s, u"call_GONE"_s, &window);
        gone->open();
        auto *banner = gone->findChild<ui::widgets::SectionBanner *>(u"calls.compare.banner"_s);
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(!gone->complete());
        delete gone;
    }

    void aReplayStreamsAndIsCompared()
    {
        Comparing scene;
        scene.click(2);
        const QString id = scene.model()->idAt(2);
        ReplayDialog *dialog = scene.replayed();
        QVERIFY(dialog);
        auto *send = dialog->findChild<QPushButton *>(u"calls.replay.send"_s);
        QVERIFY2(send->isEnabled() && send->text().contains(u"costs"_s), qPrintable(send->text()));
        QVERIFY(scene.gateway.replays().orders().empty()); // nothing is sent before it is said
        QVERIFY(!dialog->findChild<QPushButton *>(u"calls.replay.compare"_s)->isEnabled());
        QTest::mouseClick(send, Qt::LeftButton);
        auto *text = dialog->findChild<QPlainTextEdit *>(u"calls.replay.text"_s);
        QTRY_COMPARE(text->toPlainText(), u"The scanner app closes because the update lost its settings."_s);
        auto *compare = dialog->findChild<QPushButton *>(u"calls.replay.compare"_s);
        QTRY_VERIFY(compare->isEnabled());
        QCOMPARE(scene.gateway.replays().orders().size(), std::size_t(1));
        QCOMPARE(scene.gateway.replays().orders().front().model, std::string());
        auto *figures = dialog->findChild<QTableView *>(u"calls.replay.figures"_s);
        QCOMPARE(figures->model()->rowCount(), 7);
        QVERIFY(figures->model()->index(4, 2).data().toString() == u"412 ms"_s);
        QTest::mouseClick(compare, Qt::LeftButton);
        CompareDialog *compared = scene.compared();
        QVERIFY(compared);
        QCOMPARE(scene.pane.findChild<ui::widgets::Label *>(u"calls.compare.head1"_s)->toolTip(), id);
    }

    void aReplayAsksAnotherRouteAndCanBeStopped()
    {
        Comparing scene;
        scene.click(2);
        scene.gateway.replays().setHeld(true);
        ReplayDialog *dialog = scene.replayed();
        QVERIFY(dialog);
        auto *route = dialog->findChild<QComboBox *>(u"calls.replay.route"_s);
        route->setEditText(u"openai/gpt-4o-mini"_s);
        QVERIFY(scene.words(u"replay.price"_s).contains(u"another model"_s));
        auto *send = dialog->findChild<QPushButton *>(u"calls.replay.send"_s);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_VERIFY(dialog->running());
        QCOMPARE(send->text(), u"Stop"_s);
        auto *text = dialog->findChild<QPlainTextEdit *>(u"calls.replay.text"_s);
        QTRY_COMPARE(text->toPlainText(), u"The scanner app closes because "_s);
        QTest::mouseClick(send, Qt::LeftButton);
        QVERIFY(!dialog->running());
        QTRY_COMPARE(scene.gateway.replays().ended(), 1);
        QCOMPARE(scene.gateway.replays().orders().front().model, std::string("openai/gpt-4o-mini"));
        QVERIFY(send->text().contains(u"costs"_s));
    }

    void whatCannotBeReplayedSaysWhy()
    {
        FakeGateway gateway;
        ui::bridge::ViewContext view(FakeGateway::sceneTime);
        QWidget window;
        window.resize(1024, 640);
        window.show();
        gateway::CallDetail detail {.record = gateway.madeCall(2), .bodiesExpired = true};
        ReplayDialog expired({&gateway, &view}, detail, &window);
        expired.setAttribute(Qt::WA_DeleteOnClose, false);
        expired.open();
        QVERIFY(!expired.findChild<QPushButton *>(u"calls.replay.send"_s)->isEnabled());
        auto *note = expired.findChild<ui::widgets::SectionBanner *>(u"calls.replay.note"_s);
        QVERIFY(note->isVisible());
        QCOMPARE(note->headline(), u"This call cannot be replayed"_s);
        detail.bodiesExpired = false;
        detail.record.findings = {{.rule = "email", .action = "mask", .asked = 1}};
        ReplayDialog scrubbed({&gateway, &view}, detail, &window);
        scrubbed.setAttribute(Qt::WA_DeleteOnClose, false);
        scrubbed.open();
        QVERIFY(scrubbed.findChild<QPushButton *>(u"calls.replay.send"_s)->isEnabled());
        QCOMPARE(scrubbed.findChild<ui::widgets::SectionBanner *>(u"calls.replay.note"_s)->headline(), u"The scrubbed text is sent"_s);
    }

    void failedReplaysAreTold()
    {
        Comparing scene;
        scene.click(2);
        scene.gateway.replays().failNext({.code = gateway::ErrorCode::Io, .message = "The listener is not up."});
        ReplayDialog *dialog = scene.replayed();
        QVERIFY(dialog);
        QTest::mouseClick(dialog->findChild<QPushButton *>(u"calls.replay.send"_s), Qt::LeftButton);
        auto *state = dialog->findChild<ui::widgets::StateLabel *>(u"calls.replay.state"_s);
        QTRY_COMPARE(state->text(), u"The listener is not up."_s);
        QVERIFY(!dialog->findChild<QPushButton *>(u"calls.replay.compare"_s)->isEnabled());
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_CompareCalls test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_compare_calls.moc"
