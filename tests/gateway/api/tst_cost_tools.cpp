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
    void aWrongQuestionIsRefused();
    void cancellingTouchesNoOther();

private:
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
