// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/storage/random_calls.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

/// Calls of filters for which blocks are gone through: those that indices leave too many of.
class tst_CallBlocks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void pagesAreThoseOfTheRecords_data();
    void pagesAreThoseOfTheRecords();

private:
    std::unique_ptr<TempStore> m_store;
    std::vector<CallRecord> m_records; ///< newest first
};

void tst_CallBlocks::initTestCase()
{
    m_store = std::make_unique<TempStore>();
    const WallTime from = m_store->clock().wallNow() - 30h;
    std::mt19937 random(77);
    for (int i = 0; i < 17'000; ++i) { // four blocks, and calls after them
        m_records.push_back(randomCall(random, from + std::chrono::seconds(i * 6), 600s));
        if (random() % 2000 == 0)
            m_records.back().cost = Money::fromNanos(700'000'000);
    }
    m_store->store(m_records);
    std::ranges::reverse(m_records);
    std::ranges::stable_sort(m_records, std::greater {}, &CallRecord::startedAt);
}

void tst_CallBlocks::pagesAreThoseOfTheRecords_data()
{
    QTest::addColumn<std::string>("filter");
    for (const char *filter : {"status:>=400 team:search", "error:invalid_key provider:\"\"", "state:cut team:growth", "(state:cut OR state:failed) provider:claude", "cost:>0.5", "cost:>0.5 team:search", "cost:>=0.7 latency:>4s",
                               "latency:>4.9s", "attempts:>1 route:smart", "cost:>5", "endpoint:embeddings tag:eu", "NOT endpoint:messages team:growth", "tag:eu OR endpoint:embeddings", "tag:nothing", "model:gpt-4 status:>=400",
                               "NOT model:gpt-4"})
        QTest::newRow(filter) << std::string(filter);
}

void tst_CallBlocks::pagesAreThoseOfTheRecords()
{
    QFETCH(std::string, filter);
    const auto team = [](const CallRecord &r, const char *name) { return r.team == name; };
    const auto cost = [](const CallRecord &r) { return r.cost ? r.cost->nanos() : -1; };
    const std::map<std::string, Predicate> predicates {
        {"status:>=400 team:search", [&](const CallRecord &r) { return r.httpStatus >= 400 && team(r, "search"); }},
        {"error:invalid_key provider:\"\"", [](const CallRecord &r) { return r.error == ErrorCode::InvalidKey && r.provider.empty(); }},
        {"state:cut team:growth", [&](const CallRecord &r) { return r.status == CallStatus::Cut && team(r, "growth"); }},
        {"(state:cut OR state:failed) provider:claude", [](const CallRecord &r) { return (r.status == CallStatus::Cut || r.status == CallStatus::Failed) && r.provider == "claude"; }},
        {"cost:>0.5", [&](const CallRecord &r) { return cost(r) > 500'000'000; }},
        {"cost:>0.5 team:search", [&](const CallRecord &r) { return cost(r) > 500'000'000 && team(r, "search"); }},
        {"cost:>=0.7 latency:>4s", [&](const CallRecord &r) { return cost(r) >= 700'000'000 && r.latencyUs > 4'000'000; }},
        {"latency:>4.9s", [](const CallRecord &r) { return r.latencyUs > 4'900'000; }},
        {"attempts:>1 route:smart", [](const CallRecord &r) { return r.attempts.size() > 1 && r.route == "smart"; }},
        {"cost:>5", [](const CallRecord &) { return false; }},
        {"endpoint:embeddings tag:eu", [](const CallRecord &r) { return r.endpoint == Endpoint::Embeddings && !r.tags.empty(); }},
        {"NOT endpoint:messages team:growth", [&](const CallRecord &r) { return r.endpoint != Endpoint::Messages && team(r, "growth"); }},
        {"tag:eu OR endpoint:embeddings", [](const CallRecord &r) { return r.endpoint == Endpoint::Embeddings || !r.tags.empty(); }},
        {"tag:nothing", [](const CallRecord &) { return false; }},
        {"model:gpt-4 status:>=400", [](const CallRecord &r) { return modelIs(r, "gpt-4") && r.httpStatus >= 400; }},
        {"NOT model:gpt-4", [](const CallRecord &r) { return !modelIs(r, "gpt-4"); }},
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
    CallQuery query;
    query.filter = filterOf(filter);
    query.limit = 700;
    QVERIFY(idsOf(rowsOf(m_store->reader(), query)) == expected);
    const auto counts = m_store->reader().count(query, 30s);
    QVERIFY(counts && counts->complete);
    QCOMPARE(counts->found, repeats);
}

QTEST_GUILESS_MAIN(tst_CallBlocks)
#include "tst_call_blocks.moc"
