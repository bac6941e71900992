// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/replay_run.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/pipeline/compile.h"
#include "tests/gateway/storage/random_calls.h"

#include <QtTest>

#include <atomic>
#include <limits>

using namespace tests;

/// The call log taken through configurations.
class tst_ReplayRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callsOfTheRouteGoThroughTheEdit();
    void routesWithinOthersAreFollowed();
    void whatTheEditRefusesIsTold();
    void bodiesDecideWhereTheyAreKept();
    void whatNoLogKeepsIsNamed();
    void limitsGoByTheCallsOwnTime();
    void theSameTwice();
    void itCanBeStopped();
    void anEmptyLogGivesAnEmptyReport();
    void aSampleIsAShare();

private:
    static std::shared_ptr<const pipeline::CompiledConfig> configWith(const std::string &routes);
    static ReplayReport run(TempStore &store, const std::string &routes, ReplayQuery query);
};

namespace {

const WallTime start = tests::FakeClock().wallNow() - std::chrono::hours(48); // the log keeps thirty days

ReplayQuery queryOf(std::vector<std::string> routes)
{
    ReplayQuery query;
    query.routes = std::move(routes);
    return query;
}

CallRecord callOf(int second, const std::string &route, const std::string &provider = "a", bool ok = true)
{
    CallRecord record = sampleCall(start + std::chrono::seconds(second));
    record.askedModel = record.route = route;
    record.provider = provider;
    record.model = "m";
    record.key.clear();
    record.status = ok ? CallStatus::Ok : CallStatus::Failed;
    if (!ok)
        record.error = ErrorCode::ServerError;
    record.attempts = {{.provider = provider, .credential = "main", .model = "m", .startedUs = 1000, .firstByteUs = ok ? 200'000 : -1, .endedUs = 501'000, .httpStatus = std::int16_t(ok ? 200 : 503), .ok = ok,
                        .error = ok ? ErrorCode::Internal : ErrorCode::ServerError, .usage = record.usage, .cost = record.cost}};
    return record;
}

/// Some hundred calls of two routes and two providers, one in ten failed.
void fill(TempStore &store, int count = 300)
{
    std::vector<CallRecord> records;
    for (int i = 0; i < count; ++i)
        records.push_back(callOf(i * 10, i % 3 == 0 ? "other" : "fast", i % 2 == 0 ? "a" : "b", i % 10 != 0));
    store.store(records);
}

const std::string toA = "  - { name: fast, plan: { provider: a, model: m } }\n  - { name: other, plan: { provider: a, model: m } }\n";

} // namespace

std::shared_ptr<const pipeline::CompiledConfig> tst_ReplayRun::configWith(const std::string &routes)
{
    const std::string text = R"(version: 1
providers:
  - { name: a, kind: vllm, base_url: "http://127.0.0.1:1/v1" }
  - { name: b, kind: vllm, base_url: "http://127.0.0.1:2/v1" }
routes:
)" + routes;
    const auto read = config::readConfig(text, {});
    if (!read)
        qFatal("%s", read.error().front().text().c_str());
    auto compiled = pipeline::compile(read->config, std::make_shared<const PriceBook>(), nullptr);
    if (!compiled.config)
        qFatal("%s", compiled.problems.front().message.c_str());
    return compiled.config;
}

ReplayReport tst_ReplayRun::run(TempStore &store, const std::string &routes, ReplayQuery query)
{
    const std::atomic<bool> cancelled {false};
    auto report = api::runReplay(store.reader(), configWith(routes), query, cancelled, {});
    if (!report) {
        QTest::qFail(report.error().message.c_str(), __FILE__, __LINE__);
        return {};
    }
    return std::move(*report);
}

void tst_ReplayRun::callsOfTheRouteGoThroughTheEdit()
{
    TempStore store;
    fill(store);
    const ReplayReport report = run(store, toA, queryOf({"fast"}));
    QCOMPARE(report.calls, std::uint64_t(200));
    QCOMPARE(report.unchanged, std::uint64_t(100));
    QCOMPARE(report.rerouted, std::uint64_t(100)); // from b
    QCOMPARE(report.compared, std::uint64_t(200));
    QCOMPARE(report.was.failed, 20.0);
    QVERIFY(report.expected.failed.low <= report.expected.failed.value && report.expected.failed.value <= report.expected.failed.high);
    QCOMPARE(report.targets.size(), std::size_t(2));
    QCOMPARE(report.targets[0].after, std::uint64_t(200));
    QCOMPARE(report.targets[0].visits, std::uint64_t(150)); // of all calls, of other routes too
    QVERIFY(report.changed.front().id.starts_with("call_"));
    QCOMPARE(run(store, toA, {}).calls, std::uint64_t(300));
}

void tst_ReplayRun::routesWithinOthersAreFollowed()
{
    TempStore store;
    fill(store);
    const ReplayReport report = run(store, "  - { name: fast, plan: { provider: b, model: m } }\n  - { name: other, plan: { route: fast } }\n", queryOf({"fast"}));
    QCOMPARE(report.calls, std::uint64_t(300)); // those of `other` as well, whose plan is the edited one
}

void tst_ReplayRun::whatTheEditRefusesIsTold()
{
    TempStore store;
    fill(store);
    const ReplayReport report = run(store, "  - { name: other, plan: { provider: a, model: m } }\n", queryOf({"fast"})); // it is gone
    QCOMPARE(report.refused, std::uint64_t(200));
    QVERIFY2(report.changed.front().refusal.find("fast") != std::string::npos, report.changed.front().refusal.c_str());
}

void tst_ReplayRun::bodiesDecideWhereTheyAreKept()
{
    TempStore store;
    CallRecord brief = callOf(1, "fast");
    brief.bodies.request = R"({"model":"fast","messages":[{"role":"user","content":"hi"}],"temperature":0.1})";
    CallRecord warm = callOf(2, "fast");
    warm.bodies.request = R"({"model":"fast","messages":[{"role":"user","content":"hi"}],"temperature":0.9})";
    store.store({brief, warm, callOf(3, "fast")});
    const ReplayReport report = run(store, "  - { name: fast, plan: { when: [{ if: { body.temperature: { $gt: 0.5 } }, then: { provider: b, model: m } }], else: { provider: a, model: m } } }\n",
                                    queryOf({"fast"}));
    QCOMPARE(report.unchanged, std::uint64_t(1));
    QCOMPARE(report.rerouted, std::uint64_t(1));
    QCOMPARE(report.unreadable, std::uint64_t(1));
}

void tst_ReplayRun::whatNoLogKeepsIsNamed()
{
    TempStore store;
    fill(store, 10);
    const ReplayReport report = run(store, "  - { name: fast, plan: { when: [{ if: { headers.x-tier: gold }, then: { provider: b, model: m } }], else: { provider: a, model: m } } }\n", queryOf({"fast"}));
    QCOMPARE(report.notLogged, std::vector<std::string> {"headers.x-tier"});
    QVERIFY(report.calls > 0);
}

void tst_ReplayRun::limitsGoByTheCallsOwnTime()
{
    TempStore store;
    std::vector<CallRecord> records;
    for (int i = 0; i < 60; ++i)
        records.push_back(callOf(i * 10, "fast")); // six a minute
    store.store(records);
    const ReplayReport report = run(store, "  - { name: fast, plan: { limit: { rpm: 3, then: { provider: a, model: m }, else: { provider: b, model: m } } } }\n", queryOf({"fast"}));
    QVERIFY2(report.rerouted >= 24 && report.rerouted <= 36, QByteArray::number(qulonglong(report.rerouted)).constData());
}

void tst_ReplayRun::theSameTwice()
{
    TempStore store;
    fill(store, 1000);
    const std::string split = "  - { name: fast, plan: { split: [{ weight: 1, to: { provider: a, model: m } }, { weight: 1, to: { provider: b, model: m } }] } }\n  - { name: other, plan: { provider: a, model: m } }\n";
    ReplayQuery query = queryOf({"fast"});
    query.sample = 0.5;
    query.seed = 77;
    const ReplayReport one = run(store, split, query);
    const ReplayReport two = run(store, split, query);
    QVERIFY(one.calls > 200 && one.calls < 450);
    QCOMPARE(one.calls, two.calls);
    QCOMPARE(one.rerouted, two.rerouted);
    QCOMPARE(one.expected.failed.low, two.expected.failed.low);
    QCOMPARE(one.expected.seconds.high, two.expected.seconds.high);
    QCOMPARE(one.changed.size(), two.changed.size());
    for (std::size_t i = 0; i < one.changed.size(); ++i)
        QCOMPARE(one.changed[i].id, two.changed[i].id);
}

void tst_ReplayRun::itCanBeStopped()
{
    TempStore store;
    fill(store, 2000);
    std::atomic<bool> cancelled {false};
    int told = 0;
    const auto report = api::runReplay(store.reader(), configWith(toA), {}, cancelled, [&](const ReplayProgress &) {
        ++told;
        cancelled = true;
    });
    QVERIFY(!report && report.error().code == ErrorCode::Cancelled);
    QCOMPARE(told, 1);
}

void tst_ReplayRun::anEmptyLogGivesAnEmptyReport()
{
    TempStore store;
    const ReplayReport report = run(store, toA, queryOf({"fast"}));
    QCOMPARE(report.calls, std::uint64_t(0));
    QVERIFY(report.targets.empty() && report.changed.empty());
}

void tst_ReplayRun::aSampleIsAShare()
{
    TempStore store;
    const std::atomic<bool> cancelled {false};
    for (const double wrong : {0.0, -1.0, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
        ReplayQuery query;
        query.sample = wrong;
        const auto report = api::runReplay(store.reader(), configWith(toA), query, cancelled, {});
        QVERIFY(!report && report.error().where == "sample");
    }
}

QTEST_GUILESS_MAIN(tst_ReplayRun)
#include "tst_replay_run.moc"
