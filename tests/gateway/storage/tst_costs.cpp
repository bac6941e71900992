// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"
#include "tests/gateway/storage/random_calls.h"
#include "tests/support/cost_facts.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

namespace {

std::vector<WallTime> bordersFrom(WallTime from, std::chrono::seconds step, int buckets)
{
    std::vector<WallTime> borders;
    for (int i = 0; i <= buckets; ++i)
        borders.push_back(from + step * i);
    return borders;
}

bool holds(const QString &filter, const CallRecord &record)
{
    return filter.isEmpty() || (filter == QLatin1String("provider:claude") && record.provider == "claude") || (filter == QLatin1String("latency:>1s") && record.latencyUs > 1'000'000);
}

CostFigures sumOfGroups(const Costs &costs)
{
    CostFigures sum;
    for (const CostBranch &group : costs.groups)
        sum.add(group.now);
    return sum;
}

} // namespace

class tst_Costs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void groupsEqualTheRecords_data();
    void groupsEqualTheRecords();
    void bucketsEqualTheRecords_data();
    void bucketsEqualTheRecords();
    void totalsAreThoseOfOverview();
    void comparesWithTheTimeBefore();
    void whatIsGoneFromTheLogIsStillCounted();
    void countsCustomers();
    void onlyTheLargestHaveBuckets();
    void questionsAreBounded();

private:
    std::unique_ptr<TempStore> m_store;
    std::vector<CallRecord> m_records;
    WallTime m_from;
};

void tst_Costs::initTestCase()
{
    m_store = std::make_unique<TempStore>();
    m_from = std::chrono::floor<std::chrono::hours>(m_store->clock().wallNow() - 8h);
    std::mt19937 random(43);
    for (int i = 0; i < 5500; ++i) // sealed blocks, and calls after them
        m_records.push_back(randomCall(random, m_from, std::chrono::seconds(5 * 3600)));
    m_store->store(m_records);
}

void tst_Costs::groupsEqualTheRecords_data()
{
    QTest::addColumn<CostField>("by");
    QTest::addColumn<CostField>("then");
    QTest::addColumn<QString>("filter");
    for (std::size_t by = 0; by < costFieldCount; ++by) {
        for (std::size_t then = 0; then < costFieldCount; ++then) {
            for (const char *filter : {"", "provider:claude", "latency:>1s"})
                QTest::addRow("%zu, %zu of %s", by, then, filter) << static_cast<CostField>(by) << static_cast<CostField>(then) << QString::fromUtf8(filter);
        }
    }
}

/// By any one field (where both are the same) and any two.
void tst_Costs::groupsEqualTheRecords()
{
    QFETCH(CostField, by);
    QFETCH(CostField, then);
    QFETCH(QString, filter);
    CostQuery query {.borders = {m_from + 1234s, m_from + 4h + 7min + 3s}, .filter = filterOf(filter.toStdString()), .by = by};
    if (then != by)
        query.then = then;
    const auto costs = m_store->reader().costs(query);
    QVERIFY2(costs, costs ? "" : costs.error().message.c_str());
    std::map<std::string, CostFigures> groups;
    std::map<std::pair<std::string, std::string>, CostFigures> parts;
    for (const CallRecord &record : m_records) {
        if (!holds(filter, record) || record.startedAt < query.borders.front() || record.startedAt >= query.borders.back())
            continue;
        groups[valueOf(record, by)].add(figuresOf(record));
        parts[{valueOf(record, by), valueOf(record, then)}].add(figuresOf(record));
    }
    QCOMPARE(costs->groups.size(), groups.size());
    std::size_t found = 0;
    for (const CostBranch &group : costs->groups) {
        QVERIFY(group.kind != CostGroup::Kind::Gone);
        QCOMPARE(group.kind == CostGroup::Kind::None, group.name.empty());
        QVERIFY2(group.now == groups.at(group.name), group.name.c_str());
        found += group.parts.size();
        for (const CostGroup &part : group.parts)
            QVERIFY(part.now == parts.at({group.name, part.name}));
    }
    QCOMPARE(found, query.then ? parts.size() : 0U);
    QVERIFY(sumOfGroups(*costs) == costs->total);
    QVERIFY(std::ranges::is_sorted(costs->groups, [](const CostBranch &a, const CostBranch &b) { return std::pair(a.kind != CostGroup::Kind::None, a.now.cost) > std::pair(b.kind != CostGroup::Kind::None, b.now.cost); }));
}

void tst_Costs::bucketsEqualTheRecords_data()
{
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("step");
    QTest::newRow("hours") << 0 << 3600;
    QTest::newRow("five minutes") << 0 << 300;
    QTest::newRow("hours of a zone half an hour off") << 1800 << 3600;
    QTest::newRow("odd") << 1237 << 1111;
}

void tst_Costs::bucketsEqualTheRecords()
{
    QFETCH(int, offset);
    QFETCH(int, step);
    for (const CostField by : {CostField::Team, CostField::Key, CostField::Endpoint}) {
        CostQuery query {.borders = bordersFrom(m_from + std::chrono::seconds(offset), std::chrono::seconds(step), 4 * 3600 / step), .by = by};
        query.borders.front() -= 17s; // the ends may lie anywhere
        query.borders.back() += 7s;
        const auto costs = m_store->reader().costs(query);
        QVERIFY(costs);
        QCOMPARE(costs->buckets.size(), query.borders.size() - 1);
        std::vector<CostFigures> all(costs->buckets.size());
        std::map<std::string, std::vector<CostFigures>> groups;
        for (const CallRecord &record : m_records) {
            const auto after = std::ranges::upper_bound(query.borders, record.startedAt);
            if (after == query.borders.begin() || after == query.borders.end())
                continue;
            const auto bucket = static_cast<std::size_t>(after - query.borders.begin()) - 1;
            all[bucket].add(figuresOf(record));
            auto &group = groups[valueOf(record, by)];
            group.resize(all.size());
            group[bucket].add(figuresOf(record));
        }
        QVERIFY(costs->buckets == all);
        for (const CostBranch &group : costs->groups)
            QVERIFY(group.buckets == groups.at(group.name));
    }
}

void tst_Costs::totalsAreThoseOfOverview()
{
    const WallTime from = m_from + 777s, to = m_from + 4h + 7min + 3s;
    const auto series = m_store->reader().series({.range = {.from = from, .to = to}, .bucketSeconds = 60, .filter = {}}, "UTC", m_store->clock().wallNow());
    QVERIFY(series);
    std::map<std::string, std::int64_t> teams;
    for (const SeriesBucket &bucket : series->buckets) {
        for (const auto &[team, cost] : bucket.costByTeam)
            teams[team] += cost.nanos();
    }
    for (std::size_t by = 0; by < costFieldCount; ++by) {
        const auto costs = m_store->reader().costs({.borders = {from, to}, .by = static_cast<CostField>(by)});
        QVERIFY(costs);
        QCOMPARE(costs->total.cost.nanos(), series->totals.cost.nanos());
        QCOMPARE(costs->total.calls, series->totals.calls);
        QCOMPARE(costs->total.unpriced, series->totals.unpriced);
        QCOMPARE(costs->total.tokens(), series->totals.inputTokens + series->totals.outputTokens);
        QVERIFY(sumOfGroups(*costs) == costs->total);
        if (static_cast<CostField>(by) != CostField::Team)
            continue;
        for (const CostBranch &group : costs->groups)
            QCOMPARE(group.now.cost.nanos(), teams.at(group.name));
    }
}

void tst_Costs::comparesWithTheTimeBefore()
{
    TempStore store;
    const WallTime day = std::chrono::floor<std::chrono::days>(store.clock().wallNow());
    store.store({sampleCall(day - 3 * 24h), sampleCall(day - 2 * 24h, "growth"), sampleCall(day - 2 * 24h - 1us, "growth"), sampleCall(day - 1us)});
    const auto costs = store.reader().costs({.borders = bordersFrom(day - 2 * 24h, 24h, 2), .before = bordersFrom(day - 4 * 24h, 24h, 2), .then = CostField::Model});
    QVERIFY(costs);
    QCOMPARE(costs->total.calls, 2U);
    QCOMPARE(costs->totalBefore.calls, 2U);
    QCOMPARE(costs->before.at(0).calls, 0U);
    QCOMPARE(costs->before.at(1).calls, 2U);
    QCOMPARE(costs->groups.size(), 2U);
    for (const CostBranch &group : costs->groups) {
        QCOMPARE(group.now.calls, 1U);
        QCOMPARE(group.before.calls, 1U);
        QCOMPARE(group.parts.at(0).before.calls, 1U);
    }
}

/// Retention took calls before there were sums by day: others of their sums stay, but nobody knows whose customers they were.
void tst_Costs::whatIsGoneFromTheLogIsStillCounted()
{
    CallLogSettings settings;
    settings.log.keep = std::chrono::days(1);
    CallLogLimits limits;
    limits.retentionEvery = 20ms;
    TempStore store(settings, limits);
    const WallTime hour = std::chrono::floor<std::chrono::hours>(store.clock().wallNow() - 72h);
    std::vector<CallRecord> records;
    for (int i = 0; i < 40; ++i) {
        records.push_back(sampleCall(hour + std::chrono::seconds(i), i % 4 == 0 ? "growth" : "search"));
        records.back().customer = "acme";
    }
    store.store(records);
    QTRY_COMPARE_WITH_TIMEOUT(store.reader().calls(CallQuery {})->rows.size(), 0U, 20000);
    {
        auto database = Database::open({.path = store.callsPath()}, callLogSchema());
        QVERIFY(database && (*database)->run("DELETE FROM day_sums") && (*database)->run("UPDATE marks SET value = 4000000000 WHERE name = 'day_sums_from'"));
    }
    const auto costs = store.reader().costs({.borders = {hour, hour + 1h}, .by = CostField::Team, .then = CostField::Customer});
    QVERIFY(costs);
    QCOMPARE(costs->total.calls, 40U);
    QCOMPARE(costs->groups.size(), 2U);
    QCOMPARE(costs->groups.at(0).name, "search");
    QCOMPARE(costs->groups.at(0).now.calls, 30U);
    QCOMPARE(costs->groups.at(0).parts.size(), 1U);
    QVERIFY(costs->groups.at(0).parts.at(0).kind == CostGroup::Kind::Gone);
    const auto customers = store.reader().costs({.borders = {hour, hour + 1h}, .by = CostField::Customer, .then = CostField::Team});
    QVERIFY(customers);
    QCOMPARE(customers->groups.size(), 1U);
    QVERIFY(customers->groups.at(0).kind == CostGroup::Kind::Gone);
    QCOMPARE(customers->groups.at(0).now.cost.nanos(), 40 * 450'000);
    QCOMPARE(customers->groups.at(0).parts.size(), 2U);
    QCOMPARE(customers->groups.at(0).parts.at(0).name, "search");
}

void tst_Costs::countsCustomers()
{
    for (const char *filter : {"", "provider:claude"}) {
        CostQuery query {.borders = {m_from + 1h, m_from + 2h}, .filter = filterOf(filter), .customers = true};
        const auto costs = m_store->reader().costs(query);
        QVERIFY(costs);
        QVERIFY(costs->customers == std::optional<std::uint64_t>(2));
    }
    const auto none = m_store->reader().costs({.borders = {m_from - 2h, m_from - 1h}, .customers = true});
    QVERIFY(none && none->customers == std::optional<std::uint64_t>(0));
    QVERIFY(!m_store->reader().costs({.borders = {m_from, m_from + 1h}})->customers);
}

void tst_Costs::onlyTheLargestHaveBuckets()
{
    TempStore store;
    const WallTime hour = std::chrono::floor<std::chrono::hours>(store.clock().wallNow() - 3h);
    std::vector<CallRecord> records;
    for (int team = 0; team < 12; ++team) {
        records.push_back(sampleCall(hour, "team" + std::to_string(team)));
        records.back().cost = Money::fromNanos(1000 + team);
    }
    records.push_back(sampleCall(hour, ""));
    store.store(records);
    const auto costs = store.reader().costs({.borders = bordersFrom(hour, 1h, 2)});
    QVERIFY(costs);
    QCOMPARE(costs->groups.size(), 13U);
    QCOMPARE(costs->groups.front().name, "team11");
    for (std::size_t i = 0; i < costs->groups.size(); ++i)
        QCOMPARE(costs->groups[i].buckets.empty(), i >= costBucketsOf && costs->groups[i].kind == CostGroup::Kind::Named);
    const auto calls = store.reader().costs({.borders = bordersFrom(hour, 1h, 2), .measure = CostMeasure::Calls});
    QCOMPARE(calls->groups.front().name, "team0"); // equal ones by name
}

void tst_Costs::questionsAreBounded()
{
    const WallTime now = m_store->clock().wallNow();
    for (const std::vector<WallTime> &borders : {std::vector<WallTime> {}, {now}, {now, now}, {now, now - 1s}, bordersFrom(now, 1s, 401)}) {
        const auto costs = m_store->reader().costs({.borders = borders});
        QVERIFY(!costs);
        QCOMPARE(costs.error().code, ErrorCode::BadRequest);
    }
    QVERIFY(!m_store->reader().costs({.borders = {now - 1h, now}, .before = {now}}));
    const auto nothing = TempStore().reader().costs({.borders = bordersFrom(now - 48h, 1h, 48), .then = CostField::Customer, .customers = true});
    QVERIFY(nothing);
    QVERIFY(nothing->groups.empty());
    QCOMPARE(nothing->buckets.size(), 48U);
}

QTEST_GUILESS_MAIN(tst_Costs)
#include "tst_costs.moc"
