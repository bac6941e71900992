// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/customer_table.h"
#include "gateway/storage/database.h"
#include "gateway/storage/day_sums.h"
#include "gateway/storage/migrations/migrations.h"
#include "gateway/storage/rollup_views.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/zone_days.h"
#include "tests/gateway/storage/random_calls.h"
#include "tests/support/cost_facts.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

namespace {

constexpr auto april = std::chrono::sys_days(std::chrono::April / 1 / 2026); // Berlin's clocks changed three days before

CallLogSettings keepingAll()
{
    CallLogSettings settings;
    settings.log.keep = settings.log.keepBodies = std::chrono::days(4000);
    return settings;
}

const std::map<std::string, Predicate> &filters()
{
    static const std::map<std::string, Predicate> all {
        {"", [](const CallRecord &) { return true; }},
        {"customer:acme", [](const CallRecord &r) { return r.customer == "acme"; }},
        {"customer:ac* team:growth", [](const CallRecord &r) { return r.customer == "acme" && r.team == "growth"; }},
        {"tag:eu", [](const CallRecord &r) { return r.tags == "beta,eu"; }},
        {"NOT endpoint:embeddings", [](const CallRecord &r) { return r.endpoint != Endpoint::Embeddings; }},
        {"model:gpt-4", [](const CallRecord &r) { return modelIs(r, "gpt-4"); }},
        {"NOT model:gpt-4", [](const CallRecord &r) { return !modelIs(r, "gpt-4"); }},
        {"latency:>1s", [](const CallRecord &r) { return r.latencyUs > 1'000'000; }},
    };
    return all;
}

std::vector<WallTime> daysOf(const char *zone, WallTime from, int count)
{
    ZoneDays days(zone);
    std::vector<WallTime> borders;
    std::int64_t at = days.at(from.time_since_epoch().count()).fromUs;
    for (int i = 0; i <= count; ++i) {
        borders.emplace_back(std::chrono::microseconds(at));
        at = days.at(at).toUs;
    }
    return borders;
}

using Groups = std::map<std::pair<std::string, std::string>, CostFigures>;

void compare(const Costs &costs, const CostQuery &query, const std::vector<CallRecord> &records, const Predicate &holds)
{
    Groups groups;
    std::vector<CostFigures> buckets(query.borders.size() - 1);
    CostFigures total;
    for (const CallRecord &record : records) {
        const auto after = std::ranges::upper_bound(query.borders, record.startedAt);
        if (!holds(record) || after == query.borders.begin() || after == query.borders.end())
            continue;
        groups[{valueOf(record, query.by), query.then ? valueOf(record, *query.then) : std::string()}].add(figuresOf(record));
        buckets[static_cast<std::size_t>(after - query.borders.begin()) - 1].add(figuresOf(record));
        total.add(figuresOf(record));
    }
    QVERIFY(costs.total == total);
    QVERIFY(costs.buckets == buckets);
    std::size_t found = 0;
    for (const CostBranch &group : costs.groups) {
        QVERIFY(group.kind != CostGroup::Kind::Gone);
        if (!query.then)
            QVERIFY2((groups.at({group.name, {}}) == group.now), group.name.c_str());
        for (const CostGroup &part : group.parts)
            QVERIFY2((groups.at({group.name, part.name}) == part.now), (group.name + " " + part.name).c_str());
        found += query.then ? group.parts.size() : 1;
    }
    QCOMPARE(found, groups.size());
}

} // namespace

/// Sums by day, and what is answered from them.
class tst_UsageDays : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void costsEqualTheRecordsInAnyZone_data();
    void costsEqualTheRecordsInAnyZone();
    void usageOfDaysAndMonthsEqualsTheRecords();
    void namesAskedForAreTold();
    void customersOutliveTheirCalls();
    void aFormerLogIsTakenOver();
    void blobsGiveBackWhatTheyWereMadeOf();
    void rowsOfADayAreJoined();
    void customersAreBounded();
    void minutesGoAndSumsStay();

private:
    std::unique_ptr<TempStore> m_store;
    std::vector<CallRecord> m_records;
};

void tst_UsageDays::initTestCase()
{
    m_store = std::make_unique<TempStore>(keepingAll());
    m_store->clock().jumpWallTo(april + 10 * 24h);
    std::mt19937 random(1117);
    for (int i = 0; i < 9300; ++i) // two blocks, and calls after them
        m_records.push_back(randomCall(random, april - 6 * 24h, std::chrono::seconds(9 * 86'400)));
    for (CallRecord &record : m_records)
        record.customer = random() % 3 == 0 ? "customer " + std::to_string(random() % 40) : record.customer;
    m_store->store(m_records);
}

void tst_UsageDays::costsEqualTheRecordsInAnyZone_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<std::string>("filter");
    for (const char *zone : {"UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York"}) {
        for (const auto &[filter, holds] : filters())
            QTest::addRow("%s of %s", filter.c_str(), zone) << QByteArray(zone) << filter;
    }
}

void tst_UsageDays::costsEqualTheRecordsInAnyZone()
{
    QFETCH(QByteArray, zone);
    QFETCH(std::string, filter);
    using enum CostField;
    const std::vector<std::pair<CostField, std::optional<CostField>>> questions {{Customer, std::nullopt}, {Customer, Team}, {Model, Customer}, {Endpoint, Tags}, {Tags, Key}, {Team, std::nullopt}, {Route, Provider}};
    for (const auto &[by, then] : questions) {
        CostQuery query {.borders = daysOf(zone.constData(), april - 5 * 24h, 7), .filter = filterOf(filter), .by = by, .then = then};
        const auto days = m_store->reader().costs(query);
        QVERIFY2(days, days ? "" : days.error().message.c_str());
        compare(*days, query, m_records, filters().at(filter));
        query.borders.front() += 1234567us; // ends anywhere
        query.borders.back() -= 7s;
        const auto cut = m_store->reader().costs(query);
        QVERIFY(cut);
        compare(*cut, query, m_records, filters().at(filter));
    }
}

void tst_UsageDays::usageOfDaysAndMonthsEqualsTheRecords()
{
    for (const char *zone : {"UTC", "Europe/Berlin", "Asia/Kathmandu"}) {
        for (const UsageBucket bucket : {UsageBucket::Day, UsageBucket::Month, UsageBucket::Whole}) {
            const auto usage = m_store->reader().usage({.range = {.from = april - 6 * 24h, .to = april + 3 * 24h}, .filter = {}, .groupBy = {UsageField::Model}, .bucket = bucket}, zone);
            QVERIFY(usage);
            ZoneDays days(zone);
            std::map<std::pair<std::int64_t, std::string>, Money> expected;
            const auto placeOf = [&](WallTime at) {
                const ZoneDays::Day &day = days.at(at.time_since_epoch().count());
                return bucket == UsageBucket::Day ? day.day : bucket == UsageBucket::Month ? day.month : 0;
            };
            for (const CallRecord &record : m_records)
                expected[{placeOf(record.startedAt), record.model}] += record.cost.value_or(Money {});
            QCOMPARE(usage->rows.size(), expected.size());
            for (const UsageRow &row : usage->rows)
                QCOMPARE(row.totals.cost.nanos(), expected.at({placeOf(row.at.value_or(april)), row.group.at(0)}).nanos());
        }
    }
}

/// By a name that is a model's, a route's, or neither: as fast as by any other, so that no row is looked at.
void tst_UsageDays::namesAskedForAreTold()
{
    for (const char *model : {"gpt-4", "gpt-4o", "llama-3", "smart"}) {
        std::uint64_t calls = 0;
        for (const CallRecord &record : m_records)
            calls += modelIs(record, model) && record.startedAt >= april - 4 * 24h && record.startedAt < april ? record.repeats : 0;
        const auto series = m_store->reader().series({.range = {.from = april - 4 * 24h, .to = april}, .bucketSeconds = 86'400, .filter = filterOf(std::string("model:") + model)}, "UTC", april + 10 * 24h);
        QVERIFY(series);
        QCOMPARE(series->totals.calls, calls);
    }
}

/// Retention takes calls; their sums stay by all that Costs tells apart.
void tst_UsageDays::customersOutliveTheirCalls()
{
    CallLogSettings settings;
    settings.log.keep = std::chrono::days(2);
    CallLogLimits limits;
    limits.retentionEvery = 20ms;
    TempStore store(settings, limits);
    store.clock().jumpWallTo(april + 10 * 24h);
    const std::vector<CallRecord> some(m_records.begin(), m_records.begin() + 1500);
    store.store(some);
    QTRY_COMPARE_WITH_TIMEOUT(store.reader().calls(CallQuery {})->rows.size(), 0U, 30000);
    for (const CostField then : {CostField::Endpoint, CostField::Model}) {
        const CostQuery query {.borders = daysOf("Europe/Berlin", april - 5 * 24h, 7), .by = CostField::Customer, .then = then};
        const auto costs = store.reader().costs(query);
        QVERIFY(costs);
        compare(*costs, query, some, filters().at(""));
    }
}

/// A file of the version before, whose calls asked for names by which their sums did not tell them apart.
void tst_UsageDays::aFormerLogIsTakenOver()
{
    TempStore store(keepingAll());
    store.clock().jumpWallTo(april + 10 * 24h);
    constexpr int calls = 5000;
    std::vector<CallRecord> records;
    {
        const std::array former {migrations::calls0001(), migrations::calls0002(), migrations::calls0003(), migrations::calls0004(), migrations::calls0005(),
                                 migrations::calls0006(), migrations::calls0007(), migrations::calls0008(), migrations::calls0009(), migrations::calls0010()};
        Schema schema = callLogSchema();
        schema.migrations = former;
        auto database = Database::open({.path = store.callsPath()}, schema);
        QVERIFY2(database, database ? "" : database.error().message.c_str());
        const std::string figures = "count(*), 0, 0, 0, 0, sum(cost), sum(input), 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL";
        std::vector<std::string> statements {
            "INSERT INTO names (id, kind, name) VALUES (1, 2, 'search'), (2, 5, 'smart'), (3, 7, 'llama-3'), (4, 6, 'local'), (5, 3, 'k')",
            // The caller's other name is one of three.
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(calls) + ") INSERT INTO calls (row, id, started_us, latency_us, status, http_status, bad, endpoint, flags, team, key, "
            "route, provider, model, input, output, cached, cache_write, cache_write_1h, reasoning, cost, attempts, repeats, asked, customer, tags) SELECT i, CAST(x'ff' || CAST('id-' || i AS BLOB) AS BLOB), "
            "(1774915200 + i * 60) * 1000000, 1000, 0, 200, 0, 1, 0, 1, 5, 2, 4, 3, i, 0, 0, 0, 0, 0, i * 1000, 0, 1, CASE i % 3 WHEN 0 THEN 'alias-' || (i % 2) END, CASE i % 4 WHEN 0 THEN 'acme' END, "
            "CASE i % 5 WHEN 0 THEN 'eu' END FROM n",
            "INSERT INTO dims (id, team, key, route, provider, model, aliased) VALUES (1, 1, 5, 2, 4, 3, 0), (2, 1, 5, 2, 4, 3, 1)",
            "INSERT INTO rollup_hour (dim, bucket, calls, failed, refused, rescued, unpriced, cost, input, output, e_rate_limit, e_server, e_timeout, e_connect, e_cut, e_client, e_other, latency, ttft) "
            "SELECT CASE WHEN asked IS NULL THEN 1 ELSE 2 END AS d, started_us / 3600000000 * 3600 AS b, " + figures + " FROM calls GROUP BY d, b",
            "INSERT INTO rollup_hour_team (bucket, dim, calls, failed, refused, rescued, unpriced, cost, input, output, e_rate_limit, e_server, e_timeout, e_connect, e_cut, e_client, e_other, latency, ttft) "
            "SELECT started_us / 3600000000 * 3600 AS b, 1, " + figures + " FROM calls GROUP BY b",
            "UPDATE marks SET value = " + std::to_string(calls),
        };
        for (const std::string &sql : statements) {
            const auto done = (*database)->run(sql);
            QVERIFY2(done, done ? "" : done.error().message.c_str());
        }
        for (int view = 0; view < 4; ++view) { // the views' rows, as the writer's dimensions would be: the model's by name asked for
            const bool told = view == 3;
            const auto &names = rollupViews[static_cast<std::size_t>(view)];
            QVERIFY((*database)->run("INSERT OR IGNORE INTO dims (team, key, route, provider, model, aliased) VALUES " + std::string(view == 0 ? "(1, 0, 0, 4, 0, 0)" : view == 1 ? "(1, 5, 0, 0, 0, 0)" : view == 2 ? "(1, 0, 2, 0, 0, 0)" : "(1, 0, 2, 0, 3, 0), (1, 0, 2, 0, 3, 1)")));
            const std::string dim = "(SELECT d.id FROM dims AS d WHERE d.team = 1 AND " + std::string(view == 0 ? "d.provider = 4 AND d.key = 0" : view == 1 ? "d.key = 5 AND d.route = 0" : "d.route = 2 AND d.key = 0 AND d.model = " + std::string(told ? "3" : "0"))
                + (told ? " AND d.aliased = (asked IS NOT NULL))" : ")");
            const auto done = (*database)->run("INSERT INTO " + std::string(names.hours) + " SELECT " + dim + " AS d, started_us / 3600000000 * 3600 AS b, " + figures + " FROM calls GROUP BY d, b");
            QVERIFY2(done, done ? "" : done.error().message.c_str());
        }
    }
    for (int i = 1; i <= calls; ++i) {
        CallRecord record = sampleCall(WallTime(std::chrono::seconds(1774915200 + i * 60)));
        record.route = "smart";
        record.askedModel = i % 3 == 0 ? "alias-" + std::to_string(i % 2) : "smart";
        record.provider = "local";
        record.model = "llama-3";
        record.key = "k";
        record.customer = i % 4 == 0 ? "acme" : "";
        record.tags = i % 5 == 0 ? "eu" : "";
        record.usage = {.input = i};
        record.cost = Money::fromNanos(i * 1000);
        records.push_back(std::move(record));
    }
    std::mt19937 random(3);
    std::vector<CallRecord> later;
    for (int i = 0; i < 100; ++i)
        later.push_back(randomCall(random, april, 3600s));
    store.store(later);
    std::ranges::copy(later, std::back_inserter(records));
    for (const CostField then : {CostField::Tags, CostField::Team}) {
        const CostQuery query {.borders = daysOf("Asia/Kolkata", april - 2 * 24h, 6), .by = CostField::Customer, .then = then};
        const auto costs = store.reader().costs(query);
        QVERIFY2(costs, costs ? "" : costs.error().message.c_str());
        compare(*costs, query, records, filters().at(""));
    }
    for (const char *model : {"alias-0", "alias-1", "smart", "llama-3"}) {
        std::uint64_t expected = 0;
        for (const CallRecord &record : records)
            expected += modelIs(record, model) ? record.repeats : 0;
        const auto series = store.reader().series({.range = {.from = april - 4 * 24h, .to = april + 6 * 24h}, .bucketSeconds = 86'400, .filter = filterOf(std::string("model:") + model)}, "UTC", april + 10 * 24h);
        QVERIFY(series);
        QCOMPARE(series->totals.calls, expected);
        CallQuery page {.filter = filterOf(std::string("model:") + model), .limit = 10'000};
        QCOMPARE(store.reader().count(page)->found, expected);
    }
    auto database = Database::open({.path = store.callsPath(), .access = Access::ReadOnly}, callLogSchema());
    QVERIFY(database);
    for (const RollupView &view : rollupViews) {
        for (const std::string_view table : {view.hours, view.days})
            QCOMPARE((*database)->number("SELECT sum(calls) FROM " + std::string(table)).value_or(-1), calls);
    }
    QCOMPARE((*database)->number("SELECT count(*) FROM rollup_hour AS r JOIN dims AS d ON d.id = r.dim WHERE d.aliased = 1").value_or(-1), 0);
    QCOMPARE((*database)->number("SELECT value FROM marks WHERE name = 'day_sums_from'").value_or(-1), 0);
}

void tst_UsageDays::blobsGiveBackWhatTheyWereMadeOf()
{
    std::mt19937_64 random(5);
    std::map<SumPlace, CostFigures> expected;
    std::vector<SumEntry> entries;
    for (int i = 0; i < 5000; ++i) {
        SumEntry entry {.place = {.customer = static_cast<std::int64_t>(random() % 30), .facet = 1 + static_cast<std::int64_t>(random() % 300), .quarter = random() % 96},
                        .figures = {.cost = Money::fromNanos(static_cast<std::int64_t>(random() >> (14 + random() % 48))), .calls = random() % 3, .input = random() % 100'000, .output = random() % 4000}};
        entry.figures.refused = random() % 20 == 0 ? entry.figures.calls : 0;
        expected[entry.place].add(entry.figures);
        entries.push_back(entry);
    }
    const DaySum sum = DaySum::of(entries);
    std::vector<SumEntry> back;
    sum.addTo(back);
    std::erase_if(expected, [](const auto &entry) { return entry.second.empty(); });
    std::erase_if(back, [](const SumEntry &entry) { return entry.figures.empty(); });
    QCOMPARE(back.size(), expected.size());
    for (const SumEntry &entry : back)
        QVERIFY(expected.at(entry.place) == entry.figures);
    for (qsizetype cut = 0; cut < sum.customers.size(); cut += 997) { // what is damaged ends the reading
        std::vector<SumEntry> some;
        DaySum {.facets = sum.facets.left(cut), .who = sum.who, .customers = sum.customers.left(cut)}.addTo(some);
    }
}

void tst_UsageDays::rowsOfADayAreJoined()
{
    TempStore store(keepingAll());
    store.writer();
    auto database = Database::open({.path = store.callsPath()}, callLogSchema());
    QVERIFY(database);
    DaySumTable table(**database);
    for (int i = 1; i <= 70; ++i) {
        table.add(april.time_since_epoch() / 1us + i, 2 + i % 3, 1 + i % 5, {.cost = Money::fromNanos(i), .calls = 1});
        QVERIFY(table.write());
    }
    QCOMPARE((*database)->number("SELECT count(*) FROM day_sums").value_or(-1), 1 + 6); // 64 in one, and six
    QCOMPARE((*database)->number("SELECT max(level) FROM day_sums").value_or(-1), 2);
}

void tst_UsageDays::customersAreBounded()
{
    TempStore store(keepingAll());
    store.writer();
    auto database = Database::open({.path = store.callsPath()}, callLogSchema());
    QVERIFY(database);
    CustomerTable table(**database, 6);
    std::vector<std::int64_t> numbers;
    for (int i = 0; i < 5; ++i)
        numbers.push_back(table.number("c" + std::to_string(i), 100 + i).value_or(-1));
    QVERIFY(std::ranges::find(numbers, CustomerTable::other) == numbers.end());
    QCOMPARE(table.number("c0", 104).value_or(-1), numbers[0]); // it came again: c1 is now the one that was away longest
    const auto added = table.number("new", 104).value_or(-1);
    QVERIFY(added > numbers.back());
    QCOMPARE(table.number("c1", 104).value_or(-1), CustomerTable::other); // it lost its name, and all others came lately
    QVERIFY(table.number("c1", 105).value_or(-1) > added); // a number is never given out again
    table.forget();
    for (int i = 0; i < 20; ++i)
        QVERIFY(table.number("flood" + std::to_string(i), 105).has_value());
    QCOMPARE(table.number("one more", 105).value_or(-1), CustomerTable::other); // all came lately
    QVERIFY(table.number("one more", 200).value_or(-1) > added);
    QCOMPARE((*database)->number("SELECT value FROM marks WHERE name = 'customers_let_go'").value_or(-1), 1);
    QVERIFY((*database)->number("SELECT count(*) FROM customers").value_or(-1) <= 6);
}

/// Charts of long ago have no minutes: their ends are added up from the calls.
void tst_UsageDays::minutesGoAndSumsStay()
{
    CallLogSettings settings = keepingAll();
    CallLogLimits limits;
    limits.retentionEvery = 20ms;
    TempStore store(settings, limits);
    store.clock().jumpWallTo(april + 10 * 24h);
    store.store(std::vector<CallRecord>(m_records.begin(), m_records.begin() + 5000));
    auto database = Database::open({.path = store.callsPath(), .access = Access::ReadOnly}, callLogSchema());
    QVERIFY(database);
    QTRY_COMPARE_WITH_TIMEOUT((*database)->number("SELECT count(*) FROM rollup_minute_team WHERE bucket < (SELECT value FROM marks WHERE name = 'minutes_from')").value_or(-1), 0, 30000);
    const WallTime from = april - 3 * 24h + 17min + 3s, to = april + 7min;
    std::int64_t cost = 0;
    for (std::size_t i = 0; i < 5000; ++i)
        cost += m_records[i].startedAt >= from && m_records[i].startedAt < to ? m_records[i].cost.value_or(Money {}).nanos() : 0;
    for (const int bucket : {60, 300, 3600}) {
        const auto series = store.reader().series({.range = {.from = from, .to = to}, .bucketSeconds = bucket, .filter = {}}, "UTC", april + 10 * 24h);
        QVERIFY(series);
        QCOMPARE(series->totals.cost.nanos(), cost);
    }
}

QTEST_GUILESS_MAIN(tst_UsageDays)
#include "tst_usage_days.moc"
