// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/latency_histogram.h"
#include "gateway/storage/filter_sql.h"
#include "gateway/storage/query_thread.h"
#include "tests/support/temp_store.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <random>
#include <set>
#include <thread>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;

namespace {

using Predicate = std::function<bool(const CallRecord &)>;
const std::string hostile = R"(a' OR 1=1; DROP TABLE calls; -- "%_\)";

CallFilter filterOf(const std::string &text)
{
    auto filter = CallFilter::parse(text);
    if (!filter)
        qFatal("%s: %s", text.c_str(), filter.error().message.c_str());
    return *filter;
}

template <typename T>
T pick(std::mt19937 &random, const std::vector<T> &values)
{
    return values[random() % values.size()];
}

CallRecord randomCall(std::mt19937 &random, WallTime from, std::chrono::seconds within)
{
    CallRecord record = tests::sampleCall(from + std::chrono::microseconds(static_cast<std::int64_t>(random()) * 1000 % (within.count() * 1'000'000)), pick<std::string>(random, {"search", "growth", "support"}));
    if (random() % 10 == 0) {
        record.team.clear();
        record.key.clear();
        record.keyId.clear();
    }
    record.route = pick<std::string>(random, {"gpt-4o", "smart", "canary", ""});
    record.askedModel = random() % 8 == 0 ? "gpt-4" : record.route;
    record.provider = pick<std::string>(random, {"openai", "claude", "local"});
    record.model = pick<std::string>(random, {"gpt-4o", "claude-sonnet-4", "llama-3"});
    record.stream = random() % 2 == 0;
    record.latencyUs = static_cast<std::int32_t>(random() % 5'000'000);
    record.firstByteUs = random() % 5 == 0 ? -1 : static_cast<std::int32_t>(random() % 1'000'000);
    record.usage.input = random() % 3000;
    record.usage.output = random() % 800;
    record.cost = random() % 6 == 0 ? std::nullopt : std::optional(Money::fromNanos(random() % 20'000'000));
    record.endpoint = pick<Endpoint>(random, {Endpoint::ChatCompletions, Endpoint::Embeddings, Endpoint::Completions});
    record.customer = random() % 4 == 0 ? pick<std::string>(random, {"acme", hostile}) : std::string();
    record.tags = random() % 4 == 0 ? "beta,eu" : "";
    record.test = random() % 20 == 0;
    switch (random() % 12) {
    case 0:
        record.status = CallStatus::Failed;
        record.error = pick<ErrorCode>(random, {ErrorCode::RateLimited, ErrorCode::ServerError, ErrorCode::Connect, ErrorCode::IdleTimeout});
        record.errorMessage = "Upstream said Overloaded";
        record.httpStatus = pick<std::int16_t>(random, {429, 500, 502, 504});
        break;
    case 1:
        record.status = CallStatus::Refused;
        record.error = ErrorCode::InvalidKey;
        record.httpStatus = 401;
        record.cost = Money {};
        record.repeats = static_cast<std::uint32_t>(1 + random() % 5);
        record.provider.clear();
        record.model.clear();
        record.attempts.clear();
        break;
    case 2:
        record.status = CallStatus::Cut;
        record.error = ErrorCode::Cut;
        break;
    case 3:
        record.status = CallStatus::Cancelled;
        break;
    case 4:
        record.attempts.insert(record.attempts.begin(), {.provider = "claude", .model = "x", .endedUs = 50, .httpStatus = 503, .ok = false, .error = ErrorCode::ServerError});
        break;
    default: break;
    }
    return record;
}

bool modelIs(const CallRecord &record, std::string_view model)
{
    return record.model == model || record.askedModel == model;
}

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
        {"overloaded", [](const CallRecord &r) { return !r.errorMessage.empty(); }},
        {"sonnet NOT team:search", [](const CallRecord &r) { return r.model == "claude-sonnet-4" && r.team != "search"; }},
        {"team:\"%\"", [](const CallRecord &) { return false; }},
        {"team:\"' OR '1'='1\"", [](const CallRecord &) { return false; }},
        {"customer:\"x'); DELETE FROM calls; --\"", [](const CallRecord &) { return false; }},
        {"id:\"call_' OR 1=1\"", [](const CallRecord &) { return false; }},
        {"\"%' OR 1=1 --\"", [](const CallRecord &) { return false; }},
    };
}

std::set<std::string> idsOf(const std::vector<CallRow> &rows)
{
    std::set<std::string> ids;
    for (const CallRow &row : rows)
        ids.insert(row.record.id);
    return ids;
}

/// The figures of calls, counted one by one.
struct Expected
{
    std::uint64_t calls = 0, failed = 0, refused = 0, rescued = 0, unpriced = 0;
    Money cost;
    std::array<std::uint64_t, errorClassCount> errors {};
    LatencyHistogram latency, ttft;
    std::map<std::string, Money> costByTeam;

    void add(const CallRecord &record)
    {
        calls += record.repeats;
        cost += record.cost.value_or(Money {});
        costByTeam[record.team] += record.cost.value_or(Money {});
        if (record.status == CallStatus::Refused) {
            refused += record.repeats;
            return;
        }
        unpriced += record.cost ? 0 : 1;
        rescued += record.status == CallStatus::Ok && record.attempts.size() > 1 ? 1 : 0;
        if (record.status == CallStatus::Failed || record.status == CallStatus::Cut) {
            ++failed;
            ++errors[static_cast<std::size_t>(errorClass(*record.error))];
        }
        latency.add(record.latencyUs);
        if (record.stream && record.firstByteUs >= 0)
            ttft.add(record.firstByteUs);
    }
};

void compare(const SeriesBucket &bucket, Expected expected)
{
    QCOMPARE(bucket.calls, expected.calls);
    QCOMPARE(bucket.failed, expected.failed);
    QCOMPARE(bucket.refused, expected.refused);
    QCOMPARE(bucket.rescued, expected.rescued);
    QVERIFY(bucket.errors == expected.errors);
    QVERIFY(bucket.p50Us == expected.latency.quantile(0.5));
    QVERIFY(bucket.p95Us == expected.latency.quantile(0.95));
    QVERIFY(bucket.p99Us == expected.latency.quantile(0.99));
    QVERIFY(bucket.ttftP95Us == expected.ttft.quantile(0.95));
    for (const auto &[team, cost] : expected.costByTeam)
        QCOMPARE(bucket.costByTeam.contains(team) ? bucket.costByTeam.at(team).nanos() : 0, cost.nanos());
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
    void pagesMeetWithoutGapOrDouble();
    void pagingStandsStillWhileRowsComeIn();
    void tellsWhatWasCommittedAfterARow();
    void sumsEqualTheRecords_data();
    void sumsEqualTheRecords();
    void comparesWithThePeriodBeforeAndYesterday();
    void emptyBucketsAreThere();
    void stripsCountAttempts();
    void fieldValuesAreMostFrequentFirst();
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

    std::unique_ptr<tests::TempStore> m_store;
    std::vector<CallRecord> m_records;
    WallTime m_from;
};

void tst_CallLogReader::initTestCase()
{
    m_store = std::make_unique<tests::TempStore>();
    m_from = m_store->clock().wallNow() - 6h + 17min + 13s;
    std::mt19937 random(42);
    for (int i = 0; i < 3000; ++i)
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
    QVERIFY(idsOf(page->rows) == std::set<std::string>(expected.begin(), expected.end()));
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

void tst_CallLogReader::pagesMeetWithoutGapOrDouble()
{
    for (const char *filter : {"", "team:search", "model:gpt-4 OR model:llama-3", "state:failed"}) {
        CallQuery query;
        query.filter = filterOf(filter);
        query.limit = 10'000;
        const auto whole = m_store->reader().calls(query);
        query.limit = 37;
        std::vector<std::string> ids;
        while (true) {
            const auto page = m_store->reader().calls(query);
            QVERIFY(page);
            for (const CallRow &row : page->rows)
                ids.push_back(row.record.id);
            if (!page->more)
                break;
            query.before = page->rows.back().cursor;
        }
        QCOMPARE(ids.size(), whole->rows.size());
        for (std::size_t i = 0; i < ids.size(); ++i)
            QCOMPARE(ids[i], whole->rows[i].record.id);
    }
}

void tst_CallLogReader::pagingStandsStillWhileRowsComeIn()
{
    tests::TempStore store;
    const WallTime at = store.clock().wallNow();
    std::vector<CallRecord> first;
    for (int i = 0; i < 100; ++i)
        first.push_back(tests::sampleCall(at + std::chrono::seconds(i / 10))); // many of one time
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
        store.store({tests::sampleCall(at + 60s), tests::sampleCall(at + 90s)});
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
    tests::TempStore store;
    const WallTime at = store.clock().wallNow();
    store.store({tests::sampleCall(at)});
    const CallRecord late = tests::sampleCall(at - 30s); // a long call: began before, is stored after
    store.store({late});
    CallQuery query;
    query.committedAfter = 1;
    const auto page = store.reader().calls(query);
    QCOMPARE(page->rows.size(), 1U);
    QCOMPARE(page->rows[0].record.id, late.id);
}

void tst_CallLogReader::sumsEqualTheRecords_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<int>("bucketSeconds");
    QTest::addColumn<int>("offsetSeconds");
    for (const char *filter : {"", "team:growth", "NOT team:growth", "provider:claude route:smart", "model:llama-3", "model:gpt-4", "latency:>1s", "state:failed OR stream:true"}) {
        for (const int bucket : {30, 60, 300, 3600, 7200})
            QTest::addRow("%s by %d", filter, bucket) << QString::fromUtf8(filter) << bucket << 1234 + bucket / 7;
    }
}

void tst_CallLogReader::sumsEqualTheRecords()
{
    QFETCH(QString, filter);
    QFETCH(int, bucketSeconds);
    QFETCH(int, offsetSeconds);
    Predicate holds;
    const std::map<QString, Predicate> predicates {
        {QString(), [](const CallRecord &) { return true; }},
        {QStringLiteral("team:growth"), [](const CallRecord &r) { return r.team == "growth"; }},
        {QStringLiteral("NOT team:growth"), [](const CallRecord &r) { return r.team != "growth"; }},
        {QStringLiteral("provider:claude route:smart"), [](const CallRecord &r) { return r.provider == "claude" && r.route == "smart"; }},
        {QStringLiteral("model:llama-3"), [](const CallRecord &r) { return modelIs(r, "llama-3"); }},
        {QStringLiteral("model:gpt-4"), [](const CallRecord &r) { return modelIs(r, "gpt-4"); }},
        {QStringLiteral("latency:>1s"), [](const CallRecord &r) { return r.latencyUs > 1'000'000; }},
        {QStringLiteral("state:failed OR stream:true"), [](const CallRecord &r) { return r.status == CallStatus::Failed || r.stream; }},
    };
    holds = predicates.at(filter);
    const SeriesQuery query {.range = {.from = m_from + std::chrono::seconds(offsetSeconds), .to = m_from + 4h + 7min + 3s}, .bucketSeconds = bucketSeconds, .filter = filterOf(filter.toStdString())};
    const auto series = m_store->reader().series(query, "UTC", m_store->clock().wallNow());
    QVERIFY2(series, series ? "" : series.error().message.c_str());
    std::map<std::int64_t, Expected> buckets;
    Expected whole;
    for (const CallRecord &record : m_records) {
        if (!holds(record) || record.startedAt < query.range.from || record.startedAt >= query.range.to)
            continue;
        const std::int64_t width = bucketSeconds * 1'000'000LL;
        buckets[record.startedAt.time_since_epoch().count() / width * width].add(record);
        whole.add(record);
    }
    std::size_t filled = 0;
    for (const SeriesBucket &bucket : series->buckets) {
        const auto expected = buckets.find(bucket.at.time_since_epoch().count());
        filled += expected != buckets.end() ? 1 : 0;
        compare(bucket, expected == buckets.end() ? Expected {} : expected->second);
    }
    QCOMPARE(filled, buckets.size());
    QCOMPARE(series->totals.calls, whole.calls);
    QCOMPARE(series->totals.unpriced, whole.unpriced);
    QCOMPARE(series->totals.cost.nanos(), whole.cost.nanos());
    QVERIFY(series->totals.p95Us == whole.latency.quantile(0.95));

    CallQuery page;
    page.range = query.range;
    page.filter = query.filter;
    const auto bins = m_store->reader().histogram(page, bucketSeconds, m_store->clock().wallNow());
    QVERIFY(bins);
    std::uint64_t sum = 0;
    for (const HistogramBin &bin : *bins)
        sum += bin.ok + bin.rescued + bin.failed + bin.refused;
    QCOMPARE(sum, whole.calls);
}

void tst_CallLogReader::comparesWithThePeriodBeforeAndYesterday()
{
    tests::TempStore store;
    const WallTime now = std::chrono::sys_days(std::chrono::March / 30 / 2026) + 10h; // the day after Berlin's clocks changed
    store.clock().jumpWallTo(now);
    // Berlin's days: 30 March from 22:00 UTC of the 29th; the 29th from 23:00 UTC of the 28th.
    store.store({tests::sampleCall(now - 5min), tests::sampleCall(now - 90min), tests::sampleCall(now - 90min + 1s), tests::sampleCall(now - 12h + 1min), tests::sampleCall(now - 12h - 1min),
                 tests::sampleCall(now - 24h - 1min), tests::sampleCall(now - 24h + 2h), tests::sampleCall(now - 34h - 30min), tests::sampleCall(now - 35h - 1min)});
    const auto series = store.reader().series({.range = {.from = now - 1h}, .bucketSeconds = 60, .filter = {}}, "Europe/Berlin", now);
    QVERIFY(series);
    QCOMPARE(series->totals.calls, 1U);
    QCOMPARE(series->previous.calls, 2U);
    QCOMPARE(series->today.calls, 4U);
    QCOMPARE(series->yesterdaySoFar.calls, 2U); // up to the same time of day, 12:00 in Berlin
    QCOMPARE(store.reader().today("Europe/Berlin", now)->cost.nanos(), 4 * 450'000);
}

void tst_CallLogReader::emptyBucketsAreThere()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    const auto series = store.reader().series({.range = {.from = now - 1h}, .bucketSeconds = 60, .filter = {}}, "UTC", now);
    QVERIFY(series);
    QVERIFY(series->buckets.size() == 60 || series->buckets.size() == 61);
    for (const SeriesBucket &bucket : series->buckets) {
        QCOMPARE(bucket.calls, 0U);
        QVERIFY(!bucket.p95Us);
    }
    QVERIFY(store.reader().series({.range = {}, .bucketSeconds = 60, .filter = {}}, "No/Where", now));
    QVERIFY(store.reader().calls(CallQuery {})->rows.empty());
    QCOMPARE(store.reader().count(CallQuery {})->all, 0U);
}

void tst_CallLogReader::stripsCountAttempts()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    CallRecord rescued = tests::sampleCall(now - 5h);
    rescued.attempts.insert(rescued.attempts.begin(), {.provider = "claude", .endedUs = 10, .httpStatus = 429, .ok = false, .error = ErrorCode::RateLimited});
    rescued.attempts.insert(rescued.attempts.begin(), {.provider = "local", .ok = false, .skipped = true, .error = ErrorCode::Connect});
    CallRecord failed = tests::sampleCall(now - 1min);
    failed.attempts = {{.provider = "claude", .endedUs = 10, .httpStatus = 500, .ok = false, .error = ErrorCode::ServerError},
                       {.provider = "claude", .endedUs = 10, .httpStatus = 400, .ok = false, .error = ErrorCode::UpstreamBadRequest}};
    store.store({rescued, failed});
    const auto strips = store.reader().providerStrips({.range = {.from = now - 24h}, .bins = 48}, now);
    QVERIFY(strips);
    QCOMPARE(strips->size(), 2U); // "local" was skipped, never asked
    const ProviderStrip &claude = strips->at(0);
    QCOMPARE(claude.provider, "claude");
    QCOMPARE(claude.bins.size(), 48U);
    QCOMPARE(claude.attempts, 3U);
    QCOMPARE(claude.errors, 1U); // the caller's own 400 is none
    QCOMPARE(claude.rateLimited, 1U);
    QCOMPARE(claude.bins[38].rateLimited, 1U);
    QCOMPARE(claude.bins[47].errors, 1U);
    QVERIFY(!claude.p95Us);
    QVERIFY(strips->at(1).p95Us.has_value());
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
