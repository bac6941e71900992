// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compiled_config.h"
#include "gateway/pipeline/config_hub.h"
#include "gateway/pipeline/services.h"
#include "tests/support/call_checks.h"

#include <QtTest>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// Budgets and limits under many calls at once, over real sockets: 64 connections, four workers. Counts are exact.
class tst_Budgets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parallelIsExact();
    void requestsAMinuteAreExact();
    void anExactBudgetIsSpentToItsEndAndNoFurther();
    void aProvidersParallelIsExact();
    void hedgesFanOutAndRescuesAreCounted();
    void recordsAddUpToTheSpend();
};

namespace {

constexpr int connections = 64;
constexpr int workers = 4;
constexpr Money costOfPong = Money::fromNanos(15'000); // 9 tokens at a dollar a million, 3 at two

config::VirtualKey keyOf(const char *name, const char *secret, config::Quota quota = {})
{
    return {.id = std::string("id-") + name, .name = name, .team = "search", .hash = hashOf(secret), .quota = std::move(quota)};
}

config::Quota limitOf(config::Limit limit)
{
    return {.limits = {limit}};
}

/// `each` for each connection, on threads beside one another.
void fromManyConnections(const std::function<void(int)> &each)
{
    constexpr int threads = 8;
    std::vector<std::thread> running;
    for (int thread = 0; thread < threads; ++thread) {
        running.emplace_back([&each, thread] {
            for (int i = thread; i < connections; i += threads)
                each(i);
        });
    }
    for (std::thread &one : running)
        one.join();
}

/// A call on a connection that stays open, with the tester's key.
std::string chatRequest(const TestGateway &gateway)
{
    const std::string body = R"({"model":"test","messages":[{"role":"user","content":"ping"}]})";
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer " + gateway.secret()
        + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// How often each status came, of `calls` on each of so many connections.
std::map<int, int> statuses(TestGateway &gateway, int calls)
{
    std::mutex mutex;
    std::map<int, int> counts;
    const std::string request = chatRequest(gateway);
    fromManyConnections([&](int) {
        TestClient client(gateway.port());
        for (int i = 0; i < calls; ++i) {
            client.send(request);
            const int status = client.answer().status;
            const std::scoped_lock lock(mutex);
            ++counts[status];
        }
    });
    return counts;
}

/// Whether `count` records have come, for calls that the gateway's own test functions did not send.
bool awaitRecords(TestGateway &gateway, std::size_t count)
{
    return gateway.records().awaitCount(count);
}

std::vector<ScopeState> statesOf(TestGateway &gateway, const state::ScopeRules &rules)
{
    const state::Scope scope(&rules);
    return gateway.services().quotas.states({&scope, 1});
}

} // namespace

void tst_Budgets::parallelIsExact()
{
    constexpr int atOnce = 10;
    FakeProvider only(Script::answer("pong").hold());
    TestGateway gateway(chainWith({&only}, [](config::Config &config) { config.organisation.quota = limitOf({.parallel = atOnce}); }), workers);
    for (int round = 0; round < 3; ++round) {
        std::vector<TestClient> callers;
        callers.reserve(connections);
        for (int i = 0; i < connections; ++i)
            callers.push_back(gateway.chat().start());
        const auto before = static_cast<std::size_t>(round * connections);
        QVERIFY(awaitRecords(gateway, before + connections - atOnce)); // those refused
        QVERIFY(only.awaitHeld(static_cast<std::size_t>((round + 1) * atOnce)));
        QCOMPARE(only.requestCount(), static_cast<std::size_t>((round + 1) * atOnce));
        only.release();
        std::map<int, int> counts;
        for (TestClient &caller : callers)
            ++counts[caller.answer().status];
        QCOMPARE(counts, (std::map<int, int> {{200, atOnce}, {429, connections - atOnce}}));
    }
    QVERIFY(gateway.oneRecordEach());
}

void tst_Budgets::requestsAMinuteAreExact()
{
    constexpr int most = 40;
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(chainWith({&only}, [](config::Config &config) { config.organisation.quota = limitOf({.rpm = most}); }), workers);
    QCOMPARE(statuses(gateway, 3), (std::map<int, int> {{200, most}, {429, 3 * connections - most}}));
    QCOMPARE(only.requestCount(), std::size_t {most});
    QVERIFY(awaitRecords(gateway, 3 * connections));
}

void tst_Budgets::anExactBudgetIsSpentToItsEndAndNoFurther()
{
    constexpr int paid = 50;
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(chainWith({&only},
                                  [](config::Config &config) {
                                      config::Budget budget {.amount = Money::fromNanos(costOfPong.nanos() * paid)};
                                      budget.exact = true;
                                      config.organisation.quota.budgets = {budget};
                                  }),
                        workers);
    std::map<int, int> counts = statuses(gateway, 2);
    while (gateway.chat().send().status == 200) // what others' reservations left over
        ++counts[200];
    QCOMPARE(counts[200], paid);
    QCOMPARE(only.requestCount(), std::size_t {paid});
    const auto config = gateway.services().config.current();
    const BudgetState budget = statesOf(gateway, config->quotas.organisation).front().budgets.front();
    QCOMPARE(budget.spent, budget.amount);
    QCOMPARE(budget.reserved, Money());
}

void tst_Budgets::aProvidersParallelIsExact()
{
    constexpr int atOnce = 7;
    FakeProvider first(Script::answer("pong").hold());
    FakeProvider second(Script::answer("pong"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].quota = limitOf({.parallel = atOnce}); }), workers);
    std::vector<TestClient> callers;
    callers.reserve(connections);
    for (int i = 0; i < connections; ++i)
        callers.push_back(gateway.chat().start());
    QVERIFY(awaitRecords(gateway, connections - atOnce)); // those that went on to the second
    QCOMPARE(first.requestCount(), std::size_t {atOnce});
    QCOMPARE(second.requestCount(), std::size_t {connections - atOnce});
    QVERIFY(first.awaitHeld(atOnce));
    first.release();
    for (TestClient &caller : callers)
        QCOMPARE(caller.answer().status, 200);
}

void tst_Budgets::hedgesFanOutAndRescuesAreCounted()
{
    FakeProvider slow(Script::answer("late").delayHead(10s));
    FakeProvider fast(Script::answer("pong"));
    const config::Budget plenty {.amount = Money::fromNanos(1'000'000'000)};
    TestGateway gateway(chainWith({&slow, &fast},
                                  [&](config::Config &config) {
                                      config.organisation.quota.budgets = {plenty};
                                      config.providers[0].quota.budgets = {plenty};
                                      config.providers[1].quota.budgets = {plenty};
                                      config.providers[1].kind = "vllm"; // goes on with what another began
                                      config.routes[0].hedge = config::Hedge {.after = config::Millis {20}};
                                      config::Route rescued = routeTo("rescued", "p1", "m1");
                                      config::FallbackNode chain = std::get<config::FallbackNode>(config.routes[0].plan.node);
                                      rescued.plan.node = chain;
                                      rescued.rescue = config::Rescue::Continue;
                                      config.routes.push_back(rescued);
                                  }),
                        workers);
    const auto config = gateway.services().config.current();
    Money all, first, second;
    const auto countLast = [&] {
        const CallRecord record = gateway.lastRecord();
        for (const AttemptRecord &attempt : record.attempts) {
            all += attempt.cost.value_or(Money());
            (attempt.provider == "p1" ? first : second) += attempt.cost.value_or(Money());
        }
        return record;
    };
    QVERIFY(gateway.chat().send().endedWhole());
    QCOMPARE(countLast().attempts.size(), std::size_t {2}); // both were asked, and both are paid for
    QVERIFY(first > Money() && second > Money());
    QCOMPARE(statesOf(gateway, config->providers[0].quota).front().budgets.front().spent, first);

    slow.become(Script::stream().role().text("po").cut());
    fast.become(Script::stream().role().text("ng").finish());
    QVERIFY(gateway.chat().model("rescued").stream().send().endedWhole());
    QVERIFY(countLast().continued);

    QCOMPARE(statesOf(gateway, config->quotas.organisation).front().budgets.front().spent, all);
    QCOMPARE(statesOf(gateway, config->providers[0].quota).front().budgets.front().spent, first);
    QCOMPARE(statesOf(gateway, config->providers[1].quota).front().budgets.front().spent, second);
}

/// Random calls with random faults, of callers who may leave, against budgets in every kind of scope: what the records say
/// is what the scopes have spent, to the nano-dollar, and nothing stays reserved. SIGNALBOX_CALLS sets how many.
void tst_Budgets::recordsAddUpToTheSpend()
{
    const int calls = qEnvironmentVariableIsSet("SIGNALBOX_CALLS") ? qEnvironmentVariableIntValue("SIGNALBOX_CALLS") : 1500;
    const auto scripts = [](const Received &call) {
        thread_local std::mt19937 random(20260115);
        const bool stream = call.field("stream") == "true";
        const int tokens = static_cast<int>(random() % 500);
        switch (random() % 12) {
        case 0: return Script::error(500);
        case 1: return Script::error(429).header("Retry-After", "0");
        case 2: return Script::hangUp();
        case 3: return stream ? Script::stream().role().cut() : Script::html();
        case 4: return stream ? Script::stream().role().text("some words").text(" more").cut() : Script::answer("x").reset();
        case 5: return Script::answer("pong").usagePlace(UsagePlace::Nowhere);
        case 6: return Script::answer("pong").delayHead(std::chrono::milliseconds(random() % 8));
        default: return Script::answer("pong").usage(tokens, tokens / 3 + 1);
        }
    };
    FakeProvider one(scripts, {.record = false}), two(scripts, {.record = false});
    const config::Budget large {.amount = Money::fromNanos(1'000'000'000'000)};
    const std::vector<std::string> secrets {"sb-one-0123456789abcdef", "sb-two-0123456789abcdef", "sb-three-0123456789abcd"};
    TestGateway gateway(chainWith({&one, &two},
                                  [&](config::Config &config) {
                                      config.gateway.log.bodies = false;
                                      config::Budget tight {.amount = Money::fromNanos(3'000'000)};
                                      config::Budget hour = large;
                                      hour.per = Period::Total;
                                      config.organisation.quota = {.budgets = {large, hour}, .limits = {{.parallel = 40}}};
                                      config.teams.push_back({.id = "t", .name = "search", .quota = {.budgets = {large}}});
                                      config.keys.push_back(keyOf("one", "sb-one-0123456789abcdef", {.budgets = {large}}));
                                      config.keys.push_back(keyOf("two", "sb-two-0123456789abcdef", {.budgets = {tight}}));
                                      config.keys.push_back(keyOf("three", "sb-three-0123456789abcd", {.budgets = {large}, .limits = {{.rpm = 1'000'000, .tpm = 1'000'000'000, .parallel = 9}}}));
                                      config.customers.defaultBudget = large;
                                      config.tags.push_back({.id = "g", .name = "batch", .quota = {.budgets = {large}}});
                                      config.routes[0].quota.budgets = {large};
                                      for (config::Provider &provider : config.providers) {
                                          provider.kind = "vllm"; // goes on with what another began
                                          provider.quota = {.budgets = {large}, .limits = {{.parallel = 30}}};
                                      }
                                      config.routes[0].rescue = config::Rescue::Continue;
                                      config::Route hedged = config.routes[0];
                                      hedged.id = hedged.name = "hedged";
                                      hedged.quota = {};
                                      hedged.hedge = config::Hedge {.after = config::Millis {3}};
                                      config.routes.push_back(hedged);
                                  }),
                        workers);
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    std::atomic<int> sent {0};
    std::vector<std::thread> callers;
    for (unsigned thread = 0; thread < 16; ++thread) {
        callers.emplace_back([&, thread] {
            std::mt19937 random(thread);
            while (sent.fetch_add(1) < calls) {
                const bool stream = random() % 2 == 0;
                std::string body = std::string(R"({"model":")") + (random() % 4 == 0 ? "hedged" : "test") + R"(","messages":[{"role":"user","content":"ping"}])";
                body += stream ? R"(,"stream":true)" : "";
                body += random() % 10 == 0 ? R"(,"n":2})" : "}";
                const std::string request = "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer " + secrets[random() % 3]
                    + "\r\nx-signalbox-customer: customer-" + std::to_string(random() % 7) + (random() % 3 == 0 ? "\r\nx-signalbox-tags: batch, batch" : "") + "\r\nContent-Length: "
                    + std::to_string(body.size()) + "\r\n\r\n" + body;
                TestClient client(gateway.port());
                client.send(request);
                if (random() % 8 == 0)
                    client.readUntil(stream ? "data:" : "HTTP", std::chrono::milliseconds(random() % 6)); // and leaves
                else
                    client.answer();
            }
        });
    }
    for (std::thread &caller : callers)
        caller.join();
    QVERIFY(awaitRecords(gateway, static_cast<std::size_t>(calls)));
    QCOMPARE(gateway.records().all().size(), static_cast<std::size_t>(calls));

    std::map<std::pair<ScopeKind, std::string>, Money> told;
    std::map<std::uint64_t, Money> charged;
    std::size_t refused = 0, left = 0, failed = 0;
    for (const CallRecord &record : gateway.records().all()) {
        Money cost;
        for (const AttemptRecord &attempt : record.attempts) {
            cost += attempt.cost.value_or(Money());
            told[{ScopeKind::Provider, attempt.provider}] += attempt.cost.value_or(Money());
        }
        QCOMPARE(record.cost.value_or(cost), cost);
        refused += record.status == CallStatus::Refused;
        left += record.status == CallStatus::Cancelled;
        failed += record.status == CallStatus::Failed || record.status == CallStatus::Cut;
        told[{ScopeKind::Organisation, ""}] += cost;
        told[{ScopeKind::Team, record.team}] += cost;
        told[{ScopeKind::Key, record.key}] += cost;
        told[{ScopeKind::Customer, record.customer}] += cost;
        told[{ScopeKind::Route, record.route}] += cost;
        if (!record.tags.empty())
            told[{ScopeKind::Tag, "batch"}] += cost;
        for (const BudgetCharge &charge : record.charges)
            charged[charge.account] += charge.cost;
    }
    qInfo("%d calls: %zu refused, %zu left, %zu failed", calls, refused, left, failed);
    QVERIFY(refused > 0 && left > 0 && failed > 0);

    const auto config = gateway.services().config.current();
    state::Quotas &quotas = gateway.services().quotas;
    std::vector<state::Scope> scopes {&config->quotas.organisation, config->quotas.team("search"), config->quotas.tag("batch")};
    for (const auto &[digest, key] : config->keys) {
        if (!key.quota.empty())
            scopes.emplace_back(&key.quota);
    }
    for (const pipeline::CompiledProvider &provider : config->providers)
        scopes.emplace_back(&provider.quota);
    scopes.emplace_back(&config->findRoute("test")->route->quota);
    std::vector<ScopeState> states = quotas.states(scopes);
    for (ScopeState &customer : quotas.members(config->quotas.customers, 100))
        states.push_back(std::move(customer));
    QCOMPARE(states.size(), std::size_t {3 + 3 + 2 + 1 + 7});
    Money all;
    for (const ScopeState &state : states) {
        for (const BudgetState &budget : state.budgets) {
            QVERIFY2(budget.spent == told[std::pair(state.kind, state.name)], qPrintable(QStringLiteral("%1: %2 spent, %3 in the records").arg(QString::fromStdString(state::nameOf(state.kind, state.name)),
                                                                                              QString::fromStdString(budget.spent.toDecimal()), QString::fromStdString(told[std::pair(state.kind, state.name)].toDecimal()))));
            QCOMPARE(budget.reserved, Money());
            all += budget.spent;
        }
        for (const LimitState &limit : state.limits) {
            if (limit.what == LimitState::What::Parallel)
                QCOMPARE(limit.count, 0);
        }
    }
    Money stored;
    for (const auto &[account, cost] : charged)
        stored += cost;
    QCOMPARE(stored, all);
    qInfo("%zu scopes: %s dollars in the records, in what is stored and in what is spent; %s of all calls together", states.size(), all.toDecimal().c_str(), told[{ScopeKind::Organisation, ""}].toDecimal().c_str());
}

QTEST_GUILESS_MAIN(tst_Budgets)
#include "tst_budgets.moc"
