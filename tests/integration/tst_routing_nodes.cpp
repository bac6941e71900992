// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/yaml_reader.h"
#include "tests/support/test_gateway.h"

#include <QtTest>

#include <fmt/format.h>

#include <map>
#include <set>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

/// Plans of every form, asked over real sockets: where calls go, what reaches the provider, what the record says of it.
class tst_RoutingNodes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whenLooksAtWhatTheCallerSays_data();
    void whenLooksAtWhatTheCallerSays();
    void whenJudgesComplexity();
    void hashKeepsASession();
    void balanceFallsBackAmongTheRest();
    void latencyLearnsWhoIsFast();
    void roundRobinTakesTurns();
    void costTakesTheCheaper();
    void limitSendsTheRestElsewhere();
    void parallelLimitsAreFreeBeforeTheAnswerEnds();
    void whatATargetChangesReachesItUnderEveryNode_data();
    void whatATargetChangesReachesItUnderEveryNode();
    void declaredLimitsOfCredentialsAreKept();
    void aFullProviderIsA429();
    void passesOverWhatCannotSee();
    void keepsTheRegion();
    void plansAreNestedOverRoutes();
    void editsResetNoTurn();
    void nowhereIsSaid();
};

namespace {

/// The plan of that text, over the gateway's providers p1, p2, ...
config::PlanNode planOf(const std::string &text)
{
    auto read = config::readConfig("routes:\n  - name: test\n    plan: " + text + "\n", config::ReadOptions {.file = "test"});
    if (!read) {
        QTest::qFail(read.error().front().text().c_str(), __FILE__, __LINE__);
        return {};
    }
    return read->config.routes.front().plan;
}

config::Config withPlan(std::initializer_list<const FakeProvider *> providers, const std::string &text)
{
    return chainWith(providers, [&](config::Config &config) { config.routes.front().plan = planOf(text); });
}

std::string providerOf(const Answer &answer)
{
    return answer.header("x-signalbox-provider").value_or("none: " + answer.body);
}

} // namespace

void tst_RoutingNodes::whenLooksAtWhatTheCallerSays_data()
{
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("field");
    const auto row = [](const char *condition, const char *header, const char *value, const char *field) {
        QTest::newRow(condition) << QByteArray(condition) << QByteArray(header) << QByteArray(value) << QByteArray(field);
    };
    row("{ metadata.tier: free }", "x-signalbox-metadata", R"({"tier":"free"})", "");
    row("{ metadata.tier: paid }", "", "", R"("signalbox":{"metadata":{"tier":"paid"}})");
    row("{ metadata.run: 7 }", "", "", R"("metadata":{"run":7})");
    row("{ headers.x-plan: { $regex: ^go } }", "X-Plan", "gold", "");
    row("{ body.deep.list.1: { $gt: 1 } }", "", "", R"("deep":{"list":[0,2]})");
    row("{ tags: nightly }", "x-signalbox-tags", "batch,nightly", "");
    row("{ customer: acme }", "x-signalbox-customer", "acme", "");
    row("{ session: s1 }", "x-signalbox-session", "s1", "");
    row("{ needs.tools: true }", "", "", R"("tools":[{"type":"function","function":{"name":"f"}}])");
    row("{ needs.json_schema: true }", "", "", R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}})");
    row("{ tokens.max_output: { $lt: 10 } }", "", "", R"("max_tokens":9)");
    row("{ key: tester, model: test, endpoint: chat, body.stop: { $exists: true } }", "", "", R"("stop":["x"])");
}

void tst_RoutingNodes::whenLooksAtWhatTheCallerSays()
{
    QFETCH(const QByteArray, condition);
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, field);
    FakeProvider special(Script::answer("a")), usual(Script::answer("b"));
    TestGateway gateway(withPlan({&special, &usual}, "{ when: [{ if: " + condition.toStdString() + ", then: { provider: p1, model: m1 } }], else: { provider: p2, model: m2 } }"));
    QCOMPARE(gateway.problem(), std::string());

    QCOMPARE(providerOf(gateway.chat().send()), std::string("p2"));
    QCOMPARE(gateway.lastRecord().decisions, std::string("when: else"));
    const std::string name = header.isEmpty() ? "x-nothing" : header.toStdString();
    const std::string more = field.isEmpty() ? R"("seed":1)" : field.toStdString();
    QCOMPARE(providerOf(gateway.chat().header(name, value.isEmpty() ? "1" : value.toStdString()).field(more).send()), std::string("p1"));
    QVERIFY(gateway.lastRecord().decisions.starts_with("when[0]: "));
}

void tst_RoutingNodes::whenJudgesComplexity()
{
    FakeProvider large(Script::answer("a")), small(Script::answer("b"));
    TestGateway gateway(withPlan({&large, &small}, "{ when: [{ if: { complexity: { $gte: 0.3 } }, then: { provider: p1, model: m1 } }], else: { provider: p2, model: m2 } }"));
    QCOMPARE(providerOf(gateway.chat().send("Hello!")), std::string("p2"));
    QCOMPARE(providerOf(gateway.chat().send("Prove the theorem step by step, explain why, compare both and derive the integral.")), std::string("p1"));
    const std::string decisions = gateway.lastRecord().decisions;
    QVERIFY2(decisions.find("complexity 0.") != std::string::npos && decisions.find(">= 0.3 (0.") != std::string::npos && decisions.find("math 0.") != std::string::npos,
             decisions.c_str());
}

void tst_RoutingNodes::hashKeepsASession()
{
    FakeProvider one(Script::answer("a")), two(Script::answer("b")), three(Script::answer("c"));
    const std::string among = "among: [{ provider: p1, model: m1 }, { provider: p2, model: m2 }, { provider: p3, model: m3 }]";
    TestGateway gateway(withPlan({&one, &two, &three}, "{ balance: { by: hash, hash_on: metadata.session, " + among + " } }"));
    std::map<std::string, std::string> homes;
    std::set<std::string> used;
    for (int session = 0; session < 12; ++session) {
        const std::string name = fmt::format("s{}", session);
        homes[name] = providerOf(gateway.chat().header("x-signalbox-session", name).send());
        used.insert(homes[name]);
        QCOMPARE(providerOf(gateway.chat().header("x-signalbox-metadata", R"({"session":")" + name + R"("})").send()), homes[name]);
    }
    QVERIFY(used.size() > 1);
    QVERIFY(gateway.apply(withPlan({&one, &two, &three}, "{ balance: { by: hash, hash_on: metadata.session, among: [{ provider: p3, model: m3 }, { provider: p1, model: m1 }] } }")));
    for (const auto &[name, home] : homes) {
        const std::string now = providerOf(gateway.chat().header("x-signalbox-session", name).send());
        if (home != "p2")
            QCOMPARE(now, home);
    }
}

void tst_RoutingNodes::balanceFallsBackAmongTheRest()
{
    FakeProvider broken(Script::error(503)), fine(Script::answer("b"));
    TestGateway gateway(withPlan({&broken, &fine}, "{ balance: { by: round-robin, among: [{ provider: p1, model: m1, retry: { attempts: 1 } }, { provider: p2, model: m2 }] } }"));
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p2"));
    QCOMPARE(gateway.outcomes(), std::string("overloaded, ok"));
}

void tst_RoutingNodes::latencyLearnsWhoIsFast()
{
    FakeProvider slow(Script::stream().pause(150ms).text("a").finish()), fast(Script::stream().text("b").finish());
    TestGateway gateway(withPlan({&slow, &fast}, "{ balance: { by: latency, among: [{ provider: p1, model: m1 }, { provider: p2, model: m2 }] } }"));
    // Both are tried once, and then the one that answers sooner.
    std::map<std::string, int> taken;
    for (int i = 0; i < 8; ++i)
        ++taken[providerOf(gateway.chat().stream().send())];
    QCOMPARE(taken["p1"], 1);
    QCOMPARE(taken["p2"], 7);
    QVERIFY2(gateway.lastRecord().decisions.find("balance by latency: p2 m2 (0.") == 0, gateway.lastRecord().decisions.c_str());
}

void tst_RoutingNodes::roundRobinTakesTurns()
{
    FakeProvider one(Script::answer("a")), two(Script::answer("b"));
    TestGateway gateway(withPlan({&one, &two}, "{ balance: { by: round-robin, among: [{ provider: p1, model: m1 }, { provider: p2, model: m2 }] } }"), 2);
    std::map<std::string, int> taken;
    for (int i = 0; i < 10; ++i)
        ++taken[providerOf(gateway.chat().send())];
    QCOMPARE(taken["p1"], 5); // one turn over all workers
}

void tst_RoutingNodes::costTakesTheCheaper()
{
    FakeProvider dear(Script::answer("a")), cheap(Script::answer("b"));
    config::Config config = withPlan({&dear, &cheap}, "{ balance: { by: cost, among: [{ provider: p1, model: m1 }, { provider: p2, model: m2 }] } }");
    config.providers[0].models.front().inputPerMtok = Money::fromNanos(9'000'000'000);
    TestGateway gateway(config);
    for (int i = 0; i < 4; ++i)
        QCOMPARE(providerOf(gateway.chat().send()), std::string("p2"));
}

void tst_RoutingNodes::limitSendsTheRestElsewhere()
{
    FakeProvider good(Script::answer("a").usage(10, 10)), plain(Script::answer("b"));
    TestGateway gateway(withPlan({&good, &plain}, "{ limit: { rpm: 2, then: { provider: p1, model: m1 }, else: { provider: p2, model: m2 } } }"));
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p1"));
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p1"));
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p2"));
    QCOMPARE(gateway.lastRecord().decisions, std::string("limit: 2 of 2 requests a minute are used"));
}

void tst_RoutingNodes::parallelLimitsAreFreeBeforeTheAnswerEnds()
{
    FakeProvider good(Script::answer("a")), plain(Script::answer("b"));
    TestGateway gateway(withPlan({&good, &plain}, "{ limit: { parallel: 1, then: { provider: p1, model: m1 }, else: { provider: p2, model: m2 } } }"));
    for (int i = 0; i < 20; ++i)
        QCOMPARE(providerOf(gateway.chat().send()), std::string("p1")); // a caller's next call sees the last one gone

    good.become(Script::stream().text("x").hold().finish());
    TestClient waiting = gateway.chat().stream().start();
    QVERIFY(good.awaitRequests(21));
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p2"));
    good.release();
    QVERIFY(waiting.answer().endedWhole());
}

void tst_RoutingNodes::whatATargetChangesReachesItUnderEveryNode_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("behind");
    const auto row = [](const char *name, const char *before, const char *behind) { QTest::newRow(name) << QByteArray(before) << QByteArray(behind); };
    row("alone", "", "");
    row("fallback", "{ fallback: [", "] }");
    row("split", "{ split: [{ weight: 1, to: ", " }] }");
    row("balance", "{ balance: { by: least-busy, among: [", "] } }");
    row("weighted", "{ balance: { by: weight, among: [{ weight: 3, to: ", " }] } }");
    row("when", "{ when: [{ if: { stream: true }, then: { provider: p2, model: m2 } }, { if: { key: tester }, then: ", " }] }");
    row("else", "{ when: [{ if: { stream: true }, then: { provider: p2, model: m2 } }], else: ", " }");
    row("limit", "{ limit: { rpm: 9, then: ", " } }");
    row("nested", "{ limit: { rpm: 9, then: { balance: { by: cost, among: [{ fallback: [", "] }] } } } }");
}

void tst_RoutingNodes::whatATargetChangesReachesItUnderEveryNode()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, behind);
    FakeProvider provider(Script::answer("a")), other(Script::answer("b"));
    const std::string target = "{ provider: p1, model: m1, override: { temperature: 0.25 }, defaults: { top_p: 0.5, max_tokens: 7 }, drop: [logit_bias] }";
    TestGateway gateway(withPlan({&provider, &other}, before.toStdString() + target + behind.toStdString()));
    QCOMPARE(gateway.problem(), std::string());
    QCOMPARE(gateway.chat().field(R"("temperature":1,"max_tokens":3,"logit_bias":{"1":2})").send().status, 200);
    const Received sent = provider.lastRequest();
    QCOMPARE(sent.field("temperature"), std::optional<std::string>("0.25"));
    QCOMPARE(sent.field("top_p"), std::optional<std::string>("0.5"));
    QCOMPARE(sent.field("max_tokens"), std::optional<std::string>("3"));
    QVERIFY(!sent.field("logit_bias"));
    QCOMPARE(sent.field("model"), std::optional<std::string>("m1"));
}

void tst_RoutingNodes::declaredLimitsOfCredentialsAreKept()
{
    FakeProvider first(Script::answer("a")), second(Script::answer("b"));
    TestGateway gateway(chainWith({&first, &second}, [](config::Config &config) { config.providers[0].credentials.front().rpm = 2; }));
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p1"));
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p1"));
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p2"));
    QCOMPARE(first.requestCount(), std::size_t(2));
    const CallRecord record = gateway.lastRecord();
    QVERIFY(record.attempts[0].skipped);
    QVERIFY2(record.attempts[0].detail.starts_with("not asked: its own rpm or tpm is used up, for "), record.attempts[0].detail.c_str());
}

void tst_RoutingNodes::aFullProviderIsA429()
{
    FakeProvider only(Script::answer("a"));
    TestGateway gateway(chainWith({&only}, [](config::Config &config) { config.providers[0].credentials.front().rpm = 1; }));
    QCOMPARE(gateway.chat().send().status, 200);
    const Answer refused = gateway.chat().send();
    QCOMPARE(refused.status, 429);
    QVERIFY(refused.header("retry-after"));
    QCOMPARE(only.requestCount(), std::size_t(1));
}

void tst_RoutingNodes::passesOverWhatCannotSee()
{
    FakeProvider blind(Script::answer("a")), seeing(Script::answer("b"));
    TestGateway gateway(chainWith({&blind, &seeing}, [](config::Config &config) { config.providers[0].models.front().vision = false; }));
    const std::string picture = R"({"model":"test","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},)"
                                R"({"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]}]})";
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p1"));
    QCOMPARE(providerOf(gateway.chat().body(picture).send()), std::string("p2"));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.attempts[0].detail, std::string("not asked: takes no images"));
    QCOMPARE(record.attempts[0].error, ErrorCode::NotSupported);
    QCOMPARE(blind.requestCount(), std::size_t(1));
}

void tst_RoutingNodes::keepsTheRegion()
{
    FakeProvider american(Script::answer("a")), european(Script::answer("b"));
    TestGateway gateway(withPlan({&american, &european}, "{ fallback: [{ provider: p1, model: m1, region: us-east-1 }, { provider: p2, model: m2, region: eu-central-1 }] }"));
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p1"));
    QCOMPARE(providerOf(gateway.chat().header("x-signalbox-region", "eu").send()), std::string("p2"));
    const Answer nowhere = gateway.chat().field(R"("signalbox":{"region":"ap-south-1"})").send();
    QVERIFY(nowhere.status >= 400);
    QVERIFY2(nowhere.body.find("is in another region") != std::string::npos, nowhere.body.c_str());
    QCOMPARE(american.requestCount() + european.requestCount(), std::size_t(2));
}

void tst_RoutingNodes::plansAreNestedOverRoutes()
{
    FakeProvider one(Script::error(400)), two(Script::answer("b"));
    one.become(Script::error(503));
    config::Config config = withPlan({&one, &two}, "{ when: [{ if: { key: tester }, then: { fallback: [{ route: inner }, { provider: p2, model: m2 }] } }] }");
    config::Route inner = config.routes.front();
    inner.id = inner.name = "inner";
    inner.plan = planOf("{ balance: { by: weight, among: [{ provider: p1, model: m1, retry: { attempts: 1 } }] } }");
    config.routes.push_back(inner);
    TestGateway gateway(config);
    QCOMPARE(gateway.problem(), std::string());
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p2"));
    QCOMPARE(gateway.outcomes(), std::string("overloaded, ok"));
}

void tst_RoutingNodes::editsResetNoTurn()
{
    FakeProvider one(Script::answer("a")), two(Script::answer("b"));
    config::Config config = withPlan({&one, &two}, "{ balance: { by: round-robin, among: [{ provider: p1, model: m1 }, { provider: p2, model: m2 }] } }");
    TestGateway gateway(config);
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p1"));
    config.gateway.keepalive = 9s;
    QVERIFY(gateway.apply(config));
    QCOMPARE(providerOf(gateway.chat().send()), std::string("p2"));
}

void tst_RoutingNodes::nowhereIsSaid()
{
    FakeProvider one(Script::answer("a"));
    TestGateway gateway(withPlan({&one}, "{ when: [{ if: { key: nobody }, then: { provider: p1, model: m1 } }] }"));
    const Answer answer = gateway.chat().send();
    QCOMPARE(answer.status, 503);
    QVERIFY2(answer.body.find("leads this call to no target") != std::string::npos, answer.body.c_str());
    QCOMPARE(gateway.lastRecord().decisions, std::string("when: no case held"));
}

QTEST_GUILESS_MAIN(tst_RoutingNodes)
#include "tst_routing_nodes.moc"
