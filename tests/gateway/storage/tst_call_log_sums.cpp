// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/latency_histogram.h"
#include "gateway/storage/database.h"
#include "gateway/storage/rollup_views.h"
#include "gateway/storage/schemas.h"
#include "tests/gateway/storage/random_calls.h"

#include <QTest>

#include <algorithm>
#include <limits>
#include <map>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

namespace {

/// The figures of calls, counted one by one.
struct Expected
{
    std::uint64_t calls = 0, failed = 0, refused = 0, rescued = 0, unpriced = 0;
    Money cost;
    std::array<std::uint64_t, errorClassCount> errors {};
    LatencyHistogram latency, ttft;
    std::map<std::string, Money> costByTeam;
    std::uint64_t input = 0, output = 0, cacheHits = 0, cacheLooked = 0;

    void add(const CallRecord &record)
    {
        calls += record.repeats;
        cost += record.cost.value_or(Money {});
        costByTeam[record.team] += record.cost.value_or(Money {});
        input += static_cast<std::uint64_t>(record.usage.input);
        output += static_cast<std::uint64_t>(record.usage.output);
        cacheLooked += record.cache != CacheOutcome::Off ? record.repeats : 0;
        cacheHits += record.cache == CacheOutcome::Hit || record.cache == CacheOutcome::Semantic ? record.repeats : 0;
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
    QCOMPARE(bucket.inputTokens, expected.input);
    QCOMPARE(bucket.outputTokens, expected.output);
    QCOMPARE(bucket.cacheHits, expected.cacheHits);
    QCOMPARE(bucket.cacheLooked, expected.cacheLooked);
    for (const auto &[team, cost] : expected.costByTeam)
        QCOMPARE(bucket.costByTeam.contains(team) ? bucket.costByTeam.at(team).nanos() : 0, cost.nanos());
}

} // namespace

class tst_CallLogSums : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void sumsEqualTheRecords_data();
    void sumsEqualTheRecords();
    void usageEqualsTheRecords_data();
    void usageEqualsTheRecords();
    void usageGoesByTheCalendar();
    void usageIsBounded();
    void sumsOutliveTheirCalls();
    void savingsAreByTeamAndRoute();
    void sumsOfTheVersionBeforeGetWhatTheCacheDid();
    void sumsAreTheSameAfterARestart();
    void sumsPastTheLargestAmountStayThere();
    void comparesWithThePeriodBeforeAndYesterday();
    void emptyBucketsAreThere();
    void stripsCountAttempts();
    void shadowsCostAndCountForNothingElse();

private:
    std::unique_ptr<TempStore> m_store;
    std::vector<CallRecord> m_records;
    WallTime m_from;
};

void tst_CallLogSums::initTestCase()
{
    m_store = std::make_unique<TempStore>();
    m_from = m_store->clock().wallNow() - 6h + 17min + 13s;
    std::mt19937 random(42);
    for (int i = 0; i < 9500; ++i) // two blocks, and calls after them
        m_records.push_back(randomCall(random, m_from, std::chrono::seconds(5 * 3600)));
    m_store->store(m_records);
    auto database = Database::open({.path = m_store->callsPath(), .access = Access::ReadOnly}, callLogSchema());
    QVERIFY(database);
    QVERIFY((*database)->number("SELECT count(*) FROM blocks").value_or(0) >= 2);
    const auto tail = [&] { return (*database)->number("SELECT count(*) FROM calls WHERE row > (SELECT value FROM marks WHERE name = 'sealed_row')").value_or(-1); };
    while (tail() == 0) {
        m_records.push_back(randomCall(random, m_from, std::chrono::seconds(5 * 3600)));
        m_store->store({m_records.back()});
    }
    QVERIFY(tail() > 0);
}

void tst_CallLogSums::sumsEqualTheRecords_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<int>("bucketSeconds");
    QTest::addColumn<int>("offsetSeconds");
    for (const char *filter : {"", "team:growth", "NOT team:growth", "provider:claude", "NOT provider:claude", "key:growth-key", "route:canary", "provider:claude route:smart", "key:search-key provider:claude", "model:llama-3", "model:gpt-4", "latency:>1s", "state:failed OR stream:true"}) {
        for (const int bucket : {30, 60, 300, 3600, 7200})
            QTest::addRow("%s by %d", filter, bucket) << QString::fromUtf8(filter) << bucket << 1234 + bucket / 7;
    }
}

void tst_CallLogSums::sumsEqualTheRecords()
{
    QFETCH(QString, filter);
    QFETCH(int, bucketSeconds);
    QFETCH(int, offsetSeconds);
    Predicate holds;
    const std::map<QString, Predicate> predicates {
        {QString(), [](const CallRecord &) { return true; }},
        {QStringLiteral("team:growth"), [](const CallRecord &r) { return r.team == "growth"; }},
        {QStringLiteral("NOT team:growth"), [](const CallRecord &r) { return r.team != "growth"; }},
        {QStringLiteral("provider:claude"), [](const CallRecord &r) { return r.provider == "claude"; }},
        {QStringLiteral("NOT provider:claude"), [](const CallRecord &r) { return r.provider != "claude"; }},
        {QStringLiteral("key:growth-key"), [](const CallRecord &r) { return r.key == "growth-key"; }},
        {QStringLiteral("route:canary"), [](const CallRecord &r) { return r.route == "canary"; }},
        {QStringLiteral("key:search-key provider:claude"), [](const CallRecord &r) { return r.key == "search-key" && r.provider == "claude"; }},
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

void tst_CallLogSums::usageEqualsTheRecords_data()
{
    QTest::addColumn<std::vector<UsageField>>("groups");
    QTest::addColumn<QString>("filter");
    using enum UsageField;
    const std::vector<std::pair<const char *, std::vector<UsageField>>> questions {{"all", {}}, {"team", {Team}}, {"key", {Key}}, {"provider", {Provider}}, {"route, provider", {Route, Provider}}, {"model, team", {Model, Team}}, {"each", {Team, Key, Route, Provider, Model}}};
    for (const auto &[name, groups] : questions) {
        for (const char *filter : {"", "provider:claude", "latency:>1s"})
            QTest::addRow("%s of %s", name, filter) << groups << QString::fromUtf8(filter);
    }
}

void tst_CallLogSums::usageEqualsTheRecords()
{
    QFETCH(std::vector<UsageField>, groups);
    QFETCH(QString, filter);
    const UsageQuery query {.range = {.from = m_from + 1234s, .to = m_from + 4h + 7min + 3s}, .filter = filterOf(filter.toStdString()), .groupBy = groups, .bucket = UsageBucket::Hour};
    const auto usage = m_store->reader().usage(query, "UTC");
    QVERIFY2(usage, usage ? "" : usage.error().message.c_str());
    std::map<std::pair<WallTime, std::vector<std::string>>, Expected> expected;
    Expected whole;
    for (const CallRecord &record : m_records) {
        const bool holds = filter.isEmpty() || (filter.startsWith(QLatin1String("provider")) ? record.provider == "claude" : record.latencyUs > 1'000'000);
        if (!holds || record.startedAt < query.range.from || record.startedAt >= query.range.to)
            continue;
        std::vector<std::string> group;
        for (const UsageField field : groups)
            group.push_back(field == UsageField::Team ? record.team : field == UsageField::Key ? record.key : field == UsageField::Route ? record.route : field == UsageField::Provider ? record.provider : record.model);
        expected[{std::chrono::floor<std::chrono::hours>(record.startedAt), group}].add(record);
        whole.add(record);
    }
    QCOMPARE(usage->rows.size(), expected.size());
    for (const UsageRow &row : usage->rows) {
        const auto found = expected.find({row.at.value_or(WallTime {}), row.group});
        QVERIFY(found != expected.end());
        QCOMPARE(row.totals.calls, found->second.calls);
        QCOMPARE(row.totals.failed, found->second.failed);
        QCOMPARE(row.totals.unpriced, found->second.unpriced);
        QCOMPARE(row.totals.cost.nanos(), found->second.cost.nanos());
        QVERIFY(row.totals.p95Us == found->second.latency.quantile(0.95));
    }
    QVERIFY(std::ranges::is_sorted(usage->rows, [](const UsageRow &a, const UsageRow &b) { return a.at < b.at || (a.at == b.at && a.totals.cost.nanos() > b.totals.cost.nanos()); }));
    QCOMPARE(usage->totals.calls, whole.calls);
    QCOMPARE(usage->totals.cost.nanos(), whole.cost.nanos());
}

void tst_CallLogSums::usageGoesByTheCalendar()
{
    TempStore store;
    const WallTime midnight = std::chrono::sys_days(std::chrono::March / 29 / 2026) - 1h; // Berlin's 29 March: 23 hours
    store.clock().jumpWallTo(midnight + 100 * 24h);
    store.store({sampleCall(midnight - 1us), sampleCall(midnight), sampleCall(midnight + 23h - 1us), sampleCall(midnight + 23h), sampleCall(midnight + 4 * 24h)});
    const auto days = store.reader().usage({.range = {}, .filter = {}, .bucket = UsageBucket::Day}, "Europe/Berlin");
    QVERIFY(days);
    QCOMPARE(days->rows.size(), 4u);
    QCOMPARE(days->rows[1].totals.calls, 2u);
    QVERIFY(days->rows[1].at == midnight);
    QVERIFY(days->rows[2].at == midnight + 23h);
    const auto months = store.reader().usage({.range = {.from = midnight}, .filter = {}, .bucket = UsageBucket::Month}, "Europe/Berlin");
    QVERIFY(months);
    QCOMPARE(months->rows.size(), 2u);
    QCOMPARE(months->rows[0].totals.calls, 3u);
    QVERIFY(months->rows[0].at == std::chrono::sys_days(std::chrono::March / 1 / 2026) - 1h); // the whole month's start
    QCOMPARE(months->rows[1].totals.calls, 1u);
    QVERIFY(TempStore().reader().usage({}, "UTC")->rows.empty());
}

void tst_CallLogSums::usageIsBounded()
{
    TempStore store;
    const WallTime now = store.clock().wallNow();
    store.store({sampleCall(now - 24h * 400), sampleCall(now)});
    const auto hours = store.reader().usage({.range = {}, .filter = {}, .bucket = UsageBucket::Hour}, "UTC");
    QVERIFY(!hours);
    QCOMPARE(hours.error().code, ErrorCode::BadRequest);
    QCOMPARE(store.reader().usage({.range = {}, .filter = {}, .bucket = UsageBucket::Day}, "UTC")->rows.size(), 2u);
}

void tst_CallLogSums::comparesWithThePeriodBeforeAndYesterday()
{
    TempStore store;
    const WallTime now = std::chrono::sys_days(std::chrono::March / 30 / 2026) + 10h; // the day after Berlin's clocks changed
    store.clock().jumpWallTo(now);
    // Berlin's days: 30 March from 22:00 UTC of the 29th; the 29th from 23:00 UTC of the 28th.
    store.store({sampleCall(now - 5min), sampleCall(now - 90min), sampleCall(now - 90min + 1s), sampleCall(now - 12h + 1min), sampleCall(now - 12h - 1min),
                 sampleCall(now - 24h - 1min), sampleCall(now - 24h + 2h), sampleCall(now - 34h - 30min), sampleCall(now - 35h - 1min)});
    const auto series = store.reader().series({.range = {.from = now - 1h}, .bucketSeconds = 60, .filter = {}}, "Europe/Berlin", now);
    QVERIFY(series);
    QCOMPARE(series->totals.calls, 1U);
    QCOMPARE(series->previous.calls, 2U);
    QCOMPARE(series->today.calls, 4U);
    QCOMPARE(series->yesterdaySoFar.calls, 2U); // up to the same time of day, 12:00 in Berlin
    QCOMPARE(store.reader().today("Europe/Berlin", now)->cost.nanos(), 4 * 450'000);
}

void tst_CallLogSums::emptyBucketsAreThere()
{
    TempStore store;
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

void tst_CallLogSums::stripsCountAttempts()
{
    TempStore store;
    const WallTime now = store.clock().wallNow();
    CallRecord rescued = sampleCall(now - 5h);
    rescued.attempts.insert(rescued.attempts.begin(), {.provider = "claude", .endedUs = 10, .httpStatus = 429, .ok = false, .error = ErrorCode::RateLimited});
    rescued.attempts.insert(rescued.attempts.begin(), {.provider = "local", .ok = false, .skipped = true, .error = ErrorCode::Connect});
    CallRecord failed = sampleCall(now - 1min);
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

/// Copies of calls, for which nobody waited: paid for, but no part of how calls fared.
void tst_CallLogSums::shadowsCostAndCountForNothingElse()
{
    constexpr int copies = 9500; // sealed blocks of them, and some behind
    TempStore store;
    const WallTime now = store.clock().wallNow();
    std::vector<CallRecord> records;
    for (int i = 0; i < copies; ++i) {
        CallRecord &shadow = records.emplace_back(sampleCall(now - 1h));
        shadow.shadow = true;
        shadow.shadowOf = "call_01HQZX3VKJ8N4M2P7R9T5W6Y0B";
        shadow.latencyUs = 9'000'000;
        if (i % 2 == 0) {
            shadow.status = CallStatus::Failed;
            shadow.error = ErrorCode::ServerError;
        }
    }
    records.push_back(sampleCall(now - 1h));
    store.store(records);
    const std::int64_t cost = (copies + 1) * records.back().cost->nanos();

    const auto series = store.reader().series({.range = {.from = now - 24h}, .bucketSeconds = 3600, .filter = {}}, "UTC", now);
    QVERIFY(series);
    QCOMPARE(series->totals.calls, std::uint64_t(1));
    QCOMPARE(series->totals.failed, std::uint64_t(0));
    QVERIFY(series->totals.p95Us < 9'000'000);
    QCOMPARE(series->totals.cost.nanos(), cost);
    QCOMPARE(store.reader().use("UTC", now)->teams.at(0).spent.nanos(), cost);
    const auto strips = store.reader().providerStrips({.range = {.from = now - 24h}, .bins = 48}, now);
    QVERIFY(strips);
    QCOMPARE(strips->at(0).attempts, std::uint64_t(records.back().attempts.size()));

    CallQuery query;
    query.filter = filterOf("shadow:true");
    QCOMPARE(store.reader().count(query)->found, std::uint64_t(copies)); // they are in the list
    query.filter = filterOf("NOT shadow:true");
    QCOMPARE(store.reader().count(query)->found, std::uint64_t(1));
    QCOMPARE(store.reader().count(query)->all, std::uint64_t(1));
}

/// Retention takes calls, also those that no roll-up has yet; the sums by hour stay.
void tst_CallLogSums::sumsOutliveTheirCalls()
{
    CallLogSettings settings;
    settings.log.keep = std::chrono::days(1);
    CallLogLimits limits;
    limits.retentionEvery = 20ms;
    TempStore store(settings, limits);
    const WallTime now = store.clock().wallNow();
    const WallTime hour = std::chrono::floor<std::chrono::hours>(now - 72h);
    std::mt19937 random(7);
    std::vector<CallRecord> records;
    for (int i = 0; i < 700; ++i)
        records.push_back(randomCall(random, hour, 3600s));
    store.store(records);
    QTRY_COMPARE_WITH_TIMEOUT(store.reader().calls(CallQuery {})->rows.size(), 0U, 20000);
    for (const char *filter : {"", "provider:claude", "key:search-key", "route:smart", "model:llama-3", "provider:claude route:smart"}) {
        const CallFilter wanted = filterOf(filter);
        std::uint64_t calls = 0;
        for (const CallRecord &record : records) {
            const std::string_view text(filter);
            const bool holds = text.empty() || (text == "provider:claude" && record.provider == "claude") || (text == "key:search-key" && record.key == "search-key")
                || (text == "route:smart" && record.route == "smart") || (text == "model:llama-3" && modelIs(record, "llama-3"))
                || (text == "provider:claude route:smart" && record.provider == "claude" && record.route == "smart");
            calls += holds ? record.repeats : 0;
        }
        const auto series = store.reader().series({.range = {.from = hour, .to = hour + 1h}, .bucketSeconds = 3600, .filter = wanted}, "UTC", now);
        QVERIFY(series);
        QCOMPARE(series->totals.calls, calls);
    }
}

/// What was added up in memory alone when the writer ended is added up again from the calls.
void tst_CallLogSums::sumsAreTheSameAfterARestart()
{
    TempStore store;
    const WallTime from = std::chrono::floor<std::chrono::hours>(store.clock().wallNow()) - 5h;
    std::mt19937 random(9);
    std::uint64_t calls = 0;
    std::int64_t cost = 0;
    for (int round = 0; round < 5; ++round) {
        std::vector<CallRecord> records;
        for (int i = 0; i < 1500; ++i) {
            records.push_back(randomCall(random, from, 4h));
            calls += records.back().repeats;
            cost += records.back().cost.value_or(Money {}).nanos();
        }
        store.store(records);
        for (const char *filter : {"", "NOT provider:nobody", "NOT key:nobody", "NOT route:nobody", "NOT key:nobody NOT provider:nobody"}) {
            const auto series = store.reader().series({.range = {.from = from, .to = from + 4h}, .bucketSeconds = 3600, .filter = filterOf(filter)}, "UTC", from + 5h);
            QVERIFY(series);
            QCOMPARE(series->totals.calls, calls);
            QCOMPARE(series->totals.cost.nanos(), cost);
        }
        store.closeWriter();
    }
    auto database = Database::open({.path = store.callsPath(), .access = Access::ReadOnly}, callLogSchema());
    QVERIFY(database);
    const std::int64_t tail = (*database)->number("SELECT coalesce(sum(repeats), 0) FROM calls WHERE row > (SELECT value FROM marks WHERE name = 'sealed_row')").value_or(-1);
    QVERIFY(tail < static_cast<std::int64_t>(calls));
    for (const RollupView &view : rollupViews)
        QCOMPARE((*database)->number("SELECT sum(calls) FROM " + std::string(view.hours)).value_or(-1) + tail, static_cast<std::int64_t>(calls));
}

void tst_CallLogSums::sumsPastTheLargestAmountStayThere()
{
    TempStore store;
    const WallTime now = store.clock().wallNow();
    CallRecord dear = sampleCall(now - 2h);
    dear.cost = Money::fromNanos(std::numeric_limits<std::int64_t>::max() - 5);
    store.store({dear});
    store.store({sampleCall(now - 2h)});
    const auto series = store.reader().series({.range = {.from = now - 24h}, .bucketSeconds = 3600, .filter = {}}, "UTC", now);
    QVERIFY(series);
    QCOMPARE(series->totals.cost.nanos(), std::numeric_limits<std::int64_t>::max());
    QCOMPARE(store.reader().use("UTC", now)->teams.at(0).spent.nanos(), std::numeric_limits<std::int64_t>::max());
}

/// A file whose sums lack what the cache did gets that from its calls.
void tst_CallLogSums::sumsOfTheVersionBeforeGetWhatTheCacheDid()
{
    TempStore store;
    const WallTime from = std::chrono::floor<std::chrono::hours>(store.clock().wallNow()) - 5h;
    std::mt19937 random(13);
    std::vector<CallRecord> records;
    for (int i = 0; i < 9000; ++i) // two blocks, and calls after them
        records.push_back(randomCall(random, from, std::chrono::seconds(4 * 3600)));
    store.store(records);
    store.closeWriter();
    {
        auto database = Database::open({.path = store.callsPath()}, callLogSchema());
        QVERIFY(database);
        std::vector<std::string_view> tables {teamRollups.days, teamRollups.hours, teamRollups.minutes};
        for (const RollupView &view : rollupViews)
            tables.insert(tables.end(), {view.days, view.hours, view.minutes});
        for (const std::string_view table : tables) {
            for (const char *column : {"cache_hits", "cache_looked"}) {
                if (!table.empty())
                    QVERIFY((*database)->run("ALTER TABLE " + std::string(table) + " DROP COLUMN " + column));
            }
        }
        for (const char *later : {"DROP TABLE repriced", "DROP TABLE reprice_runs", "DROP TABLE call_marks", "DROP TABLE late_bodies", "DROP TABLE sink_places", "DELETE FROM marks WHERE name = 'removed_us'"})
            QVERIFY((*database)->run(later));
        QVERIFY((*database)->run("PRAGMA user_version = 12"));
    }
    for (const char *filter : {"", "provider:claude", "key:search-key", "route:canary", "model:llama-3", "provider:claude route:smart"}) {
        const std::string_view text(filter);
        for (const int bucketSeconds : {300, 3600}) {
            const auto series = store.reader().series({.range = {.from = from, .to = from + 4h}, .bucketSeconds = bucketSeconds, .filter = filterOf(filter)}, "UTC", from + 5h);
            QVERIFY2(series, series ? "" : series.error().message.c_str());
            std::map<std::int64_t, Expected> buckets;
            for (const CallRecord &record : records) {
                const bool holds = text.empty() || (text == "provider:claude" && record.provider == "claude") || (text == "key:search-key" && record.key == "search-key") || (text == "route:canary" && record.route == "canary")
                    || (text == "model:llama-3" && modelIs(record, "llama-3")) || (text == "provider:claude route:smart" && record.provider == "claude" && record.route == "smart");
                const std::int64_t width = bucketSeconds * 1'000'000LL;
                if (holds)
                    buckets[record.startedAt.time_since_epoch().count() / width * width].add(record);
            }
            std::uint64_t looked = 0;
            for (const SeriesBucket &bucket : series->buckets) {
                compare(bucket, buckets[bucket.at.time_since_epoch().count()]);
                looked += bucket.cacheLooked;
            }
            QVERIFY(looked > 0);
        }
    }
}

void tst_CallLogSums::savingsAreByTeamAndRoute()
{
    tests::TempStore store;
    const WallTime start = store.clock().wallNow();
    std::vector<CallRecord> records;
    std::map<std::pair<std::string, std::string>, CacheSavings> wanted;
    std::mt19937 random(7);
    for (int i = 0; i < 400; ++i) {
        CallRecord record = tests::sampleCall(start + std::chrono::seconds(i), random() % 2 == 0 ? "search" : "growth");
        record.route = random() % 2 == 0 ? "smart" : "fast";
        record.cache = static_cast<CacheOutcome>(random() % 4);
        if (record.cache == CacheOutcome::Hit || record.cache == CacheOutcome::Semantic) {
            record.cachedFrom = "call_01ARZ3NDEKTSV4RRFFQ69G5FAV";
            record.savedUs = static_cast<std::int64_t>(random() % 1'000'000);
            if (random() % 3 != 0)
                record.saved = Money::fromNanos(static_cast<std::int64_t>(random() % 1'000'000));
        }
        if (i >= 100 && record.cache != CacheOutcome::Off) { // the first hundred are out of the range
            CacheSavings &sum = wanted[{record.team, record.route}];
            sum.hits += record.cache == CacheOutcome::Hit ? 1 : 0;
            sum.semanticHits += record.cache == CacheOutcome::Semantic ? 1 : 0;
            sum.misses += record.cache == CacheOutcome::Miss ? 1 : 0;
            sum.saved += record.saved.value_or(Money());
            sum.savedUs += record.savedUs;
        }
        records.push_back(std::move(record));
    }
    store.store(records);
    const auto savings = store.reader().cacheSavings({.from = start + std::chrono::seconds(100)});
    QVERIFY2(savings, savings ? "" : savings.error().message.c_str());
    QCOMPARE(savings->size(), wanted.size());
    for (const CacheSavings &row : *savings) {
        const CacheSavings &sum = wanted.at({row.team, row.route});
        QCOMPARE(row.hits, sum.hits);
        QCOMPARE(row.semanticHits, sum.semanticHits);
        QCOMPARE(row.misses, sum.misses);
        QCOMPARE(row.saved, sum.saved);
        QCOMPARE(row.savedUs, sum.savedUs);
    }
}

QTEST_GUILESS_MAIN(tst_CallLogSums)
#include "tst_call_log_sums.moc"
