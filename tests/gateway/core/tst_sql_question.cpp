// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/sql_question.h"
#include "gateway/core/sql_tokens.h"

#include <QTest>

using namespace gateway;

namespace {

std::string kinds(std::string_view text)
{
    static constexpr std::string_view letters = "KNQTDBPOC!";
    std::string line;
    for (const SqlToken &token : sqlTokens(text))
        line += letters[static_cast<std::size_t>(token.kind)];
    return line;
}

QString qt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

class tst_SqlQuestion : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wordsHaveTheirKinds_data();
    void wordsHaveTheirKinds();
    void parenthesesHaveADepth();
    void keywordsAreSorted();
    void putsALimitWhereThereIsNone_data();
    void putsALimitWhereThereIsNone();
    void keepsItsOwnLimit_data();
    void keepsItsOwnLimit();
    void refusesAllThatIsNoQuestion_data();
    void refusesAllThatIsNoQuestion();
};

void tst_SqlQuestion::wordsHaveTheirKinds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("kinds");
    const auto row = [](const char *text, const char *wanted) { QTest::addRow("%s", text) << QByteArray(text) << QByteArray(wanted); };
    row("select Team from calls", "KNKN");
    row("'it''s' \"a\"\"b\" [c d] `e`", "TQQQ");
    row("1 0.5 .5 1e9 1e-3 0xff 1.", "DDDDDDD");
    row("1day 1e", "!!");
    row("x'00ff' X'' x'0' x'zz'", "BB!!");
    row("? ?1 :name @a $b", "PPPPP");
    row("a||b->>'x' <> != <= == .", "NONOTOOOOO");
    row("-- one\nSELECT /* two */ 1 -- three", "CKCDC");
    row("/* open", "C");
    row("'open", "T");
    row("calls.limit", "NON"); // after a point it is a column
    row("caf\xc3\xa9 _x a$b", "NNN");
    row("# ^ \x01", "!!!");
    row("1-1 a-b", "DODNON");
}

void tst_SqlQuestion::wordsHaveTheirKinds()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, kinds);
    QCOMPARE(QByteArray::fromStdString(::kinds(text.toStdString())), kinds);
}

void tst_SqlQuestion::parenthesesHaveADepth()
{
    const std::string_view text = "a(b(c)d)e)f";
    std::string depths;
    for (const SqlToken &token : sqlTokens(text))
        depths += static_cast<char>('0' + token.depth);
    QCOMPARE(qt(depths), QStringLiteral("00112110000"));
}

void tst_SqlQuestion::keywordsAreSorted()
{
    QVERIFY(std::ranges::is_sorted(sqlKeywords()));
}

void tst_SqlQuestion::putsALimitWhereThereIsNone_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("limited");
    const auto row = [](const char *text, const char *limited) { QTest::addRow("%s", text) << QByteArray(text) << QByteArray(limited); };
    row("SELECT 1", "SELECT 1\nLIMIT 1000");
    row("select 1 ;", "select 1\nLIMIT 1000 ;");
    row("SELECT 1;;  ", "SELECT 1\nLIMIT 1000;;  ");
    row("SELECT 1 -- LIMIT 5", "SELECT 1\nLIMIT 1000 -- LIMIT 5");
    row("SELECT 1 /* LIMIT 5 */ ; -- x", "SELECT 1\nLIMIT 1000 /* LIMIT 5 */ ; -- x");
    row("SELECT 'LIMIT 5'", "SELECT 'LIMIT 5'\nLIMIT 1000");
    row("SELECT ';' AS \"limit\"", "SELECT ';' AS \"limit\"\nLIMIT 1000");
    row("SELECT * FROM (SELECT 1 LIMIT 5)", "SELECT * FROM (SELECT 1 LIMIT 5)\nLIMIT 1000");
    row("WITH x AS (SELECT 1 LIMIT 5) SELECT * FROM x", "WITH x AS (SELECT 1 LIMIT 5) SELECT * FROM x\nLIMIT 1000");
    row("SELECT 1 UNION ALL SELECT 2 ORDER BY 1", "SELECT 1 UNION ALL SELECT 2 ORDER BY 1\nLIMIT 1000");
    row("VALUES (1) UNION SELECT 2", "VALUES (1) UNION SELECT 2\nLIMIT 1000");
    row("SELECT (SELECT 1 LIMIT 1), (VALUES (1))", "SELECT (SELECT 1 LIMIT 1), (VALUES (1))\nLIMIT 1000");
    row("-- a comment first\nSELECT 1", "-- a comment first\nSELECT 1\nLIMIT 1000");
    row("SELECT replace(team, 'a', 'b') FROM calls", "SELECT replace(team, 'a', 'b') FROM calls\nLIMIT 1000");
}

void tst_SqlQuestion::putsALimitWhereThereIsNone()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, limited);
    const auto question = sqlQuestion(text.toStdString());
    QVERIFY2(question.has_value(), question ? "" : question.error().message.c_str());
    QVERIFY(question->limited);
    QCOMPARE(QByteArray::fromStdString(question->text), limited);
    QCOMPARE(qt(question->text.substr(question->from, question->to - question->from)), QStringLiteral("LIMIT 1000"));
    const auto again = sqlQuestion(question->text);
    QVERIFY(again && !again->limited && again->text == question->text);
}

void tst_SqlQuestion::keepsItsOwnLimit_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"SELECT 1 LIMIT 5", "select 1 limit 5 offset 2;", "WITH x AS (SELECT 1) SELECT * FROM x LIMIT 5", "SELECT 1 UNION SELECT 2 LIMIT (SELECT 3)", "VALUES (1), (2)", "SELECT 1 UNION VALUES (2)",
                             "EXPLAIN QUERY PLAN SELECT 1", "EXPLAIN SELECT 1", "WITH x AS (SELECT 1) VALUES (1)", "SELECT calls."})
        QTest::addRow("%s", text) << QByteArray(text);
}

void tst_SqlQuestion::keepsItsOwnLimit()
{
    QFETCH(QByteArray, text);
    const auto question = sqlQuestion(text.toStdString());
    QVERIFY2(question.has_value(), question ? "" : question.error().message.c_str());
    QVERIFY(!question->limited);
    QCOMPARE(QByteArray::fromStdString(question->text), text);
}

void tst_SqlQuestion::refusesAllThatIsNoQuestion_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("about"); ///< what of the text the problem is about
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *text, const char *about, const char *words) { QTest::addRow("%s", text) << QByteArray(text) << QByteArray(about) << QByteArray(words); };
    row("", "", "There is no query yet.");
    row(" -- nothing\n ;", "", "There is no query yet.");
    row("DELETE FROM calls", "DELETE", "DELETE is refused: this console only reads. How long calls are kept is in Settings, under Retention.");
    row("drop table calls", "drop", "DROP is refused");
    row("/* x */ insert into calls values (1)", "insert", "INSERT is refused: this console only reads.");
    row("WITH x AS (SELECT 1) DELETE FROM calls", "DELETE", "DELETE is refused");
    row("EXPLAIN QUERY PLAN UPDATE calls SET cost = 0", "UPDATE", "UPDATE is refused");
    row("REPLACE INTO calls VALUES (1)", "REPLACE", "REPLACE is refused");
    row("CREATE TEMP TABLE x (y)", "CREATE", "CREATE is refused");
    row("ATTACH 'signalbox.db' AS other", "ATTACH", "ATTACH is refused: this console reads the call log and no other database.");
    row("DETACH x", "DETACH", "DETACH is refused");
    row("PRAGMA table_list", "PRAGMA", "PRAGMA is refused");
    row("VACUUM", "VACUUM", "VACUUM is refused");
    row("BEGIN", "BEGIN", "nothing to begin or to end");
    row("SAVEPOINT x", "SAVEPOINT", "nothing to begin or to end");
    row("ANALYZE", "ANALYZE", "only reads");
    row("EXPLAIN", "EXPLAIN", "Something must follow EXPLAIN.");
    row("hello", "hello", "A query begins with SELECT, WITH or VALUES.");
    row("SELECT 1; DELETE FROM calls", "DELETE", "One query at a time");
    row("SELECT 1; SELECT 2", "SELECT", "One query at a time");
    row("SELECT ?1", "?1", "?1 stands for a value that nobody gives.");
    row("SELECT :team", ":team", "stands for a value");
    row("SELECT 'open", "'open", "The ' that ends this text is missing.");
    row("SELECT \"open", "\"open", "The end of this name is missing.");
    row("SELECT 1day", "1day", "This is not SQL: 1day");
    row("SELECT sum(cost FROM calls", "(", "The ) that ends this is missing.");
    row("SELECT count(*)) FROM calls", ")", "There is a ) without a ( before it.");
}

void tst_SqlQuestion::refusesAllThatIsNoQuestion()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, about);
    QFETCH(QByteArray, words);
    const auto question = sqlQuestion(text.toStdString());
    QVERIFY(!question);
    const SqlProblem &problem = question.error();
    QVERIFY2(qt(problem.message).contains(QString::fromUtf8(words)), problem.message.c_str());
    QCOMPARE(text.mid(static_cast<qsizetype>(problem.from), static_cast<qsizetype>(problem.to - problem.from)), about);
}

QTEST_APPLESS_MAIN(tst_SqlQuestion)
#include "tst_sql_question.moc"
