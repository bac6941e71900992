// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/routes/plan_samples.h"
#include "ui/panes/routes/plan_layout.h"
#include "ui/panes/routes/plan_leaves.h"

#include "gateway/config/check.h"

#include <QTest>

using namespace gateway::config;
using namespace tests;
using namespace ui::routes;
using namespace Qt::StringLiterals;

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

    void everyKindOfNodeIsWalked()
    {
        const PlanNode root = everyKind();
        QCOMPARE(walk(root).size(), std::size_t {10});
        QCOMPARE(model(root, {0}), u"60 rpm"_s);
        QCOMPARE(model(root, {0, 0, 1}), u"b"_s);
        QVERIFY(!nodeAt(root, {0, 1})); // what is over the limit has nowhere to go
        QVERIFY(isElse(root, 1));
        QCOMPARE(model(root, {1, 0, 1}), u"d"_s);
        QCOMPARE(kindOf(*nodeAt(root, {1, 1})), NodeKind::Route);
        QCOMPARE(model(root, {}), u"metadata.tier = free"_s);
    }

    void fieldsAreThoseOfTheChecker_data()
    {
        QTest::addColumn<Path>("path");
        QTest::newRow("in a limit in a case") << Path {0, 0, 1};
        QTest::newRow("in a balance, without a weight") << Path {1, 0, 0};
        QTest::newRow("in a balance, with a weight") << Path {1, 0, 1};
    }
    void fieldsAreThoseOfTheChecker()
    {
        QFETCH(Path, path);
        PlanNode root = everyKind();
        std::get<TargetNode>(nodeAt(root, path)->node).model.clear();
        Config config;
        config.routes.push_back(route("r", root));
        const Problems problems = check(config);
        const auto found = std::ranges::find_if(problems, [](const Problem &one) { return one.field.ends_with(".model"); });
        QVERIFY(found != problems.end());
        const QString field = QString::fromStdString(found->field);
        QCOMPARE(field, u"routes[0].plan."_s + fieldOf(root, path) + u".model"_s);
        const auto place = pathOf(root, field.mid(10));
        QVERIFY(place);
        QCOMPARE(place->first, path);
        QCOMPARE(place->second, u"model"_s);
    }

    void whatIsSaidOfAConditionBelongsToItsWhen()
    {
        PlanNode root = split({{1, everyKind()}});
        std::get<WhenNode>(nodeAt(root, {0})->node).branches[0].condition = is("metadat.tier", "free");
        Config config;
        config.routes.push_back(route("r", root));
        const Problems problems = check(config);
        QVERIFY(!problems.empty());
        const auto place = pathOf(root, QString::fromStdString(problems.front().field).mid(10));
        QVERIFY(place);
        QCOMPARE(place->first, Path {0});
        QVERIFY(!pathOf(root, u"name"_s));
    }

    void circlesAreSeenThroughReferencesAndAliases()
    {
        Config config;
        config.routes = {route("a", reference("b")), route("b", chain({target("p", "m"), limit(1, reference("c"))})), route("c", target("p", "m")), route("d", target("p", "m"))};
        config.routes[2].aliases = {"see"};
        QVERIFY(reaches(config, "a", "c"));
        QVERIFY(!reaches(config, "c", "a"));
        QCOMPARE(referable(config, config.routes[2]), QStringList {u"d"_s});
        QCOMPARE(referable(config, config.routes[3]), (QStringList {u"a"_s, u"b"_s, u"c"_s}));
    }

    void leavesFollowReferencesOnce()
    {
        Config config;
        config.routes = {route("a", chain({when({{is("team", "x"), reference("b")}}), target("p", "x"), reference("a")})), route("b", chain({target("q", "y"), reference("a")}))};
        const auto leaves = leavesOf(config, config.routes[0]);
        QCOMPARE(leaves.size(), std::size_t {2});
        QCOMPARE(QString::fromStdString(leaves[0].model), u"y"_s);
        QCOMPARE(leaves[0].path, (Path {0, 0}));
        QCOMPARE(leaves[1].path, (Path {1}));
    }

    void conditionsAreSaidInWords()
    {
        FieldTest complex;
        complex.field = "complexity";
        complex.comparison = Operator::GreaterEqual;
        complex.values = {{ConditionValue::Kind::Number, "0.6"}};
        const Condition any {AnyOf {{{complex}, is("team", "x")}}};
        QCOMPARE(conditionWords(any), u"complexity ≥ 0.6 or team = x"_s);
        QCOMPARE(conditionWords({AllOf {{any, is("key", "k")}}}), u"(complexity ≥ 0.6 or team = x) and key = k"_s);
        QCOMPARE(conditionWords({NotOf {any}}), u"not (complexity ≥ 0.6 or team = x)"_s);
    }

    void cardsDoNotOverlap_data()
    {
        QTest::addColumn<bool>("mirrored");
        QTest::newRow("from left to right") << false;
        QTest::newRow("from right to left") << true;
    }
    void cardsDoNotOverlap()
    {
        QFETCH(bool, mirrored);
        const PlanNode chained = chain({target("p", "a"), everyKind(), target("p", "b")});
        const PlanNode plan = when({{is("a", "1"), chained}, {is("b", "2"), target("p", "m")}, {is("c", "3"), everyKind()}, {is("d", "4"), limit(3, chained, target("p", "n"))}}, chained);
        const PlanLayout layout = layOut(plan, 96, mirrored);
        for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
            QVERIFY(layout.bounds.contains(layout.boxes[i].where));
            for (std::size_t j = i + 1; j < layout.boxes.size(); ++j)
                QVERIFY(!layout.boxes[i].where.intersects(layout.boxes[j].where));
        }
        for (const Link &link : layout.links) // all ways go on in the direction of reading, or straight up and down
            QVERIFY(mirrored ? link.target.x() <= link.from.x() : link.target.x() >= link.from.x());
    }

    void whatIsUnderAPointIsARowBeforeItsCard()
    {
        const PlanNode plan = everyKind();
        const PlanLayout layout = layOut(plan, 96);
        for (const Path &path : walk(plan)) {
            const QRectF place = placeOf(layout, path);
            QVERIFY(!place.isNull());
            const QPointF at = hasRows(kindOf(*nodeAt(plan, path))) ? place.topLeft() + QPointF(20, 10) : place.center();
            QCOMPARE(nodeUnder(layout, plan, at), std::optional(path));
        }
    }
};

QTEST_APPLESS_MAIN(tst_PlanTree)
#include "tst_plan_tree.moc"
