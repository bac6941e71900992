// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/condition_values.h"

#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"

#include <QTest>

using namespace gateway::config;
using namespace ui::routes;
using namespace Qt::StringLiterals;
using Kind = ConditionValue::Kind;

class tst_ConditionValues : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void valuesAreWhatTheirFieldHolds_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("field");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("text");
        QTest::newRow("a number where anything goes") << u"5"_s << u"metadata.n"_s << int(Kind::Number) << u"5"_s;
        QTest::newRow("quoted it is text") << u"\"5\""_s << u"metadata.n"_s << int(Kind::Text) << u"5"_s;
        QTest::newRow("a word") << u" free "_s << u"metadata.tier"_s << int(Kind::Text) << u"free"_s;
        QTest::newRow("true") << u"true"_s << u"metadata.on"_s << int(Kind::Bool) << u"true"_s;
        QTest::newRow("a team called 5") << u"5"_s << u"team"_s << int(Kind::Text) << u"5"_s;
        QTest::newRow("a share") << u"0.8"_s << u"budget.team.used"_s << int(Kind::Number) << u"0.8"_s;
        QTest::newRow("a weekday's name") << u"mon"_s << u"time.weekday"_s << int(Kind::Text) << u"mon"_s;
    }
    void valuesAreWhatTheirFieldHolds()
    {
        QFETCH(QString, typed);
        QFETCH(QString, field);
        QFETCH(int, kind);
        QFETCH(QString, text);
        const ConditionValue value = valueOf(typed, field.toStdString());
        QCOMPARE(int(value.kind), kind);
        QCOMPARE(QString::fromStdString(value.text), text);
        QVERIFY(valueOf(typedOf(value, field.toStdString()), field.toStdString()) == value); // what is shown reads back
    }

    void rowsAreOneConditionAndBack_data()
    {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<bool>("rows");
        QTest::newRow("one test") << u"metadata.tier: free"_s << true;
        QTest::newRow("several") << u"{ metadata.tier: free, tokens.input: { $gt: 10 }, team: { $in: [a, b] } }"_s << true;
        QTest::newRow("any of them") << u"$or: [{ complexity: { $gte: 0.6 } }, { stream: true }, { session: { $exists: false } }]"_s << true;
        QTest::newRow("a pattern with a comma") << u"key: { $regex: \"^a{1,2}$\" }"_s << true;
        QTest::newRow("conditions within conditions") << u"{ team: a, $or: [{ key: b }, { key: c }] }"_s << false;
        QTest::newRow("not") << u"$not: { team: a }"_s << false;
        QTest::newRow("a comma in a list") << u"team: { $in: [\"a,b\"] }"_s << false;
    }
    void rowsAreOneConditionAndBack()
    {
        QFETCH(QString, yaml);
        QFETCH(bool, rows);
        const auto condition = readCondition(yaml.toStdString());
        QVERIFY(condition);
        const auto found = rowsOf(*condition);
        QCOMPARE(found.has_value(), rows);
        if (found)
            QVERIFY(conditionOf(*found) == *condition);
        const auto again = readCondition(toYaml(*condition));
        QVERIFY(again);
        QVERIFY(*again == *condition);
    }

    void textsAreLiteral()
    {
        const auto condition = readCondition("metadata.tier: \"${HOME}\"");
        QVERIFY(condition);
        QCOMPARE(std::get<FieldTest>(condition->test).values.front().text, std::string("${HOME}"));
        QVERIFY(*readCondition(toYaml(*condition)) == *condition);
        const auto wrong = readCondition("tokens.input: { $gte: 5, $gtt: 3 }");
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().front().line, 1);
        QVERIFY(wrong.error().front().message.find("$gt") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(tst_ConditionValues)
#include "tst_condition_values.moc"
