// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/storage/random_calls.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

namespace {

CallLogSettings keepingAll()
{
    CallLogSettings settings;
    settings.log.keep = settings.log.keepBodies = std::chrono::days(4000);
    return settings;
}

/// A team's call of that day, with so many tokens at a hundred micro-dollars each.
CallRecord callOf(WallTime at, const std::string &team, const std::string &key, const std::string &model, std::int64_t tokens, const std::string &customer = {})
{
    CallRecord record = sampleCall(at, team);
    record.key = key;
    record.model = model;
    record.customer = customer;
    record.usage = {.input = tokens};
    record.cost = Money::fromNanos(tokens * 100'000);
    record.attempts.front().model = model;
    record.attempts.front().usage = record.usage;
    record.attempts.front().cost = record.cost;
    return record;
}

/// Ten weeks of two teams' days, 24 calls each; on one day a key of one of them asks another model for one customer.
std::vector<CallRecord> weeks(WallTime monday, std::size_t oddDay)
{
    std::vector<CallRecord> records;
    for (std::size_t day = 0; day < 70; ++day) {
        for (int hour = 0; hour < 24; ++hour) {
            const WallTime at = monday + std::chrono::days(day) + std::chrono::hours(hour);
            records.push_back(callOf(at, "search", "web", "gpt-4o", 1000 + hour));
            records.push_back(callOf(at + 1s, "growth", "app", "gpt-4o", 500, hour % 2 == 0 ? "acme" : ""));
        }
        if (day == oddDay) {
            for (int i = 0; i < 10; ++i)
                records.push_back(callOf(monday + std::chrono::days(day) + 9h + std::chrono::minutes(i), "search", "batch-7", "claude-opus-4", 9000, "acme"));
        }
    }
    return records;
}

/// Prices by hand: a dollar a million tokens at the one, ten at the other; cached input a tenth, written half as much again.
PricesNow priced()
{
    return {.prices = [](std::string_view provider, std::string_view) -> std::optional<Prices> {
                if (provider == "local")
                    return std::nullopt;
                const Money input = Money::fromNanos(provider == "openai" ? 1'000'000'000 : 10'000'000'000);
                return Prices {.input = input, .output = input, .cachedInput = Money::fromNanos(input.nanos() / 10), .cacheWrite = Money::fromNanos(input.nanos() * 3 / 2)};
            },
            .firstChoice = [](std::string_view route) -> std::optional<std::pair<std::string, std::string>> {
                return route == "smart" ? std::optional(std::pair<std::string, std::string>("claude", "claude-sonnet-4")) : std::nullopt;
            }};
}

} // namespace

class tst_CostStudies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anUnusualDayIsFound_data();
    void anUnusualDayIsFound();
    void historyEqualsTheRecords_data();
    void historyEqualsTheRecords();
    void anEmptyLogHasNothingUnusual();
    void promptCachingIsWorthWhatItSaves();
    void otherTargetsAreHeldAgainstTheFirstChoice();
    void kindsAndGroupsAddUp_data();
    void kindsAndGroupsAddUp();
    void wrongQuestionsAreRefused();
};

void tst_CostStudies::anUnusualDayIsFound_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addRow("all") << "";
    QTest::addRow("by sums") << "team:search";
    QTest::addRow("by rows") << "latency:>1ms";
}

void tst_CostStudies::anUnusualDayIsFound()
{
    QFETCH(QString, filter);
    TempStore store(keepingAll());
    const WallTime now = std::chrono::floor<std::chrono::days>(store.clock().wallNow());
    const WallTime from = now - std::chrono::days(70);
    store.store(weeks(from, 66));
    const auto found = store.reader().anomalies({.range = {.from = now - std::chrono::days(14)}, .filter = filterOf(filter.toStdString())}, "UTC", now);
    QVERIFY2(found, found ? "" : found.error().message.c_str());
    QCOMPARE(found->size(), 1U);
    const CostAnomaly &anomaly = found->front();
    QCOMPARE(anomaly.name, "search");
    QVERIFY(anomaly.from == from + std::chrono::days(66));
    QCOMPARE(anomaly.excess.nanos(), 10 * 9000 * 100'000LL);
    QCOMPARE(anomaly.figures.calls, 34U);
    QVERIFY(!anomaly.drivers.empty());
    QCOMPARE(anomaly.drivers.front().of.front().second, "batch-7");
    QCOMPARE(std::lround(anomaly.drivers.front().share * 100), 100);
    const bool customer = std::ranges::any_of(anomaly.drivers, [](const CostDriver &driver) { return driver.of.front() == std::pair(CostField::Customer, std::string("acme")); });
    QCOMPARE(customer, filter != QLatin1String("latency:>1ms")); // of sums alone
    // What opens behind it are those calls.
    const auto calls = store.reader().calls({.range = {.from = anomaly.from, .to = anomaly.to}, .filter = filterOf(callsFilterOf(anomaly)), .limit = 100});
    QVERIFY(calls);
    QCOMPARE(calls->rows.size(), 10U);
    for (const CallRow &row : calls->rows)
        QCOMPARE(row.record.key, "batch-7");
}

void tst_CostStudies::historyEqualsTheRecords_data()
{
    QTest::addColumn<QString>("zone");
    for (const char *zone : {"UTC", "Europe/Berlin", "Asia/Kathmandu"})
        QTest::addRow("%s", zone) << QString::fromLatin1(zone);
}

/// An odd day cut by another zone's midnights is still one day's.
void tst_CostStudies::historyEqualsTheRecords()
{
    QFETCH(QString, zone);
    TempStore store(keepingAll());
    const WallTime now = std::chrono::floor<std::chrono::days>(store.clock().wallNow());
    const auto records = weeks(now - std::chrono::days(70), 66);
    store.store(records);
    const auto found = store.reader().anomalies({.range = {.from = now - std::chrono::days(14)}, .by = CostField::Key}, zone.toStdString(), now);
    QVERIFY2(found, found ? "" : found.error().message.c_str());
    for (const CostAnomaly &anomaly : *found) {
        CostFigures sum;
        for (const CallRecord &record : records) {
            if (record.key == anomaly.name && record.startedAt >= anomaly.from && record.startedAt < anomaly.to)
                sum.add({.cost = *record.cost, .calls = 1, .input = static_cast<std::uint64_t>(record.usage.input)});
        }
        QVERIFY(sum == anomaly.figures);
    }
    const auto byTeam = store.reader().anomalies({.range = {.from = now - std::chrono::days(14)}}, zone.toStdString(), now);
    QVERIFY(byTeam);
    QCOMPARE(byTeam->size(), 1U);
}

void tst_CostStudies::anEmptyLogHasNothingUnusual()
{
    TempStore store;
    const auto none = store.reader().anomalies({}, "UTC", store.clock().wallNow());
    QVERIFY(none && none->empty());
}

void tst_CostStudies::promptCachingIsWorthWhatItSaves()
{
    TempStore store;
    const WallTime at = store.clock().wallNow() - 1h;
    CallRecord record = sampleCall(at);
    record.usage = {.input = 1'000'000, .cachedInput = 600'000, .cacheWrite = 200'000};
    store.store({record});
    const auto savings = store.reader().savings({.borders = {at - 1h, at + 1h}}, priced());
    QVERIFY(savings);
    // 0.6 of a dollar's tokens cost 0.06 instead, 0.2 cost 0.3.
    QCOMPARE(savings->total.promptCache.nanos(), 540'000'000 - 100'000'000);
    QCOMPARE(savings->total.promptCalls, 1U);
    QCOMPARE(savings->total.route.nanos(), 0);
    QCOMPARE(savings->paid.nanos(), record.cost->nanos());
}

void tst_CostStudies::otherTargetsAreHeldAgainstTheFirstChoice()
{
    TempStore store;
    const WallTime at = store.clock().wallNow() - 1h;
    CallRecord cheaper = sampleCall(at); // the plan names claude first, openai answered
    cheaper.route = cheaper.askedModel = "smart";
    cheaper.usage = {.input = 1000};
    cheaper.cost = Money::fromNanos(1'000'000);
    CallRecord same = cheaper;
    same.id += "1";
    same.provider = same.attempts.front().provider = "claude";
    same.model = same.attempts.front().model = "claude-sonnet-4";
    CallRecord dearer = sampleCall(at + 1s); // openai was tried first and failed
    dearer.route = "other";
    dearer.usage = {.input = 1000};
    dearer.provider = "claude";
    dearer.cost = Money::fromNanos(10'000'000);
    dearer.attempts.insert(dearer.attempts.begin(), {.provider = "openai", .model = "gpt-4o", .httpStatus = 503, .ok = false});
    CallRecord unknown = sampleCall(at + 2s);
    unknown.attempts.insert(unknown.attempts.begin(), {.provider = "local", .model = "llama", .httpStatus = 503, .ok = false});
    store.store({cheaper, same, dearer, unknown});
    const auto savings = store.reader().savings({.borders = {at - 1h, at + 1h}, .by = CostField::Route}, priced());
    QVERIFY(savings);
    QCOMPARE(savings->groups.front().name, "smart");
    QCOMPARE(savings->groups.front().figures.route.nanos(), 9'000'000);
    QCOMPARE(savings->total.route.nanos(), 9'000'000 - 9'000'000); // the rescue took it back
    QCOMPARE(savings->total.routeCalls, 2U);
    QCOMPARE(savings->total.unknown, 1U);
}

void tst_CostStudies::kindsAndGroupsAddUp_data()
{
    QTest::addColumn<CostField>("by");
    QTest::addColumn<QString>("filter");
    for (const CostField by : {CostField::Team, CostField::Key, CostField::Route, CostField::Provider, CostField::Model}) {
        for (const char *filter : {"", "provider:claude", "latency:>1s"})
            QTest::addRow("%d of %s", static_cast<int>(by), filter) << by << QString::fromLatin1(filter);
    }
}

void tst_CostStudies::kindsAndGroupsAddUp()
{
    QFETCH(CostField, by);
    QFETCH(QString, filter);
    static TempStore store;
    static std::vector<CallRecord> records;
    const WallTime from = std::chrono::floor<std::chrono::hours>(store.clock().wallNow() - 8h);
    if (records.empty()) {
        std::mt19937 random(5);
        for (int i = 0; i < 1500; ++i) {
            records.push_back(randomCall(random, from, 5h));
            CallRecord &record = records.back();
            record.usage.cachedInput = record.usage.input / 3;
            if (record.cache == CacheOutcome::Hit || record.cache == CacheOutcome::Semantic) {
                record.cachedFrom = records.front().id;
                if (i % 3 != 0)
                    record.saved = Money::fromNanos(i);
            }
        }
        store.store(records);
    }
    const auto savings = store.reader().savings({.borders = {from, from + 1h, from + 3h, from + 5h}, .filter = filterOf(filter.toStdString()), .by = by}, priced());
    QVERIFY2(savings, savings ? "" : savings.error().message.c_str());
    SavingFigures groups;
    SavingFigures buckets;
    for (const SavingsGroup &group : savings->groups)
        groups.add(group.figures);
    for (const SavingFigures &figures : savings->buckets)
        buckets.add(figures);
    QVERIFY(groups == savings->total);
    QVERIFY(buckets == savings->total);
    QVERIFY(savings->total.cacheCalls > 0 && savings->total.promptCalls > 0 && savings->total.routeCalls > 0);
    Money cache;
    Money paid;
    for (const CallRecord &record : records) {
        const bool counts = filter.isEmpty() || (filter == QLatin1String("provider:claude") ? record.provider == "claude" : record.latencyUs > 1'000'000);
        if (counts && !record.test && (record.cache == CacheOutcome::Hit || record.cache == CacheOutcome::Semantic))
            cache += record.saved.value_or(Money {});
        if (counts)
            paid += record.cost.value_or(Money {});
    }
    QCOMPARE(savings->total.cache.nanos(), cache.nanos());
    QCOMPARE(savings->paid.nanos(), paid.nanos());
}

void tst_CostStudies::wrongQuestionsAreRefused()
{
    TempStore store;
    const WallTime now = store.clock().wallNow();
    QCOMPARE(store.reader().savings({.borders = {now, now}}, priced()).error().where, "borders");
    QCOMPARE(store.reader().savings({.borders = {now, now + 1h}, .by = CostField::Tags}, priced()).error().where, "by");
    QCOMPARE(store.reader().anomalies({.by = CostField::Customer}, "UTC", now).error().where, "by");
}

QTEST_GUILESS_MAIN(tst_CostStudies)
#include "tst_cost_studies.moc"
