// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compile.h"
#include "gateway/pipeline/prompt_library.h"
#include "gateway/telemetry/stats_hub.h"

#include <QtTest>

#include <algorithm>
#include <functional>

using namespace gateway;
using namespace gateway::pipeline;

namespace {

config::PlanNode target(std::string provider, std::string model)
{
    config::TargetNode node;
    node.provider = std::move(provider);
    node.model = std::move(model);
    return {.node = std::move(node)};
}

config::PlanNode chainOf(std::vector<config::PlanNode> nodes)
{
    return {.node = config::FallbackNode {.children = std::move(nodes)}};
}

config::PlanNode goesTo(std::string route)
{
    return {.node = config::RouteNode {.route = std::move(route)}};
}

config::PlanNode balanceOf(config::BalanceBy by, std::vector<config::PlanNode> nodes)
{
    config::BalanceNode balance {.by = by};
    for (config::PlanNode &node : nodes)
        balance.among.push_back({.to = std::move(node)});
    return {.node = std::move(balance)};
}

config::PlanNode when(std::string field, config::Operator comparison, std::string value, config::PlanNode then = target("local", "x"))
{
    config::FieldTest test {.field = std::move(field), .comparison = comparison, .values = {{config::ConditionValue::Kind::Text, std::move(value)}}};
    return {.node = config::WhenNode {.branches = {{.condition = {std::move(test)}, .then = std::move(then)}}}};
}

std::string repeated(std::string_view text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

config::Route route(std::string name, config::PlanNode plan)
{
    config::Route made;
    made.id = "id-" + name;
    made.name = std::move(name);
    made.plan = std::move(plan);
    return made;
}

/// Two providers, a chain, a wildcard, a key: nothing is wrong with it.
config::Config fine()
{
    config::Config config;
    config.providers.push_back({.id = "id-openai", .name = "openai", .kind = "openai", .baseUrl = {}, .enabled = true, .credentials = {{.name = "main", .apiKey = {"sk-1"}}}});
    config.providers.push_back({.id = "id-local", .name = "local", .kind = "vllm", .baseUrl = "http://127.0.0.1:8000/v1"});
    config.routes.push_back(route("smart", chainOf({target("openai", "gpt-4o"), target("local", "llama-3-70b")})));
    config.routes.back().aliases = {"gpt-4"};
    config.routes.push_back(route("openai/*", target("openai", "*")));
    config.routes.push_back(route("openai/gpt-5*", target("openai", "*")));
    config.teams.push_back({.id = "id-search", .name = "search"});
    config.keys.push_back({.id = "id-key", .name = "bot", .team = "search", .hash = std::string(64, 'a')});
    return config;
}

Compiled compiled(const config::Config &config, telemetry::StatsHub *stats = nullptr)
{
    return compile(config, std::make_shared<PriceBook>(), stats);
}

} // namespace

using Change = std::function<void(config::Config &)>;
Q_DECLARE_METATYPE(Change)

class tst_Compile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsWhatIsFine();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();
    void warnsAndGoesOn_data();
    void warnsAndGoesOn();
    void findsRoutesByNameAliasAndLongestPrefix();
    void findsKeysByDigest();
    void allowListHoldsForNamesAliasesAndPatterns_data();
    void allowListHoldsForNamesAliasesAndPatterns();
    void targetsTimeLimitsGoBeforeProvidersAndGateways();
    void editsKeepHealthAndConnections();
    void referencedRoutesShareTheirPlans();
    void secretsAreNotInProblems();
    void promptsAreCompiledByNameVersionAndLabel();
    void promptsModelsWithoutARouteAreWarnedOf();
    void promptsTemplatesAreCheckedWithTheirField();
    void policiesAreMadeOnceAndShared();
    void namesOfPoliciesAreChecked();
};

void tst_Compile::acceptsWhatIsFine()
{
    const Compiled result = compiled(fine());
    QVERIFY2(result.problems.empty(), result.problems.empty() ? "" : result.problems[0].text().c_str());
    QVERIFY(result.config);
    QCOMPARE(result.config->targets.size(), std::size_t(6)); // two of them for the providers' own APIs
    QVERIFY(result.config->targets[5].passthrough && result.config->providers[1].passthrough && !result.config->targets[3].passthrough);
    QCOMPARE(result.config->providers[0].address.host, std::string("api.openai.com"));
    QVERIFY(result.config->providers[0].address.tls);
    QCOMPARE(result.config->providers[1].address.port, std::uint16_t(8000));
}

void tst_Compile::tellsWhatIsWrong_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *name, Change change, const char *field, const char *says) {
        QTest::newRow(name) << std::move(change) << QByteArray(field) << QByteArray(says);
    };
    row("unknown kind", [](config::Config &c) { c.providers[0].kind = "opnai"; }, "providers[0].kind", "did you mean \"openai\"?");
    row("no address", [](config::Config &c) { c.providers[1].kind = "openai-compatible"; c.providers[1].baseUrl.clear(); }, "providers[1].base_url", "needs a base_url");
    row("bad address", [](config::Config &c) { c.providers[1].baseUrl = "ftp://there"; }, "providers[1].base_url", "local");
    row("unknown provider", [](config::Config &c) { c.routes[0].plan = target("opena", "gpt-4o"); }, "routes[0].plan.provider", "did you mean \"openai\"?");
    row("deep in the tree", [](config::Config &c) { c.routes[0].plan = chainOf({target("local", "x"), chainOf({target("nobody", "y")})}); },
        "routes[0].plan.fallback[1].fallback[0].provider", "\"nobody\", which does not exist");
    row("no credential", [](config::Config &c) { c.providers[0].credentials.clear(); }, "routes[0].plan.fallback[0].provider",
        "provider \"openai\" has no credential. Add one under providers/openai/credentials, or take the target out.");
    row("no credential behind a split",
        [](config::Config &c) {
            c.providers[0].credentials.clear();
            c.routes[0].plan = {.node = config::SplitNode {.branches = {{.weight = 9, .to = target("local", "x")}, {.weight = 1, .to = target("openai", "gpt-5")}}}};
        },
        "routes[0].plan.split[1].to.provider", "route \"smart\" sends 10 % to \"gpt-5\" but provider \"openai\" has no credential.");
    row("unknown credential",
        [](config::Config &c) {
            std::get<config::TargetNode>(std::get<config::FallbackNode>(c.routes[0].plan.node).children[0].node).credential = "man";
        },
        "routes[0].plan.fallback[0].credential", "did you mean \"main\"?");
    row("empty chain", [](config::Config &c) { c.routes[0].plan = chainOf({}); }, "routes[0].plan.fallback", "without targets");
    row("target without model", [](config::Config &c) { c.routes[0].plan = target("openai", ""); }, "routes[0].plan", "target without a model");
    row("split without weight",
        [](config::Config &c) { c.routes[0].plan = {.node = config::SplitNode {.branches = {{.weight = 0, .to = target("openai", "gpt-4o")}}}}; },
        "routes[0].plan.split", "without any weight");
    row("a regular expression that is none", [](config::Config &c) { c.routes[0].plan = when("key", config::Operator::Regex, "("); }, "routes[0].plan.when[0].if.key", "missing )");
    row("a field that is none", [](config::Config &c) { c.routes[0].plan = when("kye", config::Operator::Equal, "a"); }, "routes[0].plan.when[0].if.kye", "did you mean `key`?");
    row("hash of nothing", [](config::Config &c) { c.routes[0].plan = balanceOf(config::BalanceBy::Hash, {target("local", "x")}); }, "routes[0].plan.balance.hash_on", "hash_on");
    row("unknown provider in a balance", [](config::Config &c) { c.routes[0].plan = balanceOf(config::BalanceBy::Cost, {target("local", "x"), target("nobody", "x")}); },
        "routes[0].plan.balance.among[1].provider", "\"nobody\", which does not exist");
    row("unknown provider in a case", [](config::Config &c) { c.routes[0].plan = when("key", config::Operator::Equal, "a", target("nobody", "x")); },
        "routes[0].plan.when[0].then.provider", "does not exist");
    row("unknown provider behind a limit", [](config::Config &c) { c.routes[0].plan = {config::LimitNode {.rpm = 1, .then = target("local", "x"), .otherwise = target("nobody", "x")}}; },
        "routes[0].plan.limit.else.provider", "does not exist");
    row("a circle through a balance", [](config::Config &c) { c.routes[0].plan = balanceOf(config::BalanceBy::Cost, {goesTo("smart")}); }, "routes[0].plan.balance.among[0].route", "smart -> smart");
    row("too deep", [](config::Config &c) {
        c.routes[0].plan = target("local", "x");
        for (int i = 0; i < 32; ++i)
            c.routes[0].plan = chainOf({c.routes[0].plan});
    }, std::string("routes[0].plan" + repeated(".fallback[0]", 32)).c_str(), "deeper than 32 levels");
    row("too deep over two routes", [](config::Config &c) {
        c.routes.push_back(route("deep", target("local", "x")));
        for (int i = 0; i < 20; ++i)
            c.routes.back().plan = chainOf({c.routes.back().plan});
        c.routes[0].plan = goesTo("deep");
        for (int i = 0; i < 20; ++i)
            c.routes[0].plan = chainOf({c.routes[0].plan});
    }, std::string("routes[0].plan" + repeated(".fallback[0]", 20) + ".route").c_str(), "deeper than 32 levels");
    row("unknown route", [](config::Config &c) { c.routes[0].plan = goesTo("smrt-2"); }, "routes[0].plan.route", "which does not exist");
    row("a route to itself", [](config::Config &c) { c.routes[0].plan = goesTo("smart"); }, "routes[0].plan.route", "smart -> smart");
    row("a circle by an alias",
        [](config::Config &c) {
            c.routes[0].plan = goesTo("other");
            c.routes.push_back(route("other", goesTo("gpt-4")));
        },
        "routes[3].plan.route", "routes go in a circle: smart -> other -> smart.");
    row("a route that is off",
        [](config::Config &c) {
            c.routes.push_back(route("other", target("local", "x")));
            c.routes.back().enabled = false;
            c.routes[0].plan = goesTo("other");
        },
        "routes[0].plan.route", "switched off");
    row("a star without a wildcard", [](config::Config &c) { c.routes[0].plan = target("openai", "*"); }, "routes[0].plan.model", "no star");
    row("a wildcard without a star to fill it", [](config::Config &c) { c.routes[0].plan = goesTo("openai/*"); }, "routes[0].plan.route", "no star of its own");
    row("bad override", [](config::Config &c) { std::get<config::TargetNode>(c.routes[1].plan.node).override_.text = "[1]"; }, "routes[1].plan.override", "openai/*");
    row("override of the model", [](config::Config &c) { std::get<config::TargetNode>(c.routes[1].plan.node).override_.text = R"({"top_p":1,"model":"x"})"; },
        "routes[1].plan.override", "\"model\" cannot be set here");
    row("default of the delivery", [](config::Config &c) { std::get<config::TargetNode>(c.routes[1].plan.node).defaults.text = R"({"stream":true})"; },
        "routes[1].plan.defaults", "\"stream\" cannot be set here");
    row("bad retry word", [](config::Config &c) { c.routes[0].retry.on.items = {"conect"}; }, "routes[0].retry.on", "connect");
    row("team that does not exist", [](config::Config &c) { c.keys[0].team = "serch"; }, "keys[0].team", "did you mean \"search\"?");
    row("damaged hash", [](config::Config &c) { c.keys[0].hash = "zz"; }, "keys[0].hash", "Rotate the key");
    row("the same secret twice", [](config::Config &c) { c.keys.push_back(c.keys[0]); c.keys[1].name = "other"; c.keys[1].id = "id-other"; }, "keys[1]", "same secret");
    row("public without keys", [](config::Config &c) { c.gateway.listen = "0.0.0.0:8787"; c.gateway.requireKey = false; }, "gateway", "key");
    row("two routes of one name", [](config::Config &c) { c.routes[1].name = "smart"; c.routes[1].plan = target("openai", "x"); }, "routes[1]", "smart");
    row("an alias that is a route's name", [](config::Config &c) { c.routes[0].aliases = {"openai/*"}; }, "routes", "");
}

void tst_Compile::tellsWhatIsWrong()
{
    QFETCH(Change, change);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, says);
    config::Config config = fine();
    change(config);

    const Compiled result = compiled(config);

    QVERIFY(!result.config);
    const auto told = std::ranges::find_if(result.problems, [&](const config::Problem &problem) {
        return !problem.warning && problem.field.starts_with(field.toStdString()) && problem.message.find(says.toStdString()) != std::string::npos;
    });
    QByteArray all;
    for (const config::Problem &problem : result.problems)
        all += QByteArray::fromStdString(problem.text()) + '\n';
    QVERIFY2(told != result.problems.end(), all.constData());
}

void tst_Compile::warnsAndGoesOn_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *name, Change change, const char *field, const char *says) {
        QTest::newRow(name) << std::move(change) << QByteArray(field) << QByteArray(says);
    };
    row("a credential without a key", [](config::Config &c) { c.providers[0].credentials.push_back({.name = "spare"}); }, "providers[0].credentials[1]", "left out");
    row("private addresses that only the proxy can tell", [](config::Config &c) { c.gateway.proxy = "http://proxy.example:3128"; c.gateway.allowPrivateUpstreams = false; },
        "gateway.allow_private_upstreams", "Let it refuse");
    row("a balance by limits that nobody declared", [](config::Config &c) { c.routes[0].plan = balanceOf(config::BalanceBy::Usage, {target("local", "x")}); },
        "routes[0].plan.balance.among[0]", "never counts as full");
    row("a provider that is off", [](config::Config &c) { c.providers[1].enabled = false; }, "routes[0].plan.fallback[1].provider", "switched off");
    row("a key for a model that is not there", [](config::Config &c) { c.keys[0].models = std::vector<std::string> {"smrt"}; }, "keys[0].models[0]", "did you mean \"smart\"?");
}

void tst_Compile::warnsAndGoesOn()
{
    QFETCH(Change, change);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, says);
    config::Config config = fine();
    change(config);
    const Compiled result = compiled(config);
    QVERIFY(result.config);
    QVERIFY(std::ranges::any_of(result.problems, [&](const config::Problem &problem) {
        return problem.warning && problem.field == field.toStdString() && problem.message.find(says.toStdString()) != std::string::npos;
    }));
}

void tst_Compile::findsRoutesByNameAliasAndLongestPrefix()
{
    const auto config = compiled(fine()).config;
    QCOMPARE(config->findRoute("smart")->route->name, std::string("smart"));
    QCOMPARE(config->findRoute("gpt-4")->route->name, std::string("smart"));
    QCOMPARE(config->findRoute("openai/gpt-4o")->route->name, std::string("openai/*"));
    QCOMPARE(config->findRoute("openai/gpt-4o")->star, std::string_view("gpt-4o"));
    QCOMPARE(config->findRoute("openai/gpt-5-mini")->route->name, std::string("openai/gpt-5*"));
    QCOMPARE(config->findRoute("openai/gpt-5-mini")->star, std::string_view("-mini"));
    QVERIFY(!config->findRoute("openai/")); // a star stands for something
    QVERIFY(!config->findRoute("gpt-4o"));
    QCOMPARE(config->nearestRoute("smrat", nullptr), std::string_view("smart"));
}

void tst_Compile::findsKeysByDigest()
{
    const auto config = compiled(fine()).config;
    KeyHasher::Digest digest {};
    QVERIFY(KeyHasher::parse(std::string(64, 'a'), digest));
    QVERIFY(config->findKey(digest));
    QCOMPARE(config->findKey(digest)->name, std::string("bot"));
    digest.back() = std::byte {0};
    QVERIFY(!config->findKey(digest));
}

void tst_Compile::allowListHoldsForNamesAliasesAndPatterns_data()
{
    QTest::addColumn<QByteArray>("allowed");
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<bool>("may");
    QTest::newRow("by name") << QByteArray("smart") << QByteArray("smart") << true;
    QTest::newRow("the name allows its aliases") << QByteArray("smart") << QByteArray("gpt-4") << true;
    QTest::newRow("an alias allows its route") << QByteArray("gpt-4") << QByteArray("smart") << true;
    QTest::newRow("another one") << QByteArray("smart") << QByteArray("openai/gpt-4o") << false;
    QTest::newRow("the wildcard") << QByteArray("openai/*") << QByteArray("openai/gpt-4o") << true;
    QTest::newRow("a longer wildcard of the same start") << QByteArray("openai/*") << QByteArray("openai/gpt-5-mini") << true;
    QTest::newRow("one of a wildcard") << QByteArray("openai/gpt-4o") << QByteArray("openai/gpt-4o") << true;
    QTest::newRow("one of a wildcard is not the others") << QByteArray("openai/gpt-4o") << QByteArray("openai/gpt-4o-mini") << false;
    QTest::newRow("a narrower pattern") << QByteArray("openai/gpt-4*") << QByteArray("openai/o3") << false;
}

void tst_Compile::allowListHoldsForNamesAliasesAndPatterns()
{
    QFETCH(QByteArray, allowed);
    QFETCH(QByteArray, asked);
    QFETCH(bool, may);
    config::Config config = fine();
    config.keys[0].models = std::vector<std::string> {allowed.toStdString()};
    const auto result = compiled(config).config;
    QVERIFY(result);
    const auto match = result->findRoute(asked.toStdString());
    QVERIFY(match);
    QCOMPARE(result->keys.begin()->second.allows(asked.toStdString(), match->route->name), may);
}

void tst_Compile::targetsTimeLimitsGoBeforeProvidersAndGateways()
{
    config::Config config = fine();
    config.gateway.timeouts = {.connect = config::Millis(1), .firstByte = {}, .idle = config::Millis(3), .total = config::Millis(4)};
    config.providers[0].timeouts = {.connect = config::Millis(10), .firstByte = config::Millis(20), .idle = {}, .total = {}};
    std::get<config::TargetNode>(std::get<config::FallbackNode>(config.routes[0].plan.node).children[0].node).timeouts.connect = config::Millis(100);
    const auto result = compiled(config).config;
    const TimeLimits &first = result->targets[0].limits;
    QCOMPARE(first.connect, Duration(std::chrono::milliseconds(100)));
    QCOMPARE(first.firstByte, std::optional<Duration>(std::chrono::milliseconds(20)));
    QCOMPARE(first.idle, Duration(std::chrono::milliseconds(3)));
    QVERIFY(!result->targets[1].limits.firstByte); // nobody sets it: 60 s for streams, the total for whole answers
}

void tst_Compile::editsKeepHealthAndConnections()
{
    const auto before = compiled(fine()).config;
    config::Config edited = fine();
    edited.providers[0].name = "renamed";
    edited.providers[0].breaker.failures = 9;
    std::get<config::TargetNode>(std::get<config::FallbackNode>(edited.routes[0].plan.node).children[0].node).provider = "renamed";
    for (std::size_t i : {1U, 2U})
        std::get<config::TargetNode>(edited.routes[i].plan.node).provider = "renamed";
    edited.routes[0].name = "smarter";
    const auto after = compiled(edited).config;
    QVERIFY(after);
    QCOMPARE(after->providers[0].address.pool, before->providers[0].address.pool);
    QCOMPARE(after->targets[0].routing->credentials[0].healthId, before->targets[0].routing->credentials[0].healthId);
    QCOMPARE(after->targets[0].routing->modelId, before->targets[0].routing->modelId);

    edited.providers[0].credentials[0].apiKey = {"sk-2"};
    const auto rekeyed = compiled(edited).config;
    QCOMPARE(rekeyed->targets[0].routing->credentials[0].healthId, before->targets[0].routing->credentials[0].healthId);
    QVERIFY(rekeyed->targets[0].routing->credentials[0].fingerprint != before->targets[0].routing->credentials[0].fingerprint);
}

void tst_Compile::referencedRoutesShareTheirPlans()
{
    config::Config config = fine();
    config.routes.push_back(route("canary", {.node = config::SplitNode {.branches = {{.weight = 95, .to = goesTo("gpt-4")}, {.weight = 5, .to = target("local", "new")}}}}));
    telemetry::StatsHub stats(1);
    const auto result = compiled(config, &stats).config;
    QVERIFY(result);
    QCOMPARE(result->targets.size(), std::size_t(7)); // the referenced chain's two are not made again; two are for the providers' own APIs
    QVERIFY(result->routes[3].slot != 0);
}

void tst_Compile::secretsAreNotInProblems()
{
    config::Config config = fine();
    config.providers[0].credentials[0].apiKey = {"sk-very\r\nsecret"};
    config.providers[0].headers["Host"] = "elsewhere-secret";
    const Compiled result = compiled(config);
    QVERIFY(!result.config);
    for (const config::Problem &problem : result.problems)
        QVERIFY2(problem.text().find("secret") == std::string::npos && problem.text().find("sk-very") == std::string::npos, problem.text().c_str());
}

namespace {

config::Prompt promptOf(std::vector<std::string> models)
{
    config::Prompt prompt {.id = "id-mail", .name = "mail"};
    for (std::string &model : models)
        prompt.versions.push_back({.version = static_cast<std::int64_t>(prompt.versions.size()) + 1, .model = std::move(model), .messages = {{.role = "user", .content = "{{a}}"}}});
    return prompt;
}

} // namespace

void tst_Compile::promptsAreCompiledByNameVersionAndLabel()
{
    config::Config config = fine();
    QVERIFY(!compiled(config).config->prompts); // no prompts, nothing to look in
    config.prompts.push_back(promptOf({"smart", "smart", "smart"}));
    config.prompts[0].versions[1].labels = {"staging"};
    const Compiled result = compiled(config);
    QVERIFY(result.config && result.problems.empty());
    const auto found = [&](const config::PromptReference &asked) {
        const auto prompt = result.config->prompts->find(asked, {}, 0);
        return prompt ? (*prompt)->reference() : prompt.error().message;
    };
    QCOMPARE(found({"mail", ""}), std::string("mail@3")); // the latest: none has production
    QCOMPARE(found({"mail", "1"}), std::string("mail@1"));
    QCOMPARE(found({"mail", "staging"}), std::string("mail@2"));
    QCOMPARE(found({"mial", ""}), std::string("There is no prompt \"mial\" here; did you mean \"mail\"?"));
    QCOMPARE(found({"mail", "4"}), std::string("The prompt \"mail\" has no version 4; its latest is 3."));
    QCOMPARE(found({"mail", "stagin"}), std::string("No version of the prompt \"mail\" has the label \"stagin\"; did you mean \"staging\"?"));
}

void tst_Compile::promptsModelsWithoutARouteAreWarnedOf()
{
    config::Config config = fine();
    config.prompts.push_back(promptOf({"gone", "smrat", "openai/gpt-4o", "", "smarrt"}));
    config.prompts[0].versions[1].labels = {"production"};
    const Compiled result = compiled(config);
    QVERIFY(result.config);
    std::vector<std::string> warned;
    for (const config::Problem &problem : result.problems)
        warned.push_back(problem.field + ": " + problem.message);
    // Version 1 is in nobody's way: nobody gets it who does not name its number.
    QCOMPARE(warned, (std::vector<std::string> {"prompts[0].versions[1].model: version 2 asks for \"smrat\", which no route answers to, did you mean \"smart\"?",
                                                "prompts[0].versions[4].model: version 5 asks for \"smarrt\", which no route answers to, did you mean \"smart\"?"}));
}

void tst_Compile::promptsTemplatesAreCheckedWithTheirField()
{
    config::Config config = fine();
    config.prompts.push_back(promptOf({"smart"}));
    config.prompts[0].versions[0].messages[0].content = "{{#open}}";
    config.prompts[0].testSets = {{.name = "t", .cases = {{.name = "c", .matches = {"a", "("}}}}};
    const Compiled result = compiled(config);
    QVERIFY(!result.config);
    std::vector<std::string> fields;
    for (const config::Problem &problem : result.problems)
        fields.push_back(problem.field);
    QCOMPARE(fields, (std::vector<std::string> {"prompts[0].versions[0].messages[0].content", "prompts[0].test_sets[0].cases[0].matches[1]"}));
}

void tst_Compile::policiesAreMadeOnceAndShared()
{
    config::Config config = fine();
    config.privacyPolicies = {{.id = "a", .name = "default", .rules = {{.detect = "email"}}}, {.id = "b", .name = "strict", .extends = "default"}};
    config.routes[0].privacy = "strict";
    config.teams[0].privacy = "strict";
    config.keys.push_back({.id = "id-own", .name = "own", .team = "search", .hash = std::string(64, 'b')});
    config.keys[1].privacy = "default";
    const Compiled result = compiled(config);
    QVERIFY2(result.problems.empty(), result.problems.empty() ? "" : result.problems[0].text().c_str());
    const CompiledConfig &made = *result.config;
    QVERIFY(made.usualPolicy);
    QVERIFY(made.routes[0].privacy && made.routes[0].privacy != made.usualPolicy);
    QVERIFY(!made.routes[1].privacy);
    for (const auto &[digest, key] : made.keys)
        QCOMPARE(key.privacy, key.name == "own" ? made.usualPolicy : made.routes[0].privacy);
    config.privacyPolicies[0].name = "other";
    config.privacyPolicies[1].extends = "other";
    config.keys[1].privacy.clear();
    QVERIFY(!compiled(config).config->usualPolicy);
}

void tst_Compile::namesOfPoliciesAreChecked()
{
    config::Config config = fine();
    config.privacyPolicies = {{.id = "a", .name = "strict", .rules = {{.detect = "email"}, {.detect = "regex", .name = "r", .pattern = "("}}}, {.id = "b", .name = "more", .extends = "strict"}};
    config.routes[1].privacy = "strikt";
    config.teams[0].privacy = "nobody";
    config.keys[0].privacy = "strct";
    const Compiled result = compiled(config);
    QVERIFY(!result.config);
    const auto messageOf = [&](const std::string &field) {
        std::string all;
        for (const config::Problem &problem : result.problems)
            all += problem.field == field ? problem.message + "\n" : std::string();
        return all;
    };
    QVERIFY2(messageOf("routes[1].privacy").find("did you mean \"strict\"?") != std::string::npos, messageOf("routes[1].privacy").c_str());
    QVERIFY(messageOf("teams[0].privacy").find("team \"search\" runs under the privacy policy \"nobody\", which does not exist. Add it") != std::string::npos);
    QVERIFY(messageOf("keys[0].privacy").find("did you mean \"strict\"?") != std::string::npos);
    const std::string pattern = messageOf("privacy.policies[0].rules[1].pattern");
    QVERIFY(!pattern.empty());
    QCOMPARE(std::count(pattern.begin(), pattern.end(), '\n'), std::ptrdiff_t(1)); // once, though another one extends it
}

QTEST_GUILESS_MAIN(tst_Compile)
#include "tst_compile.moc"
