// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/block_directory.h"
#include "gateway/storage/filter_extras.h"
#include "gateway/storage/filter_sql.h"
#include "gateway/storage/query_thread.h"
#include "gateway/storage/schemas.h"
#include "tests/gateway/storage/random_calls.h"

#include <QTest>

#include <algorithm>
#include <future>
#include <map>
#include <set>
#include <thread>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

namespace {

struct FilterCase
{
    std::string text;
    Predicate holds;
};

std::vector<FilterCase> filterCases()
{
    return {
        {"", [](const CallRecord &) { return true; }},
        {"team:search", [](const CallRecord &r) { return r.team == "search"; }},
        {"NOT team:search", [](const CallRecord &r) { return r.team != "search"; }},
        {"team:s*", [](const CallRecord &r) { return r.team.starts_with("s"); }},
        {"team:none", [](const CallRecord &) { return false; }},
        {"NOT team:none", [](const CallRecord &) { return true; }},
        {"key:search-key provider:claude", [](const CallRecord &r) { return r.key == "search-key" && r.provider == "claude"; }},
        {"route:smart OR route:canary", [](const CallRecord &r) { return r.route == "smart" || r.route == "canary"; }},
        {"model:gpt-4o", [](const CallRecord &r) { return modelIs(r, "gpt-4o"); }},
        {"model:gpt-4", [](const CallRecord &r) { return modelIs(r, "gpt-4"); }},
        {"model:gpt*", [](const CallRecord &r) { return r.model.starts_with("gpt") || r.askedModel.starts_with("gpt"); }},
        {"(model:gpt-4o OR model:llama-3) team:growth", [](const CallRecord &r) { return (modelIs(r, "gpt-4o") || modelIs(r, "llama-3")) && r.team == "growth"; }},
        {"status:>=500", [](const CallRecord &r) { return r.httpStatus >= 500; }},
        {"status:4xx", [](const CallRecord &r) { return r.httpStatus >= 400 && r.httpStatus < 500; }},
        {"status:200", [](const CallRecord &r) { return r.httpStatus == 200; }},
        {"state:failed", [](const CallRecord &r) { return r.status == CallStatus::Failed; }},
        {"state:ok stream:true", [](const CallRecord &r) { return r.status == CallStatus::Ok && r.stream; }},
        {"state:cut OR state:cancelled", [](const CallRecord &r) { return r.status == CallStatus::Cut || r.status == CallStatus::Cancelled; }},
        {"error:rate_limited", [](const CallRecord &r) { return r.error == ErrorCode::RateLimited; }},
        {"endpoint:embeddings", [](const CallRecord &r) { return r.endpoint == Endpoint::Embeddings; }},
        {"endpoint:messages", [](const CallRecord &r) { return r.endpoint == Endpoint::Messages; }},
        {"trace:4bf92f3577b34da6a3ce929d0e0e4736", [](const CallRecord &r) { return r.trace.ends_with("36"); }},
        {"trace:FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF team:search", [](const CallRecord &r) { return r.trace.starts_with("ff") && r.team == "search"; }},
        {"trace:4bf92*", [](const CallRecord &r) { return r.trace.starts_with("4bf92"); }},
        {"trace:ffffffffffffffffffffffffffffffff OR trace:4bf92f3577b34da6a3ce929d0e0e4737", [](const CallRecord &r) { return r.trace.starts_with("ff") || r.trace.ends_with("37"); }},
        {"NOT trace:4bf92*", [](const CallRecord &r) { return !r.trace.starts_with("4bf92"); }},
        {"trace:\"\"", [](const CallRecord &r) { return r.trace.empty(); }},
        {"trace:4bf92", [](const CallRecord &) { return false; }},
        {"NOT trace:none", [](const CallRecord &) { return true; }},
        {"latency:>2s", [](const CallRecord &r) { return r.latencyUs > 2'000'000; }},
        {"ttft:<=500ms", [](const CallRecord &r) { return r.firstByteUs >= 0 && r.firstByteUs <= 500'000; }},
        {"NOT ttft:<=500ms", [](const CallRecord &r) { return !(r.firstByteUs >= 0 && r.firstByteUs <= 500'000); }},
        {"cost:>0.01", [](const CallRecord &r) { return r.cost && r.cost->nanos() > 10'000'000; }},
        {"tokens.in:<100 tokens.out:>=400", [](const CallRecord &r) { return r.usage.input < 100 && r.usage.output >= 400; }},
        {"attempts:>1", [](const CallRecord &r) { return r.attempts.size() > 1; }},
        {"peer:127*", [](const CallRecord &) { return true; }},
        {"customer:acme", [](const CallRecord &r) { return r.customer == "acme"; }},
        {"tag:eu", [](const CallRecord &r) { return !r.tags.empty(); }},
        {"tag:e", [](const CallRecord &) { return false; }},
        {"test:true", [](const CallRecord &r) { return r.test; }},
        {"cache:hit", [](const CallRecord &r) { return r.cache == CacheOutcome::Hit; }},
        {"cache:semantic OR cache:miss", [](const CallRecord &r) { return r.cache == CacheOutcome::Semantic || r.cache == CacheOutcome::Miss; }},
        {"cache:off team:search", [](const CallRecord &r) { return r.cache == CacheOutcome::Off && r.team == "search"; }},
        {"NOT cache:miss", [](const CallRecord &r) { return r.cache != CacheOutcome::Miss; }},
        {"prompt:summarise", [](const CallRecord &r) { return r.prompt.starts_with("summarise@"); }},
        {"prompt:summarise@1", [](const CallRecord &r) { return r.prompt == "summarise@1"; }},
        {"prompt:summ*", [](const CallRecord &r) { return !r.prompt.empty(); }},
        {"prompt:summ OR prompt:summarise@12", [](const CallRecord &r) { return r.prompt == "summ@1" || r.prompt == "summarise@12"; }},
        {"prompt:summ OR team:search", [](const CallRecord &r) { return r.prompt == "summ@1" || r.team == "search"; }},
        {"prompt:summarise provider:claude", [](const CallRecord &r) { return r.prompt.starts_with("summarise@") && r.provider == "claude"; }},
        {"NOT prompt:summarise", [](const CallRecord &r) { return !r.prompt.starts_with("summarise@"); }},
        {"prompt:\"\"", [](const CallRecord &r) { return r.prompt.empty(); }},
        {"prompt:none", [](const CallRecord &) { return false; }},
        {"policy:strict", [](const CallRecord &r) { return r.policy == "strict"; }},
        {"policy:d* NOT test:true", [](const CallRecord &r) { return r.policy == "default" && !r.test; }},
        {"policy:\"\"", [](const CallRecord &r) { return r.policy.empty(); }},
        {"finding:email", [](const CallRecord &r) { return !r.findings.empty(); }},
        {"finding:e-m*", [](const CallRecord &r) { return !r.findings.empty(); }},
        {"finding:mask", [](const CallRecord &) { return false; }}, // an action, and the end of another rule's name
        {"finding:mask*", [](const CallRecord &) { return false; }},
        {"finding:mail", [](const CallRecord &) { return false; }},
        {"finding:\"\"", [](const CallRecord &r) { return r.findings.empty(); }},
        {"privacy:block", [](const CallRecord &r) { return !r.findings.empty() && r.findings[1].action == "block"; }},
        {"privacy:block OR privacy:tokenize", [](const CallRecord &r) { return !r.findings.empty(); }},
        {"NOT privacy:mask policy:default", [](const CallRecord &r) { return r.findings.empty() && r.policy == "default"; }},
        {"overloaded", [](const CallRecord &r) { return !r.errorMessage.empty(); }},
        {"sonnet NOT team:search", [](const CallRecord &r) { return r.model == "claude-sonnet-4" && r.team != "search"; }},
        {"id:call_u*", [](const CallRecord &) { return false; }},
        {"customer:acme id:nothing*", [](const CallRecord &) { return false; }},
        {"team:\"%\"", [](const CallRecord &) { return false; }},
        {"team:\"' OR '1'='1\"", [](const CallRecord &) { return false; }},
        {"customer:\"x'); DELETE FROM calls; --\"", [](const CallRecord &) { return false; }},
        {"id:\"call_' OR 1=1\"", [](const CallRecord &) { return false; }},
        {"\"%' OR 1=1 --\"", [](const CallRecord &) { return false; }},
    };
}

std::set<std::string> idSet(const std::vector<CallRow> &rows)
{
    std::set<std::string> ids;
    for (const CallRow &row : rows)
        ids.insert(row.record.id);
    return ids;
}

} // namespace

class tst_CallLogReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void filtersAsTheRecordsSay_data();
    void filtersAsTheRecordsSay();
    void everyFieldOfTheLanguageCanBeAsked();
    void findsACallByTheBeginningOfItsId();
    void findsACallWhoseIdTellsAnotherTime();
    void findsATraceBeforeAndBehindTheSeal();
    void directoryGivesBackItsRows();
    void pagesMeetWithoutGapOrDouble();
    void pagingStandsStillWhileRowsComeIn();
    void tellsWhatWasCommittedAfterARow();
    void fieldValuesAreMostFrequentFirst();
    void fieldValuesOfCachePromptsAndPrivacy();
    void fewRowsAreLookedAtForWhatFewCallsHave_data();
    void fewRowsAreLookedAtForWhatFewCallsHave();
    void interruptStopsALongQuestion();
    void queryThreadDropsWhatANewerQuestionReplaced();
    void queryThreadSaysWhyThereIsNoLog();

private:
    std::vector<std::string> expectedIds(const Predicate &holds) const
    {
        std::vector<const CallRecord *> found;
        for (const CallRecord &record : m_records) {
            if (holds(record))
                found.push_back(&record);
        }
        std::vector<std::string> ids;
        for (const CallRecord *record : found)
            ids.push_back(record->id);
        return ids;
    }

    std::unique_ptr<TempStore> m_store;
    std::vector<CallRecord> m_records;
    WallTime m_from;
};

void tst_CallLogReader::initTestCase()
{
    m_store = std::make_unique<TempStore>();
    m_from = m_store->clock().wallNow() - 6h + 17min + 13s;
    std::mt19937 random(42);
    for (int i = 0; i < 5500; ++i) // a block, and calls after it
        m_records.push_back(randomCall(random, m_from, std::chrono::seconds(5 * 3600)));
    m_store->store(m_records);
}

void tst_CallLogReader::filtersAsTheRecordsSay_data()
{
    QTest::addColumn<int>("index");
    const auto cases = filterCases();
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::newRow(cases[i].text.empty() ? "(all)" : cases[i].text.c_str()) << static_cast<int>(i);
}

void tst_CallLogReader::filtersAsTheRecordsSay()
{
    QFETCH(int, index);
    const FilterCase one = filterCases()[static_cast<std::size_t>(index)];
    CallQuery query;
    query.filter = filterOf(one.text);
    query.limit = 10'000;
    const auto page = m_store->reader().calls(query);
    QVERIFY2(page, page ? "" : page.error().message.c_str());
    const std::vector<std::string> expected = expectedIds(one.holds);
    QCOMPARE(page->rows.size(), expected.size());
    QVERIFY(idSet(page->rows) == std::set<std::string>(expected.begin(), expected.end()));
    QVERIFY(std::ranges::is_sorted(page->rows, std::ranges::greater {}, [](const CallRow &row) { return std::pair(row.cursor.startedUs, row.cursor.row); }));

    std::uint64_t repeats = 0;
    for (const CallRecord &record : m_records)
        repeats += one.holds(record) ? record.repeats : 0;
    const auto counts = m_store->reader().count(query, std::chrono::seconds(30));
    QVERIFY(counts && counts->complete);
    QCOMPARE(counts->found, repeats);
    const auto series = m_store->reader().series({.range = {.from = m_from}, .bucketSeconds = 3600, .filter = query.filter}, "UTC", m_store->clock().wallNow());
    QVERIFY(series);
    QCOMPARE(series->totals.calls, repeats);
}

void tst_CallLogReader::everyFieldOfTheLanguageCanBeAsked()
{
    for (const CallFilter::Field &field : CallFilter::fields()) {
        const CallFilter::Node node {.kind = CallFilter::Kind::Term, .field = &field, .op = CallFilter::Op::Equal, .value = "1"};
        QVERIFY2(callCondition(node), std::string(field.name).c_str());
        QVERIFY(m_store->reader().fieldValues(std::string(field.name), ""));
    }
}

void tst_CallLogReader::findsACallByTheBeginningOfItsId()
{
    const CallRecord &wanted = m_records[1234];
    for (const std::string &text : {"id:" + wanted.id, "id:" + wanted.id.substr(0, 24) + "*", wanted.id}) {
        CallQuery query;
        query.filter = filterOf(text);
        const auto page = m_store->reader().calls(query);
        QVERIFY(page);
        QCOMPARE(page->rows.size(), 1U);
        QCOMPARE(page->rows[0].record.id, wanted.id);
    }
}

void tst_CallLogReader::findsACallWhoseIdTellsAnotherTime()
{
    TempStore store;
    CallRecord moved = sampleCall(store.clock().wallNow());
    moved.startedAt += 1h;
    store.store({sampleCall(store.clock().wallNow()), moved});
    const auto call = store.reader().call(moved.id);
    QVERIFY2(call, call ? "" : call.error().message.c_str());
    QVERIFY(call->record.startedAt == moved.startedAt);
    CallQuery query;
    query.filter = filterOf("id:" + moved.id);
    const auto page = store.reader().calls(query);
    QVERIFY(page);
    QCOMPARE(page->rows.size(), 1U);
    QCOMPARE(page->rows[0].record.id, moved.id);
}

void tst_CallLogReader::findsATraceBeforeAndBehindTheSeal()
{
    TempStore store;
    std::vector<CallRecord> records;
    for (int i = 0; i < 5000; ++i) {
        records.push_back(sampleCall(store.clock().wallNow() + std::chrono::milliseconds(i)));
        records.back().trace = QByteArray::number(i, 16).rightJustified(32, '0').toStdString();
    }
    records[3].trace = records[4000].trace = records[4990].trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    store.store({records.begin(), records.begin() + 4500});
    store.store({records.begin() + 4500, records.end()});
    auto database = Database::open({.path = store.callsPath(), .access = Access::ReadOnly}, callLogSchema());
    QVERIFY(database);
    QCOMPARE((*database)->number("SELECT count(*) FROM trace_blocks").value_or(-1), 1);
    QVERIFY((*database)->number("SELECT last FROM trace_blocks").value_or(-1) < 4990);
    for (const char *text : {"trace:4bf92f3577b34da6a3ce929d0e0e4736", "trace:4bf92f3577b34da6a3ce929d0e0e4736 team:search"}) {
        CallQuery query;
        query.filter = filterOf(text);
        const auto page = store.reader().calls(query);
        QVERIFY2(page, page ? "" : page.error().message.c_str());
        QCOMPARE(idSet(page->rows), (std::set<std::string> {records[3].id, records[4000].id, records[4990].id}));
        QCOMPARE(store.reader().count(query)->found, 3U);
    }
    store.closeWriter(); // the next one reads its tail from the file
    store.store({sampleCall(store.clock().wallNow() + 6s)});
    for (int i = 0; i < 4000; ++i)
        store.writer().push(sampleCall(store.clock().wallNow() + 7s), {});
    QVERIFY(store.writer().flush(30s));
    QCOMPARE((*database)->number("SELECT count(*) FROM trace_blocks").value_or(-1), 2);
    QCOMPARE((*database)->number("SELECT sum(length(tails)) FROM trace_blocks").value_or(-1), 5000 * 4);
}

void tst_CallLogReader::directoryGivesBackItsRows()
{
    std::mt19937 random(3);
    std::vector<std::pair<std::int64_t, std::int64_t>> calls;
    std::set<std::int64_t> expected;
    const std::vector<std::int64_t> wanted {7, 400};
    for (std::int64_t row = 1000; row < 5000; row += 1 + random() % 3) {
        const std::int64_t dim = pick<std::int64_t>(random, {3, 7, 8, 130, 400, 70'000});
        calls.emplace_back(dim, row);
        if (dim == 7 || dim == 400)
            expected.insert(row);
    }
    const BlockDirectory directory = BlockDirectory::of(calls, 1000);
    std::multiset<std::int64_t> found;
    forRows(directory, 1000, wanted, [&](std::int64_t row) { found.insert(row); });
    QVERIFY(std::ranges::equal(found, expected));
    QVERIFY(hasAny(directory.dims, wanted));
    const std::vector<std::int64_t> others {1, 9, 129, 80'000};
    QVERIFY(!hasAny(directory.dims, others));
    BlockDirectory cut = directory;
    cut.places.truncate(cut.places.size() / 2);
    found.clear();
    forRows(cut, 1000, wanted, [&](std::int64_t row) { found.insert(row); }); // damaged: less, but no harm
    QVERIFY(found.size() < expected.size());
}

void tst_CallLogReader::pagesMeetWithoutGapOrDouble()
{
    for (const char *filter : {"", "team:search", "model:gpt-4 OR model:llama-3", "state:failed"}) {
        CallQuery query;
        query.filter = filterOf(filter);
        query.limit = 10'000;
        const auto whole = m_store->reader().calls(query);
        query.limit = 37;
        QVERIFY(idsOf(rowsOf(m_store->reader(), query)) == idsOf(whole->rows));
    }
}

void tst_CallLogReader::pagingStandsStillWhileRowsComeIn()
{
    TempStore store;
    const WallTime at = store.clock().wallNow();
    std::vector<CallRecord> first;
    for (int i = 0; i < 100; ++i)
        first.push_back(sampleCall(at + std::chrono::seconds(i / 10))); // many of one time
    store.store(first);
    CallQuery query;
    query.limit = 10;
    std::vector<std::string> seen;
    for (int page = 0; page < 10; ++page) {
        const auto rows = store.reader().calls(query);
        QVERIFY(rows);
        for (const CallRow &row : rows->rows)
            seen.push_back(row.record.id);
        query.before = rows->rows.back().cursor;
        store.store({sampleCall(at + 60s), sampleCall(at + 90s)});
    }
    QCOMPARE(seen.size(), 100U);
    for (std::size_t i = 0; i < 100; ++i)
        QCOMPARE(seen[i], first[99 - i].id);
    CallQuery since;
    since.after = CallCursor {.startedUs = (at + 60s).time_since_epoch().count(), .row = 1'000'000};
    QCOMPARE(store.reader().calls(since)->rows.size(), 10U);
}

void tst_CallLogReader::tellsWhatWasCommittedAfterARow()
{
    TempStore store;
    const WallTime at = store.clock().wallNow();
    store.store({sampleCall(at)});
    const CallRecord late = sampleCall(at - 30s); // a long call: began before, is stored after
    store.store({late});
    CallQuery query;
    query.committedAfter = 1;
    const auto page = store.reader().calls(query);
    QCOMPARE(page->rows.size(), 1U);
    QCOMPARE(page->rows[0].record.id, late.id);
}

void tst_CallLogReader::fieldValuesAreMostFrequentFirst()
{
    const auto teams = m_store->reader().fieldValues("team", "");
    QVERIFY(teams);
    QCOMPARE(teams->size(), 3U);
    QVERIFY(teams->at(0).calls >= teams->at(1).calls && teams->at(1).calls >= teams->at(2).calls);
    const auto some = m_store->reader().fieldValues("team", "Se");
    QCOMPARE(some->size(), 1U);
    QCOMPARE(some->at(0).value, "search");
    QCOMPARE(m_store->reader().fieldValues("tag", "b")->at(0).value, "beta");
    QVERIFY(m_store->reader().fieldValues("status", "5")->size() >= 2);
    QVERIFY(m_store->reader().fieldValues("latency", "")->empty());
}

void tst_CallLogReader::fieldValuesOfCachePromptsAndPrivacy()
{
    const auto valuesOf = [this](const char *field, const char *prefix = "") {
        std::map<std::string, std::uint64_t> values;
        const auto found = m_store->reader().fieldValues(field, prefix);
        for (const FieldValue &one : found ? *found : std::vector<FieldValue> {})
            values[one.value] = one.calls;
        return values;
    };
    const auto callsWith = [this](const Predicate &holds) { return static_cast<std::uint64_t>(std::ranges::count_if(m_records, holds)); };
    QCOMPARE(valuesOf("cache").size(), 4U);
    QCOMPARE(valuesOf("cache", "s")["semantic"], callsWith([](const CallRecord &r) { return r.cache == CacheOutcome::Semantic; }));
    const auto prompts = valuesOf("prompt", "summ");
    QCOMPARE(prompts.size(), 5U); // two prompts, three versions
    QCOMPARE(prompts.at("summarise"), prompts.at("summarise@1") + prompts.at("summarise@12"));
    QCOMPARE(prompts.at("summarise"), callsWith([](const CallRecord &r) { return r.prompt.starts_with("summarise@"); }));
    QCOMPARE(valuesOf("policy")["strict"], callsWith([](const CallRecord &r) { return r.policy == "strict"; }));
    QCOMPARE(valuesOf("finding")["email"], callsWith([](const CallRecord &r) { return !r.findings.empty(); }));
    QCOMPARE(valuesOf("privacy").size(), 3U);
}

void tst_CallLogReader::fewRowsAreLookedAtForWhatFewCallsHave_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("plan"); // what SQLite says of it
    QTest::newRow("prompt") << "prompt:summarise" << "extras_by_prompt (prompt=? AND rowid>? AND rowid<?)";
    QTest::newRow("prompts") << "team:x (prompt:summarise OR prompt:other@1)" << "extras_by_prompt (prompt=? AND rowid>? AND rowid<?)";
    QTest::newRow("policy") << "policy:strict" << "extras_by_policy (policy=? AND rowid>? AND rowid<?)";
    QTest::newRow("finding") << "finding:email" << "extras_with_findings (row>? AND row<?)";
    QTest::newRow("privacy before prompt") << "prompt:x privacy:block" << "extras_with_findings (row>? AND row<?)";
    QTest::newRow("hit") << "cache:hit" << "calls_answered_again (started_us>? AND started_us<?)";
    QTest::newRow("miss") << "cache:miss" << "calls_cache (started_us>? AND started_us<?)";
}

/// No statement says what it costs: but what SQLite means to do, it says.
void tst_CallLogReader::fewRowsAreLookedAtForWhatFewCallsHave()
{
    QFETCH(QString, filter);
    QFETCH(QString, plan);
    const CallFilter parsed = filterOf(filter.toStdString());
    Sql sql;
    if (const auto extras = extraRows(parsed.root())) {
        sql.add(std::string("EXPLAIN QUERY PLAN SELECT e.row FROM extras AS e INDEXED BY ") + extras->index + " WHERE e.row BETWEEN ?", std::int64_t {1}).add(" AND ?", std::int64_t {9}).add(" AND ").add(extras->condition);
    } else {
        const auto branches = indexBranches(parsed.root());
        QCOMPARE(branches.size(), 1U);
        sql.add(std::string("EXPLAIN QUERY PLAN SELECT c.row FROM calls AS c INDEXED BY ") + branches[0][0].index + " WHERE c.started_us >= ?", std::int64_t {1}).add(" AND c.started_us < ?", std::int64_t {9});
        sql.add(" AND ").add(branches[0][0].condition);
    }
    m_store->writer();
    auto database = Database::open({.path = m_store->callsPath(), .backupFolder = m_store->folder() + "/backups"}, callLogSchema());
    QVERIFY2(database, database ? "" : database.error().message.c_str());
    auto statement = (*database)->prepare(sql.text);
    QVERIFY2(statement, statement ? "" : statement.error().message.c_str());
    sql.bindTo(*statement);
    QVERIFY(statement->run());
    QString said;
    while (statement->next())
        said += QString::fromStdString(statement->text(3)) + u'\n';
    QVERIFY2(said.contains(plan), qPrintable(said));
    QVERIFY2(!said.contains(QStringLiteral("SCAN")), qPrintable(said));
}

void tst_CallLogReader::interruptStopsALongQuestion()
{
    const Interrupter interrupter = m_store->reader().interrupter();
    std::atomic<bool> done = false;
    std::thread other([&] {
        while (!done) {
            interrupter.interrupt();
            std::this_thread::yield();
        }
    });
    CallQuery query;
    query.filter = filterOf("\"nothing has these words\"");
    bool cancelled = false;
    for (int i = 0; i < 10'000 && !cancelled; ++i) {
        const auto page = m_store->reader().calls(query);
        cancelled = !page && page.error().code == ErrorCode::Cancelled;
    }
    done = true;
    other.join();
    QVERIFY(cancelled);
    QVERIFY(m_store->reader().calls(query)); // the next one is not touched
}

void tst_CallLogReader::queryThreadDropsWhatANewerQuestionReplaced()
{
    QueryThread thread(m_store->callsPath(), "query-test");
    std::promise<void> hold;
    std::shared_future<void> held = hold.get_future().share();
    std::promise<void> started;
    thread.ask("", [&, held](CallLogReader *, const Error &) {
        started.set_value();
        held.wait();
    });
    started.get_future().wait();
    std::atomic<int> answered = 0;
    std::promise<bool> last;
    for (int i = 1; i <= 5; ++i)
        thread.ask("calls", [&answered, i](CallLogReader *, const Error &) { answered += i; });
    thread.ask("count", [&](CallLogReader *reader, const Error &) { last.set_value(reader != nullptr && reader->count(CallQuery {}).has_value()); });
    hold.set_value();
    QVERIFY(last.get_future().get());
    QCOMPARE(answered.load(), 5); // only the newest of its lane
}

void tst_CallLogReader::queryThreadSaysWhyThereIsNoLog()
{
    QueryThread thread("/nonexistent-folder/calls.db", "query-test");
    std::promise<std::string> answer;
    thread.ask("", [&](CallLogReader *reader, const Error &problem) { answer.set_value(reader == nullptr ? problem.message : "?"); });
    QVERIFY(answer.get_future().get().find("cannot be opened") != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_CallLogReader)
#include "tst_call_log_reader.moc"
