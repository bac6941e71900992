// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/mark_colour.h"
#include "tests/gateway/storage/random_calls.h"

#include <QTest>

#include <algorithm>
#include <future>
#include <map>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

/// Colours and comments of calls in calls.db.
class tst_CallMarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void areKeptWithTheirCallsOverARestart();
    void whatIsNotSaidStays();
    void tellWhatWasBefore();
    void callsThatAreGoneArePassedOver();
    void goWithTheirCalls();
    void filtersFindThem_data();
    void filtersFindThem();
    void coloursInUseAreOffered();

private:
    static constexpr int many = 9'000; ///< two blocks, and calls after them
    std::unique_ptr<TempStore> m_store;
    std::vector<CallRecord> m_records;           ///< newest first
    std::map<std::string, CallMark> m_marks;     ///< by the calls' ids
};

namespace {

Result<std::vector<MarkChange>> mark(TempStore &store, std::vector<MarkChange> changes)
{
    auto told = std::make_shared<std::promise<Result<std::vector<MarkChange>>>>();
    auto outcome = told->get_future();
    store.writer().keepMarks(std::move(changes), [told](Result<std::vector<MarkChange>> before) { told->set_value(std::move(before)); });
    if (outcome.wait_for(20s) != std::future_status::ready)
        qFatal("no word on the marks");
    return outcome.get();
}

CallMark markOf(TempStore &store, const std::string &id)
{
    const auto detail = store.reader().call(id);
    if (!detail)
        qFatal("%s", detail.error().message.c_str());
    return detail->mark;
}

} // namespace

void tst_CallMarks::initTestCase()
{
    m_store = std::make_unique<TempStore>();
    const WallTime from = m_store->clock().wallNow() - 15h;
    std::mt19937 random(5);
    for (int i = 0; i < many; ++i)
        m_records.push_back(randomCall(random, from + std::chrono::seconds(i * 6), 5s)); // in the order of their times
    m_store->store(m_records);
    std::ranges::reverse(m_records);
    std::vector<MarkChange> changes;
    for (std::size_t i = 0; i < m_records.size(); i += 331)
        changes.push_back({.callId = m_records[i].id, .colour = static_cast<int>(i / 331 % 7)});
    for (std::size_t i = 5; i < m_records.size(); i += 997)
        changes.push_back({.callId = m_records[i].id, .comment = i % 2 == 0 ? "Too LONG, 100 % wrong" : "fine"});
    changes.push_back({.callId = m_records[0].id, .colour = 1, .comment = "long too"});
    for (const MarkChange &change : changes) {
        CallMark &now = m_marks[change.callId];
        now = {.colour = change.colour.value_or(now.colour), .comment = change.comment.value_or(now.comment)};
    }
    QVERIFY(mark(*m_store, changes));
}

void tst_CallMarks::areKeptWithTheirCallsOverARestart()
{
    TempStore store;
    const CallRecord call = sampleCall(store.clock().wallNow());
    store.store({call});
    QVERIFY(mark(store, {{.callId = call.id, .colour = 3, .comment = "look \xc3\xa9"}}));
    const CallMark wanted {.colour = 3, .comment = "look \xc3\xa9"};
    QVERIFY(markOf(store, call.id) == wanted);
    store.closeWriter();
    store.writer(); // as the next start
    const auto reader = CallLogReader::open(store.callsPath());
    QVERIFY(reader);
    const auto page = (*reader)->calls({});
    QVERIFY(page && page->rows.size() == 1);
    QVERIFY(page->rows.front().mark == wanted);
}

void tst_CallMarks::whatIsNotSaidStays()
{
    TempStore store;
    const CallRecord call = sampleCall(store.clock().wallNow());
    store.store({call});
    QVERIFY(mark(store, {{.callId = call.id, .colour = 2}}));
    QVERIFY(mark(store, {{.callId = call.id, .comment = "x"}}));
    QVERIFY((markOf(store, call.id) == CallMark {.colour = 2, .comment = "x"}));
    QVERIFY(mark(store, {{.callId = call.id, .colour = 0}}));
    QVERIFY((markOf(store, call.id) == CallMark {.colour = 0, .comment = "x"}));
    QVERIFY(mark(store, {{.callId = call.id, .comment = ""}}));
    QVERIFY(markOf(store, call.id) == CallMark {});
}

void tst_CallMarks::tellWhatWasBefore()
{
    TempStore store;
    const CallRecord one = sampleCall(store.clock().wallNow()), other = sampleCall(store.clock().wallNow() + 1ms);
    store.store({one, other});
    QVERIFY(mark(store, {{.callId = one.id, .colour = 5, .comment = "kept"}}));
    const auto before = mark(store, {{.callId = one.id, .colour = 1}, {.callId = other.id, .colour = 1}});
    QVERIFY(before);
    QCOMPARE(before->size(), std::size_t(2));
    QVERIFY(((*before)[0] == MarkChange {.callId = one.id, .colour = 5, .comment = "kept"}));
    QVERIFY(((*before)[1] == MarkChange {.callId = other.id, .colour = 0, .comment = ""}));
    QVERIFY(mark(store, *before)); // undone
    QVERIFY((markOf(store, one.id) == CallMark {.colour = 5, .comment = "kept"}));
    QVERIFY(markOf(store, other.id) == CallMark {});
}

void tst_CallMarks::callsThatAreGoneArePassedOver()
{
    TempStore store;
    const CallRecord call = sampleCall(store.clock().wallNow());
    store.store({call});
    const char *gone = "call_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    const auto none = mark(store, {{.callId = gone, .colour = 1}});
    QVERIFY(!none && none.error().code == ErrorCode::NotFound);
    QVERIFY2(none.error().message.find(gone) != std::string::npos, none.error().message.c_str());
    const auto some = mark(store, {{.callId = gone, .colour = 1}, {.callId = call.id, .colour = 4}, {.callId = "no id at all", .colour = 1}});
    QVERIFY(some);
    QCOMPARE(some->size(), std::size_t(1));
    QCOMPARE(markOf(store, call.id).colour, 4);
}

void tst_CallMarks::goWithTheirCalls()
{
    CallLogSettings settings;
    settings.log.keep = std::chrono::hours(24);
    settings.log.keepBodies = settings.log.keep;
    TempStore store(settings, {.retentionEvery = config::Millis {20}});
    CallRecord old = sampleCall(store.clock().wallNow()), young = sampleCall(store.clock().wallNow() + 20h);
    store.store({old, young});
    QVERIFY(mark(store, {{.callId = old.id, .colour = 1}, {.callId = young.id, .colour = 2}}));
    store.clock().advance(30h);
    QTRY_VERIFY(!store.reader().call(old.id));
    QTRY_COMPARE(store.reader().fieldValues("colour", "")->size(), std::size_t(1));
    QCOMPARE(markOf(store, young.id).colour, 2);
}

void tst_CallMarks::filtersFindThem_data()
{
    QTest::addColumn<std::string>("filter");
    for (const char *filter : {"colour:red", "color:1", "colour:*", "colour:none", "NOT colour:red", "comment:*", "comment:\"too long\"", "comment:fine", "comment:100", "colour:red comment:long", "colour:red OR comment:fine",
                               "colour:blue team:search", "NOT comment:*", "comment:nothing", "(colour:red OR colour:green) NOT comment:*"})
        QTest::newRow(filter) << std::string(filter);
}

void tst_CallMarks::filtersFindThem()
{
    QFETCH(std::string, filter);
    const auto colour = [&](const CallRecord &r) { return m_marks.contains(r.id) ? m_marks.at(r.id).colour : 0; };
    const auto comment = [&](const CallRecord &r) { return m_marks.contains(r.id) ? m_marks.at(r.id).comment : std::string(); };
    const auto says = [&](const CallRecord &r, std::string_view words) {
        std::string text = comment(r);
        std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return text.find(words) != std::string::npos;
    };
    const std::map<std::string, Predicate> predicates {
        {"colour:red", [&](const CallRecord &r) { return colour(r) == 1; }},
        {"color:1", [&](const CallRecord &r) { return colour(r) == 1; }},
        {"colour:*", [&](const CallRecord &r) { return colour(r) != 0; }},
        {"colour:none", [&](const CallRecord &r) { return colour(r) == 0; }},
        {"NOT colour:red", [&](const CallRecord &r) { return colour(r) != 1; }},
        {"comment:*", [&](const CallRecord &r) { return !comment(r).empty(); }},
        {"comment:\"too long\"", [&](const CallRecord &r) { return says(r, "too long"); }},
        {"comment:fine", [&](const CallRecord &r) { return comment(r) == "fine"; }},
        {"comment:100", [&](const CallRecord &r) { return says(r, "100"); }},
        {"colour:red comment:long", [&](const CallRecord &r) { return colour(r) == 1 && says(r, "long"); }},
        {"colour:red OR comment:fine", [&](const CallRecord &r) { return colour(r) == 1 || comment(r) == "fine"; }},
        {"colour:blue team:search", [&](const CallRecord &r) { return colour(r) == 5 && r.team == "search"; }},
        {"NOT comment:*", [&](const CallRecord &r) { return comment(r).empty(); }},
        {"comment:nothing", [](const CallRecord &) { return false; }},
        {"(colour:red OR colour:green) NOT comment:*", [&](const CallRecord &r) { return (colour(r) == 1 || colour(r) == 4) && comment(r).empty(); }},
    };
    const Predicate &holds = predicates.at(filter);
    std::vector<std::string> expected;
    std::uint64_t repeats = 0;
    for (const CallRecord &record : m_records) {
        if (!holds(record))
            continue;
        expected.push_back(record.id);
        repeats += record.repeats;
    }
    QVERIFY(expected.empty() == (filter == "comment:nothing"));
    CallQuery query;
    query.filter = filterOf(filter);
    query.limit = 7; // several pages even of the rare ones
    if (expected.size() > 500)
        query.limit = 2'000;
    const std::vector<CallRow> rows = rowsOf(m_store->reader(), query);
    QVERIFY(idsOf(rows) == expected);
    for (const CallRow &row : rows)
        QVERIFY(row.mark == (m_marks.contains(row.record.id) ? m_marks.at(row.record.id) : CallMark {}));
    const auto counts = m_store->reader().count(query, 30s);
    QVERIFY(counts && counts->complete);
    QCOMPARE(counts->found, repeats);
}

void tst_CallMarks::coloursInUseAreOffered()
{
    const auto values = m_store->reader().fieldValues("colour", "");
    QVERIFY(values);
    QCOMPARE(values->size(), markColours.size());
    for (const FieldValue &value : *values) {
        const auto wanted = std::ranges::count_if(m_marks, [&](const auto &each) { return markColourName(each.second.colour) == value.value; });
        QCOMPARE(value.calls, static_cast<std::uint64_t>(wanted));
    }
    QCOMPARE(m_store->reader().fieldValues("colour", "r")->size(), std::size_t(1));
}

QTEST_GUILESS_MAIN(tst_CallMarks)
#include "tst_call_marks.moc"
