// SPDX-License-Identifier: GPL-3.0-or-later
// How explanations and replays are put into words.
#include "tests/ui/routes/plan_samples.h"
#include "ui/panes/routes/explain_words.h"
#include "ui/panes/routes/replay_words.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace ui::routes;
using namespace tests;
using gateway::Explanation;
using gateway::ReplayReport;

namespace {

ReplayReport hundredCalls()
{
    ReplayReport report;
    report.calls = 110;
    report.compared = 100;
    report.was = {.cost = 10, .failed = 4, .seconds = 2, .p95 = 5};
    report.expected = {.cost = {8, 7.5, 8.5}, .failed = {3, 1, 6}, .seconds = {2.6, 2.4, 2.8}, .p95 = {5, 4.8, 5.2}};
    return report;
}

} // namespace

class tst_TrialWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nodesAreNamedAsInThePicture()
    {
        const auto plan = split({{90, chain({target("a", "one"), target("b", "two")})}, {10, target("c", "three")}});
        Explanation::Step step {.place = "plan", .form = "split", .decided = "goes to plan.split[0].to", .why = "it was drawn"};
        QCOMPARE(titleOf(plan, step), u"split 90 / 10"_s);
        QCOMPARE(namedNodes(plan, step, step.decided), u"goes to fallback of 2"_s);
        QCOMPARE(pathOf(plan, step), std::optional(Path {}));
        QCOMPARE(namedNodes(plan, step, "goes to c three"), u"goes to c three"_s);
        QCOMPARE(namedNodes(plan, step, "the plan says so; plan.split[9].to"), u"the plan says so; plan.split[9].to"_s);
        step.route = "other"; // its places are not in this plan
        QCOMPARE(namedNodes(plan, step, step.decided), u"goes to plan.split[0].to"_s);
        QCOMPARE(pathOf(plan, step), std::nullopt);
        QCOMPARE(titleOf(plan, step), u"split in route other"_s);
    }

    void theWayGoesPastThoseThatRestToTheFirstThatIsAsked()
    {
        const auto plan = chain({target("a", "one"), target("b", "two"), target("c", "three")});
        Explanation explanation;
        explanation.candidates = {{.provider = "a", .model = "one", .place = "plan.fallback[0]", .skipped = {"circuit open"}, .asked = false},
                                  {.provider = "b", .model = "two", .place = "plan.fallback[1]"},
                                  {.provider = "c", .model = "three", .place = "plan.fallback[2]"}};
        explanation.first = 1;
        const gateway::Simulation way = wayOf(plan, {}, explanation);
        QCOMPARE(way.steps.size(), std::size_t {2});
        QCOMPARE(way.steps[0].node, std::string("fallback[0]"));
        QVERIFY(way.steps[0].end == gateway::SimulatedStep::End::Skipped);
        QCOMPARE(way.steps[1].node, std::string("fallback[1]"));
        QVERIFY(!way.answered); // whether it would answer, nobody knows
        explanation.first.reset();
        QCOMPARE(wayOf(plan, {}, explanation).steps.size(), std::size_t {1});
    }

    void targetsOfAnotherRouteStandAtTheReference()
    {
        const auto plan = chain({target("a", "one"), reference("other")});
        Explanation explanation;
        explanation.candidates = {{.provider = "z", .model = "last", .route = "other", .place = "plan"}};
        explanation.first = 0;
        QCOMPARE(wayOf(plan, {{{0}, "a", "one"}, {{1}, "z", "last"}}, explanation).steps.at(0).node, std::string("fallback[1]"));
    }

    void changesAreJudgedByTheirIntervals()
    {
        const QList<ReplayFigure> figures = figuresOf(hundredCalls());
        QCOMPARE(figures.size(), 4);
        QCOMPARE(figures[0].was, u"96.00 %"_s);
        QCOMPARE(figures[0].interval, u"94.00 – 99.00 %"_s); // many failures are little success
        QVERIFY(figures[0].change == ReplayFigure::Change::None); // what was lies within
        QCOMPARE(figures[1].difference, u"−20 %"_s);
        QVERIFY(figures[1].change == ReplayFigure::Change::Better);
        QCOMPARE(figures[2].was, u"5.00 s"_s);
        QCOMPARE(figures[2].difference, QString()); // nothing to speak of
        QCOMPARE(figures[3].difference, u"+30 %"_s);
        QVERIFY(figures[3].change == ReplayFigure::Change::Worse);
    }

    void nothingIsSaidOfNoCalls()
    {
        QVERIFY(figuresOf({}).isEmpty());
        QVERIFY(countsOf({}).isEmpty());
        ReplayReport report = hundredCalls();
        report.refused = 3;
        report.unknown = 7;
        const QList<ReplayCount> counts = countsOf(report);
        QCOMPARE(counts.size(), 2);
        QCOMPARE(counts[0].calls, std::uint64_t {3});
        QCOMPARE(counts[1].name, u"not compared"_s);
    }

    void fatesAreTold()
    {
        gateway::ReplayedCall call {.from = "a one", .to = "b two"};
        QCOMPARE(fateOf(call), u"b two"_s);
        call.to = "a one";
        QVERIFY(fateOf(call).contains(u"the same"_s));
        call.refusal = "no target takes it";
        QVERIFY(fateOf(call).contains(u"no target takes it"_s));
        QCOMPARE(expectedCostOf(call), u"$0"_s);
    }
};

QTEST_GUILESS_MAIN(tst_TrialWords)
#include "tst_trial_words.moc"
