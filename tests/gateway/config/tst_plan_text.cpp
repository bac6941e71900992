// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check.h"
#include "gateway/config/condition_fields.h"
#include "gateway/config/config_json.h"
#include "gateway/config/plan_children.h"
#include "gateway/config/yaml_writer.h"
#include "tests/gateway/config/config_text.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace gateway;
using namespace gateway::config;

/// Plans and their conditions: from text, to text, and what is told of wrong ones.
class tst_PlanText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryForm();
    void writesConditionsAsTheyAreBestRead_data();
    void writesConditionsAsTheyAreBestRead();
    void comesBackFromTextAsItWas();
    void saysWhatIsWrongInTheText_data();
    void saysWhatIsWrongInTheText();
    void saysWhatIsWrongWithTheValues_data();
    void saysWhatIsWrongWithTheValues();
    void warnsOfWhatIsNeverLookedAt();
    void everyFieldIsFound();
    void branchesHaveTheFieldsOfTheirText();
};

namespace {

std::string routeText(const std::string &plan)
{
    return "routes:\n  - name: r\n    plan: " + plan + "\n";
}

Route routeOf(const std::string &plan)
{
    const Config config = readYaml(routeText(plan));
    return config.routes.empty() ? Route() : config.routes.front();
}

/// The problems of reading, else those of check(), that are about the route.
Problems problemsOf(const std::string &plan)
{
    EmptyResolver resolver;
    auto read = readConfig(routeText(plan), ReadOptions {.file = "f", .resolver = &resolver});
    if (!read)
        return read.error();
    Problems problems = check(read->config);
    std::erase_if(problems, [](const Problem &problem) { return !problem.field.starts_with("routes[0].plan"); });
    return problems;
}

std::string conditionText(const std::string &text)
{
    const Route route = routeOf("{ when: [{ if: " + text + ", then: { route: x } }] }");
    const std::string json = toJson(route);
    const std::size_t from = json.find("\"if\":") + 5;
    return json.substr(from, json.find(",\"then\"") - from);
}

} // namespace

void tst_PlanText::readsEveryForm()
{
    const Route route = routeOf(R"(
      when:
        - { if: { metadata.tier: free }, then: { provider: local, model: llama } }
        - { if: { $or: [{ complexity: { $gte: 0.6 } }, { tokens.input: { $gt: 20000 } }] }, then: { route: big } }
      else:
        fallback:
          - balance:
              by: hash
              hash_on: metadata.session
              among: [{ provider: a, model: m }, { weight: 3, to: { split: [{ weight: 1, to: { provider: b, model: m } }] } }]
          - limit: { rpm: 60, tpm: 1000, tpd: 5000, parallel: 4, amount: 2.50, per: hour, each: team, then: { provider: c, model: m }, else: { route: other } })");
    const auto &when = std::get<WhenNode>(route.plan.node);
    QCOMPARE(when.branches.size(), std::size_t(2));
    const auto &tier = std::get<FieldTest>(when.branches[0].condition.test);
    QCOMPARE(tier.field, std::string("metadata.tier"));
    QCOMPARE(tier.comparison, Operator::Equal);
    QCOMPARE(tier.values, (std::vector<ConditionValue> {{ConditionValue::Kind::Text, "free"}}));
    const auto &either = std::get<AnyOf>(when.branches[1].condition.test);
    QCOMPARE(std::get<FieldTest>(either.conditions[0].test).values, (std::vector<ConditionValue> {{ConditionValue::Kind::Number, "0.6"}}));
    QCOMPARE(std::get<FieldTest>(either.conditions[1].test).comparison, Operator::Greater);

    const auto &chain = std::get<FallbackNode>(when.otherwise->node);
    const auto &balance = std::get<BalanceNode>(chain.children[0].node);
    QCOMPARE(balance.by, BalanceBy::Hash);
    QCOMPARE(balance.hashOn, std::string("metadata.session"));
    QCOMPARE(balance.among[0].weight, 1);
    QCOMPARE(balance.among[1].weight, 3);
    QVERIFY(std::holds_alternative<SplitNode>(balance.among[1].to.node));

    const auto &limit = std::get<LimitNode>(chain.children[1].node);
    QCOMPARE(limit.rpm, std::optional<std::int64_t>(60));
    QCOMPARE(limit.tpm, std::optional<std::int64_t>(1000));
    QCOMPARE(limit.tpd, std::optional<std::int64_t>(5000));
    QCOMPARE(limit.parallel, std::optional<std::int64_t>(4));
    QCOMPARE(limit.amount, std::optional(Money::fromNanos(2'500'000'000)));
    QCOMPARE(limit.per, Period::Hour);
    QCOMPARE(limit.each, LimitEach::Team);
    QCOMPARE(std::get<TargetNode>(limit.then->node).provider, std::string("c"));
    QCOMPARE(std::get<RouteNode>(limit.otherwise->node).route, std::string("other"));
}

void tst_PlanText::writesConditionsAsTheyAreBestRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("json"); ///< empty: the same as the text
    const auto row = [](const char *text, const char *json = "") { QTest::newRow(text) << QByteArray(text) << QByteArray(json); };
    row(R"({"key":"bot"})");
    row(R"({"key":{"$eq":"bot"}})", R"({"key":"bot"})");
    row(R"({"metadata.n":5})");
    row(R"({"metadata.n":"5"})");
    row(R"({"metadata.on":true})");
    row(R"({"metadata.gone":null})");
    row(R"({"metadata.n":0.60})");
    row(R"({"metadata.n":{"$ne":null}})");
    row(R"({"tokens.input":{"$gt":10,"$lte":20}})");
    row(R"({"tokens.input":{"$eq":10,"$lte":20}})");
    row(R"({"key":"bot","team":{"$in":["a","b",1]}})");
    row(R"({"team":{"$nin":["a"]}})");
    row(R"({"$and":[{"key":"bot"}]})");
    row(R"({"$and":[{"key":"bot"},{"team":"a"}]})", R"({"key":"bot","team":"a"})");
    row(R"({"$and":[{"$or":[{"key":"a"},{"key":"b"}]},{"$or":[{"team":"a"}]}]})");
    row(R"({"$or":[{"key":"a"},{"key":"b"}],"team":"c"})");
    row(R"({"$and":[{"metadata.n":1},{"team":"c"},{"metadata.n":2}]})");
    row(R"({"$and":[{"$and":[{"key":"a"},{"team":"b"}]}]})", R"({"$and":[{"key":"a","team":"b"}]})");
    row(R"({"$and":[{"key":"a","team":"b"}],"model":"c"})");
    row(R"({"$not":{"key":"a"}})");
    row(R"({"tokens.input":{"$not":{"$gt":5}}})", R"({"$not":{"tokens.input":{"$gt":5}}})");
    row(R"({"tokens.input":{"$not":{"$gt":5,"$lt":9}}})", R"({"$not":{"tokens.input":{"$gt":5,"$lt":9}}})");
    row(R"({"$and":[{"$not":{"key":"a"}},{"$not":{"key":"b"}}]})");
    row(R"({"body.messages.0.role":{"$regex":"^sys","$exists":true}})");
}

void tst_PlanText::writesConditionsAsTheyAreBestRead()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, json);
    const std::string written = conditionText(text.toStdString());
    QCOMPARE(bytes(written), json.isEmpty() ? text : json);
    QCOMPARE(conditionText(written), written);
}

namespace {

/// Plans as nobody would write them.
class RandomPlan
{
public:
    explicit RandomPlan(unsigned seed) : m_random(seed) {}

    PlanNode node(int depth)
    {
        switch (depth > 3 ? below(2) : below(7)) {
        case 0: return {TargetNode {.provider = word(), .model = word()}};
        case 1: return {RouteNode {word()}};
        case 2: {
            FallbackNode chain;
            fill([&] { chain.children.push_back(node(depth + 1)); });
            return {std::move(chain)};
        }
        case 3: {
            SplitNode split;
            fill([&] { split.branches.push_back({1 + below(100), node(depth + 1)}); });
            return {std::move(split)};
        }
        case 4: {
            BalanceNode balance {.by = static_cast<BalanceBy>(below(7)), .hashOn = {}, .among = {}};
            if (balance.by == BalanceBy::Hash)
                balance.hashOn = "metadata." + word();
            fill([&] { balance.among.push_back({1 + below(3), node(depth + 1)}); });
            return {std::move(balance)};
        }
        case 5: {
            WhenNode when;
            fill([&] { when.branches.push_back({condition(0), node(depth + 1)}); });
            if (below(2))
                when.otherwise = node(depth + 1);
            return {std::move(when)};
        }
        default: {
            LimitNode limit {.rpm = 1 + below(100), .per = static_cast<Period>(below(5)), .each = static_cast<LimitEach>(below(4))};
            if (below(2))
                limit.amount = Money::fromNanos(1 + below(1'000'000'000));
            limit.then = node(depth + 1);
            if (below(2))
                limit.otherwise = node(depth + 1);
            return {std::move(limit)};
        }
        }
    }

    Condition condition(int depth)
    {
        switch (depth > 2 ? 3 : below(6)) {
        case 0: return {AllOf {conditions(depth)}};
        case 1: return {AnyOf {conditions(depth)}};
        case 2: return {NotOf {condition(depth + 1)}};
        default: break;
        }
        FieldTest test {.field = "metadata." + word(), .comparison = static_cast<Operator>(below(10)), .values = {}};
        switch (test.comparison) {
        case Operator::In:
        case Operator::NotIn: fill([&] { test.values.push_back(value()); }); break;
        case Operator::Exists: test.values = {{ConditionValue::Kind::Bool, "false"}}; break;
        case Operator::Equal:
        case Operator::NotEqual: test.values = {value()}; break;
        default: test.values = {{ConditionValue::Kind::Text, word()}}; break;
        }
        return {std::move(test)};
    }

private:
    std::vector<Condition> conditions(int depth)
    {
        std::vector<Condition> all;
        fill([&] { all.push_back(condition(depth + 1)); });
        return all;
    }

    ConditionValue value()
    {
        switch (below(4)) {
        case 0: return {ConditionValue::Kind::Null, ""};
        case 1: return {ConditionValue::Kind::Bool, below(2) ? "true" : "false"};
        case 2: return {ConditionValue::Kind::Number, std::to_string(below(1000)) + ".50"};
        default: return {ConditionValue::Kind::Text, word()};
        }
    }

    std::string word()
    {
        constexpr const char *words[] {"a", "b-c", "5", "true", "null", "on", "${X}", "ß: {", "$$", "1.0"};
        return words[below(10)];
    }
    void fill(const auto &add)
    {
        for (int i = below(4); i >= 0; --i)
            add();
    }
    int below(int end) { return static_cast<int>(m_random() % static_cast<unsigned>(end)); }

    std::mt19937 m_random;
};

} // namespace

void tst_PlanText::comesBackFromTextAsItWas()
{
    for (unsigned seed = 0; seed < 150; ++seed) {
        Route route;
        route.name = "r";
        route.plan = RandomPlan(seed).node(0);
        const auto again = fromJson<Route>(toJson(route));
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QVERIFY2(again->plan == route.plan, toJson(route).c_str());
        QCOMPARE(toJson(*again), toJson(route));

        Config config;
        config.routes.push_back(route);
        const std::string yaml = toYaml(config, Secrets::Include);
        const Config fromYaml = readYaml(yaml);
        QVERIFY2(!fromYaml.routes.empty() && fromYaml.routes[0].plan == route.plan, yaml.c_str());
        QCOMPARE(toYaml(fromYaml, Secrets::Include), yaml);
    }
}

void tst_PlanText::saysWhatIsWrongInTheText_data()
{
    QTest::addColumn<QByteArray>("plan");
    QTest::addColumn<QByteArray>("says"); ///< with its place: the plan begins at 3:11
    const auto row = [](const char *plan, const char *says) { QTest::newRow(plan) << QByteArray(plan) << QByteArray(says); };
    row("{ when: [{ then: { route: x } }] }", "f:3:20: a branch of `when` needs `if`");
    row("{ when: [{ if: { key: a } }] }", "f:3:20: a branch of `when` needs `then`");
    row("{ when: [{ if: free, then: { route: x } }] }", "f:3:26: `routes[0].plan.when[0].if` must be a map of fields");
    row("{ when: [{ if: { key: { $gtt: 1 } }, then: { route: x } }] }", "f:3:35: unknown operator `$gtt`; did you mean `$gt`?");
    row("{ when: [{ if: { $gt: 1 }, then: { route: x } }] }", "f:3:28: `$gt` stands below a field");
    row("{ when: [{ if: { $nor: [] }, then: { route: x } }] }", "f:3:28: unknown operator `$nor`; did you mean `$or`?");
    row("{ when: [{ if: { $or: 1 }, then: { route: x } }] }", "`$or` takes a list");
    row("{ when: [{ if: { team: [a, b] }, then: { route: x } }] }", "write team: { $in: [...] }");
    row("{ when: [{ if: { team: { $in: a } }, then: { route: x } }] }", "`$in` takes a list");
    row("{ when: [{ if: { team: {} }, then: { route: x } }] }", "`team` has an empty map");
    row("{ when: [{ if: { team: { $gt: [1] } }, then: { route: x } }] }", "must be one value, not a list or map");
    row("{ else: { route: x } }", "f:3:11: `routes[0].plan` has `else` without `when`");
    row("{ when: [], limit: {} }", "has both `when` and `limit`");
    row("{ fallback: [], else: { route: x } }", "unknown key `else` in plan");
    row("{ wen: [] }", "did you mean `when`?");
    row("{ balance: { by: speed, among: [] } }", "\"speed\" is not one of latency, cost, least-busy, usage, weight, round-robin, hash");
    row("{ balance: { by: weight, among: [{ weight: 2, provider: a, model: b }] } }", "a weighted branch needs `to`");
    row("{ limit: { rpm: 5 } }", "a limit needs `then`");
    row("{ limit: { rpm: many, then: { route: x } } }", "\"many\" is not a whole number");
    row("{ limit: { amount: 5, per: year, then: { route: x } } }", "\"year\" is not one of hour, day, week, month, total");
}

void tst_PlanText::saysWhatIsWrongInTheText()
{
    QFETCH(const QByteArray, plan);
    QFETCH(const QByteArray, says);
    const Problems problems = problemsOf(plan.toStdString());
    QVERIFY(!problems.empty());
    const QByteArray text = bytes(problems.front().text());
    QVERIFY2(says.startsWith("f:") ? text.startsWith(says) : text.contains(says), text);
}

void tst_PlanText::saysWhatIsWrongWithTheValues_data()
{
    QTest::addColumn<QByteArray>("plan");
    QTest::addColumn<QByteArray>("field"); ///< below routes[0].plan
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *plan, const char *field, const char *says) { QTest::newRow(plan) << QByteArray(plan) << QByteArray(field) << QByteArray(says); };
    const auto condition = [&](const char *text, const char *field, const char *says) {
        QTest::newRow(text) << "{ when: [{ if: " + QByteArray(text) + ", then: { route: x } }] }" << ".when[0].if" + QByteArray(field) << QByteArray(says);
    };
    row("{ when: [] }", ".when", "has no branches");
    row("{ balance: { by: cost, among: [] } }", ".balance.among", "nothing to choose from");
    row("{ balance: { by: hash, among: [{ route: x }] } }", ".balance.hash_on", "needs `hash_on`");
    row("{ balance: { by: hash, hash_on: sesion, among: [{ route: x }] } }", ".balance.hash_on", "did you mean `session`?");
    row("{ balance: { by: cost, hash_on: key, among: [{ route: x }] } }", ".balance.hash_on", "is for a balance by hash");
    row("{ balance: { by: weight, among: [{ weight: 0, to: { route: x } }] } }", ".balance.among[0].weight", "from 1 to");
    row("{ balance: { by: cost, among: [{ provider: a }] } }", ".balance.among[0].model", "needs `model`");
    row("{ balance: { by: weight, among: [{ weight: 2, to: { provider: a } }] } }", ".balance.among[0].to.model", "needs `model`");
    row("{ limit: { then: { route: x } } }", ".limit", "limits nothing");
    row("{ limit: { rpm: 0, then: { route: x } } }", ".limit.rpm", "from 1 to");
    row("{ limit: { amount: 0, then: { route: x } } }", ".limit.amount", "more than 0 dollars");
    row("{ limit: { rpm: 1, then: { route: \"\" } } }", ".limit.then.route", "is missing");
    row("{ limit: { rpm: 1, then: { route: x }, else: { provider: a } } }", ".limit.else.model", "needs `model`");
    row("{ when: [{ if: { key: a }, then: { route: x } }], else: { provider: a } }", ".else.model", "needs `model`");
    condition("{}", "", "always true");
    condition("{ $or: [] }", ".$or", "never true");
    condition("{ $not: {} }", ".$not", "always true");
    condition("{ metdata.tier: free }", ".metdata.tier", "there is no field");
    condition("{ metadata: free }", ".metadata", "needs the name of what is meant, such as metadata.tier");
    condition("{ body.a..b: free }", ".body.a..b", "a dot too many");
    condition("{ token.input: 5 }", ".token.input", "did you mean `tokens.input`?");
    condition("{ complexity: high }", ".complexity", "is a number");
    condition("{ complexity: \"0.5\" }", ".complexity", "is a number");
    condition("{ time.weekday: someday }", ".time.weekday", "is a number");
    condition("{ needs.vision: 1 }", ".needs.vision", "is true or false");
    condition("{ endpoint: chat_completions }", ".endpoint", "is never \"chat_completions\"; there are chat,");
    condition("{ stream: { $gt: true } }", ".stream", "needs a number or text");
    condition("{ tags: { $gt: a } }", ".tags", "is a list");
    condition("{ complexity: { $regex: a } }", ".complexity", "no text");
    condition("{ team: { $regex: 5 } }", ".team", "takes a text");
    condition("{ team: { $exists: 1 } }", ".team", "is true or false");
    condition("{ team: { $in: [] } }", ".team", "one value or more");
    condition("{ metadata.x: { $lt: null } }", ".metadata.x", "needs a number or text");
}

void tst_PlanText::saysWhatIsWrongWithTheValues()
{
    QFETCH(const QByteArray, plan);
    QFETCH(const QByteArray, field);
    QFETCH(const QByteArray, says);
    const Problems problems = problemsOf(plan.toStdString());
    QVERIFY(!problems.empty());
    QCOMPARE(bytes(problems.front().field), "routes[0].plan" + field);
    QVERIFY2(bytes(problems.front().message).contains(says), problems.front().message.c_str());
}

void tst_PlanText::warnsOfWhatIsNeverLookedAt()
{
    const Problems weights = problemsOf("{ balance: { by: cost, among: [{ weight: 2, to: { route: x } }] } }");
    QCOMPARE(weights.size(), std::size_t(1));
    QVERIFY(weights[0].warning);
    const Problems range = problemsOf("{ when: [{ if: { time.hour: { $gte: 24 } }, then: { route: x } }] }");
    QCOMPARE(range.size(), std::size_t(1));
    QVERIFY(range[0].warning && bytes(range[0].message).contains("from 0 to 23"));
    QVERIFY(problemsOf("{ when: [{ if: { time.weekday: { $in: [sat, Sunday, 1] }, complexity: 1 }, then: { route: x } }] }").empty());
}

void tst_PlanText::everyFieldIsFound()
{
    for (const ConditionField &field : conditionFields()) {
        const std::string name = std::string(field.name) + (field.name.ends_with('.') ? "x" : "");
        QCOMPARE(findConditionField(name), &field);
        QVERIFY(!field.says.empty());
    }
    QVERIFY(findConditionField("metadata.") == nullptr);
    QVERIFY(findConditionField("keys") == nullptr);
}

void tst_PlanText::branchesHaveTheFieldsOfTheirText()
{
    for (unsigned seed = 0; seed < 100; ++seed) {
        Route route;
        route.name = "r";
        route.plan = RandomPlan(seed).node(0);
        Config config;
        config.routes.push_back(route);
        EmptyResolver resolver;
        const auto read = readConfig(toYaml(config, Secrets::Include), ReadOptions {.file = "f", .resolver = &resolver});
        QVERIFY(read);
        for (const auto &child : childrenOf(route.plan)) {
            const std::string field = "routes[0].plan." + child.field;
            QVERIFY2(read->places.contains(field), field.c_str());
        }
    }
}

QTEST_APPLESS_MAIN(tst_PlanText)
#include "tst_plan_text.moc"
