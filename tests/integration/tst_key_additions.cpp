// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/yaml_reader.h"
#include "tests/support/test_gateway.h"

#include <QtTest>

#include <functional>

using namespace gateway;
using namespace support;

/// What a virtual key puts into its calls (config.md, `metadata` and `defaults`), over real sockets.
class tst_KeyAdditions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultsReachTheProvider();
    void theCallersBytesStayWhereNothingIsSet();
    void defaultsGoBeforeATargets();
    void defaultsOfAnthropicsCallers();
    void aCallWithoutAModelGoesToTheDefaultRoute_data();
    void aCallWithoutAModelGoesToTheDefaultRoute();
    void theDefaultRouteIsHeldToTheAllowList();
    void metadataOfAKeyDecidesAndCannotBePosedAs();
    void theLogIsForKeysWithThePermission();
};

namespace {

constexpr const char *secret = "sb-additions-0123456789";

/// A chain with one more key, of that secret.
config::Config withKey(const FakeProvider &provider, const std::function<void(config::VirtualKey &)> &change)
{
    return chainWith({&provider}, [&](config::Config &config) {
        config::VirtualKey key {.id = "k-additions", .name = "additions", .hash = hashOf(secret)};
        change(key);
        config.keys.push_back(std::move(key));
    });
}

void setDefaults(config::VirtualKey &key)
{
    key.defaults = {.route = "test", .parameters = {R"({"max_tokens":1024,"temperature":0.25})"}};
}

} // namespace

void tst_KeyAdditions::defaultsReachTheProvider()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withKey(only, setDefaults));
    QCOMPARE(gateway.chat().key(secret).field(R"("temperature":1)").send().status, 200);
    QCOMPARE(only.lastRequest().field("max_tokens"), std::optional<std::string>("1024"));
    QCOMPARE(only.lastRequest().field("temperature"), std::optional<std::string>("1"));
    QCOMPARE(gateway.chat().send().status, 200); // another key's call
    QCOMPARE(only.lastRequest().field("max_tokens"), std::optional<std::string>());
    QVERIFY(gateway.oneRecordEach());
}

void tst_KeyAdditions::theCallersBytesStayWhereNothingIsSet()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withKey(only, setDefaults));
    const std::string body = R"({ "model" : "m1",  "messages":[{"role":"user","content":"ping"}], "max_completion_tokens":5 ,"temperature": 1.50, "seed":12345678901234567890 })";
    config::Config config = withKey(only, setDefaults);
    config.routes.front().name = "m1"; // the provider's model: not even that is replaced
    config.keys.back().defaults.route = "m1";
    QVERIFY(gateway.apply(config));
    QCOMPARE(gateway.chat().key(secret).body(body).send().status, 200);
    QCOMPARE(only.lastRequest().body, body);
}

void tst_KeyAdditions::defaultsGoBeforeATargets()
{
    FakeProvider only(Script::answer("pong"));
    config::Config config = withKey(only, setDefaults);
    auto &chain = std::get<config::FallbackNode>(config.routes.front().plan.node);
    std::get<config::TargetNode>(chain.children.front().node).defaults.text = R"({"max_tokens":7,"top_p":0.5})";
    TestGateway gateway(config);
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    QCOMPARE(gateway.chat().key(secret).send().status, 200);
    QCOMPARE(only.lastRequest().field("max_tokens"), std::optional<std::string>("1024"));
    QCOMPARE(only.lastRequest().field("top_p"), std::optional<std::string>("0.5"));
}

void tst_KeyAdditions::defaultsOfAnthropicsCallers()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withKey(only, setDefaults));
    const Answer answer = gateway.messages().key(secret).body(R"({"messages":[{"role":"user","content":"ping"}]})").send();
    QVERIFY2(answer.status == 200, answer.body.c_str());
    QCOMPARE(only.lastRequest().field("model"), std::optional<std::string>("m1"));
    QCOMPARE(only.lastRequest().field("temperature"), std::optional<std::string>("0.25"));
    QVERIFY(only.lastRequest().field("max_tokens") == "1024" || only.lastRequest().field("max_completion_tokens") == "1024");
}

void tst_KeyAdditions::aCallWithoutAModelGoesToTheDefaultRoute_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("absent") << QByteArray(R"({"messages":[{"role":"user","content":"ping"}]})");
    QTest::newRow("null") << QByteArray(R"({"model":null,"messages":[{"role":"user","content":"ping"}]})");
    QTest::newRow("empty") << QByteArray(R"({"model":"","messages":[{"role":"user","content":"ping"}]})");
}

void tst_KeyAdditions::aCallWithoutAModelGoesToTheDefaultRoute()
{
    QFETCH(QByteArray, body);
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withKey(only, setDefaults));
    QCOMPARE(gateway.chat().key(secret).body(body.toStdString()).send().status, 200);
    QCOMPARE(only.lastRequest().field("model"), std::optional<std::string>("m1"));
    QCOMPARE(gateway.lastRecord().route, std::string("test"));
    const Answer refused = gateway.chat().body(body.toStdString()).send();
    QCOMPARE(refused.status, 400);
    QCOMPARE(refused.error("param"), std::string("model"));
}

void tst_KeyAdditions::theDefaultRouteIsHeldToTheAllowList()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withKey(only, [](config::VirtualKey &key) {
        setDefaults(key);
        key.models = {"another"};
    }));
    const Answer answer = gateway.chat().key(secret).body(R"({"messages":[]})").send();
    QCOMPARE(answer.status, 403);
    QCOMPARE(answer.error(), std::string("model_not_allowed"));
    QCOMPARE(only.requestCount(), std::size_t(0));
}

void tst_KeyAdditions::metadataOfAKeyDecidesAndCannotBePosedAs()
{
    FakeProvider paid(Script::answer("paid"));
    FakeProvider free(Script::answer("free"));
    const auto read = config::readConfig("routes:\n  - name: test\n    plan: { when: [{ if: { metadata.tier: paid }, then: { provider: p1, model: m1 } }], else: { provider: p2, model: m2 } }\n",
                                         config::ReadOptions {.file = "test"});
    QVERIFY(read);
    TestGateway gateway(chainWith({&paid, &free}, [&](config::Config &config) {
        config.routes.front().plan = read->config.routes.front().plan;
        config.keys.push_back({.id = "k-free", .name = "free", .hash = hashOf(secret), .metadata = {{"tier", "free"}, {"feature", "autocomplete"}}});
    }));
    QVERIFY2(gateway.problem().empty(), gateway.problem().c_str());
    QCOMPARE(gateway.chat().header("x-signalbox-metadata", R"({"tier":"paid"})").send().text(), std::string("paid"));
    QCOMPARE(gateway.chat().key(secret).send().text(), std::string("free"));
    QCOMPARE(gateway.lastRecord().metadata, std::string(R"({"feature":"autocomplete","tier":"free"})"));
    // In no place that a caller has for it.
    QCOMPARE(gateway.chat().key(secret).header("x-signalbox-metadata", R"({"tier":"paid","job":"nightly"})").send().text(), std::string("free"));
    QCOMPARE(gateway.lastRecord().metadata, std::string(R"({"tier":"free","job":"nightly","feature":"autocomplete"})"));
    QCOMPARE(gateway.chat().key(secret).field(R"("signalbox":{"metadata":{"tier":"paid"}})").send().text(), std::string("free"));
    QCOMPARE(gateway.chat().key(secret).field(R"("metadata":{"tier":"paid"})").send().text(), std::string("free"));
}

void tst_KeyAdditions::theLogIsForKeysWithThePermission()
{
    FakeProvider only(Script::answer("pong"));
    TestGateway gateway(withKey(only, [](config::VirtualKey &key) { key.permissions = {config::Permission::ReadLog}; }));
    const auto ask = [&](const char *path, const std::string &key) {
        return gateway.request("GET " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + (key.empty() ? std::string() : "Authorization: Bearer " + key + "\r\n") + "\r\n");
    };
    for (const char *path : {"/v1/calls", "/v1/calls/call_1"}) {
        const Answer lacking = ask(path, gateway.secret());
        QCOMPARE(lacking.status, 403);
        QCOMPARE(lacking.error(), std::string("not_permitted"));
        QVERIFY(lacking.error("message").find("`read_log`") != std::string::npos);
        QCOMPARE(ask(path, {}).status, 401);
        QCOMPARE(ask(path, "sb-unknown").status, 401);
        // Nobody answers such questions in this process; that it came so far is what matters.
        QCOMPARE(ask(path, secret).status, 404);
    }
    QCOMPARE(gateway.chat().key(secret).send().status, 403); // and it may not call
    QCOMPARE(gateway.request("POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").status, 405);
}

QTEST_GUILESS_MAIN(tst_KeyAdditions)
#include "tst_key_additions.moc"
