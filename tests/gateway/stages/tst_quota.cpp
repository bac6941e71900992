// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/call_harness.h"

#include <QtTest>

using namespace gateway;
using namespace support;
using namespace std::chrono_literals;

namespace {

const std::string pong = R"({"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"pong"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}})";
const std::string role = "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
const std::string text = "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"pong\"}}]}\n\n";

// p1's m1 costs a dollar a million tokens, and two for its answers': 9 and 3 of them come to this.
constexpr Money costOfPong = Money::fromNanos(15'000);

constexpr Money micros(std::int64_t dollarsMillionth)
{
    return Money::fromNanos(dollarsMillionth * 1000);
}

config::Quota budgetOf(Money amount, const std::function<void(config::Budget &)> &change = {})
{
    config::Budget budget {.amount = amount};
    if (change)
        change(budget);
    return {.budgets = {budget}};
}

config::Quota limitOf(config::Limit limit)
{
    return {.limits = {limit}};
}

} // namespace

/// Budgets and limits of calls, from the configuration to the record, without a socket: what is refused, how, and what is counted.
class tst_Quota : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void callsWithoutRulesHoldNothing();
    void aCallPaysWhatItCost();
    void aUsedUpBudgetIsA402();
    void refusalsAreInTheCallersFormat();
    void aRateLimitIsA429WithRetryAfter();
    void answersTellWhatIsLeft();
    void aRefusedCallCountsNowhere();
    void everyScopeIsHeldTo_data();
    void everyScopeIsHeldTo();
    void customersAreNamedByTheConfiguredHeader();
    void whatFailedIsGivenBack();
    void whoLeavesPaysForWhatCame();
    void aCutStreamIsPaidFor();
    void attemptsAreAddedUp();
    void aDearerFallbackNeedsItsRoom();
    void aFullProviderIsPassedOver();
    void fullProvidersAreToldAsSuch();
    void aFailedAttemptFreesItsProvider();
    void aBreachGoesByAnotherRoute();
    void aWarningGoesWithTheAnswer();
    void unknownPricesAreToldOrBlocked();
    void plansSeeWhatIsUsed();
    void editsResetNothing();
    void exactBudgetsReserveTheCeiling();
    void estimatesLearnFromAnswers();
    void limitsOfOneEndpointAreItsOwn();
    void aPlanWithoutPricesIsFree();
    void breachesNameRoutesThatAreThere();

private:
    /// Sends a chat call; what came of it.
    FakeCaller call(std::vector<HeaderView> headers = {}, bool stream = false)
    {
        FakeCaller caller;
        m_harness->chat(caller, stream, std::move(headers));
        return caller;
    }
    void publish()
    {
        QVERIFY(m_harness->publish(m_config));
    }
    ScopeState stateOf(const state::ScopeRules &rules)
    {
        const state::Scope scope(&rules);
        return m_harness->quotas.states({&scope, 1}).front();
    }
    const pipeline::CompiledKey &key()
    {
        m_current = m_harness->hub.current();
        return m_current->keys.begin()->second;
    }
    BudgetState keyBudget() { return stateOf(key().quota).budgets.front(); }

    config::Config m_config;
    std::unique_ptr<CallHarness> m_harness;
    std::shared_ptr<const pipeline::CompiledConfig> m_current;
};

void tst_Quota::init()
{
    m_harness = std::make_unique<CallHarness>();
    m_config = m_harness->config(2);
    m_config.routes[0].retry.attempts = 1;
    m_config.teams.push_back({.id = "t", .name = "search"});
    m_config.keys[0].team = "search";
    for (int i = 0; i < 2; ++i)
        m_config.providers[static_cast<std::size_t>(i)].models.push_back({.id = "m" + std::to_string(i + 1), .inputPerMtok = Money::fromNanos(1'000'000'000), .outputPerMtok = Money::fromNanos(2'000'000'000)});
    m_harness->upstream.answers = {FakeAnswer::json(200, pong)};
    publish();
}

void tst_Quota::callsWithoutRulesHoldNothing()
{
    QCOMPARE(call().status, 200);
    QVERIFY(m_harness->lastRecord().charges.empty());
    QCOMPARE(m_harness->quotas.accounts(), std::size_t {0});
}

void tst_Quota::aCallPaysWhatItCost()
{
    m_config.keys[0].quota = budgetOf(micros(1000));
    m_config.teams[0].quota = budgetOf(micros(5000));
    publish();
    QCOMPARE(call().status, 200);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.cost, std::optional(costOfPong));
    QCOMPARE(record.charges.size(), std::size_t {2});
    QCOMPARE(record.charges[0].cost, costOfPong);
    QVERIFY(record.charges[0].account != record.charges[1].account);
    QCOMPARE(keyBudget().spent, costOfPong);
    QCOMPARE(keyBudget().reserved, Money());
}

void tst_Quota::aUsedUpBudgetIsA402()
{
    m_config.keys[0].quota = budgetOf(micros(25), [](config::Budget &budget) { budget.per = Period::Day; budget.timeZone = "Europe/Berlin"; });
    publish();
    QCOMPARE(call().status, 200); // money left, nobody under way: one may always go
    QCOMPARE(call().status, 200);
    const FakeCaller refused = call();
    QCOMPARE(refused.status, 402);
    QCOMPARE(refused.replies, 1);
    QVERIFY2(refused.body.find(R"("type":"budget_exceeded","param":null,"code":"budget_exceeded")") != std::string::npos, refused.body.c_str());
    QVERIFY2(refused.body.find("The budget of key \\\"tester\\\" has no room for this call: of 0.000025 USD per day 0.00003 are spent or reserved") != std::string::npos, refused.body.c_str());
    QVERIFY2(refused.body.find("It begins anew on 16 Jan 2026 00:00 Europe/Berlin.") != std::string::npos, refused.body.c_str());
    QCOMPARE(m_harness->upstream.asked.size(), std::size_t {2});
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.status, CallStatus::Refused);
    QCOMPARE(record.error, std::optional(ErrorCode::BudgetExceeded));
    QCOMPARE(record.cost, std::optional(Money()));
    QVERIFY(record.charges.empty());
    QCOMPARE(m_harness->records.all().size(), std::size_t {3});
    m_harness->clock.advance(11h);
    QCOMPARE(call().status, 200); // tomorrow, in Berlin
}

void tst_Quota::refusalsAreInTheCallersFormat()
{
    m_config.keys[0].quota = budgetOf(Money());
    publish();
    FakeCaller caller;
    m_harness->run(caller, R"({"model":"test","max_tokens":10,"messages":[{"role":"user","content":"ping"}]})", {}, nullptr, "/v1/messages");
    QCOMPARE(caller.status, 402);
    QVERIFY2(caller.body.find(R"("type":"billing_error")") != std::string::npos, caller.body.c_str());
    FakeCaller gemini;
    m_harness->run(gemini, R"({"contents":[{"parts":[{"text":"ping"}]}]})", {}, nullptr, "/v1beta/models/test:generateContent");
    QCOMPARE(gemini.status, 402);
    QVERIFY2(gemini.body.find(R"("status":"RESOURCE_EXHAUSTED")") != std::string::npos, gemini.body.c_str());
}

void tst_Quota::aRateLimitIsA429WithRetryAfter()
{
    m_config.teams[0].quota = limitOf({.rpm = 2});
    publish();
    QCOMPARE(call().status, 200);
    QCOMPARE(call().status, 200);
    const FakeCaller refused = call();
    QCOMPARE(refused.status, 429);
    QVERIFY2(refused.headers.find("retry-after: 6") != std::string::npos, refused.headers.c_str());
    QVERIFY2(refused.body.find(R"("type":"rate_limit_error","param":null,"code":"rate_limit_exceeded")") != std::string::npos, refused.body.c_str());
    QVERIFY2(refused.body.find("The limit of team \\\"search\\\" is reached: 2 of 2 requests per minute are used.") != std::string::npos, refused.body.c_str());
    QVERIFY2(refused.headers.find("x-ratelimit-remaining-requests: 0\r\n") != std::string::npos, refused.headers.c_str());
    m_harness->clock.advance(62s);
    QCOMPARE(call().status, 200);
}

void tst_Quota::answersTellWhatIsLeft()
{
    m_config.teams[0].quota = limitOf({.rpm = 100, .tpm = 100'000});
    m_config.keys[0].quota = limitOf({.rpm = 10});
    publish();
    const FakeCaller whole = call();
    QVERIFY2(whole.headers.find("x-ratelimit-limit-requests: 10\r\nx-ratelimit-remaining-requests: 9\r\nx-ratelimit-reset-requests: 1m") != std::string::npos, whole.headers.c_str());
    QVERIFY2(whole.headers.find("x-ratelimit-limit-tokens: 100000\r\nx-ratelimit-remaining-tokens: 99") != std::string::npos, whole.headers.c_str());
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text).data("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")};
    const FakeCaller streamed = call({}, true);
    QVERIFY2(streamed.headers.find("x-ratelimit-remaining-requests: 8\r\n") != std::string::npos, streamed.headers.c_str());
}

void tst_Quota::aRefusedCallCountsNowhere()
{
    m_config.organisation.quota = limitOf({.rpm = 100, .tpm = 1'000'000, .parallel = 5});
    m_config.teams[0].quota = budgetOf(micros(900'000));
    m_config.keys[0].quota = budgetOf(Money());
    publish();
    for (int i = 0; i < 3; ++i)
        QCOMPARE(call().status, 402);
    const auto config = m_harness->hub.current();
    for (const LimitState &limit : stateOf(config->quotas.organisation).limits)
        QCOMPARE(limit.count, 0);
    QCOMPARE(stateOf(*config->quotas.team("search")).budgets.front().reserved, Money());
}

void tst_Quota::everyScopeIsHeldTo_data()
{
    using Set = std::function<void(config::Config &, const config::Quota &)>;
    QTest::addColumn<Set>("set");
    QTest::addColumn<QByteArray>("whose");
    QTest::newRow("organisation") << Set([](config::Config &config, const config::Quota &quota) { config.organisation.quota = quota; }) << QByteArray("the organisation");
    QTest::newRow("team") << Set([](config::Config &config, const config::Quota &quota) { config.teams[0].quota = quota; }) << QByteArray("team \\\"search\\\"");
    QTest::newRow("key") << Set([](config::Config &config, const config::Quota &quota) { config.keys[0].quota = quota; }) << QByteArray("key \\\"tester\\\"");
    QTest::newRow("customer") << Set([](config::Config &config, const config::Quota &quota) { config.customers.defaultBudget = quota.budgets[0]; }) << QByteArray("customer \\\"anna\\\"");
    QTest::newRow("route") << Set([](config::Config &config, const config::Quota &quota) { config.routes[0].quota = quota; }) << QByteArray("route \\\"test\\\"");
    QTest::newRow("tag") << Set([](config::Config &config, const config::Quota &quota) { config.tags.push_back({.id = "g", .name = "batch", .quota = quota}); }) << QByteArray("tag \\\"batch\\\"");
}

void tst_Quota::everyScopeIsHeldTo()
{
    QFETCH(const std::function<void(config::Config &, const config::Quota &)>, set);
    QFETCH(const QByteArray, whose);
    set(m_config, budgetOf(micros(10)));
    publish();
    const std::vector<HeaderView> headers {{"x-signalbox-customer", "anna"}, {"x-signalbox-tags", "nightly, batch, batch"}};
    QCOMPARE(call(headers).status, 200);
    const FakeCaller refused = call(headers);
    QCOMPARE(refused.status, 402);
    QVERIFY2(QByteArray::fromStdString(refused.body).contains(whose), refused.body.c_str());
    QCOMPARE(m_harness->records.all().front().charges.size(), std::size_t {1});
    const bool others = whose.startsWith("customer") || whose.startsWith("tag");
    QCOMPARE(call({{"x-signalbox-customer", "ben"}}).status, others ? 200 : 402);
}

void tst_Quota::customersAreNamedByTheConfiguredHeader()
{
    m_config.customers = {.header = "x-customer-id", .defaultBudget = {}, .defaultLimits = config::Limit {.rpm = 1}};
    publish();
    QCOMPARE(call({{"x-customer-id", "anna"}}).status, 200);
    QCOMPARE(m_harness->lastRecord().customer, std::string("anna"));
    QCOMPARE(call({{"x-customer-id", "anna"}}).status, 429);
    QCOMPARE(call({{"x-customer-id", "anna"}, {"x-signalbox-customer", "ben"}}).status, 200);
    QCOMPARE(call().status, 200); // for nobody
}

void tst_Quota::whatFailedIsGivenBack()
{
    m_config.keys[0].quota = budgetOf(micros(900));
    m_config.keys[0].quota.limits.push_back({.parallel = 1});
    publish();
    m_harness->upstream.answers = {FakeAnswer::json(500, "{}")};
    QCOMPARE(call().status, 502);
    QCOMPARE(keyBudget().spent, Money());
    QCOMPARE(keyBudget().reserved, Money());
    QCOMPARE(stateOf(key().quota).limits.front().count, 0);
    QVERIFY(m_harness->lastRecord().charges.empty());
}

void tst_Quota::whoLeavesPaysForWhatCame()
{
    m_config.keys[0].quota = budgetOf(micros(900));
    publish();
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text).data(text, 1s).data(text, 1s)};
    FakeCaller caller;
    caller.onWrite = [](FakeCaller &one) {
        if (one.body.find("pong") != std::string::npos)
            one.leave();
    };
    m_harness->chat(caller, true);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.status, CallStatus::Cancelled);
    QVERIFY(record.cost && *record.cost > Money());
    QCOMPARE(keyBudget().spent, *record.cost);
    QCOMPARE(keyBudget().reserved, Money());
    QCOMPARE(record.charges.front().cost, *record.cost);
}

void tst_Quota::aCutStreamIsPaidFor()
{
    m_config.keys[0].quota = budgetOf(micros(900));
    publish();
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text).fails({.code = ErrorCode::Cut, .message = "cut"})};
    call({}, true);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.status, CallStatus::Cut);
    QVERIFY(record.cost && *record.cost > Money());
    QCOMPARE(keyBudget().spent, *record.cost);
}

void tst_Quota::attemptsAreAddedUp()
{
    m_config.keys[0].quota = budgetOf(micros(9000));
    m_config.providers[0].quota = budgetOf(micros(9000));
    m_config.providers[1].quota = budgetOf(micros(9000));
    m_config.routes[0].rescue = config::Rescue::Continue;
    m_config.providers[1].kind = "vllm"; // goes on with what another began
    publish();
    m_harness->upstream.answers = {FakeAnswer::stream().data(role).data(text).fails({.code = ErrorCode::Cut, .message = "cut"}),
                                   FakeAnswer::stream().data(role).data(text).data("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")};
    QVERIFY(call({}, true).ended);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.attempts.size(), std::size_t {2});
    const auto config = m_harness->hub.current();
    const Money first = record.attempts[0].cost.value_or(Money()), second = record.attempts[1].cost.value_or(Money());
    QVERIFY(first > Money() && second > Money());
    QCOMPARE(stateOf(config->providers[0].quota).budgets.front().spent, first);
    QCOMPARE(stateOf(config->providers[1].quota).budgets.front().spent, second);
    QCOMPARE(keyBudget().spent, first + second);
    QCOMPARE(record.charges.size(), std::size_t {3});
}

void tst_Quota::aDearerFallbackNeedsItsRoom()
{
    m_config.keys[0].quota = budgetOf(micros(2000));
    m_config.providers[1].models[0].outputPerMtok = Money::fromNanos(100'000'000'000);
    m_config.keys[0].quota.budgets[0].exact = false;
    publish();
    // Another call is under way, so that what is left is not for this one alone.
    auto &quotas = m_harness->quotas;
    const state::Scope scope(&key().quota);
    auto other = quotas.reserve({.scopes = {&scope, 1}, .cost = micros(100)});
    m_harness->upstream.answers = {FakeAnswer::json(500, "{}"), FakeAnswer::json(200, pong)};
    QCOMPARE(call().status, 502);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.attempts.size(), std::size_t {2});
    QVERIFY(record.attempts[1].skipped);
    QCOMPARE(record.attempts[1].error, ErrorCode::BudgetExceeded);
    other->giveBack();
    m_harness->upstream.answers = {FakeAnswer::json(500, "{}"), FakeAnswer::json(200, pong)};
    QCOMPARE(call().status, 200); // alone, it may go
}

void tst_Quota::aFullProviderIsPassedOver()
{
    m_config.providers[0].quota = budgetOf(micros(10));
    publish();
    QCOMPARE(call().status, 200);
    QCOMPARE(call().status, 200);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.provider, std::string("p2"));
    QVERIFY(record.attempts[0].skipped);
    QCOMPARE(record.attempts[0].detail, std::string("not asked: a budget has no room for what it costs there"));
    QVERIFY(record.charges.empty()); // p2 has no budget
    QCOMPARE(m_harness->records.all().front().charges.size(), std::size_t {1});
}

void tst_Quota::fullProvidersAreToldAsSuch()
{
    m_config.providers[0].quota = budgetOf(Money());
    m_config.providers[1].quota = limitOf({.rpm = 1});
    m_config.keys[0].quota = limitOf({.rpm = 100});
    publish();
    QCOMPARE(call().status, 200);
    const FakeCaller refused = call();
    QCOMPARE(refused.status, 429);
    QVERIFY2(refused.body.find("The limit of provider \\\"p2\\\" is reached: 1 of 1 requests per minute") != std::string::npos, refused.body.c_str());
    QVERIFY2(refused.headers.find("retry-after: 6") != std::string::npos, refused.headers.c_str());
    QVERIFY2(refused.headers.find("x-ratelimit-remaining-requests: 98\r\n") != std::string::npos, refused.headers.c_str()); // as the books stood
    QCOMPARE(m_harness->lastRecord().status, CallStatus::Refused);
    QCOMPARE(stateOf(key().quota).limits.front().count, 1); // what was refused counts nowhere

    m_config.providers[1].quota = budgetOf(Money());
    publish();
    const FakeCaller spent = call();
    QCOMPARE(spent.status, 402);
    QVERIFY2(spent.body.find("The budget of provider \\\"p2\\\" has no room") != std::string::npos, spent.body.c_str());
}

void tst_Quota::aFailedAttemptFreesItsProvider()
{
    m_config.providers[0].quota = limitOf({.parallel = 1});
    publish();
    const auto config = m_harness->hub.current();
    std::vector<std::int64_t> inFlight;
    m_harness->upstream.onStart = [&] { inFlight.push_back(stateOf(config->providers[0].quota).limits.front().count); };
    m_harness->upstream.answers = {FakeAnswer::json(500, "{}"), FakeAnswer::json(200, pong)};
    QCOMPARE(call().status, 200);
    QCOMPARE(inFlight, (std::vector<std::int64_t> {1, 0}));
}

void tst_Quota::aBreachGoesByAnotherRoute()
{
    config::Route cheap = m_config.routes[0];
    cheap.id = cheap.name = "cheap";
    config::TargetNode target;
    target.provider = "p2";
    target.model = "m2";
    cheap.plan.node = target;
    m_config.routes.push_back(cheap);
    m_config.keys[0].models = {{"test"}}; // the administrator's choice needs no leave
    m_config.teams[0].quota = budgetOf(micros(10), [](config::Budget &budget) { budget.onBreach = {.what = config::Breach::What::Route, .route = "cheap"}; });
    publish();
    QCOMPARE(call().status, 200);
    QCOMPARE(m_harness->lastRecord().route, std::string("test"));
    const FakeCaller rerouted = call();
    QCOMPARE(rerouted.status, 200);
    const CallRecord record = m_harness->lastRecord();
    QCOMPARE(record.route, std::string("cheap"));
    QCOMPARE(record.askedModel, std::string("test"));
    QCOMPARE(record.provider, std::string("p2"));
    QCOMPARE(record.decisions, std::string("budget of team \"search\" used up: route cheap"));
    QCOMPARE(record.charges.size(), std::size_t {1}); // it counts all the same
    QVERIFY2(rerouted.headers.find("x-signalbox-warning: budget of team \"search\": ") != std::string::npos, rerouted.headers.c_str());

    m_config.keys[0].quota = budgetOf(Money());
    publish();
    QCOMPARE(call().status, 402); // another budget may still refuse it
}

void tst_Quota::aWarningGoesWithTheAnswer()
{
    m_config.keys[0].quota = budgetOf(micros(20), [](config::Budget &budget) { budget.onBreach.what = config::Breach::What::Warn; });
    publish();
    QVERIFY(call().headers.find("x-signalbox-warning") == std::string::npos); // money is left, and nobody else is under way
    call();
    const FakeCaller passed = call();
    QCOMPARE(passed.status, 200);
    QVERIFY2(passed.headers.find("x-signalbox-warning: budget of key \"tester\": 0.00003 of 0.00002 USD per month are used\r\n") != std::string::npos, passed.headers.c_str());
    QCOMPARE(keyBudget().spent, Money::fromNanos(45'000));
}

void tst_Quota::unknownPricesAreToldOrBlocked()
{
    m_config.providers[0].models.clear();
    m_config.providers[1].models.clear();
    m_config.keys[0].quota = budgetOf(micros(20));
    publish();
    const FakeCaller told = call();
    QCOMPARE(told.status, 200);
    QVERIFY2(told.headers.find("x-signalbox-warning: budget of key \"tester\": the price of this model is not known, and does not count\r\n") != std::string::npos, told.headers.c_str());
    m_config.keys[0].quota.budgets[0].unknownPrice = config::UnknownPrice::Block;
    publish();
    const FakeCaller blocked = call();
    QCOMPARE(blocked.status, 402);
    QVERIFY2(blocked.body.find("takes only calls whose price is known") != std::string::npos, blocked.body.c_str());

    // Where one target's price is known, the call goes there.
    m_config.providers[1].models.push_back({.id = "m2", .inputPerMtok = Money::fromNanos(1'000'000'000), .outputPerMtok = Money::fromNanos(2'000'000'000)});
    config::BalanceNode balance {.by = config::BalanceBy::RoundRobin};
    for (const config::PlanNode &child : std::get<config::FallbackNode>(m_config.routes[0].plan.node).children)
        balance.among.push_back({.to = child});
    m_config.routes[0].plan.node = balance;
    publish();
    QCOMPARE(call().status, 200);
    QCOMPARE(m_harness->lastRecord().provider, std::string("p2"));
}

void tst_Quota::plansSeeWhatIsUsed()
{
    auto children = std::get<config::FallbackNode>(m_config.routes[0].plan.node).children;
    config::WhenNode when;
    when.branches.push_back({.condition = {.test = config::FieldTest {.field = "budget.team.used", .comparison = config::Operator::GreaterEqual, .values = {{.kind = config::ConditionValue::Kind::Number, .text = "0.8"}}}}, .then = children[1]});
    when.otherwise = config::Boxed<config::PlanNode>(children[0]);
    m_config.routes[0].plan.node = when;
    m_config.teams[0].quota = budgetOf(micros(90));
    publish();
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(call().status, 200);
        QCOMPARE(m_harness->lastRecord().provider, std::string("p1")); // its own reservation does not count
    }
    QCOMPARE(call().status, 200); // 75 of 90 are spent
    QCOMPARE(m_harness->lastRecord().provider, std::string("p2"));
}

void tst_Quota::editsResetNothing()
{
    m_config.keys[0].quota = budgetOf(micros(900));
    m_config.keys[0].quota.limits.push_back({.rpm = 10});
    publish();
    QCOMPARE(call().status, 200);
    m_config.keys[0].name = "renamed";
    m_config.keys[0].quota.budgets[0].amount = micros(15);
    m_config.keys[0].quota.limits[0].rpm = 5;
    publish();
    QCOMPARE(keyBudget().spent, costOfPong);
    QCOMPARE(stateOf(key().quota).limits.front().count, 1);
    QCOMPARE(call().status, 402);
}

void tst_Quota::exactBudgetsReserveTheCeiling()
{
    m_config.keys[0].quota = budgetOf(micros(100'000), [](config::Budget &budget) { budget.exact = true; });
    m_config.providers[0].models[0].maxOutput = 1000;
    publish();
    Money reserved;
    m_harness->upstream.onStart = [&] { reserved = keyBudget().reserved; };
    QCOMPARE(call().status, 200);
    QVERIFY2(reserved > Money::fromNanos(2'000'000) && reserved < Money::fromNanos(2'100'000), reserved.toDecimal().c_str()); // 1000 tokens at 2 dollars a million, and the prompt's bytes
    FakeCaller caller;
    m_harness->run(caller, R"({"model":"test","max_tokens":50,"n":2,"messages":[{"role":"user","content":"ping"}]})");
    QVERIFY2(reserved > Money::fromNanos(200'000) && reserved < Money::fromNanos(300'000), reserved.toDecimal().c_str());
    QCOMPARE(keyBudget().spent, costOfPong + costOfPong);
}

void tst_Quota::estimatesLearnFromAnswers()
{
    m_config.keys[0].quota = budgetOf(micros(900'000));
    publish();
    std::vector<Money> reserved;
    m_harness->upstream.onStart = [&] { reserved.push_back(keyBudget().reserved); };
    // One worker's: each call of the harness has a worker of its own, so these run within one.
    auto handler = stages::makeHandler(m_harness->services, m_harness->upstream, m_harness->timers, 0);
    for (int i = 0; i < 2; ++i) {
        std::string body = R"({"model":"test","messages":[{"role":"user","content":"ping"}]})";
        const std::size_t size = body.size();
        body.append(pipeline::bodyPadding, '\0');
        const std::vector<HeaderView> headers {{"x-api-key", "sb-key"}};
        const pipeline::HttpRequest request {.method = "POST", .path = "/v1/chat/completions", .query = {}, .headers = headers,
                                             .body = std::string_view(body).substr(0, size), .peer = "127.0.0.1", .receivedAt = m_harness->clock.steadyNow()};
        FakeCaller caller;
        pipeline::DetachedTasks tasks;
        tasks.add(handler->handle(request, caller));
        QCOMPARE(caller.status, 200);
    }
    QVERIFY(reserved[0] > Money::fromNanos(512'000)); // 256 tokens where nothing is known
    QVERIFY2(reserved[1] < Money::fromNanos(30'000), reserved[1].toDecimal().c_str()); // 3, as the first answer had
}

void tst_Quota::limitsOfOneEndpointAreItsOwn()
{
    m_config.teams[0].quota = limitOf({.rpm = 1, .endpoint = "embeddings"});
    m_config.teams[0].quota.limits.push_back({.rpm = 5});
    m_config.teams[0].quota.limits.push_back({.rpm = 3}); // the smaller one holds
    publish();
    for (int i = 0; i < 3; ++i)
        QCOMPARE(call().status, 200);
    QCOMPARE(call().status, 429);
    m_harness->clock.advance(2min);
    for (const int status : {200, 429}) {
        m_harness->upstream.answers = {FakeAnswer::json(200, R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}})")};
        FakeCaller caller;
        m_harness->run(caller, R"({"model":"test","input":"ping"})", {}, nullptr, "/v1/embeddings");
        QCOMPARE(caller.status, status);
    }
}

void tst_Quota::aPlanWithoutPricesIsFree()
{
    for (config::Provider &provider : m_config.providers)
        provider.models[0].inputPerMtok = provider.models[0].outputPerMtok = Money();
    m_config.keys[0].quota = budgetOf(micros(1), [](config::Budget &budget) { budget.unknownPrice = config::UnknownPrice::Block; });
    publish();
    for (int i = 0; i < 20; ++i)
        QCOMPARE(call().status, 200);
    QCOMPARE(keyBudget().spent, Money());
}

void tst_Quota::breachesNameRoutesThatAreThere()
{
    m_config.teams[0].quota = budgetOf(micros(10), [](config::Budget &budget) { budget.onBreach = {.what = config::Breach::What::Route, .route = "tset"}; });
    const auto compiled = pipeline::compile(m_config, std::make_shared<PriceBook>(), nullptr);
    QVERIFY(!compiled.config);
    QCOMPARE(compiled.problems.front().field, std::string("teams[0].budgets[0].on_breach"));
    QCOMPARE(compiled.problems.front().message, std::string("there is no enabled route \"tset\", did you mean \"test\"?"));
    m_config.teams[0].quota = {};
    m_config.providers[0].quota = budgetOf(micros(10), [](config::Budget &budget) { budget.onBreach = {.what = config::Breach::What::Route, .route = "test"}; });
    QVERIFY(!pipeline::compile(m_config, std::make_shared<PriceBook>(), nullptr).config);
}

QTEST_GUILESS_MAIN(tst_Quota)
#include "tst_quota.moc"
