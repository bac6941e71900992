// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/sql_console.h"
#include "tests/gateway/storage/random_calls.h"
#include "tests/gateway/storage/sql_asker.h"

#include <QTest>

#include <atomic>
#include <future>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

namespace {

SqlQuestion question(const std::string &text)
{
    const auto made = sqlQuestion(text, 1'000'000'000);
    if (!made)
        qFatal("%s: %s", text.c_str(), made.error().message.c_str());
    return *made;
}

constexpr const char *endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n";

} // namespace

/// The console refuses all but to read what is offered, and stands still when it is told to.
class tst_SqlConsole : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everyWriteIsRefused_data();
    void everyWriteIsRefused();
    void nothingElseCanBeRead_data();
    void nothingElseCanBeRead();
    void ordinaryQueriesAreAllowed_data();
    void ordinaryQueriesAreAllowed();
    void errorsPointIntoTheText_data();
    void errorsPointIntoTheText();
    void resultsAreBounded();
    void queriesAreBounded();
    void temporaryFilesAreBounded();
    void cancelStopsIt_data();
    void cancelStopsIt();
    void aNewerQueryTakesTheOldersPlace();
    void tellsHowFarItIs();
    void endsWhileAQueryRuns();
    void aMissingLogIsAnError();
    void doesNotStopTheWriter();

private:
    std::unique_ptr<TempStore> m_store;
    std::unique_ptr<SqlAsker> m_sql;
};

void tst_SqlConsole::initTestCase()
{
    m_store = std::make_unique<TempStore>();
    std::mt19937 random(45);
    std::vector<CallRecord> records;
    for (int i = 0; i < 6000; ++i)
        records.push_back(randomCall(random, m_store->clock().wallNow() - 8h, std::chrono::seconds(5 * 3600)));
    m_store->store(records);
    m_sql = std::make_unique<SqlAsker>(m_store->callsPath());
}

/// Past the console's own look at the text: what SQLite itself is left to refuse.
void tst_SqlConsole::everyWriteIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"DELETE FROM calls", "DELETE FROM main.calls", "WITH x AS (SELECT 1) DELETE FROM main.calls", "INSERT INTO main.names (id, kind, name) VALUES (9999, 1, 'x')", "REPLACE INTO main.names VALUES (1, 1, 'x')",
                             "UPDATE main.calls SET cost = 0", "CREATE TABLE x (y)", "CREATE TEMP TABLE x (y)", "CREATE TEMP VIEW x AS SELECT * FROM main.keepsakes", "CREATE INDEX x ON calls (team)",
                             "CREATE TEMP TRIGGER x INSTEAD OF DELETE ON calls BEGIN DELETE FROM main.calls; END", "CREATE VIRTUAL TABLE temp.x USING fts5(y)", "DROP TABLE main.calls", "DROP VIEW calls", "DROP VIEW temp.calls",
                             "ALTER TABLE main.calls RENAME TO x", "ATTACH ':memory:' AS x", "ATTACH 'signalbox.db' AS x", "DETACH temp", "PRAGMA query_only = OFF", "PRAGMA user_version", "PRAGMA table_info(calls)", "PRAGMA temp_store = 2",
                             "VACUUM", "VACUUM INTO 'x.db'", "ANALYZE", "REINDEX", "BEGIN", "BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT x", "RELEASE x", "ROLLBACK"})
        QTest::addRow("%s", text) << QByteArray(text);
}

void tst_SqlConsole::everyWriteIsRefused()
{
    QFETCH(QByteArray, text);
    const std::int64_t before = m_sql->number("SELECT count(*) FROM calls");
    const auto outcome = m_sql->run({.text = text.toStdString()});
    QVERIFY(!outcome);
    QVERIFY(!outcome.error().message.empty());
    QVERIFY(!m_sql->outcome(text.toStdString())); // and with words of its own
    QCOMPARE(m_sql->number("SELECT count(*) FROM calls"), before);
    QVERIFY(!m_sql->run({.text = "CREATE TEMP TABLE x (y)"}));
}

void tst_SqlConsole::nothingElseCanBeRead_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"SELECT * FROM keepsakes", "SELECT * FROM main.keepsakes", "SELECT count(*) FROM keepsakes", "SELECT 1 FROM main.keepsakes", "SELECT request FROM bodies", "SELECT * FROM main.bodies", "SELECT count(*) FROM main.bodies",
                             "SELECT * FROM names", "SELECT * FROM main.names", "SELECT * FROM main.calls", "SELECT id FROM main.calls", "SELECT rowid FROM main.calls", "SELECT * FROM main.attempts",
                             "SELECT * FROM spend", "SELECT * FROM budget_spend", "SELECT * FROM blocks", "SELECT * FROM trace_blocks", "SELECT * FROM marks", "SELECT * FROM extras", "SELECT * FROM dims", "SELECT * FROM rollup_hour",
                             "SELECT * FROM sqlite_master", "SELECT * FROM main.sqlite_schema", "SELECT * FROM sqlite_temp_master", "SELECT sql FROM temp.sqlite_master", "SELECT count(*) FROM sqlite_master",
                             "SELECT * FROM pragma_table_info('calls')", "SELECT * FROM pragma_database_list", "SELECT count(*) FROM pragma_database_list", "SELECT * FROM dbstat", "SELECT * FROM sqlite_dbpage",
                             "WITH calls AS (SELECT * FROM main.keepsakes) SELECT * FROM calls", "WITH calls AS (SELECT value FROM main.keepsakes) SELECT value FROM calls", "WITH attempts AS (SELECT request FROM main.bodies) SELECT * FROM attempts",
                             "SELECT * FROM (SELECT * FROM main.bodies) AS calls", "SELECT (SELECT value FROM main.keepsakes LIMIT 1)", "SELECT * FROM calls WHERE EXISTS (SELECT 1 FROM keepsakes)",
                             "SELECT id FROM calls UNION ALL SELECT value FROM keepsakes", "WITH calls AS (SELECT http_status, bad FROM main.calls) SELECT bad FROM calls", "SELECT load_extension('x')", "SELECT sqlite_version()",
                             "SELECT readfile('/etc/passwd')", "SELECT randomblob(10)", "SELECT zeroblob(100000000)", "SELECT last_insert_rowid()", "SELECT sqlite_compileoption_get(1)", "SELECT fts3_tokenizer('x')"})
        QTest::addRow("%s", text) << QByteArray(text);
}

void tst_SqlConsole::nothingElseCanBeRead()
{
    QFETCH(QByteArray, text);
    const auto outcome = m_sql->outcome(text.toStdString());
    QVERIFY2(!outcome, outcome ? (*outcome)->result.columns().front().c_str() : "");
    QVERIFY(!outcome.error().message.empty());
}

void tst_SqlConsole::ordinaryQueriesAreAllowed_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"SELECT count(*) FROM calls", "SELECT 1", "VALUES (1), (2)", "SELECT count(*) FROM temp.calls", "WITH x AS (SELECT team FROM calls) SELECT count(*) FROM x", "WITH x AS (SELECT 1) SELECT count(*) FROM x",
                             "SELECT c.team, a.provider FROM calls c JOIN attempts a ON a.call_id = c.id WHERE c.id = (SELECT max(id) FROM calls)", "SELECT team, count(*) FROM calls GROUP BY team HAVING count(*) > 1 ORDER BY 2 DESC",
                             "SELECT row_number() OVER (PARTITION BY team ORDER BY started_us), team FROM calls", "SELECT DISTINCT model FROM calls", "SELECT team FROM calls EXCEPT SELECT 'search'",
                             "SELECT t.value FROM calls, json_each('[\"' || replace(tags, ',', '\",\"') || '\"]') AS t WHERE tags IS NOT NULL", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT * FROM n",
                             "SELECT * FROM feedback", "EXPLAIN QUERY PLAN SELECT * FROM calls", "SELECT a.team FROM calls a, calls b WHERE a.id = b.id", "SELECT CASE WHEN cost > 0.01 THEN 'dear' ELSE 'cheap' END, count(*) FROM calls GROUP BY 1",
                             "SELECT date(started), strftime('%H', started) FROM calls", "SELECT calls.team FROM calls LEFT JOIN usage_hours USING (team)", "SELECT count(DISTINCT customer) FILTER (WHERE stream) FROM calls"})
        QTest::addRow("%s", text) << QByteArray(text);
}

void tst_SqlConsole::ordinaryQueriesAreAllowed()
{
    QFETCH(QByteArray, text);
    const auto outcome = m_sql->outcome(text.toStdString(), {}, 50);
    QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message.c_str());
    if (!text.contains("feedback"))
        QVERIFY((*outcome)->result.rows() > 0);
}

void tst_SqlConsole::errorsPointIntoTheText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("about");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *text, const char *about, const char *words) { QTest::addRow("%s", text) << QByteArray(text) << QByteArray(about) << QByteArray(words); };
    row("SELECT teem FROM calls", "teem", "There is no column teem in what is read. Did you mean team?");
    row("SELECT c.modell\nFROM calls c", "c", "Did you mean model?");
    row("SELECT team FROM cals", "", "There is no table cals. Did you mean calls?");
    row("SELECT value FROM keepsakes", "keepsakes", "keepsakes cannot be read here. There are: calls, attempts, usage_hours, usage_days, feedback.");
    row("SELECT load_extension('x')", "load_extension", "The function load_extension() is not offered here.");
    row("SELECT nosuch(1)", "nosuch", "There is no function nosuch().");
    row("SELECT team FROM calls WHERE WHERE team = 1", "WHERE", "syntax error");
    row("SELECT team FROM calls WHERE", "", "The query ends too early.");
    row("SELECT provider FROM calls c, attempts a", "provider", "More than one table has a column provider");
    row("SELECT \"nosuch\" FROM calls", "\"nosuch\"", "There is no column nosuch");
    row("SELECT sum(team, cost) FROM calls", "", "Wrong number of arguments to function sum()");
}

void tst_SqlConsole::errorsPointIntoTheText()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, about);
    QFETCH(QByteArray, words);
    const auto outcome = m_sql->run({.text = text.toStdString()});
    QVERIFY(!outcome);
    const SqlProblem &problem = outcome.error();
    QVERIFY2(QByteArray::fromStdString(problem.message).contains(words), problem.message.c_str());
    if (!about.isEmpty())
        QCOMPARE(text.mid(static_cast<qsizetype>(problem.from), static_cast<qsizetype>(problem.to - problem.from)), about);
}

void tst_SqlConsole::resultsAreBounded()
{
    const auto rows = m_sql->outcome("SELECT id FROM calls", {.rows = 100});
    QVERIFY(rows.has_value());
    QCOMPARE((*rows)->result.rows(), std::size_t {100});
    QVERIFY((*rows)->cut == SqlAnswer::Cut::Rows);
    const auto bytes = m_sql->outcome("SELECT * FROM calls", {.bytes = 100'000});
    QVERIFY(bytes.has_value());
    QVERIFY((*bytes)->cut == SqlAnswer::Cut::Bytes && (*bytes)->result.bytes() < 110'000);
    const auto whole = m_sql->outcome("SELECT id FROM calls LIMIT 100", {.rows = 100});
    QVERIFY(whole && (*whole)->cut == SqlAnswer::Cut::No);
}

void tst_SqlConsole::queriesAreBounded()
{
    const auto large = m_sql->outcome("SELECT printf('%*d', 1000000, 1)");
    QVERIFY(!large || (*large)->result.bytes() < 1'000'000);
    QVERIFY(!m_sql->outcome("SELECT length(group_concat(id || id || id)) FROM calls"));
    QVERIFY(!m_sql->outcome("SELECT " + std::string(200'000, ' ') + "1"));
    std::string deep = "1";
    for (int i = 0; i < 1000; ++i)
        deep = "(" + deep + "+1)";
    QVERIFY(!m_sql->outcome("SELECT " + deep));
}

/// DISTINCT over millions of pairs goes to a file that has no name.
void tst_SqlConsole::temporaryFilesAreBounded()
{
    const auto outcome = m_sql->outcome("SELECT count(*) FROM (SELECT DISTINCT a.id || b.id FROM calls a, calls b)", {.temporary = 10'000'000});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::BadRequest);
    QVERIFY2(outcome.error().message.find("more than 10 MB on the disk") != std::string::npos, outcome.error().message.c_str());
    QVERIFY(m_sql->outcome("SELECT count(*) FROM (SELECT DISTINCT id FROM calls)", {.temporary = 10'000'000})); // and the next one runs
}

void tst_SqlConsole::cancelStopsIt_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("endless") << QByteArray(endless);
    QTest::newRow("cross join") << QByteArray("SELECT count(*) FROM calls a, calls b, calls c WHERE a.team > b.model || c.route");
    QTest::newRow("large sort") << QByteArray("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000000) SELECT i FROM n ORDER BY i * 7919 % 1000003, i LIMIT 1");
    QTest::newRow("distinct texts") << QByteArray("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(DISTINCT hex(i * 7919)) FROM n");
    QTest::newRow("many rows") << QByteArray("SELECT a.id, b.id FROM calls a, calls b");
    QTest::newRow("long texts") << QByteArray("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(instr(replace(printf('%100000s', i), ' ', 'ab'), 'abc')) FROM n");
    QTest::newRow("by hour and text") << QByteArray("SELECT hour, team, count(*) FROM (SELECT a.* FROM calls a, calls b) GROUP BY 1, 2");
}

void tst_SqlConsole::cancelStopsIt()
{
    QFETCH(QByteArray, text);
    SqlConsole console(m_store->callsPath());
    std::promise<SqlOutcome> answered;
    std::promise<void> running;
    int told = 0;
    console.ask({.question = question(text.toStdString()),
                 .limits = {.rows = 2'000'000'000, .bytes = 400'000'000},
                 .progress = [&](SqlProgress) {
                     if (++told == 7) // well into it
                         running.set_value();
                 },
                 .done = [&](SqlOutcome outcome) { answered.set_value(std::move(outcome)); }});
    QVERIFY(running.get_future().wait_for(60s) == std::future_status::ready);
    auto outcome = answered.get_future();
    if (outcome.wait_for(0s) == std::future_status::ready)
        QSKIP("It was over before it could be cancelled.");
    const auto cancelled = std::chrono::steady_clock::now();
    console.cancel();
    QVERIFY(outcome.wait_for(20s) == std::future_status::ready);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - cancelled);
    qInfo("stands still after %lld ms", static_cast<long long>(took.count()));
    QVERIFY2(took <= 200ms, qPrintable(QString::number(took.count())));
    const SqlOutcome given = outcome.get();
    QVERIFY(!given && given.error().code == ErrorCode::Cancelled);
}

void tst_SqlConsole::aNewerQueryTakesTheOldersPlace()
{
    SqlConsole console(m_store->callsPath());
    std::atomic<int> stale = 0;
    for (int i = 0; i < 20; ++i)
        console.ask({.question = question(endless), .done = [&](const SqlOutcome &) { ++stale; }});
    std::promise<SqlOutcome> answered;
    console.ask({.question = question("SELECT 42"), .done = [&](SqlOutcome outcome) { answered.set_value(std::move(outcome)); }});
    auto future = answered.get_future();
    QVERIFY(future.wait_for(5s) == std::future_status::ready);
    const SqlOutcome outcome = future.get();
    QVERIFY(outcome && (*outcome)->result.asText(0, 0) == "42");
    QCOMPARE(stale.load(), 0);
}

void tst_SqlConsole::tellsHowFarItIs()
{
    SqlConsole console(m_store->callsPath());
    std::promise<SqlProgress> told;
    bool once = false;
    console.ask({.question = question("SELECT a.id FROM calls a, calls b"),
                 .limits = {.rows = 2'000'000'000, .bytes = 400'000'000},
                 .progress =
                     [&](SqlProgress progress) {
                         if (progress.rows > 1000 && !std::exchange(once, true))
                             told.set_value(progress);
                     },
                 .done = [](const SqlOutcome &) {}});
    auto future = told.get_future();
    QVERIFY(future.wait_for(10s) == std::future_status::ready);
    QVERIFY(future.get().elapsed >= 100ms);
    console.cancel();
}

void tst_SqlConsole::endsWhileAQueryRuns()
{
    const auto began = std::chrono::steady_clock::now();
    {
        SqlConsole console(m_store->callsPath());
        console.ask({.question = question(endless), .done = [](const SqlOutcome &) {}});
    }
    QVERIFY(std::chrono::steady_clock::now() - began < 2s);
}

void tst_SqlConsole::aMissingLogIsAnError()
{
    SqlConsole console("/nonexistent/calls.db");
    std::promise<SqlOutcome> answered;
    console.ask({.question = question("SELECT 1"), .done = [&](SqlOutcome outcome) { answered.set_value(std::move(outcome)); }});
    const SqlOutcome outcome = answered.get_future().get();
    QVERIFY(!outcome && !outcome.error().message.empty());
}

void tst_SqlConsole::doesNotStopTheWriter()
{
    SqlConsole console(m_store->callsPath());
    std::promise<void> running;
    bool told = false;
    console.ask({.question = question(endless),
                 .progress =
                     [&](SqlProgress) {
                         if (!std::exchange(told, true))
                             running.set_value();
                     },
                 .done = [](const SqlOutcome &) {}});
    running.get_future().wait();
    m_store->store({sampleCall(m_store->clock().wallNow())});
    console.cancel();
    QCOMPARE(m_sql->number("SELECT count(*) FROM calls"), 6001);
}

QTEST_GUILESS_MAIN(tst_SqlConsole)
#include "tst_sql_console.moc"
