// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/body_rows.h"
#include "gateway/storage/body_words.h"
#include "gateway/storage/filter_text.h"
#include "gateway/storage/text_index.h"
#include "gateway/storage/text_indexer.h"
#include "tests/gateway/storage/random_calls.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <set>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

namespace {

const std::vector<std::string> someWords {"refund", "payment", "pay", "paying", "Übergröße", "naïve", "東京", "order", "late", "rare"};

bool says(const std::string &text, const std::string &word)
{
    const std::string padded = " " + text + " ";
    return padded.find(" " + word + " ") != std::string::npos;
}

/// What a call asks, as words between blanks.
struct Said
{
    CallRecord record;
    std::string asked, answered;
    [[nodiscard]] bool has(const std::string &words) const { return says(asked, words) || says(answered, words); }
    [[nodiscard]] bool begins(const std::string &word) const { return (" " + asked).find(" " + word) != std::string::npos || (" " + answered).find(" " + word) != std::string::npos; }
};

std::string sentence(std::mt19937 &random)
{
    std::string text;
    for (auto words = random() % 6; words > 0; --words) {
        const auto chance = random() % 200;
        text += (text.empty() ? "" : " ") + (chance == 0 ? std::string("rare") : someWords[chance % (someWords.size() - 1)]);
    }
    return text;
}

Said call(std::mt19937 &random, WallTime from)
{
    Said said {.record = randomCall(random, from, std::chrono::seconds(4 * 24 * 3600)), .asked = sentence(random), .answered = sentence(random)};
    if (random() % 5 == 0) {
        said.asked.clear();
        said.answered.clear();
        return said; // without bodies
    }
    said.record.bodies.request = R"({"model":"refund","messages":[{"role":"user","content":")" + said.asked + R"("}]})";
    said.record.bodies.answer = R"({"id":"payment","choices":[{"message":{"role":"assistant","content":")" + said.answered + R"("}}]})";
    return said;
}

std::vector<CallRecord> recordsOf(const std::vector<Said> &all)
{
    std::vector<CallRecord> records;
    for (const Said &said : all)
        records.push_back(said.record);
    return records;
}

CallLogSettings keepingLong()
{
    CallLogSettings settings;
    settings.log.keep = settings.log.keepBodies = std::chrono::days(1000);
    return settings;
}

} // namespace

class tst_FullText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsWhatIsSaid_data();
    void readsWhatIsSaid();
    void quotesWhatSomebodyTyped();
    void findsWhatTheCallsSay();
    void findsACallBeforeItIsIndexed();
    void saysHowToTurnItOn();
    void goesOnWhereItWas();
    void forgetsWithTheLog();
    void keepsUpAndGoesWhenSwitchedOff();
    void makesADamagedIndexAgain();
    void anyTextIsAQuestion();

private:
    static Result<BodyStretch> bodies(TempStore &store, StretchOf which, std::int64_t row, int most, std::size_t bytes)
    {
        const auto reader = BodyReader::open(store.callsPath());
        return reader ? (*reader)->read(which, row, most, bytes) : std::unexpected(reader.error());
    }

    /// As the indexer does it, `most` calls a step: the newer half upwards, the rest downwards.
    static void index(TempStore &store, int most, std::int64_t startAfter)
    {
        auto index = TextIndex::open(textPathBeside(store.callsPath()), startAfter);
        QVERIFY2(index, index ? "" : index.error().message.c_str());
        const auto words = [](const BodyStretch &stretch) {
            std::vector<WordedCall> calls;
            for (const StoredBodies &each : stretch.calls)
                calls.push_back({.row = each.row, .atUs = each.atUs, .words = bodyWords(each.bodies)});
            return calls;
        };
        for (bool more = true; more;) {
            const auto newer = bodies(store, StretchOf::RowsAfter, (*index)->place().upTo, most, 1 << 20);
            QVERIFY(newer);
            QVERIFY((*index)->addNewer(words(*newer), newer->more ? newer->calls.back().row : newer->lastRow));
            more = newer->more;
        }
        for (bool more = true; more;) {
            const auto older = bodies(store, StretchOf::RowsBefore, (*index)->place().from, most, 1 << 20);
            QVERIFY(older);
            QVERIFY((*index)->addOlder(words(*older), older->calls.empty() ? older->firstRow : older->calls.front().row));
            more = older->more;
        }
    }

    static std::set<std::string> found(TempStore &store, const std::string &filter)
    {
        CallQuery query;
        query.filter = filterOf(filter);
        query.limit = 10'000;
        const auto page = store.reader().calls(query);
        if (!page)
            qWarning("%s: %s", filter.c_str(), page.error().message.c_str());
        std::set<std::string> ids;
        for (const CallRow &row : page ? page->rows : std::vector<CallRow> {})
            ids.insert(row.record.id);
        return ids;
    }
};

void tst_FullText::readsWhatIsSaid_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("cut");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *name, QByteArray body, QByteArray words, bool cut = false) { QTest::newRow(name) << body << cut << words; };
    row("chat", R"({"model":"gpt-4o","user":"u-1","metadata":{"a":"no"},"messages":[{"role":"system","content":"Be \u00fcbrig."},{"role":"user","content":[{"type":"text","text":"Line\nbreak"}]}]})", "Be übrig.\nLine\nbreak");
    row("a tool's arguments", R"({"choices":[{"message":{"tool_calls":[{"id":"t","function":{"name":"find","arguments":"{\"city\":\"Rome\\nItaly\"}"}}]}}]})", "Rome\nItaly");
    row("an image", R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"text","text":"What is it?"}]}]})", "What is it?");
    row("OpenAI's stream", "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hel\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo wor\"}}]}\n\n"
                           "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ld\"}}]}\n\ndata: [DONE]\n\n",
        "Hello world\nother");
    row("Anthropic's stream", "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Good\"}}\n\n"
                              "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" day\"}}\n\n"
                              "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\"}}\n\n"
                              "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\\\"Rome\\\"}\"}}\n\n",
        "Good day\nRome");
    row("the Responses' stream", "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Once\",\"obfuscation\":\"xyz\"}\n\n"
                                 "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\" said\",\"obfuscation\":\"x\"}\n\n"
                                 "event: response.output_text.done\ndata: {\"type\":\"response.output_text.done\",\"text\":\"Once said\"}\n\n",
        "Once said");
    row("a stream that was cut", "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"all\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"del", "all", true);
    row("JSON that was cut", R"({"messages":[{"role":"user","content":"first"},{"role":"user","content":"sec)", "first", true);
    row("plain", "  Service unavailable  ", "Service unavailable");
    row("a file", QByteArray("RIFF\0\0WAVE", 10), "");
    row("broken UTF-8", "caf\xc3 au lait", "caf\xc3 au lait");
    row("nothing", "", "");
}

void tst_FullText::readsWhatIsSaid()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, cut);
    QFETCH(QByteArray, words);
    QCOMPARE(QByteArray::fromStdString(wordsOf(body.toStdString(), cut)), words);
}

void tst_FullText::quotesWhatSomebodyTyped()
{
    const auto expression = [](const std::string &filter) { return textExpression(filterOf(filter).root()).value_or("(none)"); };
    QCOMPARE(expression("text:refund"), std::string("\"refund\""));
    QCOMPARE(expression("text:pay*"), std::string("\"pay\" *"));
    QCOMPARE(expression("text:\"a \\\"b\\\" OR c*\""), std::string("\"a \"\"b\"\" OR c*\""));
    QCOMPARE(expression("text:a OR text:b"), std::string("(\"a\") OR (\"b\")"));
    QCOMPARE(expression("text:a team:b"), std::string("(none)"));
    QCOMPARE(textOfAll(filterOf("text:a team:b (text:c OR text:d)").root()).value_or(""), std::string("(\"a\") AND ((\"c\") OR (\"d\"))"));
    QVERIFY(!textOfAll(filterOf("NOT text:a").root()));
    const auto nothing = CallFilter::parse("text:\"-\"");
    QVERIFY(!nothing && nothing.error().message.find("needs a word") != std::string::npos);
    QVERIFY(!CallFilter::parse("text:>a"));
}

/// Blocks and the tail, several days and parts, and some that are not indexed: whatever way the finder takes, it finds the same.
void tst_FullText::findsWhatTheCallsSay()
{
    TempStore store(keepingLong());
    std::mt19937 random(7);
    std::vector<Said> all;
    for (int i = 0; i < 9'500; ++i)
        all.push_back(call(random, store.clock().wallNow() - std::chrono::days(5)));
    store.store(recordsOf(all));
    index(store, 97, 4'000);

    using Holds = std::function<bool(const Said &)>;
    const std::vector<std::pair<std::string, Holds>> cases {
        {"text:refund", [](const Said &s) { return s.has("refund"); }},
        {"text:REFUND", [](const Said &s) { return s.has("refund"); }},
        {"text:rare", [](const Said &s) { return s.has("rare"); }},
        {"text:none", [](const Said &) { return false; }},
        {"text:ubergroße", [](const Said &s) { return s.has("Übergröße"); }},
        {"text:東京", [](const Said &s) { return s.has("東京"); }},
        {"text:pay*", [](const Said &s) { return s.begins("pay"); }},
        {"text:pay", [](const Said &s) { return s.has("pay"); }},
        {"text:\"refund payment\"", [](const Said &s) { return s.has("refund payment"); }},
        {"text:refund text:late", [](const Said &s) { return s.has("refund") && s.has("late"); }},
        {"text:rare OR text:naive", [](const Said &s) { return s.has("rare") || s.has("naïve"); }},
        {"NOT text:refund", [](const Said &s) { return !s.has("refund"); }},
        {"text:refund NOT text:pay", [](const Said &s) { return s.has("refund") && !s.has("pay"); }},
        {"text:refund OR team:search", [](const Said &s) { return s.has("refund") || s.record.team == "search"; }},
        {"text:rare OR status:429", [](const Said &s) { return s.has("rare") || s.record.httpStatus == 429; }},
        {"text:refund team:search", [](const Said &s) { return s.has("refund") && s.record.team == "search"; }},
        {"text:refund customer:acme", [](const Said &s) { return s.has("refund") && s.record.customer == "acme"; }},
        {"text:refund prompt:summarise", [](const Said &s) { return s.has("refund") && s.record.prompt.starts_with("summarise@"); }},
        {"text:late latency:>2s", [](const Said &s) { return s.has("late") && s.record.latencyUs > 2'000'000; }},
        {"text:\"x\\\" OR refund\"", [](const Said &) { return false; }},
    };
    for (const auto &[text, holds] : cases) {
        std::set<std::string> expected;
        std::uint64_t repeats = 0;
        for (const Said &said : all) {
            if (!holds(said))
                continue;
            expected.insert(said.record.id);
            repeats += said.record.repeats;
        }
        QVERIFY2(found(store, text) == expected, text.c_str());
        CallQuery query;
        query.filter = filterOf(text);
        const auto counts = store.reader().count(query, 1min);
        QVERIFY2(counts && counts->complete && counts->found == repeats, text.c_str());
        std::uint64_t binned = 0;
        const auto bins = store.reader().histogram({.range = {.from = store.clock().wallNow() - std::chrono::days(6)}, .filter = query.filter}, 3600, store.clock().wallNow());
        for (const HistogramBin &bin : bins.value_or(std::vector<HistogramBin> {}))
            binned += bin.ok + bin.rescued + bin.failed + bin.refused;
        QVERIFY2(binned == repeats, text.c_str());

        // Page by page it is the same, in order.
        query.limit = 250;
        const std::vector<std::string> paged = idsOf(rowsOf(store.reader(), query));
        QVERIFY2(paged.size() == expected.size() && std::set<std::string>(paged.begin(), paged.end()) == expected, text.c_str());
    }
}

void tst_FullText::findsACallBeforeItIsIndexed()
{
    TempStore store(keepingLong());
    std::mt19937 random(3);
    store.store({call(random, store.clock().wallNow()).record});
    index(store, 10, 0);
    CallRecord late = sampleCall(store.clock().wallNow(), "search");
    late.bodies.request = R"({"messages":[{"role":"user","content":"zebra crossing"}]})";
    store.store({late});
    QCOMPARE(found(store, "text:zebra"), std::set<std::string> {late.id});
    QCOMPARE(found(store, "text:\"zebra crossing\" team:search"), std::set<std::string> {late.id});
    QCOMPARE(found(store, "text:zebu"), std::set<std::string> {});
}

void tst_FullText::saysHowToTurnItOn()
{
    TempStore store(keepingLong());
    store.store({sampleCall(store.clock().wallNow(), "search")});
    for (const char *filter : {"text:refund", "NOT text:refund", "team:search text:refund", "text:refund OR team:search"}) {
        const auto page = store.reader().calls({.filter = filterOf(filter)});
        QVERIFY2(!page, filter);
        QCOMPARE(page.error().code, ErrorCode::NotSupported);
        QVERIFY(page.error().message.find("gateway.log.full_text") != std::string::npos);
    }
    QVERIFY(store.reader().calls({.filter = filterOf("team:search")})); // and nothing else is hurt
}

void tst_FullText::goesOnWhereItWas()
{
    TempStore store(keepingLong());
    std::mt19937 random(5);
    std::vector<Said> all;
    for (int i = 0; i < 300; ++i)
        all.push_back(call(random, store.clock().wallNow()));
    store.store(recordsOf(all));
    const std::string path = textPathBeside(store.callsPath());
    {
        auto index = TextIndex::open(path, 100);
        QVERIFY(index);
        const auto newer = bodies(store, StretchOf::RowsAfter, 100, 20, 1 << 20);
        QVERIFY(newer && newer->more);
        std::vector<WordedCall> calls;
        for (const StoredBodies &each : newer->calls)
            calls.push_back({.row = each.row, .atUs = each.atUs, .words = bodyWords(each.bodies)});
        QVERIFY((*index)->addNewer(calls, calls.back().row));
        QCOMPARE((*index)->calls(), 20U);
    }
    auto again = TextIndex::open(path, 300);
    QVERIFY(again);
    QCOMPARE((*again)->place().from, 101);
    QCOMPARE((*again)->calls(), 20U);
    QVERIFY((*again)->place().upTo < 300);
    again->reset();
    index(store, 50, 300);
    std::set<std::string> expected;
    for (const Said &said : all) {
        if (said.has("refund"))
            expected.insert(said.record.id);
    }
    QCOMPARE(found(store, "text:refund"), expected);
}

void tst_FullText::forgetsWithTheLog()
{
    TempStore store(keepingLong());
    std::mt19937 random(9);
    std::vector<Said> days;
    for (int day = 0; day < 4; ++day) {
        for (int i = 0; i < 100; ++i) {
            days.push_back(call(random, store.clock().wallNow()));
            days.back().record.startedAt = store.clock().wallNow() - std::chrono::days(10 - 2 * day) + std::chrono::seconds(i);
        }
    }
    store.store(recordsOf(days));
    index(store, 30, 400);
    auto opened = TextIndex::open(textPathBeside(store.callsPath()), 0);
    QVERIFY(opened);
    const auto calls = (*opened)->calls();
    QCOMPARE(*(*opened)->forgetBefore(50), false); // the first day is not over yet
    QCOMPARE((*opened)->calls(), calls);
    while (*(*opened)->forgetBefore(250)) { }
    QVERIFY((*opened)->calls() < calls);
    const auto left = found(store, "text:refund");
    for (std::size_t i = 0; i < days.size(); ++i) { // those between may still be there: parts go whole
        if (days[i].has("refund") && (i < 100 || i >= 249))
            QCOMPARE(left.contains(days[i].record.id), i >= 249);
    }
}

void tst_FullText::keepsUpAndGoesWhenSwitchedOff()
{
    TempStore store(keepingLong());
    std::mt19937 random(11);
    std::vector<Said> all;
    for (int i = 0; i < 700; ++i)
        all.push_back(call(random, store.clock().wallNow()));
    store.store(recordsOf(all));
    TextIndexer indexer({.callsPath = store.callsPath(), .look = 5ms, .pause = 5ms});
    const QString file = QString::fromStdString(textPathBeside(store.callsPath()));
    QVERIFY(!indexer.state().on);
    indexer.configure(true);
    QTRY_VERIFY_WITH_TIMEOUT(indexer.state().complete, 30'000);
    const TextIndexState state = indexer.state();
    QVERIFY(state.on && state.done == 1 && state.bytes > 0 && state.problem.empty());
    QCOMPARE(state.calls, static_cast<std::uint64_t>(std::ranges::count_if(all, [](const Said &said) { return !said.record.bodies.request.empty(); })));
    Said more = call(random, store.clock().wallNow());
    more.record.bodies.request = R"({"messages":[{"role":"user","content":"zebra"}]})";
    store.store({more.record});
    QTRY_COMPARE_WITH_TIMEOUT(indexer.state().calls, state.calls + 1, 30'000);
    QCOMPARE(found(store, "text:zebra"), std::set<std::string> {more.record.id});

    indexer.configure(false);
    QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(file), 30'000);
    QVERIFY(!store.reader().calls({.filter = filterOf("text:zebra")}));
    indexer.configure(true); // the reader finds the new file
    QTRY_VERIFY_WITH_TIMEOUT(indexer.state().complete, 30'000);
    QCOMPARE(found(store, "text:zebra"), std::set<std::string> {more.record.id});
}

void tst_FullText::makesADamagedIndexAgain()
{
    TempStore store(keepingLong());
    CallRecord one = sampleCall(store.clock().wallNow(), "search");
    one.bodies.request = R"({"messages":[{"role":"user","content":"zebra"}]})";
    store.store({one});
    QFile file(QString::fromStdString(textPathBeside(store.callsPath())));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(8192, 'x')) > 0);
    file.close();
    TextIndexer indexer({.callsPath = store.callsPath(), .look = 5ms, .pause = 5ms});
    indexer.configure(true);
    QTRY_VERIFY_WITH_TIMEOUT(indexer.state().complete, 30'000);
    QCOMPARE(found(store, "text:zebra"), std::set<std::string> {one.id});
}

void tst_FullText::anyTextIsAQuestion()
{
    TempStore store(keepingLong());
    std::mt19937 random(13);
    store.store({call(random, store.clock().wallNow()).record});
    index(store, 10, 0);
    for (int i = 0; i < 400; ++i) {
        std::string text = "a";
        for (auto length = random() % 12; length > 0; --length)
            text += static_cast<char>(random() % 256);
        std::string typed;
        for (const char c : text)
            typed += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
        const auto filter = CallFilter::parse("text:\"" + typed + "\"");
        QVERIFY(filter);
        const auto page = store.reader().calls({.filter = *filter});
        QVERIFY2(page, page ? "" : page.error().message.c_str());
    }
}

QTEST_GUILESS_MAIN(tst_FullText)
#include "tst_full_text.moc"
