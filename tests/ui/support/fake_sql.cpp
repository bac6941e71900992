// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_sql.h"

#include "gateway/storage/sql_views.h"
#include "ui/bridge/text.h"

#include <QPointer>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace tests {

namespace {

using gateway::SqlOutcome;
using gateway::SqlQuestion;
using gateway::SqlResult;

/// November up to the pictures' day, by team.
SqlOutcome days(const SqlQuestion &question)
{
    QList<QStringList> rows;
    const QList<std::pair<QString, double>> teams {{u"search"_s, 56.2}, {u"support"_s, 43.1}, {u"growth"_s, 25.7}, {u"research"_s, 24.9}, {u"platform"_s, 9.6}, {u"NULL"_s, 1.31}};
    for (int day = 1; day <= 17; ++day) {
        const bool weekend = day == 1 || day == 7 || day == 8 || day == 14 || day == 15;
        for (const auto &[team, usd] : teams)
            rows.append({u"2026-11-%1"_s.arg(day, 2, 10, QChar(u'0')), team, QString::number(usd * (weekend ? 0.35 : 1) * (0.88 + 0.04 * ((day * 7) % 5)), 'f', 6)});
    }
    return FakeSql::answerOf(question, {u"day"_s, u"team"_s, u"usd"_s}, rows);
}

SqlOutcome calls(const SqlQuestion &question)
{
    QList<QStringList> rows;
    for (int i = 0; i < 100; ++i) {
        rows.append({u"call_01KA8M3V%1QFXZ4T7RNHB2CJ0"_s.arg(i * 7 % 1000, 3, 10, QChar(u'0')), u"2026-11-17T13:%1:06.418Z"_s.arg(59 - i % 60, 2, 10, QChar(u'0')), i % 9 == 4 ? u"NULL"_s : i % 3 == 0 ? u"search"_s : u"support"_s,
            i % 4 == 1 ? u"claude-sonnet-4"_s : u"gpt-4o"_s, QString::number(18'400 - i * 151), QString::number(2'120 - i * 17), i == 7 ? u"NULL"_s : QString::number(0.0921 - i * 0.0008, 'f', 6)});
    }
    return FakeSql::answerOf(question, {u"id"_s, u"started"_s, u"team"_s, u"model"_s, u"input_tokens"_s, u"output_tokens"_s, u"cost"_s}, rows);
}

} // namespace

FakeSql::FakeSql(gateway::api::Gateway *gateway) :
    SqlTools(gateway), m_schema {.tables = gateway::storage::sqlTables(), .functions = {{.name = "us_of", .usage = "us_of('2026-11-17 14:30')", .meaning = "a time as microseconds"}, {.name = "percentile", .usage = "percentile(latency_ms, 95)", .meaning = "the value that so many per cent do not exceed"}, {.name = "sum", .usage = {}, .meaning = {}}}}
{
}

void FakeSql::ask(SqlQuestion question, QObject *context, std::function<void(gateway::SqlProgress)> onProgress, std::function<void(SqlOutcome)> done)
{
    m_asked.push_back(question.text);
    m_progress = std::move(onProgress);
    if (m_waiting)
        return;
    QTimer::singleShot(0, context, [this, question = std::move(question), done = std::move(done)] {
        if (m_failing)
            done(std::unexpected(gateway::SqlProblem {.code = gateway::ErrorCode::Io, .message = "Cannot read the call log. The disk has no space left (calls.db, 41.2 GB). Calls go on."}));
        else if (m_answer)
            done(m_answer(question));
        else
            done(question.text.find("usage_hours") != std::string::npos ? days(question) : calls(question));
    });
}

void FakeSql::tellProgress(gateway::SqlProgress progress)
{
    if (m_progress)
        m_progress(progress);
}

SqlOutcome FakeSql::answerOf(const SqlQuestion &question, const QStringList &columns, const QList<QStringList> &rows)
{
    auto answer = std::make_shared<gateway::SqlAnswer>();
    answer->result = SqlResult(ui::bridge::utf8List(columns));
    answer->question = question;
    answer->took = std::chrono::microseconds(38'200);
    for (const QStringList &row : rows) {
        for (const QString &cell : row) {
            bool whole = false, real = false;
            const qlonglong integer = cell.toLongLong(&whole);
            const double number = cell.toDouble(&real);
            if (cell == u"NULL"_s)
                answer->result.addNull();
            else if (cell.startsWith(u"x'"_s))
                answer->result.addBlob(QByteArray::fromHex(cell.mid(2).chopped(1).toLatin1()).toStdString());
            else if (whole)
                answer->result.addInteger(integer);
            else if (real)
                answer->result.addReal(number);
            else
                answer->result.addText(ui::bridge::utf8(cell));
        }
    }
    return answer;
}

} // namespace tests
