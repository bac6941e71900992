// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_completion.h"
#include "ui/panes/costs/sql_picture.h"
#include "ui/panes/costs/sql_result_model.h"
#include "tests/ui/support/fake_sql.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace ui::costs;
using tests::FakeSql;

namespace {

gateway::SqlSchema schema()
{
    return {.tables = {{.name = "calls", .meaning = "", .columns = {{"team", "text", "who"}, {"tokens", "integer", ""}, {"started_us", "integer", ""}}},
                       {.name = "attempts", .meaning = "", .columns = {{"call_id", "text", ""}, {"ok", "integer", ""}}}},
            .functions = {{.name = "total", .usage = {}, .meaning = {}}, {.name = "us_of", .usage = "us_of('2026-11-01')", .meaning = "a time"}}};
}

/// "|" is the cursor.
SqlOffers at(QString text, bool all = false)
{
    const qsizetype cursor = text.indexOf(u'|');
    return sqlOffers(text.remove(cursor, 1), cursor, schema(), all);
}

QStringList words(const SqlOffers &offers)
{
    QStringList list;
    for (const SqlOffer &offer : offers.list)
        list.append(offer.text);
    return list;
}

gateway::SqlResult resultOf(const QStringList &columns, const QList<QStringList> &rows)
{
    return (*FakeSql::answerOf({}, columns, rows))->result;
}

} // namespace

/// What is offered to go on with, and what is made of results: as plain values.
class tst_SqlCompletion : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void offersWhatCanFollow_data();
    void offersWhatCanFollow();
    void offersNothingWithinTextsAndComments_data();
    void offersNothingWithinTextsAndComments();
    void placesCountCharacters();
    void drawsDaysAndTeamsAsStacks();
    void drawsManyTimesAsLines();
    void drawsGroupsAsBars();
    void saysWhyThereIsNoChart();
    void numbersAreShort_data();
    void numbersAreShort();
};

void tst_SqlCompletion::offersWhatCanFollow_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("first");
    QTest::newRow("column of calls") << u"SELECT te|"_s << QStringList {u"team"_s};
    QTest::newRow("column, function, keyword") << u"SELECT t| FROM calls"_s << QStringList {u"team"_s, u"tokens"_s, u"total("_s, u"TABLE"_s, u"THEN"_s, u"TRANSACTION"_s};
    QTest::newRow("table after FROM") << u"SELECT team FROM c|"_s << QStringList {u"calls"_s};
    QTest::newRow("all tables after FROM") << u"SELECT team FROM a|"_s << QStringList {u"attempts"_s, u"ALL"_s};
    QTest::newRow("of an alias") << u"SELECT a.| FROM calls c, attempts a"_s << QStringList {u"call_id"_s, u"ok"_s};
    QTest::newRow("of an alias with AS") << u"SELECT a.o| FROM attempts AS a"_s << QStringList {u"ok"_s};
    QTest::newRow("of a table") << u"SELECT calls.s| FROM calls"_s << QStringList {u"started_us"_s};
    QTest::newRow("of both tables") << u"SELECT o| FROM calls c JOIN attempts a ON a.call_id = c.id"_s << QStringList {u"ok"_s};
    QTest::newRow("keyword") << u"SELECT team FROM calls WHER|"_s << QStringList {u"WHERE"_s};
    QTest::newRow("within a word") << u"SELECT to|k FROM calls"_s << QStringList {u"tokens"_s, u"total("_s};
}

void tst_SqlCompletion::offersWhatCanFollow()
{
    QFETCH(QString, text);
    QFETCH(QStringList, first);
    const QStringList found = words(at(text));
    QVERIFY2(found.mid(0, first.size()) == first, qPrintable(found.join(u' ')));
}

void tst_SqlCompletion::offersNothingWithinTextsAndComments_data()
{
    QTest::addColumn<QString>("text");
    for (const auto *text : {u"SELECT 'te|'", u"SELECT 'te|", u"-- te|", u"SELECT /* te| */ 1", u"SELECT 12|", u"SELECT |", u"", u"SELECT te|am"})
        QTest::newRow(qPrintable(QString::fromUtf16(text))) << QString::fromUtf16(text);
}

void tst_SqlCompletion::offersNothingWithinTextsAndComments()
{
    QFETCH(QString, text);
    if (!text.contains(u'|'))
        text += u'|';
    if (text == u"SELECT te|am"_s)
        QCOMPARE(words(at(text)), QStringList {u"team"_s}); // the word's other half is not looked at
    else
        QVERIFY2(at(text).list.isEmpty(), qPrintable(words(at(text)).join(u' ')));
    if (text == u"SELECT |"_s)
        QVERIFY(!at(text, true).list.isEmpty()); // Ctrl+Space
}

void tst_SqlCompletion::placesCountCharacters()
{
    const SqlOffers offers = at(u"SELECT 'é€😀', te| FROM calls"_s);
    QCOMPARE(words(offers), QStringList {u"team"_s});
    QCOMPARE(offers.from, u"SELECT 'é€😀', "_s.size());
    QCOMPARE(offers.typed, u"te"_s);
}

void tst_SqlCompletion::drawsDaysAndTeamsAsStacks()
{
    const auto result = resultOf({u"day"_s, u"team"_s, u"usd"_s}, {{u"2026-11-02"_s, u"search"_s, u"2.5"_s}, {u"2026-11-01"_s, u"search"_s, u"1"_s}, {u"2026-11-01"_s, u"NULL"_s, u"0.5"_s}});
    QCOMPARE(sqlMeasures(result), QList<int> {2});
    const auto made = sqlPicture(result, 2);
    QVERIFY(std::holds_alternative<SqlPicture>(made));
    const SqlPicture &picture = std::get<SqlPicture>(made);
    QCOMPARE(picture.title, u"usd by day and team"_s);
    QCOMPARE(picture.bars.names, QStringList({u"2026-11-01"_s, u"2026-11-02"_s})); // time runs to the right
    QCOMPARE(picture.bars.axis, QStringList({u"1 Nov"_s, u"2"_s}));
    QCOMPARE(picture.bars.series.size(), 2);
    QCOMPARE(picture.bars.series.at(0).label, u"search"_s);
    QCOMPARE(picture.bars.series.at(0).values, QList<double>({1, 2.5}));
    QCOMPARE(picture.bars.series.at(1).label, u"none"_s);
    QCOMPARE(picture.bars.series.at(1).values, QList<double>({0.5, 0}));
}

void tst_SqlCompletion::drawsManyTimesAsLines()
{
    QList<QStringList> rows;
    for (int hour = 0; hour < 100; ++hour) {
        if (hour != 50)
            rows.append({QString::number(1'793'487'600'000'000 + hour * 3'600'000'000LL), QString::number(hour)});
    }
    const auto result = resultOf({u"from_us"_s, u"calls"_s}, rows);
    QCOMPARE(sqlMeasures(result), QList<int> {1});
    const auto made = sqlPicture(result, 1);
    QVERIFY(std::holds_alternative<SqlPicture>(made));
    const SqlPicture &picture = std::get<SqlPicture>(made);
    QVERIFY(picture.isLines());
    QCOMPARE(picture.lines.bins, 100);
    QCOMPARE(picture.lines.stepMs, 3'600'000);
    QVERIFY(std::isnan(picture.lines.series.front().values.at(50))); // a gap is never bridged
    QCOMPARE(picture.lines.series.front().values.at(99), 99.0);
}

void tst_SqlCompletion::drawsGroupsAsBars()
{
    QList<QStringList> rows;
    for (int i = 0; i < 80; ++i)
        rows.append({u"customer %1"_s.arg(i), QString::number(80 - i), u"%1.5"_s.arg(i)});
    const auto result = resultOf({u"customer"_s, u"calls"_s, u"usd"_s}, rows);
    QCOMPARE(sqlMeasures(result), QList<int>({1, 2}));
    const auto made = sqlPicture(result, 2);
    const SqlPicture &picture = std::get<SqlPicture>(made);
    QCOMPARE(picture.bars.bars(), 60);
    QCOMPARE(picture.note, u"the first 60 of 80"_s);
    QCOMPARE(picture.bars.series.front().values.at(3), 3.5);
    QList<QStringList> many;
    for (int i = 0; i < 12; ++i)
        many.append({u"2026-11-01"_s, u"team %1"_s.arg(i), QString::number(i + 1)});
    const auto stacked = sqlPicture(resultOf({u"day"_s, u"team"_s, u"usd"_s}, many), 2);
    QCOMPARE(std::get<SqlPicture>(stacked).bars.series.size(), 8);
    QCOMPARE(std::get<SqlPicture>(stacked).bars.series.last().label, u"5 others"_s);
    QCOMPARE(std::get<SqlPicture>(stacked).bars.series.last().values.front(), 15.0); // 1 to 5
    const auto numbers = resultOf({u"http_status"_s, u"calls"_s}, {{u"200"_s, u"9"_s}, {u"429"_s, u"3"_s}});
    QCOMPARE(sqlMeasures(numbers), QList<int> {1});
    QCOMPARE(std::get<SqlPicture>(sqlPicture(numbers, 1)).bars.names, QStringList({u"200"_s, u"429"_s}));
}

void tst_SqlCompletion::saysWhyThereIsNoChart()
{
    QVERIFY(sqlMeasures(resultOf({u"team"_s}, {{u"search"_s}})).isEmpty());
    const auto alone = sqlPicture(resultOf({u"calls"_s}, {{u"5"_s}}), 0);
    QVERIFY(std::get<QString>(alone).contains(u"needs a column beside"_s));
    const auto negative = sqlPicture(resultOf({u"team"_s, u"change"_s}, {{u"a"_s, u"-5"_s}, {u"b"_s, u"5"_s}}), 1);
    QVERIFY(std::get<QString>(negative).contains(u"below it"_s));
    const auto none = sqlPicture(resultOf({u"team"_s, u"cost"_s}, {{u"a"_s, u"NULL"_s}}), 1);
    QVERIFY(std::get<QString>(none).contains(u"no numbers"_s));
}

void tst_SqlCompletion::numbersAreShort_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("0") << 0.0 << u"0"_s;
    QTest::newRow("whole") << 12.0 << u"12"_s;
    QTest::newRow("larger") << 1234.5 << u"1234.5"_s;
    QTest::newRow("small") << 0.000123456 << u"0.000123"_s;
    QTest::newRow("tiny") << 1.5e-9 << u"1.5e-09"_s;
    QTest::newRow("huge") << 2e18 << u"2e+18"_s;
    QTest::newRow("negative") << -3.25 << u"-3.25"_s;
}

void tst_SqlCompletion::numbersAreShort()
{
    QFETCH(double, value);
    QTEST(sqlNumberText(value), "text");
    const QString shown = sqlChartText(value);
    QCOMPARE(QString(shown).remove(u','), sqlNumberText(value));
    QCOMPARE(shown.contains(u','), std::abs(value) >= 1000 && std::abs(value) < 1e15);
}

QTEST_GUILESS_MAIN(tst_SqlCompletion)
#include "tst_sql_completion.moc"
