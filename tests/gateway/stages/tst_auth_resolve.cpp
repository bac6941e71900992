// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/exchange.h"
#include "gateway/routing/plan_nodes.h"
#include "gateway/stages/auth/auth_stage.h"
#include "gateway/stages/models/model_listing.h"
#include "gateway/stages/resolve/call_options.h"
#include "gateway/stages/resolve/key_additions.h"
#include "gateway/stages/resolve/plan_choice.h"
#include "tests/support/call_harness.h"

#include <QtTest>

#include <map>

using namespace gateway;
using namespace gateway::stages;
using namespace support;
using namespace std::chrono_literals;

namespace {

config::Route routeTo(std::string name, std::string provider, std::string model)
{
    config::Route route;
    route.name = route.id = std::move(name);
    config::TargetNode target;
    target.provider = std::move(provider);
    target.model = std::move(model);
    route.plan.node = std::move(target);
    return route;
}

class FixedLists final : public pipeline::ModelLists
{
public:
    std::map<std::string, std::vector<std::string>, std::less<>> lists;
    [[nodiscard]] std::shared_ptr<const std::vector<std::string>> modelsOf(std::string_view providerId) const override
    {
        const auto found = lists.find(providerId);
        return found == lists.end() ? nullptr : std::make_shared<const std::vector<std::string>>(found->second);
    }
};

/// The targets of a plan in the order in which they would be asked, as "provider model".
std::vector<std::string> targetsOf(const PlanChoice &choice)
{
    std::vector<std::string> all;
    for (const routing::Target *target : routing::targetsOf(choice.plan->root))
        all.push_back(target->providerName + " " + target->model);
    return all;
}

/// Before auth: the call is of this endpoint. Behind it: nothing more, the call is let in.
class Marker final : public pipeline::Stage
{
public:
    explicit Marker(Endpoint endpoint) : m_endpoint(endpoint) {}
    pipeline::Verdict onRequest(pipeline::Exchange &x) override
    {
        if (x.authenticated)
            return pipeline::Verdict::reply({.status = 204});
        x.endpoint = m_endpoint;
        return pipeline::Verdict::proceed();
    }

private:
    Endpoint m_endpoint;
};

} // namespace

class tst_AuthResolve : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void keyIsFoundInAnySdksHeader_data();
    void keyIsFoundInAnySdksHeader();
    void aKeyDoesWhatItIsPermitted_data();
    void aKeyDoesWhatItIsPermitted();
    void aFormerSecretWorksUntilItsGraceEnds();
    void revokingEndsBothSecrets();
    void metadataOfAKeyGoesOverItsCallers();
    void optionsComeFromHeadersOverTheBody();
    void optionsThatAreWrongNameTheirPlace_data();
    void optionsThatAreWrongNameTheirPlace();
    void timeoutsAreReadInEveryForm_data();
    void timeoutsAreReadInEveryForm();
    void planKeepsItsConfigurationAlive();
    void fallbacksStandBehindTheRoutesOwnChain();
    void wildcardsAmongFallbacksAreFilledIn();
    void tooManyFallbacksAreRefused();
    void everyNameIsHeldToTheAllowList_data();
    void everyNameIsHeldToTheAllowList();
    void listExpandsWildcardsWithinTheAllowList();
    void listGivesANameOnce();

private:
    /// Publishes a key with a former secret, "sb-old", of that grace.
    void publishRotated(Duration grace, bool revoked);
    /// A call with this secret as far as auth; its status. m_said: the answer's body.
    int statusOf(const char *secret);

    std::string m_said;
    CallHarness m_harness;
    std::shared_ptr<const pipeline::CompiledConfig> m_config;
    pipeline::CompiledKey m_key;
};

void tst_AuthResolve::init()
{
    config::Config config = m_harness.config(2);
    config.routes[0].aliases = {"also"};
    config.routes.push_back(routeTo("other", "p2", "m9"));
    config.routes.push_back(routeTo("p1/*", "p1", "*"));
    config.routes.push_back(routeTo("p2/big-*", "p2", "*"));
    QVERIFY(m_harness.publish(config));
    m_config = m_harness.hub.current();
    m_key = {.name = "bot", .everyModel = false, .models = {"test", "p1/*"}};
}

void tst_AuthResolve::keyIsFoundInAnySdksHeader_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("key");
    QTest::newRow("OpenAI") << QByteArray("Authorization") << QByteArray("Bearer sb-1") << QByteArray("sb-1");
    QTest::newRow("lower case, spaces") << QByteArray("authorization") << QByteArray("  bearer   sb-1 ") << QByteArray("sb-1");
    QTest::newRow("Anthropic") << QByteArray("X-API-Key") << QByteArray("sb-2") << QByteArray("sb-2");
    QTest::newRow("Azure") << QByteArray("api-key") << QByteArray("sb-3") << QByteArray("sb-3");
    QTest::newRow("Gemini") << QByteArray("x-goog-api-key") << QByteArray("sb-4") << QByteArray("sb-4");
    QTest::newRow("basic is none") << QByteArray("Authorization") << QByteArray("Basic c2ItMQ==") << QByteArray();
    QTest::newRow("empty is none") << QByteArray("Authorization") << QByteArray("Bearer ") << QByteArray();
    QTest::newRow("another header") << QByteArray("x-key") << QByteArray("sb-5") << QByteArray();
}

void tst_AuthResolve::keyIsFoundInAnySdksHeader()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, key);
    const std::array headers {HeaderView {.name = std::string_view(name.constData()), .value = std::string_view(value.constData())}};
    QCOMPARE(presentedKey(headers), std::string_view(key.constData()));
}

void tst_AuthResolve::aKeyDoesWhatItIsPermitted_data()
{
    using config::Permission;
    QTest::addColumn<std::set<Permission>>("permissions");
    QTest::addColumn<Endpoint>("endpoint");
    QTest::addColumn<QByteArray>("lacks");
    const std::set<Permission> none, usual {Permission::Call}, raw {Permission::Passthrough}, both {Permission::Call, Permission::Passthrough};
    QTest::newRow("calls") << usual << Endpoint::ChatCompletions << QByteArray();
    QTest::newRow("passes through") << raw << Endpoint::Passthrough << QByteArray();
    QTest::newRow("both") << both << Endpoint::Passthrough << QByteArray();
    QTest::newRow("no passing through") << usual << Endpoint::Passthrough << QByteArray("`passthrough`");
    QTest::newRow("no calls") << raw << Endpoint::Messages << QByteArray("`call`");
    QTest::newRow("no list of models") << raw << Endpoint::Other << QByteArray("`call`");
    QTest::newRow("nothing") << none << Endpoint::Passthrough << QByteArray("`passthrough`");
}

void tst_AuthResolve::aKeyDoesWhatItIsPermitted()
{
    QFETCH(std::set<config::Permission>, permissions);
    QFETCH(Endpoint, endpoint);
    QFETCH(QByteArray, lacks);
    config::Config config = m_harness.config(1);
    config.keys[0].permissions = permissions;
    QVERIFY(m_harness.publish(config));
    pipeline::StageList list = stageTable(m_harness.services);
    auto auth = std::move(list.stages.front());
    list.stages.clear();
    list.stages.push_back(std::make_unique<Marker>(endpoint));
    list.stages.push_back(std::move(auth));
    list.stages.push_back(std::make_unique<Marker>(endpoint));
    FakeCaller caller;
    m_harness.run(caller, "{}", {}, &list);
    QCOMPARE(caller.status, lacks.isEmpty() ? 204 : 403);
    if (lacks.isEmpty())
        return;
    QVERIFY2(caller.body.find(lacks.toStdString()) != std::string::npos, caller.body.c_str());
    QCOMPARE(m_harness.lastRecord().error, std::optional(ErrorCode::NotPermitted));
    QCOMPARE(m_harness.lastRecord().key, std::string("tester"));
}

void tst_AuthResolve::publishRotated(Duration grace, bool revoked)
{
    config::Config config = m_harness.config(1);
    config.keys[0].formerHash = m_harness.hasher.hashHex("sb-old");
    config.keys[0].formerUntil = m_harness.clock.wallNow() + std::chrono::duration_cast<std::chrono::microseconds>(grace);
    config.keys[0].revoked = revoked;
    config.keys[0].quota.limits = {{.rpm = 100}};
    QVERIFY(m_harness.publish(config));
}

int tst_AuthResolve::statusOf(const char *secret)
{
    pipeline::StageList list = stageTable(m_harness.services);
    auto auth = std::move(list.stages.front());
    list.stages.clear();
    list.stages.push_back(std::make_unique<Marker>(Endpoint::ChatCompletions));
    list.stages.push_back(std::move(auth));
    list.stages.push_back(std::make_unique<Marker>(Endpoint::ChatCompletions));
    FakeCaller caller;
    const std::string bearer = std::string("Bearer ") + secret;
    m_harness.run(caller, "{}", {{"authorization", bearer}}, &list);
    m_said = caller.body;
    return caller.status;
}

void tst_AuthResolve::aFormerSecretWorksUntilItsGraceEnds()
{
    publishRotated(1h, false);
    QCOMPARE(statusOf("sb-old"), 204);
    QCOMPARE(statusOf("sb-key"), 204);
    QCOMPARE(m_harness.lastRecord().key, std::string("tester"));
    const auto config = m_harness.hub.current();
    const pipeline::CompiledKey *former = config->findKey(m_harness.hasher.hash("sb-old"));
    QVERIFY(former);
    QCOMPARE(former->id, std::string("k")); // both count against the same limits
    QCOMPARE(former->quota.limits.size(), config->findKey(m_harness.hasher.hash("sb-key"))->quota.limits.size());
    QVERIFY(!former->quota.limits.empty());

    m_harness.clock.advance(1h - 1ms);
    QCOMPARE(statusOf("sb-old"), 204);
    m_harness.clock.advance(1ms);
    QCOMPARE(statusOf("sb-old"), 401);
    QVERIFY2(m_said.find("revoked_api_key") != std::string::npos && m_said.find("was rotated, and this secret of it ended at 2026-01-15T13:00:00Z") != std::string::npos, m_said.c_str());
    QCOMPARE(statusOf("sb-key"), 204);
}

void tst_AuthResolve::revokingEndsBothSecrets()
{
    publishRotated(1h, true);
    for (const char *secret : {"sb-old", "sb-key"}) {
        QCOMPARE(statusOf(secret), 401);
        QVERIFY2(m_said.find("was revoked") != std::string::npos, m_said.c_str());
    }
}

void tst_AuthResolve::metadataOfAKeyGoesOverItsCallers()
{
    QCOMPARE(withMetadataOf(nullptr, R"({"a":1})"), std::string(R"({"a":1})"));
    QCOMPARE(withMetadataOf(&m_key, ""), std::string());
    config::Config config = m_harness.config(1);
    config.keys[0].metadata = {{"feature", "autocomplete"}, {"tier", "free"}};
    QVERIFY(m_harness.publish(config));
    const auto compiled = m_harness.hub.current();
    const pipeline::CompiledKey *key = compiled->findKey(m_harness.hasher.hash("sb-key"));
    QVERIFY(key);
    QCOMPARE(withMetadataOf(key, ""), std::string(R"({"feature":"autocomplete","tier":"free"})"));
    QCOMPARE(withMetadataOf(key, R"({"job":1,"feature":["another"],"Feature":"own"})"), std::string(R"({"job":1,"feature":"autocomplete","Feature":"own","tier":"free"})"));
    QCOMPARE(withMetadataOf(key, R"({"feature":"x","feature":"y"})"), std::string(R"({"feature":"autocomplete","tier":"free"})"));
}

void tst_AuthResolve::optionsComeFromHeadersOverTheBody()
{
    const std::array headers {HeaderView {"X-Signalbox-Tags", "a, b"}, HeaderView {"x-signalbox-session", "s1"}, HeaderView {"x-signalbox-unknown", "kept out"},
                              HeaderView {"x-signalbox-test", "token"}};
    const auto options = readCallOptions(headers, R"({"tags":["x","y"],"customer":"c1","metadata":{"b":2,"a":1},"timeout":"2m","route":null})");
    QVERIFY(options);
    QCOMPARE(options->tags, std::string("a, b"));
    QCOMPARE(options->session, std::string("s1"));
    QCOMPARE(options->customer, std::string("c1"));
    QCOMPARE(options->metadata, std::string(R"({"b":2,"a":1})")); // the order of its keys is the caller's
    QCOMPARE(options->timeout, std::optional<Duration>(2min));
    QVERIFY(options->route.empty());
    QCOMPARE(readCallOptions({}, R"({"tags":["x","y"]})")->tags, std::string("x,y"));
}

void tst_AuthResolve::optionsThatAreWrongNameTheirPlace_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("object");
    QTest::addColumn<QByteArray>("where");
    const QByteArray none;
    QTest::newRow("metadata that is no JSON") << QByteArray("x-signalbox-metadata") << QByteArray("a=b") << none << QByteArray("x-signalbox-metadata");
    QTest::newRow("metadata that is a list") << none << none << QByteArray(R"({"metadata":[1]})") << QByteArray("signalbox.metadata");
    QTest::newRow("metadata that is too long") << QByteArray("x-signalbox-metadata") << "{\"a\":\"" + QByteArray(5000, 'x') + "\"}" << none << QByteArray("x-signalbox-metadata");
    QTest::newRow("a session that is too long") << QByteArray("x-signalbox-session") << QByteArray(300, 'x') << none << QByteArray("x-signalbox-session");
    QTest::newRow("a timeout of nothing") << none << none << QByteArray(R"({"timeout":0})") << QByteArray("signalbox.timeout");
    QTest::newRow("a timeout of a day") << QByteArray("x-signalbox-timeout") << QByteArray("1d") << none << QByteArray("x-signalbox-timeout");
    QTest::newRow("a timeout below nothing") << QByteArray("x-signalbox-timeout") << QByteArray("-5") << none << QByteArray("x-signalbox-timeout");
    QTest::newRow("no object") << none << none << QByteArray("[]") << QByteArray("signalbox");
}

void tst_AuthResolve::optionsThatAreWrongNameTheirPlace()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, object);
    QFETCH(QByteArray, where);
    std::vector<HeaderView> headers;
    if (!header.isEmpty())
        headers.push_back({std::string_view(header.constData()), std::string_view(value.constData())});
    const auto options = readCallOptions(headers, object.toStdString());
    QVERIFY(!options);
    QCOMPARE(options.error().code, ErrorCode::BadRequest);
    QCOMPARE(options.error().where, where.toStdString());
    QVERIFY(!options.error().message.empty());
}

void tst_AuthResolve::timeoutsAreReadInEveryForm_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<qint64>("millis");
    QTest::newRow("seconds") << QByteArray("30") << qint64(30'000);
    QTest::newRow("a fraction") << QByteArray("1.5") << qint64(1'500);
    QTest::newRow("milliseconds") << QByteArray("250ms") << qint64(250);
    QTest::newRow("minutes") << QByteArray(" 2m ") << qint64(120'000);
    QTest::newRow("an hour") << QByteArray("1h") << qint64(3'600'000);
}

void tst_AuthResolve::timeoutsAreReadInEveryForm()
{
    QFETCH(QByteArray, written);
    QFETCH(qint64, millis);
    const std::array headers {HeaderView {"x-signalbox-timeout", std::string_view(written.constData())}};
    const auto options = readCallOptions(headers, {});
    QVERIFY(options && options->timeout);
    QCOMPARE(std::chrono::duration_cast<std::chrono::milliseconds>(*options->timeout).count(), millis);
}

void tst_AuthResolve::planKeepsItsConfigurationAlive()
{
    auto choice = choosePlan(m_config, nullptr, "also", {});
    QVERIFY(choice);
    QCOMPARE(choice->route->name, std::string("test"));
    const std::weak_ptr<const pipeline::CompiledConfig> watch = m_config;
    m_config.reset();
    QVERIFY(m_harness.publish(m_harness.config(1))); // an edit, while the call runs
    QVERIFY(!watch.expired());
    QCOMPARE(targetsOf(*choice), (std::vector<std::string> {"p1 m1", "p2 m2"}));
    choice->plan.reset();
    QVERIFY(watch.expired());
}

void tst_AuthResolve::fallbacksStandBehindTheRoutesOwnChain()
{
    const std::vector<std::string> fallbacks {"other"};
    const auto choice = choosePlan(m_config, nullptr, "test", fallbacks);
    QVERIFY(choice);
    QCOMPARE(targetsOf(*choice), (std::vector<std::string> {"p1 m1", "p2 m2", "p2 m9"}));
    QCOMPARE(choice->route->name, std::string("test"));
}

void tst_AuthResolve::wildcardsAmongFallbacksAreFilledIn()
{
    const std::vector<std::string> fallbacks {"p2/big-one", "p1/y"};
    const auto choice = choosePlan(m_config, nullptr, "p1/x", fallbacks);
    QVERIFY(choice);
    QCOMPARE(targetsOf(*choice), (std::vector<std::string> {"p1 x", "p2 one", "p1 y"}));
    QVERIFY(choice->star.empty()); // every one has its own already
    QCOMPARE(choosePlan(m_config, nullptr, "p1/x", {})->star, std::string("x"));
}

void tst_AuthResolve::tooManyFallbacksAreRefused()
{
    const std::vector<std::string> fallbacks(17, "other");
    const auto choice = choosePlan(m_config, nullptr, "test", fallbacks);
    QVERIFY(!choice);
    QCOMPARE(choice.error().code, ErrorCode::BadRequest);
}

void tst_AuthResolve::everyNameIsHeldToTheAllowList_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("fallback");
    QTest::addColumn<int>("code");
    QTest::newRow("allowed") << QByteArray("test") << QByteArray() << -1;
    QTest::newRow("its wildcard") << QByteArray("p1/anything") << QByteArray("test") << -1;
    QTest::newRow("not allowed") << QByteArray("other") << QByteArray() << static_cast<int>(ErrorCode::ModelNotAllowed);
    QTest::newRow("another wildcard") << QByteArray("p2/big-one") << QByteArray() << static_cast<int>(ErrorCode::ModelNotAllowed);
    QTest::newRow("a fallback that is not allowed") << QByteArray("test") << QByteArray("other") << static_cast<int>(ErrorCode::ModelNotAllowed);
    QTest::newRow("a fallback that is not there") << QByteArray("test") << QByteArray("nobody") << static_cast<int>(ErrorCode::UnknownModel);
    QTest::newRow("not there") << QByteArray("tset") << QByteArray() << static_cast<int>(ErrorCode::UnknownModel);
}

void tst_AuthResolve::everyNameIsHeldToTheAllowList()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, fallback);
    QFETCH(int, code);
    std::vector<std::string> fallbacks;
    if (!fallback.isEmpty())
        fallbacks.push_back(fallback.toStdString());
    const auto choice = choosePlan(m_config, &m_key, model.toStdString(), fallbacks);
    QCOMPARE(choice ? -1 : static_cast<int>(choice.error().code), code);
    if (code == static_cast<int>(ErrorCode::UnknownModel) && fallback.isEmpty())
        QVERIFY(choice.error().message.find("Did you mean \"test\"?") != std::string::npos);
    if (!choice) // what the key may not use is not named to it
        QVERIFY(choice.error().message.find("\"other\"?") == std::string::npos);
}

void tst_AuthResolve::listExpandsWildcardsWithinTheAllowList()
{
    FixedLists lists;
    lists.lists["p1"] = {"x", "y/z"};
    lists.lists["p2"] = {"one"};
    const auto idsOf = [&](const pipeline::CompiledKey *key) {
        std::vector<std::string> ids;
        for (const ListedModel &model : listModels(*m_config, key, &lists))
            ids.push_back(model.id);
        return ids;
    };
    QCOMPARE(idsOf(&m_key), (std::vector<std::string> {"also", "p1/x", "p1/y/z", "test"}));
    QCOMPARE(idsOf(nullptr), (std::vector<std::string> {"also", "other", "p1/x", "p1/y/z", "p2/big-one", "test"}));
}

void tst_AuthResolve::listGivesANameOnce()
{
    config::Config config = m_harness.config(1);
    config.routes.push_back(routeTo("p1/*", "p1", "*"));
    config.routes.push_back(routeTo("p1/x", "p1", "m1"));
    QVERIFY(m_harness.publish(config));
    FixedLists lists;
    lists.lists["p1"] = {"x", "x"};
    const auto compiled = m_harness.hub.current();
    const auto models = listModels(*compiled, nullptr, &lists);
    QCOMPARE(models.size(), std::size_t(2));
    QCOMPARE(models[0].id, std::string("p1/x"));
    QCOMPARE(models[0].route->name, std::string("p1/x")); // a name of its own goes before the wildcard, as in calls
}

QTEST_GUILESS_MAIN(tst_AuthResolve)
#include "tst_auth_resolve.moc"
