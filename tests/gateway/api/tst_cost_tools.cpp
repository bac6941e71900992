// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/cost_tools.h"
#include "gateway/api/embedded_gateway.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>

using namespace std::chrono_literals;
using namespace gateway;

/// Costs through the facade, over a real call log.
class tst_CostTools : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_gateway.reset(); }
    void callsAreAddedUp();
    void aBillIsHeldBesideTheLog();
    void attemptsAreBilledWhereTheyWereMade();
    void aWrongQuestionIsRefused();
    void cancellingTouchesNoOther();

private:
    void setUpProviders();

    QTemporaryDir m_folder;
    std::unique_ptr<api::EmbeddedGateway> m_gateway;
    WallTime m_day = std::chrono::floor<std::chrono::days>(std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now())) - 48h;
};

void tst_CostTools::init()
{
    auto opened = api::EmbeddedGateway::open({.dataFolder = m_folder.path().toStdString(), .serve = false});
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    m_gateway = std::move(*opened);
}

void tst_CostTools::setUpProviders()
{
    config::Config config = *m_gateway->config();
    config.providers = {{.name = "openai", .kind = "openai"}, {.name = "other", .kind = "anthropic"}};
    QObject context;
    std::optional<api::ApplyOutcome> applied;
    m_gateway->apply(config, m_gateway->revision().number, {}, &context, [&](const api::ApplyOutcome &outcome) { applied = outcome; });
    QTRY_VERIFY(applied);
    QVERIFY(applied->applied);
}

void tst_CostTools::callsAreAddedUp()
{
    for (int i = 0; i < 3; ++i) {
        CallRecord record;
        record.id = "call_test" + std::to_string(i);
        record.startedAt = m_day + std::chrono::hours(i);
        record.team = i == 0 ? "" : "search";
        record.model = "gpt-4o";
        record.httpStatus = 200;
        record.cost = Money::fromNanos(1'000'000'001);
        m_gateway->pushRecord(record);
    }
    auto *tools = api::CostTools::of(*m_gateway);
    QVERIFY(tools != nullptr);
    QObject context;
    std::optional<Costs> costs;
    const auto ask = [&] {
        tools->costs({.borders = {m_day, m_day + 24h}, .then = CostField::Model}, &context, [&](const Result<Costs> &answer) { costs = answer ? std::optional(*answer) : std::nullopt; });
        return costs && costs->total.calls == 3;
    };
    QTRY_VERIFY_WITH_TIMEOUT(ask(), 10000); // they are stored by and by
    QCOMPARE(costs->total.cost.nanos(), 3'000'000'003);
    QCOMPARE(costs->groups.size(), 2U);
    QCOMPARE(costs->groups[0].name, "search");
    QCOMPARE(costs->groups[0].now.cost.nanos(), 2'000'000'002);
    QCOMPARE(costs->groups[0].parts.at(0).name, "gpt-4o");
    QVERIFY(costs->groups[1].kind == CostGroup::Kind::None);
}

/// A bill of two models, of which one call was logged: the provider's names, days in UTC.
void tst_CostTools::aBillIsHeldBesideTheLog()
{
    CallRecord record;
    record.id = "call_billed";
    record.startedAt = m_day + 23h + 59min;
    record.provider = "openai";
    record.model = "gpt-4o";
    record.httpStatus = 200;
    record.usage = {.input = 1000, .output = 500};
    record.cost = Money::fromNanos(7'500'000);
    m_gateway->pushRecord(record);
    setUpProviders();
    QObject context;
    const auto second = std::chrono::duration_cast<std::chrono::seconds>(m_day.time_since_epoch()).count();
    const std::string bucket = R"({"object":"page","data":[{"object":"bucket","start_time":)" + std::to_string(second) + R"(,"results":[)";
    const std::string usage = bucket + R"({"object":"organization.usage.completions.result","input_tokens":1000,"output_tokens":500,"num_model_requests":1,"model":"gpt-4o-2024-08-06"},)"
                                       R"({"object":"organization.usage.completions.result","input_tokens":7,"output_tokens":7,"num_model_requests":2,"model":"o3"}]}]})";
    const std::string costs = bucket + R"({"object":"organization.costs.result","amount":{"value":0.0075,"currency":"usd"},"line_item":"gpt-4o-2024-08-06, input"},)"
                                       R"({"object":"organization.costs.result","amount":{"value":5,"currency":"usd"},"line_item":"o3, output"}]}]})";
    auto *tools = api::CostTools::of(*m_gateway);
    std::optional<Result<billing::Reconciliation>> answer;
    const auto ask = [&](const api::BillQuery &query) {
        answer.reset();
        tools->reconcile(query, &context, [&](const Result<billing::Reconciliation> &all) { answer = all; });
        QTRY_VERIFY(answer);
    };
    const auto matched = [&] {
        ask({.exports = {usage, costs}});
        return answer && *answer && (*answer)->rows.size() == 2 && (*answer)->rows[0].logged.calls == 1;
    };
    QTRY_VERIFY_WITH_TIMEOUT(matched(), 10000);
    const billing::Reconciliation &all = **answer;
    QCOMPARE(all.rows[0].model, "gpt-4o");
    QCOMPARE(all.rows[0].cause, billing::Cause::Same);
    QCOMPARE(all.rows[1].model, "o3");
    QCOMPARE(all.rows[1].cause, billing::Cause::NotLogged);
    QCOMPARE(all.drift()->nanos(), 5'000'000'000);

    for (const auto &[query, words] : {std::pair(api::BillQuery {.exports = {"nonsense"}}, "The columns are those of no bill"), std::pair(api::BillQuery {}, "There is no export"),
                                       std::pair(api::BillQuery {.exports = {usage}, .providers = {"nobody"}}, "There is no provider called \"nobody\"."),
                                       std::pair(api::BillQuery {.exports = {"usage_date_utc,cost_usd,model\n2026-11-01,1,Claude\n", usage}}, "One file is a bill of anthropic, another of openai.")}) {
        ask(query);
        QVERIFY(!*answer);
        QCOMPARE(answer->error().code, ErrorCode::BadRequest);
        QVERIFY2(answer->error().message.find(words) != std::string::npos, answer->error().message.c_str());
    }
}

/// One stream was cut and went on at another provider, and one was cut and nobody went on: the first provider bills both.
void tst_CostTools::attemptsAreBilledWhereTheyWereMade()
{
    const auto attempt = [](std::string provider, std::string model, bool ok, TokenUsage usage, std::int64_t nanos) {
        AttemptRecord made;
        made.provider = std::move(provider);
        made.model = std::move(model);
        made.ok = ok;
        made.httpStatus = 200;
        made.usage = usage;
        made.cost = Money::fromNanos(nanos);
        return made;
    };
    const WallTime day = m_day - 24h; // another than the other tests'
    CallRecord rescued;
    rescued.id = "call_rescued";
    rescued.startedAt = day + 3h;
    rescued.provider = "other";
    rescued.model = "claude-sonnet-4";
    rescued.httpStatus = 200;
    rescued.attempts = {attempt("openai", "gpt-4o", false, {.input = 1000, .output = 200}, 4'500'000), attempt("other", "claude-sonnet-4", true, {.input = 1100, .output = 500}, 10'800'000)};
    rescued.usage = {.input = 2100, .output = 700};
    rescued.cost = Money::fromNanos(15'300'000);
    CallRecord lost;
    lost.id = "call_lost";
    lost.startedAt = day + 4h;
    lost.status = CallStatus::Cut;
    lost.httpStatus = 200;
    lost.attempts = {attempt("openai", "gpt-4o", false, {.input = 10, .output = 20}, 225'000)};
    lost.usage = lost.attempts[0].usage;
    lost.cost = lost.attempts[0].cost;
    m_gateway->pushRecord(rescued);
    m_gateway->pushRecord(lost);
    setUpProviders();

    const auto second = std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count();
    const std::string usage = R"({"object":"page","data":[{"object":"bucket","start_time":)" + std::to_string(second)
        + R"(,"results":[{"object":"organization.usage.completions.result","input_tokens":1010,"output_tokens":220,"num_model_requests":2,"model":"gpt-4o"}]}]})";
    const std::string claude = "usage_date_utc,model,usage_input_tokens_no_cache,usage_output_tokens\n" + QDateTime::fromSecsSinceEpoch(second, Qt::UTC).toString(u"yyyy-MM-dd").toStdString() + ",claude-sonnet-4,1100,500\n";
    QObject context;
    for (const std::string &bill : {usage, claude}) {
        std::optional<Result<billing::Reconciliation>> answer;
        const auto matched = [&] {
            answer.reset();
            api::CostTools::of(*m_gateway)->reconcile({.exports = {bill}}, &context, [&](const Result<billing::Reconciliation> &all) { answer = all; });
            return QTest::qWaitFor([&] { return answer.has_value(); }) && *answer && (*answer)->rows.size() == 1 && (*answer)->rows[0].cause == billing::Cause::Same;
        };
        QTRY_VERIFY_WITH_TIMEOUT(matched(), 10000); // they are stored by and by
        const billing::Figures &logged = (*answer)->rows[0].logged;
        QCOMPARE(logged.calls, (*answer)->rows[0].model == "gpt-4o" ? 2 : 1);
        QCOMPARE(logged.input, (*answer)->rows[0].billed.input);
        QCOMPARE(logged.output, (*answer)->rows[0].billed.output);
    }
}

void tst_CostTools::aWrongQuestionIsRefused()
{
    QObject context;
    std::optional<Error> problem;
    api::CostTools::of(*m_gateway)->costs({.borders = {m_day}}, &context, [&](const Result<Costs> &answer) { problem = answer ? std::nullopt : std::optional(answer.error()); });
    QTRY_VERIFY(problem);
    QCOMPARE(problem->code, ErrorCode::BadRequest);
}

void tst_CostTools::cancellingTouchesNoOther()
{
    QObject context, other;
    auto *tools = api::CostTools::of(*m_gateway);
    std::optional<bool> answered;
    tools->costs({.borders = {m_day, m_day + 24h}}, &other, [&](const Result<Costs> &answer) { answered = answer.has_value(); });
    tools->cancel(&context);
    QTRY_VERIFY(answered);
    QVERIFY(*answered);
}

QTEST_GUILESS_MAIN(tst_CostTools)
#include "tst_cost_tools.moc"
