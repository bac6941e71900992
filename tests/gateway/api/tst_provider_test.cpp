// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/test_client.h"

#include <fmt/format.h>

#include <algorithm>

using namespace gateway;
using support::FakeProvider;
using support::Received;
using support::Script;
using Kind = api::ProbeStep::Kind;
using State = api::ProbeStep::State;

/// The test of a provider, and lists of models: they go the way that calls go.
class tst_ProviderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenGateway>(); }
    void cleanup() { m_open.reset(); }

    void namesTheStepThatFailed();
    void ofARightProviderEndsWell();
    void saysThatAKeyIsMissing();
    void goesThroughTheProxy();
    void refusesPrivateAddresses();
    void refusesPrivateAddressesBehindAProxy_data();
    void refusesPrivateAddressesBehindAProxy();
    void boundsWhatItReads();
    void followsNoRedirect();
    void masksAllValuesOfTheProvider_data();
    void masksAllValuesOfTheProvider();
    void listOfAnUnsavedEditIsNotTheLiveOne();
    void listsAreAskedForAtTheStart();
    void worksWhereNothingIsServed();

private:
    std::optional<api::ProbeReport> probe(const config::Provider &entry, const std::string &model = "fake-model");
    std::string listedModels();
    std::unique_ptr<OpenGateway> m_open;
};

namespace {

Script listOrPong(const Received &call)
{
    return call.method == "GET" ? Script::models({"fake-model", "other"}) : Script::answer("pong");
}

std::string allWords(const api::ProbeReport &report)
{
    std::string words;
    for (const api::ProbeStep &step : report.steps)
        words += step.headline + "\n" + step.detail + "\n";
    return words;
}

void chooseWildcard(config::Config &config, const FakeProvider &fake)
{
    config.providers = {provider("right", fake)};
    config.routes = {chain("right/*", {"right"})};
    std::get<config::TargetNode>(std::get<config::FallbackNode>(config.routes[0].plan.node).children[0].node).model = "*";
    config.gateway.requireKey = false;
}

} // namespace

std::optional<api::ProbeReport> tst_ProviderTest::probe(const config::Provider &entry, const std::string &model)
{
    Waiting<api::ProbeReport> waiting;
    std::size_t steps = 0;
    m_open->facade->testProvider(entry, "main", model, this, [&](const api::ProbeStep &) { ++steps; }, waiting.taker());
    auto report = waiting.take();
    if (!report || steps != report->steps.size() || steps != 5)
        return std::nullopt;
    return *report;
}

std::string tst_ProviderTest::listedModels()
{
    support::TestClient client(m_open->port());
    client.send("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    return client.answer().body;
}

void tst_ProviderTest::namesTheStepThatFailed()
{
    FakeProvider rejecting(Script::error(401));
    const auto rejected = probe(provider("rejecting", rejecting));
    QVERIFY(rejected);
    QVERIFY(!rejected->ok);
    QCOMPARE(rejected->steps[3].kind, Kind::Key);
    QCOMPARE(rejected->steps[3].headline, std::string("Key rejected"));
    QCOMPARE(rejected->steps[4].state, State::NotTried);
    QVERIFY(allWords(*rejected).find("sk-fake-secret") == std::string::npos);

    FakeProvider refusing = FakeProvider::refusing();
    const auto refused = probe(provider("refusing", refusing));
    QVERIFY(refused);
    QCOMPARE(refused->steps[0].state, State::Ok);
    QCOMPARE(refused->steps[1].kind, Kind::Connect);
    QCOMPARE(refused->steps[1].state, State::Failed);

    FakeProvider selfSigned(Script::answer("pong"), {.tls = support::Tls::SelfSigned});
    const auto untrusted = probe(provider("self-signed", selfSigned));
    QVERIFY(untrusted);
    QCOMPARE(untrusted->steps[2].kind, Kind::Tls);
    QCOMPARE(untrusted->steps[2].state, State::Failed);
    QVERIFY2(untrusted->steps[2].detail.find("self-signed") != std::string::npos, untrusted->steps[2].detail.c_str());
    QCOMPARE(selfSigned.requestCount(), 0u);

    config::Provider nowhere = provider("nowhere", refusing);
    nowhere.baseUrl = "http://no-such-host.invalid/v1";
    const auto unknown = probe(nowhere);
    QVERIFY(unknown);
    QCOMPARE(unknown->steps[0].state, State::Failed);
    QCOMPARE(unknown->steps[1].state, State::NotTried);
}

void tst_ProviderTest::ofARightProviderEndsWell()
{
    FakeProvider right(listOrPong);
    const auto report = probe(provider("right", right), {});
    QVERIFY(report);
    QVERIFY2(report->ok, allWords(*report).c_str());
    QCOMPARE(right.requestCount(), 2u);
    QCOMPARE(right.lastRequest().field("model"), std::optional<std::string>("fake-model"));
    QVERIFY(right.awaitNoConnections()); // a test leaves nothing behind
}

void tst_ProviderTest::saysThatAKeyIsMissing()
{
    FakeProvider right(listOrPong);
    config::Provider keyless = provider("keyless", right);
    keyless.kind = "openai";
    keyless.credentials.clear();
    const auto report = probe(keyless);
    QVERIFY(report);
    QCOMPARE(report->steps[1].state, State::Ok);
    QCOMPARE(report->steps[3].headline, std::string("No key"));
}

void tst_ProviderTest::goesThroughTheProxy()
{
    FakeProvider proxy(listOrPong); // a proxy for plain HTTP sees whole URLs
    QCOMPARE(m_open->apply([&](config::Config &config) { config.gateway.proxy = fmt::format("http://user:hunter2@127.0.0.1:{}", proxy.port()); }), std::string());
    config::Provider behind = provider("behind", proxy);
    behind.baseUrl = "http://models.invalid/v1"; // only a proxy could look it up

    const auto report = probe(behind);
    QVERIFY(report);
    QVERIFY2(report->ok, allWords(*report).c_str());
    QVERIFY(allWords(*report).find("hunter2") == std::string::npos);
    Waiting<std::vector<std::string>> waiting;
    m_open->facade->listModels(behind, this, waiting.taker());
    const auto list = waiting.take();
    QVERIFY2(list, list ? "" : list.error().message.c_str());
    QCOMPARE(list->size(), 2u);
    QCOMPARE(proxy.requestCount(), 3u);
    const auto requests = proxy.requests();
    for (const Received &call : requests) {
        QVERIFY2(call.target.starts_with("http://models.invalid/v1/"), call.target.c_str());
        QCOMPARE(call.header("proxy-authorization").value_or(""), std::string("Basic dXNlcjpodW50ZXIy"));
    }
}

void tst_ProviderTest::refusesPrivateAddresses()
{
    FakeProvider inside(listOrPong);
    QCOMPARE(m_open->apply([](config::Config &config) { config.gateway.allowPrivateUpstreams = false; }), std::string());

    const auto report = probe(provider("inside", inside));
    QVERIFY(report);
    QCOMPARE(report->steps[1].state, State::Failed);
    QVERIFY2(report->steps[1].detail.find("allow_private_upstreams") != std::string::npos, allWords(*report).c_str());
    Waiting<std::vector<std::string>> waiting;
    m_open->facade->listModels(provider("inside", inside), this, waiting.taker());
    const auto list = waiting.take();
    QVERIFY(!list);
    QVERIFY2(list.error().message.find("allow_private_upstreams") != std::string::npos, list.error().message.c_str());
    QCOMPARE(inside.connectionCount(), 0u);
}

void tst_ProviderTest::refusesPrivateAddressesBehindAProxy_data()
{
    QTest::addColumn<QByteArray>("host");
    for (const char *host : {"127.0.0.1", "127.1", "0x7f000001", "10.0.0.8", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "localhost", "LOCALHOST", "x.localhost"})
        QTest::newRow(host) << QByteArray(host);
}

void tst_ProviderTest::refusesPrivateAddressesBehindAProxy()
{
    QFETCH(QByteArray, host);
    FakeProvider proxy(listOrPong);
    QCOMPARE(m_open->apply([&](config::Config &config) {
        config.gateway.proxy = fmt::format("http://127.0.0.1:{}", proxy.port());
        config.gateway.allowPrivateUpstreams = false;
    }), std::string());
    config::Provider inside = provider("inside", proxy);
    inside.baseUrl = "http://" + host.toStdString() + "/v1";

    const auto report = probe(inside);
    QVERIFY(report);
    QVERIFY(!report->ok);
    QVERIFY2(allWords(*report).find("allow_private_upstreams") != std::string::npos, allWords(*report).c_str());
    QCOMPARE(proxy.connectionCount(), 0u);

    inside.baseUrl = "http://api.example.com/v1"; // what a name means is for the proxy to find out
    const auto outside = probe(inside);
    QVERIFY(outside);
    QVERIFY2(outside->ok, allWords(*outside).c_str());
}

void tst_ProviderTest::boundsWhatItReads()
{
    const std::string huge(9 * 1024 * 1024, ' ');
    FakeProvider endless(Script::whole(200, "application/json", huge));
    const auto report = probe(provider("endless", endless));
    QVERIFY(report);
    QCOMPARE(report->steps[3].state, State::Failed);
    QVERIFY2(report->steps[3].detail.find("larger than 8 MB") != std::string::npos, allWords(*report).c_str());
    Waiting<std::vector<std::string>> waiting;
    m_open->facade->listModels(provider("endless", endless), this, waiting.taker());
    const auto list = waiting.take();
    QVERIFY(!list);
    QCOMPARE(list.error().code, ErrorCode::AnswerTooLarge);
}

void tst_ProviderTest::followsNoRedirect()
{
    FakeProvider elsewhere(listOrPong);
    FakeProvider moved(Script::whole(307, "text/plain", "").header("Location", elsewhere.baseUrl() + "/chat/completions"));
    const auto report = probe(provider("moved", moved));
    QVERIFY(report);
    QVERIFY(!report->ok);
    QVERIFY2(allWords(*report).find("307") != std::string::npos, allWords(*report).c_str());
    QCOMPARE(elsewhere.connectionCount(), 0u);
}

void tst_ProviderTest::masksAllValuesOfTheProvider_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("key rejected") << 401;
    QTest::newRow("no such model") << 404;
    QTest::newRow("broken") << 500;
}

void tst_ProviderTest::masksAllValuesOfTheProvider()
{
    QFETCH(int, status);
    FakeProvider chatty([status](const Received &call) {
        std::string all;
        for (const auto &[name, value] : call.headers)
            all += name + "=" + value + " ";
        return Script::error(status, call.header("x-team-token").value_or(""), all);
    });
    config::Provider odd = provider("odd", chatty);
    odd.credentials[0].apiKey.value = "no/pattern+knows=this";
    odd.credentials.push_back({.name = "spare", .apiKey = {"another one's key"}});
    odd.headers = {{"X-Team-Token", "Token b2=/c3"}, {"X-Deployment", "inner-name-0815"}};

    const auto report = probe(odd);
    QVERIFY(report);
    const std::string words = allWords(*report);
    QVERIFY2(words.find(std::to_string(status)) != std::string::npos, words.c_str());
    for (const char *secret : {"no/pattern", "knows=this", "b2=/c3", "inner-name-0815"})
        QVERIFY2(words.find(secret) == std::string::npos, words.c_str());
}

void tst_ProviderTest::listOfAnUnsavedEditIsNotTheLiveOne()
{
    FakeProvider live([](const Received &) { return Script::models({"live-model"}); });
    FakeProvider edited([](const Received &) { return Script::models({"edited-model"}); });
    QCOMPARE(m_open->apply([&](config::Config &config) { chooseWildcard(config, live); }), std::string());
    QTRY_VERIFY(listedModels().find("right/live-model") != std::string::npos);

    config::Provider edit = m_open->facade->config()->providers[0];
    edit.baseUrl = edited.baseUrl();
    Waiting<std::vector<std::string>> waiting;
    m_open->facade->listModels(edit, this, waiting.taker());
    const auto list = waiting.take();
    QVERIFY(list);
    QCOMPARE(*list, std::vector<std::string> {"edited-model"});
    const std::string models = listedModels();
    QVERIFY2(models.find("right/live-model") != std::string::npos && models.find("edited-model") == std::string::npos, models.c_str());

    live.become(Script::models({"newer-model"})); // on demand: what is saved is renewed
    Waiting<std::vector<std::string>> again;
    m_open->facade->listModels(m_open->facade->config()->providers[0], this, again.taker());
    QVERIFY(again.take());
    QVERIFY(listedModels().find("right/newer-model") != std::string::npos);
}

void tst_ProviderTest::listsAreAskedForAtTheStart()
{
    FakeProvider live([](const Received &) { return Script::models({"live-model"}); });
    QCOMPARE(m_open->apply([&](config::Config &config) { chooseWildcard(config, live); }), std::string());
    m_open->reopen();
    QTRY_VERIFY(listedModels().find("right/live-model") != std::string::npos);
}

void tst_ProviderTest::worksWhereNothingIsServed()
{
    FakeProvider right(listOrPong);
    const std::string folder = m_open->folder.path().toStdString();
    m_open->facade.reset();
    auto command = api::EmbeddedGateway::open({.dataFolder = folder, .serve = false});
    QVERIFY(command);
    m_open->facade = std::move(*command);
    const auto report = probe(provider("right", right));
    QVERIFY(report);
    QVERIFY2(report->ok, allWords(*report).c_str());
}

QTEST_GUILESS_MAIN(tst_ProviderTest)
#include "tst_provider_test.moc"
