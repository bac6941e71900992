// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_connect.h"
#include "ui/panes/routes/plan_tree.h"

#include "gateway/config/check.h"

#include <QTest>

#include <algorithm>
#include <numeric>

using namespace gateway::config;
using namespace ui::routes;
using namespace Qt::StringLiterals;

namespace {

PlanNode target(const char *provider, const char *model)
{
    TargetNode node;
    node.provider = provider;
    node.model = model;
    return {node};
}

PlanNode chain(std::vector<PlanNode> children)
{
    FallbackNode node;
    node.children = std::move(children);
    return {std::move(node)};
}

PlanNode split(std::vector<SplitBranch> branches)
{
    SplitNode node;
    node.branches = std::move(branches);
    return {std::move(node)};
}

PlanNode reference(const char *route)
{
    RouteNode node;
    node.route = route;
    return {node};
}

Route route(const char *name, PlanNode plan)
{
    Route made;
    made.name = name;
    made.plan = std::move(plan);
    return made;
}

/// fallback [ a, split 90 [ b, c ] / 10 d ]
PlanNode sample()
{
    return chain({target("p", "a"), split({{90, chain({target("p", "b"), target("p", "c")})}, {10, target("p", "d")}})});
}

QString model(const PlanNode &root, const Path &path) { return titleOf(*nodeAt(root, path)); }

int sum(const QList<int> &values) { return std::accumulate(values.begin(), values.end(), 0); }

} // namespace

class tst_PlanTree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsNodesByPath()
    {
        const PlanNode root = sample();
        QCOMPARE(model(root, {1, 0, 1}), u"c"_s);
        QVERIFY(!nodeAt(root, {1, 2}));
        QVERIFY(!nodeAt(root, {0, 0}));
        QCOMPARE(walk(root).size(), std::size_t {7});
    }

    void fieldsAreThoseOfTheChecker()
    {
        PlanNode root = sample();
        std::get<TargetNode>(nodeAt(root, {1, 0, 1})->node).model.clear();
        Config config;
        config.routes.push_back(route("r", root));
        const Problems problems = check(config);
        QCOMPARE(problems.size(), std::size_t {1});
        const QString field = QString::fromStdString(problems.front().field);
        QCOMPARE(field, u"routes[0].plan."_s + fieldOf(root, {1, 0, 1}) + u".model"_s);
        const auto found = pathOf(root, field.mid(10));
        QVERIFY(found);
        QCOMPARE(found->first, (Path {1, 0, 1}));
        QCOMPARE(found->second, u"model"_s);
        QVERIFY(!pathOf(root, u"name"_s));
    }

    void movesRowsUpAndDown()
    {
        PlanNode root = chain({target("p", "a"), target("p", "b"), target("p", "c")});
        QVERIFY(moveRow(root, {}, 0, 2));
        QCOMPARE(model(root, {2}), u"a"_s);
        QVERIFY(moveRow(root, {}, 2, 0));
        QVERIFY(root == chain({target("p", "a"), target("p", "b"), target("p", "c")}));
        QVERIFY(!moveRow(root, {}, 0, 3));
        QVERIFY(!moveRow(root, {0}, 0, 1));
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

    void insertsWhereTheSelectionIs()
    {
        PlanNode root = target("p", "a");
        QCOMPARE(insertNear(root, {}, target("p", "b")), (Path {1})); // a lone target becomes a chain
        QCOMPARE(insertNear(root, {0}, target("p", "x")), (Path {1})); // after the row
        QCOMPARE(model(root, {2}), u"b"_s);
        QCOMPARE(insertNear(root, {}, target("p", "y")), (Path {3})); // at the chain's end
        QCOMPARE(wrapInSplit(root, {}, target("p", "z")), Path {});
        QCOMPARE(shares(std::get<SplitNode>(root.node)), (QList<int> {90, 10}));
        QCOMPARE(insertNear(root, {}, target("p", "w")), (Path {2}));
        QCOMPARE(sum(shares(std::get<SplitNode>(root.node))), 100);
        QCOMPARE(duplicateNode(root, {0, 1}), std::optional(Path {0, 2}));
        QCOMPARE(model(root, {0, 2}), u"x"_s);
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

    void aWayOfASplitChangesPlacesWithWhatItIsDrawnTo()
    {
        PlanNode root = split({{90, target("p", "a")}, {10, chain({target("p", "b"), target("p", "c")})}});
        QCOMPARE(connectTo(root, {Port::Kind::Branch, {}, 0}, {1, 1}), std::optional(Path {0}));
        QCOMPARE(model(root, {0}), u"c"_s);
        QCOMPARE(model(root, {1, 1}), u"a"_s);
        QCOMPARE(connectTo(root, {Port::Kind::Branch, {}, 1}, {1, 0}), std::optional(Path {1})); // inside: the chain goes
        QCOMPARE(model(root, {1}), u"b"_s);
        QCOMPARE(shares(std::get<SplitNode>(root.node)), (QList<int> {90, 10}));
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
        QTest::newRow("a way to where it leads") << int(Port::Kind::Branch) << Path {} << Path {0};
        QTest::newRow("a way back to its split") << int(Port::Kind::Branch) << Path {} << Path {};
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

    void circlesAreSeenThroughReferencesAndAliases()
    {
        Config config;
        config.routes = {route("a", reference("b")), route("b", chain({target("p", "m"), reference("c")})), route("c", target("p", "m")), route("d", target("p", "m"))};
        config.routes[2].aliases = {"see"};
        QVERIFY(reaches(config, "a", "c"));
        QVERIFY(!reaches(config, "c", "a"));
        QCOMPARE(referable(config, config.routes[2]), QStringList {u"d"_s});
        QCOMPARE(referable(config, config.routes[3]), (QStringList {u"a"_s, u"b"_s, u"c"_s}));
    }

    void leavesFollowReferencesOnce()
    {
        Config config;
        config.routes = {route("a", chain({reference("b"), target("p", "x"), reference("a")})), route("b", chain({target("q", "y"), reference("a")}))};
        const auto leaves = leavesOf(config, config.routes[0]);
        QCOMPARE(leaves.size(), std::size_t {2});
        QCOMPARE(QString::fromStdString(leaves[0].model), u"y"_s);
        QCOMPARE(leaves[0].path, (Path {0}));
        QCOMPARE(leaves[1].path, (Path {1}));
    }
};

QTEST_APPLESS_MAIN(tst_PlanTree)
#include "tst_plan_tree.moc"
