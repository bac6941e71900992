// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/costs.h"
#include "gateway/core/sql_filter.h"
#include "gateway/storage/sql_functions.h"
#include "gateway/storage/sql_views.h"
#include "tests/gateway/storage/random_calls.h"
#include "tests/gateway/storage/sql_asker.h"

#include <QTest>

#include <fmt/format.h>

#include <algorithm>
#include <map>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

/// What the console's views show is what was stored.
class tst_SqlViews : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void callsAreTheRecords();
    void attemptsAreAllOfThem();
    void sumsByHourAreThoseOfCosts_data();
    void sumsByHourAreThoseOfCosts();
    void daysAreOfTheZone();
    void filtersFindTheSameCalls_data();
    void filtersFindTheSameCalls();
    void functionsReckon_data();
    void functionsReckon();
    void theSchemaIsWhatCanBeRead();
    void aTimeUsesTheIndex();

private:
    std::unique_ptr<TempStore> m_store;
    std::unique_ptr<SqlAsker> m_sql;
    std::vector<CallRecord> m_records;
    WallTime m_from;
};

void tst_SqlViews::initTestCase()
{
    m_store = std::make_unique<TempStore>();
    m_from = std::chrono::floor<std::chrono::hours>(m_store->clock().wallNow() - 8h);
    std::mt19937 random(44);
    for (int i = 0; i < 5500; ++i) // sealed blocks, and calls after them
        m_records.push_back(randomCall(random, m_from, std::chrono::seconds(5 * 3600)));
    m_records[7].shadow = true;
    m_records[7].shadowOf = m_records[8].id;
    m_records[5499].shadow = true;
    m_store->store(m_records);
    m_sql = std::make_unique<SqlAsker>(m_store->callsPath());
}

void tst_SqlViews::callsAreTheRecords()
{
    const auto rows = m_sql->answer("SELECT id, started_us, team, key, key_id, route, provider, model, asked, endpoint, status, http_status, error, cost_nano, input_tokens, output_tokens, "
                                    "latency_ms, first_token_ms, customer, tags, prompt, policy, cache, trace, stream, test, shadow, shadow_of, counted, error_message, findings FROM calls");
    QCOMPARE(rows->result.rows(), m_records.size());
    std::map<std::string, std::size_t> places;
    for (std::size_t row = 0; row < rows->result.rows(); ++row)
        places[rows->result.asText(row, 0)] = row;
    const auto number = [](std::int64_t value) { return fmt::format("{}", value); };
    for (const CallRecord &record : m_records) {
        QVERIFY(places.contains(record.id));
        const std::size_t row = places[record.id];
        const std::vector<std::string> wanted {
            record.id, number(record.startedAt.time_since_epoch().count()), record.team, record.key, record.keyId, record.route, record.provider, record.model,
            record.askedModel.empty() ? record.route : record.askedModel, std::string(toText(record.endpoint)), std::string(toText(record.status)), number(record.httpStatus),
            record.error ? std::string(toText(*record.error)) : std::string(), record.cost ? number(record.cost->nanos()) : std::string(), number(record.usage.input), number(record.usage.output),
            fmt::format("{}", record.latencyUs / 1e3), record.firstByteUs < 0 ? std::string() : fmt::format("{}", record.firstByteUs / 1e3), record.customer, record.tags, record.prompt, record.policy,
            std::string(toText(record.cache)), record.trace, number(record.stream), number(record.test), number(record.shadow), record.shadowOf, number(record.shadow ? 0 : record.repeats), record.errorMessage};
        for (std::size_t column = 0; column < wanted.size(); ++column) {
            const std::string found = rows->result.asText(row, column);
            QVERIFY2(found == wanted[column], (rows->result.columns()[column] + ": " + found + " is not " + wanted[column]).c_str());
        }
        QCOMPARE(rows->result.kind(row, wanted.size()) == SqlResult::Kind::Null, record.findings.empty());
    }
    QCOMPARE(m_sql->number("SELECT count(*) FROM calls WHERE abs(cost - cost_nano / 1e9) > 1e-12"), 0);
}

void tst_SqlViews::attemptsAreAllOfThem()
{
    std::size_t attempts = 0, failed = 0;
    for (const CallRecord &record : m_records) {
        attempts += record.attempts.size();
        failed += static_cast<std::size_t>(std::ranges::count(record.attempts, false, &AttemptRecord::ok));
    }
    QCOMPARE(m_sql->number("SELECT count(*) FROM attempts"), static_cast<std::int64_t>(attempts));
    QCOMPARE(m_sql->number("SELECT count(*) FROM attempts WHERE NOT ok AND error = 'server_error' AND number = 1"), static_cast<std::int64_t>(failed));
    QCOMPARE(m_sql->number("SELECT sum(attempts) FROM calls"), static_cast<std::int64_t>(attempts));
    QCOMPARE(m_sql->number("SELECT count(*) FROM calls JOIN attempts ON call_id = id AND attempts.number > calls.attempts"), 0);
}

void tst_SqlViews::sumsByHourAreThoseOfCosts_data()
{
    QTest::addColumn<CostField>("by");
    QTest::addColumn<QByteArray>("column");
    QTest::newRow("team") << CostField::Team << QByteArray("team");
    QTest::newRow("key") << CostField::Key << QByteArray("key");
    QTest::newRow("route") << CostField::Route << QByteArray("route");
    QTest::newRow("provider") << CostField::Provider << QByteArray("provider");
    QTest::newRow("model") << CostField::Model << QByteArray("model");
}

void tst_SqlViews::sumsByHourAreThoseOfCosts()
{
    QFETCH(CostField, by);
    QFETCH(QByteArray, column);
    const auto costs = m_store->reader().costs({.borders = {m_from, m_from + 6h}, .by = by});
    QVERIFY(costs.has_value());
    std::vector<std::string> wanted;
    for (const CostBranch &group : costs->groups)
        wanted.push_back(fmt::format("{}|{}|{}|{}|{}|{}", group.name, group.now.cost.nanos(), group.now.calls, group.now.refused, group.now.unpriced, group.now.tokens()));
    std::ranges::sort(wanted);
    for (const char *source : {"usage_hours", "usage_days"}) {
        const QString rows = QString::fromStdString(m_sql->rows(fmt::format("SELECT {0}, sum(cost_nano), sum(calls), sum(refused), sum(unpriced), sum(input_tokens + output_tokens) FROM {1} GROUP BY 1", column.toStdString(), source)));
        QStringList found = rows.split(QLatin1Char('\n'));
        found.sort();
        QCOMPARE(found.size(), static_cast<qsizetype>(wanted.size()));
        for (qsizetype i = 0; i < found.size(); ++i)
            QCOMPARE(found[i], QString::fromStdString(wanted[static_cast<std::size_t>(i)]));
    }
    QCOMPARE(m_sql->number("SELECT sum(cost_nano) FROM calls"), costs->total.cost.nanos());
    QCOMPARE(m_sql->number("SELECT sum(counted) FROM calls"), static_cast<std::int64_t>(costs->total.calls));
    QCOMPARE(m_sql->number("SELECT sum(failed) FROM usage_hours"), m_sql->number("SELECT sum(counted) FROM calls WHERE status IN ('failed', 'cut')"));
    QCOMPARE(m_sql->number("SELECT sum(rescued) FROM usage_hours"), m_sql->number("SELECT sum(counted) FROM calls WHERE rescued AND status <> 'refused'"));
}

void tst_SqlViews::daysAreOfTheZone()
{
    QCOMPARE(m_sql->rows("SELECT day_of(1793487600000000), hour_of(1793487600000000), time_of(1793487600000000)"), std::string("2026-11-01|2026-11-01 00:00|2026-10-31T23:00:00.000Z"));
    QCOMPARE(m_sql->rows("SELECT us_of('2026-11-01'), us_of('2026-11-01 00:00'), us_of('2026-10-31T23:00:00Z'), us_of('2026-11-01T00:00:00.5+01:00'), us_of(NULL)"),
             std::string("1793487600000000|1793487600000000|1793487600000000|1793487600500000|"));
    const auto wrong = m_sql->outcome("SELECT us_of('last week')");
    QVERIFY(!wrong && wrong.error().message.find("'last week'") != std::string::npos);
    QCOMPARE(m_sql->number("SELECT count(*) FROM calls WHERE us_of(day) > started_us OR us_of(hour) > started_us OR substr(hour, 1, 10) <> day"), 0);
}

void tst_SqlViews::filtersFindTheSameCalls_data()
{
    QTest::addColumn<QByteArray>("filter");
    for (const char *filter : {"team:search", "team:s*", "NOT team:growth", "team:\"\"", "key:search-key", "key_id:key_growth", "route:smart", "route:\"\"", "provider:cl*", "model:gpt-4*", "model:gpt-4", "NOT model:gpt-4o",
                               "status:>=400", "status:5xx", "status:<300", "state:refused", "error:rate_limited", "error:\"\"", "endpoint:embeddings", "stream:true", "stream:false", "latency:>2s", "latency:<=1500ms",
                               "ttft:>500ms", "NOT ttft:>500ms", "cost:>0.01", "NOT cost:>=0", "tokens.in:>1000", "tokens.out:<100", "attempts:>1", "peer:127.0.0.1", "customer:acme", "customer:\"\"", "customer:a*",
                               "trace:4bf9*", "trace:ffffffffffffffffffffffffffffffff", "trace:\"\"", "tag:eu", "tag:be*", "NOT tag:eu", "cache:hit", "NOT cache:off", "prompt:summarise", "prompt:summarise@1", "prompt:summ*",
                               "prompt:\"\"", "policy:strict", "policy:\"\"", "finding:email", "finding:e*", "NOT finding:email", "privacy:block", "test:true", "shadow:true", "continued:true", "Overloaded", "gpt-4", "\"llama\"",
                               "(team:search OR team:growth) NOT stream:true latency:>1s", "NOT (team:search status:>=400)"})
        QTest::addRow("%s", filter) << QByteArray(filter);
    QTest::newRow("quotes") << QByteArray(R"(customer:"a' OR 1=1; DROP TABLE calls; -- \"%_\\")");
}

void tst_SqlViews::filtersFindTheSameCalls()
{
    QFETCH(QByteArray, filter);
    const CallFilter parsed = filterOf(filter.toStdString());
    const auto costs = m_store->reader().costs({.borders = {m_from - 1h, m_from + 9h}, .filter = parsed});
    QVERIFY(costs.has_value());
    const std::string condition = sqlCondition(parsed.root());
    const std::string wanted = fmt::format("{}|{}|{}", costs->total.calls, costs->total.cost.nanos(), costs->total.tokens());
    QCOMPARE(QString::fromStdString(m_sql->rows("SELECT ifnull(sum(counted), 0), ifnull(sum(cost_nano), 0), ifnull(sum(input_tokens + output_tokens), 0) FROM calls WHERE " + condition)), QString::fromStdString(wanted));
    QCOMPARE(m_sql->number("SELECT count(*) FROM calls WHERE (" + condition + ") IS NULL"), 0);
}

void tst_SqlViews::functionsReckon_data()
{
    QTest::addColumn<QByteArray>("expression");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *expression, const char *value) { QTest::addRow("%s", expression) << QByteArray(expression) << QByteArray(value); };
    row("(SELECT percentile(value, 50) FROM json_each('[1,2,3,4,100]'))", "3");
    row("(SELECT percentile(value, 95) FROM json_each('[1,2,3,4,100]'))", "100");
    row("(SELECT percentile(value, 0) FROM json_each('[5,4,null]'))", "4");
    row("(SELECT percentile(value, 50) FROM json_each('[]')) IS NULL", "1");
    row("json_extract('{\"a\":[1,2]}', '$.a[1]')", "2");
    row("'{\"a\":3}' ->> 'a'", "3");
    row("upper('a') || 'b'", "Ab");
    row("'abc' LIKE 'A%'", "1");
    row("max(1, 2, 3)", "3");
    row("NULL", "");
    row("x'00ff'", "x'00ff'");
    row("0.1", "0.1");
    row("9223372036854775807", "9223372036854775807");
}

void tst_SqlViews::functionsReckon()
{
    QFETCH(QByteArray, expression);
    QFETCH(QByteArray, value);
    QCOMPARE(QByteArray::fromStdString(m_sql->rows("SELECT " + expression.toStdString())), value);
}

void tst_SqlViews::theSchemaIsWhatCanBeRead()
{
    for (const SqlTable &table : sqlTables()) {
        const auto answer = m_sql->answer("SELECT * FROM " + table.name + " LIMIT 50");
        std::vector<std::string> names;
        for (const SqlColumn &column : table.columns)
            names.push_back(column.name);
        QVERIFY2(answer->result.columns() == names, table.name.c_str());
        for (std::size_t row = 0; row < answer->result.rows(); ++row) {
            for (std::size_t column = 0; column < names.size(); ++column) {
                const SqlResult::Kind kind = answer->result.kind(row, column);
                const std::string &type = table.columns[column].type;
                QVERIFY2(kind == SqlResult::Kind::Null || (type == "integer" ? kind == SqlResult::Kind::Integer : type == "real" ? kind == SqlResult::Kind::Real : kind == SqlResult::Kind::Text), (table.name + "." + names[column]).c_str());
            }
        }
    }
    for (const SqlFunction &function : sqlFunctions())
        QVERIFY(isSqlFunction(function.name));
}

void tst_SqlViews::aTimeUsesTheIndex()
{
    const std::string plan = m_sql->rows("EXPLAIN QUERY PLAN SELECT team, sum(cost_nano) FROM calls WHERE started_us >= us_of('2026-11-01') GROUP BY team");
    QVERIFY2(plan.find("calls_started") != std::string::npos, plan.c_str());
}

QTEST_GUILESS_MAIN(tst_SqlViews)
#include "tst_sql_views.moc"
