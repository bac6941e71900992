// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/calls/calls_scene.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/prefix_note.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using gateway::CallRecord;
using tests::FakeGateway;
using namespace ui::calls;

namespace {

std::string body(const std::string &system, const std::string &turns, const std::string &more = {})
{
    return R"({"model":"smart","messages":[{"role":"system","content":")" + system + R"("},)" + turns + "]" + more + "}";
}

const std::string question = R"({"role":"user","content":"Where is my parcel?"})";
const std::string answered = question + R"(,{"role":"assistant","content":"On its way."},{"role":"user","content":"Thanks."})";
const std::string monday = "You answer for the shop. Today is Monday.", tuesday = "You answer for the shop. Today is Tuesday.";

/// A call of the session, so many seconds before the scene's time.
CallRecord call(const std::string &id, int secondsAgo, const std::string &request, std::int64_t tokens = 5200)
{
    CallRecord record;
    record.id = id;
    record.startedAt = FakeGateway::sceneTime() - std::chrono::seconds(secondsAgo);
    record.endpoint = gateway::Endpoint::ChatCompletions;
    record.session = "sess_1";
    record.provider = "openai";
    record.model = "gpt-4o";
    record.httpStatus = 200;
    record.usage = {.input = tokens, .output = 10};
    record.bodies.request = request;
    return record;
}

gateway::Prices prices()
{
    return {.input = gateway::Money::fromNanos(2'500'000'000), .output = gateway::Money::fromNanos(10'000'000'000), .cachedInput = gateway::Money::fromNanos(1'250'000'000)};
}

QString wordsOf(const std::string &before, const std::string &now)
{
    const auto report = comparePrefixes(call("a", 20, before), call("b", 10, now), prices());
    return report ? reasonOf(*report) : QString();
}

} // namespace

/// The warning over a call whose prompt could not be read from its provider's cache, and why.
class tst_PrefixNote : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }
    void reasonIsTold_data();
    void reasonIsTold();
    void lossIsCounted();
    void whatCostNothingIsNotTold();
    void sentBodiesGoBeforeAsked();
    void inspectorWarns();
    void inspectorSaysThatNothingWasKept();
    void inspectorLooksAtTheSameModelAlone();

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

void tst_PrefixNote::reasonIsTold_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("now");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, const std::string &before, const std::string &now, const QString &words) {
        QTest::newRow(name) << QByteArray::fromStdString(before) << QByteArray::fromStdString(now) << words;
    };
    const std::string f = R"({"type":"function","function":{"name":"f"}})", g = R"({"type":"function","function":{"name":"g"}})";
    const auto with = [](const std::string &tools) { return R"(,"tools":[)" + tools + "]"; };
    row("the day", body(monday, question), body(tuesday, answered),
        u"The system text differs from character 35 on: “…for the shop. Today is Monday.”, then “…for the shop. Today is Tuesday.”. A date or a time? Put what changes at the end."_s);
    row("more at its end", body(monday, question), body(monday, answered), {});
    row("the order of tools", body(monday, question, with(f + "," + g)), body(monday, question, with(g + "," + f)), u"The tools stand in another order. Send the same tools in the same order."_s);
    row("another tool", body(monday, question, with(f)), body(monday, question, with(f + "," + g)), u"The tools are others (added: g). They stand before all else: keep them the same for a whole session."_s);
    row("a message", body(monday, answered), body(monday, R"({"role":"user","content":"Where is it?"},)" + answered.substr(question.size() + 1)),
        u"Message 1 (user) differs from character 10 on: “Where is my parcel?”, then “Where is it?”. Leave as it is what was sent once, and put what is new behind it."_s);
    row("messages left out", body(monday, answered), body(monday, R"({"role":"user","content":"Thanks."})"),
        u"2 messages were left out, from message 1 (user) on. Leave as it is what was sent once, and put what is new behind it."_s);
}

void tst_PrefixNote::reasonIsTold()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, now);
    QFETCH(QString, words);
    QCOMPARE(wordsOf(before.toStdString(), now.toStdString()), words);
}

void tst_PrefixNote::lossIsCounted()
{
    CallRecord former = call("a", 20, body(monday, question), 5200), record = call("b", 10, body(tuesday, answered), 6000);
    auto report = comparePrefixes(former, record, prices());
    QVERIFY(report);
    QCOMPARE(report->tokens, 5200); // the rest is new
    QCOMPARE(report->cost->nanos(), 6'500'000);
    record.usage.cachedInput = 1000;
    QCOMPARE(comparePrefixes(former, record, prices())->tokens, 4200);
    record.usage.cachedInput = 0;
    record.usage.cacheWrite = 6000; // paid for with what writing costs
    gateway::Prices claude = prices();
    claude.cacheWrite = gateway::Money::fromNanos(3'125'000'000);
    QCOMPARE(comparePrefixes(former, record, claude)->cost->nanos(), 9'750'000);
    report = comparePrefixes(former, record, std::nullopt);
    QVERIFY(report && !report->cost);
    QVERIFY(!headlineOf(*report).contains(u"cost"_s));
}

void tst_PrefixNote::whatCostNothingIsNotTold()
{
    const CallRecord former = call("a", 20, body(monday, question)), record = call("b", 10, body(tuesday, answered));
    CallRecord changed = record;
    changed.usage.cachedInput = 4500; // most was read all the same
    QVERIFY(!comparePrefixes(former, changed, prices()));
    QVERIFY(!comparePrefixes(call("a", 20, body(monday, question), 900), record, prices())); // too short for any cache
    gateway::Prices local = prices();
    local.cachedInput.reset();
    QVERIFY(!comparePrefixes(former, record, local)); // it has none
    changed = record;
    changed.session.clear();
    QVERIFY(mayHaveBrokenPrefix(record) && !mayHaveBrokenPrefix(changed));
    changed = record;
    changed.cachedFrom = "call_0";
    QVERIFY(!mayHaveBrokenPrefix(changed) && !couldServe(changed, record));
    changed = record;
    changed.endpoint = gateway::Endpoint::Embeddings;
    QVERIFY(!mayHaveBrokenPrefix(changed) && !couldServe(changed, record) && couldServe(former, record));
}

void tst_PrefixNote::sentBodiesGoBeforeAsked()
{
    CallRecord former = call("a", 20, body(monday, question)), record = call("b", 10, body(tuesday, answered));
    former.bodies.sent = R"({"system":"The same.","messages":[{"role":"user","content":"hi"}]})";
    QVERIFY(comparePrefixes(former, record, prices())->found); // one side alone is not compared with the other's
    record.bodies.sent = former.bodies.sent;
    QVERIFY(!comparePrefixes(former, record, prices()));
    // What went out by name came in any order.
    const std::string f = R"({"name":"f"})", g = R"({"name":"g"})";
    former.bodies.sent = record.bodies.sent = {};
    former.bodies.request = body(monday, question, R"(,"tools":[)" + g + "," + f + "]");
    record.bodies.request = body(monday, question, R"(,"tools":[)" + f + "," + g + "]");
    QVERIFY(comparePrefixes(former, record, prices())->found->reordered);
    former.decisions = record.decisions = "prompt cache: tools by name";
    QVERIFY(!comparePrefixes(former, record, prices()));
}

void tst_PrefixNote::inspectorWarns()
{
    tests::calls::Scene scene(FakeGateway::Scene::Full, {call("call_2", 10, body(tuesday, answered)), call("call_1", 20, body(monday, question))});
    CallInspector inspector({&scene.gateway, &scene.view});
    inspector.resize(1000, 400);
    inspector.show();
    auto *note = inspector.findChild<PrefixNote *>();
    inspector.showId(u"call_2"_s);
    QTRY_VERIFY(note->isVisible());
    QVERIFY2(note->text().startsWith(u"The prompt’s beginning changed since the session’s call before (14:31:47), so about 5,200 tokens were not read from the cache, which cost about $0.0065. The system text differs"_s),
             qPrintable(note->text()));
    QCOMPARE(note->accessibleName(), note->text());
    inspector.showId(u"call_1"_s); // the first of its session
    QVERIFY(!note->isVisible());
    QTRY_VERIFY(inspector.complete());
    QTest::qWait(50);
    QVERIFY(!note->isVisible() && note->text().isEmpty());
}

void tst_PrefixNote::inspectorSaysThatNothingWasKept()
{
    tests::calls::Scene scene(FakeGateway::Scene::Full, {call("call_2", 10, {}), call("call_1", 20, {})});
    CallInspector inspector({&scene.gateway, &scene.view});
    inspector.show();
    inspector.showId(u"call_2"_s);
    auto *note = inspector.findChild<PrefixNote *>();
    QTRY_VERIFY(note->isVisible());
    QVERIFY2(note->text().startsWith(u"About 5,200 tokens that the session’s call before (14:31:47) had sent too were not read from the cache"_s), qPrintable(note->text()));
    QVERIFY(note->text().endsWith(u"Why is not known: the two requests were not kept (Settings, Retention)."_s));
}

void tst_PrefixNote::inspectorLooksAtTheSameModelAlone()
{
    CallRecord other = call("call_2", 15, body("Another.", question)), late = call("call_0", 4000, body(monday, question));
    other.model = "gpt-4o-mini";
    tests::calls::Scene scene(FakeGateway::Scene::Full, {call("call_3", 10, body(tuesday, answered)), other, call("call_1", 20, body(monday, question)), late});
    CallInspector inspector({&scene.gateway, &scene.view});
    inspector.show();
    auto *note = inspector.findChild<PrefixNote *>();
    inspector.showId(u"call_3"_s);
    QTRY_VERIFY(note->isVisible());
    QVERIFY2(note->text().contains(u"(14:31:47)"_s), qPrintable(note->text()));
}

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_PrefixNote test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_prefix_note.moc"
