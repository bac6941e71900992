// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/condition.h"

#include "gateway/config/condition_fields.h"
#include "gateway/config/yaml_reader.h"
#include "tests/gateway/routing/route_plans.h"

#include <QTest>

using namespace gateway;
using namespace gateway::routing;
using namespace route_plans;

/// Conditions over everything that a call says: what holds, what is asked, what is looked up.
class tst_Condition : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void holds_data();
    void holds();
    void isTheSameWithNotAroundIt();
    void looksAtTimeInTheGatewaysZone();
    void asksBudgets();
    void stopsAtTheFirstTestThatDecides();
    void refusesWhatItCannotCompile();
    void everyFieldCanBeLookedUp();
    void speaksOfTests();

private:
    CallFacts facts() const;
    std::unique_ptr<ScannedBody> m_body;
    std::vector<HeaderView> m_headers;
};

namespace {

config::Condition read(const QByteArray &text)
{
    const auto read = config::readConfig("routes: [{ name: r, plan: { when: [{ if: " + text.toStdString() + ", then: { provider: p, model: m } }] } }]",
                                         config::ReadOptions {.file = "f"});
    if (!read) {
        QTest::qFail(read.error().front().text().c_str(), __FILE__, __LINE__);
        return {};
    }
    return std::get<config::WhenNode>(read->config.routes.front().plan.node).branches.front().condition;
}

std::shared_ptr<const Condition> compiled(const QByteArray &text)
{
    static FieldTable fields; // one for all, as in a configuration: facts know fields by their address
    auto condition = Condition::compile(read(text), fields);
    return condition ? *condition : std::make_shared<const Condition>();
}

} // namespace

void tst_Condition::initTestCase()
{
    m_body = std::make_unique<ScannedBody>(R"({"model":"smart","temperature":0.7,"max_tokens":100,"messages":[{"role":"system","content":"Be \"kind\""},
        {"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"look_up"}}],"metadata":{"tier":"paid","run":7},
        "stop":["END", "STOP"],"nothing":null,"deep":{"a":{"b":[10,20,{"c":true}]},"twice":1,"twice":2},"empty":[]})");
    m_headers = {{"X-Plan", "gold"}, {"x-retry", "3"}, {"x-beta", "true"}};
}

CallFacts tst_Condition::facts() const
{
    return {.scan = &m_body->scan,
            .headers = m_headers,
            .metadata = R"({"tier":"free","user":{"age":30,"name":"Zo\u00eb"},"list":["a","b"],"zero":0,"flag":false})",
            .tags = "batch, nightly",
            .session = "s-1",
            .key = "bot",
            .team = "search",
            .model = "smart",
            .endpoint = "chat",
            .stream = true,
            .needs = {.tools = true},
            .inputTokens = 21'000,
            .maxOutput = 100};
}

void tst_Condition::holds_data()
{
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<bool>("expected");
    const auto yes = [](const char *text) { QTest::newRow(text) << QByteArray(text) << true; };
    const auto no = [](const char *text) { QTest::newRow(text) << QByteArray(text) << false; };
    // Where values come from.
    yes("{ metadata.tier: free }"); // the call's options go before the body
    yes("{ metadata.run: 7 }");
    yes("{ metadata.user.age: { $gte: 30, $lt: 31 } }");
    yes("{ metadata.session: s-1 }");
    no("{ metadata.sessions: s-1 }");
    yes("{ headers.x-plan: gold }");
    yes("{ headers.X-PLAN: gold }");
    no("{ headers.x-other: gold }");
    yes("{ body.temperature: 0.7 }");
    yes("{ body.deep.a.b.1: 20 }");
    yes("{ body.deep.a.b.2.c: true }");
    yes("{ body.tools.0.function.name: look_up }");
    yes("{ body.messages.1.role: user }");
    yes("{ body.deep.twice: 2 }"); // as providers have it
    no("{ body.deep.a.b.9: 20 }");
    no("{ body.deep.a.b.-1: 20 }");
    no("{ body.temperature.x: 0.7 }");
    yes("{ model: smart, endpoint: chat, stream: true, key: bot, team: search, session: s-1 }");
    no("{ customer: acme }");
    yes("{ tokens.input: { $gt: 20000 } }");
    yes("{ tokens.max_output: 100 }");
    yes("{ needs.tools: true, needs.vision: false, needs.json_schema: false }");
    // Equality.
    no("{ metadata.tier: paid }");
    no("{ metadata.tier: { $eq: Free } }");
    yes("{ metadata.tier: { $ne: paid } }");
    yes("{ metadata.gone: { $ne: paid } }");
    no("{ metadata.user.age: \"30\" }"); // a text is no number
    no("{ metadata.tier: 1 }");
    yes("{ metadata.zero: 0.0 }");
    yes("{ metadata.flag: false }");
    no("{ metadata.zero: false }");
    yes("{ metadata.gone: null }");
    yes("{ body.nothing: null }");
    no("{ metadata.tier: null }");
    yes("{ metadata.tier: { $ne: null } }");
    yes("{ headers.x-retry: 3 }"); // headers know only text
    yes("{ headers.x-retry: \"3\" }");
    yes("{ headers.x-retry: { $gt: 2 } }");
    yes("{ headers.x-beta: true }");
    no("{ headers.x-plan: { $gt: 2 } }");
    yes("{ metadata.user.name: Zoë }"); // written with escapes
    yes("{ body.messages.0.content: \"Be \\\"kind\\\"\" }");
    // Order.
    yes("{ metadata.tier: { $gt: fred, $lt: fret } }");
    no("{ metadata.tier: { $gt: 5 } }");
    no("{ metadata.gone: { $lt: 5 } }");
    no("{ metadata.gone: { $gte: 0 } }");
    yes("{ metadata.user.name: { $gt: Zo } }");
    // Lists.
    yes("{ metadata.list: b }");
    no("{ metadata.list: c }");
    yes("{ metadata.list: { $in: [x, a] } }");
    no("{ metadata.list: { $nin: [x, a] } }");
    yes("{ metadata.list: { $ne: c } }");
    yes("{ metadata.list.1: b }");
    yes("{ body.stop: { $regex: \"^ST\" } }");
    yes("{ body.deep.a.b: { $gt: 19 } }");
    no("{ body.empty: a }");
    yes("{ body.empty: { $ne: a } }");
    yes("{ tags: nightly }");
    yes("{ tags: { $in: [batch] } }");
    no("{ tags: night }");
    yes("{ tags: { $nin: [night] } }");
    // In, regex, exists.
    yes("{ team: { $in: [ads, search] } }");
    no("{ team: { $in: [ads] } }");
    yes("{ team: { $nin: [ads] } }");
    yes("{ customer: { $nin: [ads] } }");
    yes("{ metadata.user.age: { $in: [free, 30] } }");
    yes("{ team: { $regex: ear } }");
    no("{ team: { $regex: ^ear } }");
    yes("{ team: { $regex: \"(?i)^SEARCH$\" } }");
    no("{ metadata.user.age: { $regex: \"3\" } }");
    no("{ metadata.gone: { $regex: \".*\" } }");
    yes("{ metadata.user.name: { $regex: \"^Zoë$\" } }");
    yes("{ metadata.tier: { $exists: true } }");
    yes("{ body.nothing: { $exists: false } }"); // JSON null at the top counts as absent, as everywhere
    yes("{ metadata.gone: { $exists: false } }");
    no("{ metadata.gone: { $exists: true } }");
    yes("{ headers.x-plan: { $exists: true } }");
    yes("{ body.empty: { $exists: true } }");
    no("{ customer: { $exists: true } }");
    // Connectives.
    yes("{ $and: [{ key: bot }, { team: search }] }");
    no("{ $and: [{ key: bot }, { team: ads }] }");
    yes("{ $or: [{ key: other }, { team: search }] }");
    no("{ $or: [{ key: other }, { team: ads }] }");
    yes("{ $not: { key: other } }");
    no("{ $not: { key: bot } }");
    yes("{ metadata.gone: { $not: { $gt: 5 } } }"); // as MongoDB has it
    no("{ tokens.input: { $not: { $gt: 5, $lt: 30000 } } }");
    yes("{ $or: [{ $and: [{ key: a }, { team: b }] }, { $not: { $or: [{ key: a }, { team: b }] } }], stream: true }");
    no("{ $or: [{ $and: [{ key: a }, { team: b }] }, { $not: { $or: [{ key: bot }, { team: b }] } }], stream: true }");
}

void tst_Condition::holds()
{
    QFETCH(const QByteArray, condition);
    QFETCH(const bool, expected);
    const CallFacts call = facts();
    Facts looked(call);
    QCOMPARE(compiled(condition)->holds(looked), expected);
    QCOMPARE(compiled(condition)->holds(looked), expected); // what was looked up is remembered
}

void tst_Condition::isTheSameWithNotAroundIt()
{
    for (const char *text : {"{ $or: [{ key: bot, team: x }, { stream: true }] }", "{ metadata.gone: { $gt: 1 } }", "{ $and: [{ $or: [{ key: x }] }, { key: bot }] }"}) {
        const CallFacts call = facts();
        Facts looked(call);
        QCOMPARE(compiled("{ $not: " + QByteArray(text) + " }")->holds(looked), !compiled(text)->holds(looked));
        QCOMPARE(compiled("{ $not: { $not: " + QByteArray(text) + " } }")->holds(looked), compiled(text)->holds(looked));
    }
}

void tst_Condition::looksAtTimeInTheGatewaysZone()
{
    using namespace std::chrono;
    CallFacts call;
    call.at = sys_days {2026y / March / 29} + 23h + 30min; // a Sunday evening in UTC, Monday 1:30 in Berlin's summer
    const auto holdsIn = [&](const char *zone, const char *text) {
        const Calendar calendar(zone);
        call.calendar = &calendar;
        Facts looked(call);
        return compiled(text)->holds(looked);
    };
    QVERIFY(holdsIn("UTC", "{ time.hour: 23, time.minute: 30, time.weekday: sun, time.day: 29, time.month: 3 }"));
    QVERIFY(holdsIn("Europe/Berlin", "{ time.hour: 1, time.minute: 30, time.weekday: 1, time.day: 30 }"));
    QVERIFY(holdsIn("Europe/Berlin", "{ time.weekday: { $in: [Monday, fri] } }"));
    QVERIFY(!holdsIn("UTC", "{ time.weekday: { $in: [Monday, fri] } }"));
    QVERIFY(holdsIn("UTC", "{ $or: [{ time.hour: { $lt: 6 } }, { time.hour: { $gte: 22 } }] }"));
}

void tst_Condition::asksBudgets()
{
    class Budgets final : public BudgetView
    {
    public:
        [[nodiscard]] double used(BudgetScope scope) const override { return scope == BudgetScope::Team ? 0.85 : 0.1; }
    };
    const Budgets budgets;
    CallFacts call;
    Facts without(call);
    QVERIFY(!compiled("{ budget.team.used: { $gte: 0.8 } }")->holds(without));
    call.budgets = &budgets;
    Facts with(call);
    QVERIFY(compiled("{ budget.team.used: { $gte: 0.8 } }")->holds(with));
    QVERIFY(!compiled("{ budget.key.used: { $gte: 0.8 } }")->holds(with));
}

void tst_Condition::stopsAtTheFirstTestThatDecides()
{
    struct Counter final : Condition::Witness
    {
        std::vector<std::string> asked;
        void tested(const Condition &, const Condition::Test &test, const FieldValue &, bool held) override { asked.push_back(test.field->name + (held ? "+" : "-")); }
    };
    const CallFacts call = facts();
    Facts looked(call);
    Counter counter;
    QVERIFY(compiled("{ $or: [{ key: x, team: search }, { stream: true }, { model: smart }] }")->holds(looked, &counter));
    QCOMPARE(counter.asked, (std::vector<std::string> {"key-", "stream+"}));
}

void tst_Condition::refusesWhatItCannotCompile()
{
    FieldTable fields;
    const auto bad = Condition::compile(read("{ team: { $regex: \"(\" } }"), fields);
    QVERIFY(!bad);
    QCOMPARE(bad.error().where, std::string("team"));
    QVERIFY(bad.error().message.find("missing )") != std::string::npos);
    const auto huge = Condition::compile(read("{ team: { $regex: \"((a{100}){100}){100}\" } }"), fields);
    QVERIFY(!huge); // bounded: what a pattern may take of memory
    config::Condition unknown {config::FieldTest {.field = "nobody", .values = {{}}}};
    QVERIFY(!Condition::compile(unknown, fields));
}

void tst_Condition::everyFieldCanBeLookedUp()
{
    FieldTable fields;
    for (const config::ConditionField &field : config::conditionFields()) {
        const auto found = fields.find(std::string(field.name) + (field.name.ends_with('.') ? "x.y" : ""));
        QVERIFY2(found, std::string(field.name).c_str());
        QCOMPARE(*fields.find((*found)->name), *found); // one object for each name
        const CallFacts call = facts();
        Facts looked(call);
        const FieldValue value = looked.value(**found);
        if (field.kind == config::FieldKind::Number && field.name != "tokens.max_output")
            QCOMPARE(value.kind, FieldValue::Kind::Number);
        if (field.kind == config::FieldKind::Bool)
            QCOMPARE(value.kind, FieldValue::Kind::Bool);
    }
}

void tst_Condition::speaksOfTests()
{
    struct Words final : Condition::Witness
    {
        std::string text;
        void tested(const Condition &condition, const Condition::Test &test, const FieldValue &saw, bool) override
        {
            text += test.field->name + " " + wordsOf(saw) + " " + condition.wordsOf(test) + "; ";
        }
    };
    const CallFacts call = facts();
    Facts looked(call);
    Words words;
    QVERIFY(!compiled("{ $or: [{ tokens.input: { $lt: 5 } }, { team: { $in: [a, b] } }, { metadata.x: { $exists: true } }, { metadata.tier: null }] }")->holds(looked, &words));
    QCOMPARE(words.text, std::string("tokens.input 21000 < 5; team search is one of a, b; metadata.x absent exists; metadata.tier free is null; "));
}

QTEST_APPLESS_MAIN(tst_Condition)
#include "tst_condition.moc"
