// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/routes/plan_samples.h"
#include "ui/panes/routes/plan_connect.h"
#include "ui/panes/routes/plan_edit.h"
#include "ui/panes/routes/plan_shares.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <numeric>

using namespace gateway::config;
using namespace tests;
using namespace ui::routes;
using namespace Qt::StringLiterals;

namespace {

int sum(const QList<int> &values) { return std::accumulate(values.begin(), values.end(), 0); }

QStringList models(const PlanNode &root)
{
    QStringList names;
    for (const Path &path : walk(root))
        if (kindOf(*nodeAt(root, path)) == NodeKind::Target)
            names << model(root, path);
    names.sort();
    return names;
}

/// Nothing stands in it that a configuration could not have.
bool isWhole(const PlanNode &root)
{
    return std::ranges::all_of(walk(root), [&](const Path &path) {
        const PlanNode &node = *nodeAt(root, path);
        const auto *limit = std::get_if<LimitNode>(&node.node);
        const auto *when = std::get_if<WhenNode>(&node.node);
        const auto *reference = std::get_if<RouteNode>(&node.node);
        return !(limit && !limit->then) && !(when && when->branches.empty()) && !(reference && reference->route.size() == 1 && reference->route != "r");
    });
}

} // namespace

class tst_PlanEdit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void movesChildrenAmongTheirSiblings()
    {
        PlanNode root = chain({target("p", "a"), target("p", "b"), target("p", "c")});
        QVERIFY(moveChild(root, {}, 0, 2));
        QCOMPARE(model(root, {2}), u"a"_s);
        QVERIFY(moveChild(root, {}, 2, 0));
        QVERIFY(root == chain({target("p", "a"), target("p", "b"), target("p", "c")}));
        QVERIFY(!moveChild(root, {}, 0, 3));
        QVERIFY(!moveChild(root, {0}, 0, 1));

        PlanNode cases = when({{is("a", "1"), target("p", "a")}, {is("b", "2"), target("p", "b")}}, target("p", "c"));
        QVERIFY(moveChild(cases, {}, 1, 0)); // with its condition
        QCOMPARE(conditionWords(std::get<WhenNode>(cases.node).branches[0].condition), u"b = 2"_s);
        QVERIFY(!moveChild(cases, {}, 2, 0)); // an else is the last
    }

    void sharesAreAlwaysAHundred_data()
    {
        QTest::addColumn<QList<int>>("weights");
        QTest::addColumn<int>("branch");
        QTest::addColumn<int>("share");
        QTest::newRow("two") << QList<int> {90, 10} << 1 << 25;
        QTest::newRow("thirds") << QList<int> {1, 1, 1} << 0 << 34;
        QTest::newRow("all of it") << QList<int> {1, 2, 3} << 2 << 100;
        QTest::newRow("nothing") << QList<int> {1, 2, 3} << 2 << 0;
        QTest::newRow("huge weights") << QList<int> {1'000'000, 1, 1, 1} << 1 << 60;
        QTest::newRow("one") << QList<int> {5} << 0 << 3;
    }
    void sharesAreAlwaysAHundred()
    {
        QFETCH(QList<int>, weights);
        QFETCH(int, branch);
        QFETCH(int, share);
        SplitNode node;
        for (const int weight : weights)
            node.branches.push_back({weight, target("p", "m")});
        QCOMPARE(sum(shares(node)), 100);
        setShare(node, branch, share);
        QList<int> after;
        for (const SplitBranch &one : node.branches)
            after << one.weight;
        QCOMPARE(sum(after), 100);
        QVERIFY(std::ranges::all_of(after, [](int value) { return value >= 1; }));
        setShares(node, weights);
        QCOMPARE(std::accumulate(node.branches.begin(), node.branches.end(), 0, [](int so, const SplitBranch &one) { return so + one.weight; }), 100);
    }

    void theBorderMovesBetweenTwoBranchesOnly()
    {
        SplitNode node;
        for (const int weight : {50, 30, 20})
            node.branches.push_back({weight, target("p", "m")});
        moveBorder(node, 0, 70);
        QCOMPARE(shares(node), (QList<int> {70, 10, 20}));
        moveBorder(node, 0, 99);
        QCOMPARE(shares(node), (QList<int> {79, 1, 20}));
    }

    void removingABranchClosesUpTheShares()
    {
        PlanNode root = split({{50, target("p", "a")}, {30, target("p", "b")}, {20, target("p", "c")}});
        QCOMPARE(removeNode(root, {0}), std::optional(Path {0}));
        QCOMPARE(shares(std::get<SplitNode>(root.node)), (QList<int> {60, 40}));
        QCOMPARE(removeNode(root, {1}), std::optional(Path {0}));
        QVERIFY(!removeNode(root, {}));
    }

    void whatANodeCannotBeWithoutTakesItAlong()
    {
        PlanNode cases = when({{is("a", "1"), target("p", "a")}}, target("p", "b"));
        QCOMPARE(removeNode(cases, {0}), std::optional(Path {}));
        QVERIFY(cases == target("p", "b"));

        PlanNode both = when({{is("a", "1"), target("p", "a")}, {is("b", "2"), target("p", "b")}}, target("p", "c"));
        QCOMPARE(removeNode(both, {0}), std::optional(Path {0}));
        QCOMPARE(model(both, {0}), u"b"_s);
        QCOMPARE(removeNode(both, {1}), std::optional(Path {0})); // the else alone
        QVERIFY(!nodeAt(both, {1}));

        PlanNode limited = chain({limit(60, target("p", "a")), target("p", "b")});
        QCOMPARE(removeNode(limited, {0, 0}), std::optional(Path {0}));
        QVERIFY(limited == chain({target("p", "b")}));

        PlanNode lone = limit(60, target("p", "a"));
        const PlanNode before = lone;
        QVERIFY(!removeNode(lone, {0})); // nothing would be left of the route
        QVERIFY(lone == before);
    }

    void unwrappingKeepsTheMainWay()
    {
        PlanNode plan = everyKind();
        QVERIFY(unwrapNode(plan, {}));
        QCOMPARE(kindOf(plan), NodeKind::Split); // a when's else
        QVERIFY(unwrapNode(plan, {}));
        QCOMPARE(kindOf(plan), NodeKind::Balance); // a split's largest branch
        QVERIFY(unwrapNode(plan, {}));
        QVERIFY(plan == target("p", "c"));
        QVERIFY(!unwrapNode(plan, {}));
    }

    void insertsWhereTheSelectionIs()
    {
        PlanNode root = target("p", "a");
        QCOMPARE(insertNear(root, {}, target("p", "b")), (Path {1})); // a lone target becomes a chain
        QCOMPARE(insertNear(root, {0}, target("p", "x")), (Path {1})); // after the row
        QCOMPARE(model(root, {2}), u"b"_s);
        QCOMPARE(insertNear(root, {}, target("p", "y")), (Path {3})); // at the chain's end
        wrapNode(root, {}, NodeKind::Split, target("p", "z"));
        QCOMPARE(shares(std::get<SplitNode>(root.node)), (QList<int> {90, 10}));
        QCOMPARE(insertNear(root, {}, target("p", "w")), (Path {2}));
        QCOMPARE(sum(shares(std::get<SplitNode>(root.node))), 100);
        QCOMPARE(duplicateNode(root, {0, 1}), std::optional(Path {0, 2}));
        QCOMPARE(model(root, {0, 2}), u"x"_s);
    }

    void insertsIntoTheNewKinds()
    {
        PlanNode cases = when({{is("a", "1"), target("p", "a")}});
        QCOMPARE(insertNear(cases, {}, target("p", "else")), (Path {1}));
        QVERIFY(isElse(cases, 1));
        QCOMPARE(insertNear(cases, {}, target("p", "more")), (Path {1})); // another case; the else is behind it now
        QCOMPARE(model(cases, {2}), u"else"_s);
        PlanNode limited = limit(60, target("p", "a"));
        QCOMPARE(insertNear(limited, {}, target("p", "over")), (Path {1}));
        QCOMPARE(insertNear(limited, {}, target("p", "next")), (Path {1, 1}));
        PlanNode balanced = balance({{1, target("p", "a")}});
        QCOMPARE(insertNear(balanced, {0}, target("p", "b")), (Path {1}));
    }

    void onAnEdgeItIsAskedFirst()
    {
        PlanNode plan = split({{50, target("p", "a")}, {50, chain({target("p", "b")})}});
        const auto fresh = [] { return target("q", "new"); };
        QCOMPARE(insertAt(plan, NodeKind::Target, {Spot::Kind::Before, {0}}, fresh), (Path {0, 0}));
        QCOMPARE(model(plan, {0, 1}), u"a"_s);
        QCOMPARE(insertAt(plan, NodeKind::Target, {Spot::Kind::Before, {1}}, fresh), (Path {1, 0}));
        QCOMPARE(model(plan, {1, 1}), u"b"_s);
    }

    void everyKindGoesToEverySpot()
    {
        const auto fresh = [] { return target("q", "new"); };
        const PlanNode before = everyKind();
        for (const NodeKind kind : {NodeKind::Target, NodeKind::Chain, NodeKind::Split, NodeKind::Balance, NodeKind::When, NodeKind::Limit}) {
            for (const Path &path : walk(before)) {
                QList<Spot> spots {{Spot::Kind::Beside, path}, {Spot::Kind::Before, path}};
                if (hasRows(kindOf(*nodeAt(before, path))))
                    spots << Spot {Spot::Kind::Row, path, 1};
                if (kindOf(*nodeAt(before, path)) == NodeKind::Limit)
                    spots << Spot {Spot::Kind::Place, below(path, 1)};
                for (const Spot &spot : spots) {
                    PlanNode plan = before;
                    const Path now = insertAt(plan, kind, spot, fresh);
                    QVERIFY(nodeAt(plan, now));
                    QCOMPARE(kindOf(*nodeAt(plan, now)), kind);
                    QVERIFY(isWhole(plan));
                    for (const QString &name : models(before))
                        QVERIFY2(models(plan).contains(name), qPrintable(name)); // nothing is lost by inserting
                }
            }
        }
    }

    void aLineFromAModelAsksTheOtherWhereItFails()
    {
        PlanNode lone = split({{50, target("p", "a")}, {50, chain({target("p", "b"), target("p", "c")})}});
        const Port after {Port::Kind::After, {0}, 0};
        QCOMPARE(connectTo(lone, after, {1, 1}), std::optional(Path {0, 1})); // a becomes a chain of a and c
        QCOMPARE(model(lone, {0, 0}), u"a"_s);
        QCOMPARE(model(lone, {0, 1}), u"c"_s);
        QCOMPARE(childCount(*nodeAt(lone, {1})), 1);

        PlanNode rows = chain({target("p", "a"), target("p", "b"), target("p", "c")});
        QCOMPARE(connectTo(rows, {Port::Kind::After, {2}, 0}, {0}), std::optional(Path {2})); // its place moved as a left
        QCOMPARE(model(rows, {0}), u"b"_s);
        QCOMPARE(model(rows, {1}), u"c"_s);
        QCOMPARE(model(rows, {2}), u"a"_s);
    }

    void whatALineLeavesEmptyGoesToo()
    {
        PlanNode root = split({{50, target("p", "a")}, {50, chain({target("p", "b")})}});
        QVERIFY(connectTo(root, {Port::Kind::After, {0}, 0}, {1, 0}));
        QCOMPARE(childCount(root), 1);
        QCOMPARE(model(root, {0, 1}), u"b"_s);
    }

    void aWayChangesPlacesWithWhatItIsDrawnTo()
    {
        PlanNode root = split({{90, target("p", "a")}, {10, chain({target("p", "b"), target("p", "c")})}});
        QCOMPARE(connectTo(root, {Port::Kind::Way, {}, 0}, {1, 1}), std::optional(Path {0}));
        QCOMPARE(model(root, {0}), u"c"_s);
        QCOMPARE(model(root, {1, 1}), u"a"_s);
        QCOMPARE(connectTo(root, {Port::Kind::Way, {}, 1}, {1, 0}), std::optional(Path {1})); // inside: the chain goes
        QCOMPARE(model(root, {1}), u"b"_s);
        QCOMPARE(shares(std::get<SplitNode>(root.node)), (QList<int> {90, 10}));
    }

    void anEmptyElseTakesWhatIsDrawnToIt()
    {
        PlanNode root = chain({limit(60, target("p", "a")), target("p", "b"), target("p", "c")});
        QCOMPARE(connectTo(root, {Port::Kind::Way, {0}, 1}, {2}), std::optional(Path {0, 1}));
        QCOMPARE(model(root, {0, 1}), u"c"_s);
        QCOMPARE(childCount(root), 2);
    }

    void aLineFromTheStartKeepsOnlyWhatItLeadsTo()
    {
        PlanNode root = chain({target("p", "a"), target("p", "b")});
        QCOMPARE(connectTo(root, {}, {1}), std::optional(Path {}));
        QCOMPARE(model(root, {}), u"b"_s);
    }

    void linesThatMayNotBeDrawnSayWhy_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<Path>("from");
        QTest::addColumn<Path>("to");
        QTest::newRow("to itself") << int(Port::Kind::After) << Path {0} << Path {0};
        QTest::newRow("to what leads here") << int(Port::Kind::After) << Path {1, 0} << Path {1};
        QTest::newRow("into itself") << int(Port::Kind::After) << Path {1} << Path {1, 0};
        QTest::newRow("to the next row") << int(Port::Kind::After) << Path {1, 0} << Path {1, 1};
        QTest::newRow("a way to where it leads") << int(Port::Kind::Way) << Path {} << Path {0};
        QTest::newRow("a way back to its split") << int(Port::Kind::Way) << Path {} << Path {};
        QTest::newRow("the start to where it leads") << int(Port::Kind::Start) << Path {} << Path {};
    }
    void linesThatMayNotBeDrawnSayWhy()
    {
        QFETCH(int, kind);
        QFETCH(Path, from);
        QFETCH(Path, to);
        PlanNode root = split({{90, target("p", "a")}, {10, chain({target("p", "b"), target("p", "c")})}});
        const PlanNode before = root;
        const Port port {Port::Kind(kind), from, 0};
        QVERIFY(!judge(root, port, to).possible);
        QVERIFY(!judge(root, port, to).words.isEmpty());
        QVERIFY(!connectTo(root, port, to));
        QVERIFY(root == before);
    }

    void everyLineThatMayBeDrawnLeavesAWholePlan()
    {
        QRandomGenerator random(7);
        int drawn = 0;
        for (int round = 0; round < 400; ++round) {
            PlanNode plan = random.bounded(2) ? everyKind() : chain({everyKind(), limit(5, everyKind(), target("p", "o")), target("p", "z")});
            const auto paths = walk(plan);
            const auto any = [&] { return paths[static_cast<std::size_t>(random.bounded(static_cast<int>(paths.size())))]; };
            const Path from = any(), to = any();
            const PlanNode &node = *nodeAt(plan, from);
            const Port port = isFork(kindOf(node)) ? Port {Port::Kind::Way, from, int(random.bounded(childCount(node)))} : Port {Port::Kind::After, from, 0};
            const bool possible = judge(plan, port, to).possible;
            const PlanNode moved = *nodeAt(plan, to);
            const auto now = connectTo(plan, port, to);
            QCOMPARE(now.has_value(), possible);
            QVERIFY(isWhole(plan));
            if (!now)
                continue;
            ++drawn;
            QVERIFY(*nodeAt(plan, *now) == moved);
        }
        QVERIFY(drawn > 100);
    }
};

QTEST_APPLESS_MAIN(tst_PlanEdit)
#include "tst_plan_edit.moc"
