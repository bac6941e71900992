// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/sql_run.h"

#include "gateway/core/sql_tokens.h"
#include "gateway/core/text.h"
#include "gateway/storage/sql_views.h"
#include "gateway/storage/temporary_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <sqlite3.h>

namespace gateway::storage {

namespace {

constexpr std::chrono::milliseconds betweenLooksAtFiles {200};
constexpr int stepsBetweenLooks = 2000; // of SQLite's machine: well below a millisecond

/// The name at the end of SQLite's words: "no such column: x.y".
std::string_view nameAfter(std::string_view words, std::string_view beginning)
{
    return words.starts_with(beginning) ? words.substr(beginning.size()) : std::string_view();
}

std::string didYouMean(std::string_view name, const std::vector<std::string_view> &names)
{
    const std::string_view near = nearestName(name.substr(name.rfind('.') + 1), names);
    return near.empty() ? std::string() : fmt::format(" Did you mean {}?", near);
}

std::vector<std::string_view> tableNames()
{
    std::vector<std::string_view> names;
    for (const SqlTable &table : sqlTables())
        names.push_back(table.name);
    return names;
}

std::vector<std::string_view> columnNames()
{
    std::vector<std::string_view> names;
    for (const SqlTable &table : sqlTables()) {
        for (const SqlColumn &column : table.columns)
            names.push_back(column.name);
    }
    return names;
}

/// SQLite's words as a sentence.
std::string sentence(std::string_view words)
{
    if (const std::string_view table = nameAfter(words, "no such table: "); !table.empty())
        return fmt::format("There is no table {}.{}", table, didYouMean(table, tableNames()));
    if (const std::string_view column = nameAfter(words, "no such column: "); !column.empty())
        return fmt::format("There is no column {} in what is read.{}", column, didYouMean(column, columnNames()));
    if (const std::string_view function = nameAfter(words, "no such function: "); !function.empty())
        return fmt::format("There is no function {}().", function);
    if (const std::string_view column = nameAfter(words, "ambiguous column name: "); !column.empty())
        return fmt::format("More than one table has a column {}: write whose it is, like calls.{}.", column, column);
    if (words == "incomplete input")
        return "The query ends too early.";
    if (words == "string or blob too big")
        return "A text in this query grew beyond 256 KB.";
    if (words == "integer overflow")
        return "A sum is larger than an integer can be. Sum cost instead of cost_nano, or a shorter time.";
    std::string text(words);
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    if (!text.empty() && !text.ends_with('.') && !text.ends_with('?'))
        text += '.';
    return text;
}

} // namespace

SqlRun::SqlRun(sqlite3 *connection, SqlGuard &guard, const SqlQuestion &question, const SqlLimits &limits, const SqlSession::Watch &watch)
    : m_connection(connection), m_guard(guard), m_question(question), m_limits(limits), m_watch(watch), m_started(std::chrono::steady_clock::now()), m_looked(m_started)
{
    sqlite3_progress_handler(m_connection, stepsBetweenLooks, &SqlRun::progress, this);
}

SqlRun::~SqlRun()
{
    sqlite3_progress_handler(m_connection, 0, nullptr, nullptr);
    sqlite3_finalize(m_statement);
}

int SqlRun::progress(void *self)
{
    auto &run = *static_cast<SqlRun *>(self);
    return !run.takesTooMuch() && run.m_watch(run.now()) ? 0 : 1;
}

/// The files are all that this process has: where two queries sort at once, both end.
bool SqlRun::takesTooMuch()
{
    const auto now = std::chrono::steady_clock::now();
    if (now - m_looked < betweenLooksAtFiles)
        return m_tooMuch;
    m_looked = now;
    m_tooMuch = temporaryFileBytes() > m_limits.temporary;
    return m_tooMuch;
}

SqlProgress SqlRun::now() const
{
    return {.rows = m_answer ? m_answer->result.rows() : 0, .elapsed = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - m_started)};
}

SqlOutcome SqlRun::run()
{
    if (auto prepared = prepare(); !prepared)
        return std::unexpected(prepared.error());
    int code = SQLITE_OK;
    while ((code = sqlite3_step(m_statement)) == SQLITE_ROW) {
        if (m_answer->result.rows() >= m_limits.rows || m_answer->result.bytes() >= m_limits.bytes) {
            m_answer->cut = m_answer->result.rows() >= m_limits.rows ? SqlAnswer::Cut::Rows : SqlAnswer::Cut::Bytes;
            break;
        }
        takeRow();
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return std::unexpected(problem(code));
    m_answer->took = now().elapsed;
    return m_answer;
}

std::expected<void, SqlProblem> SqlRun::prepare()
{
    const std::string &text = m_question.text;
    const int code = sqlite3_prepare_v2(m_connection, text.data(), static_cast<int>(text.size()), &m_statement, nullptr);
    if (code != SQLITE_OK)
        return std::unexpected(problem(code));
    if (m_statement == nullptr)
        return std::unexpected(SqlProblem {.message = "There is no query yet."});
    if (sqlite3_stmt_readonly(m_statement) == 0) // nothing that writes is allowed to be prepared; this is the last to say so
        return std::unexpected(SqlProblem {.message = "This console only reads."});
    std::vector<std::string> columns;
    for (int i = 0; i < sqlite3_column_count(m_statement); ++i)
        columns.emplace_back(sqlite3_column_name(m_statement, i));
    m_answer = std::make_shared<SqlAnswer>();
    m_answer->result = SqlResult(std::move(columns));
    m_answer->question = m_question;
    return {};
}

void SqlRun::takeRow()
{
    SqlResult &result = m_answer->result;
    const int columns = sqlite3_column_count(m_statement);
    for (int i = 0; i < columns; ++i) {
        const auto bytes = [this, i](const void *data) { return data == nullptr ? std::string_view() : std::string_view(static_cast<const char *>(data), static_cast<std::size_t>(sqlite3_column_bytes(m_statement, i))); };
        switch (sqlite3_column_type(m_statement, i)) {
        case SQLITE_INTEGER: result.addInteger(sqlite3_column_int64(m_statement, i)); break;
        case SQLITE_FLOAT: result.addReal(sqlite3_column_double(m_statement, i)); break;
        case SQLITE_TEXT: {
            const std::string_view text = bytes(sqlite3_column_text(m_statement, i));
            isAscii(text) ? result.addText(text) : result.addText(toValidUtf8(text));
            break;
        }
        case SQLITE_BLOB: result.addBlob(bytes(sqlite3_column_blob(m_statement, i))); break;
        default: result.addNull(); break;
        }
    }
}

SqlProblem SqlRun::problem(int code)
{
    const SqlGuard::Refusal refusal = m_guard.takeRefusal();
    const std::string words = sqlite3_errmsg(m_connection);
    const int offset = sqlite3_error_offset(m_connection);
    switch (code & 0xff) {
    case SQLITE_INTERRUPT:
        if (m_tooMuch)
            return {.code = ErrorCode::BadRequest, .message = fmt::format("What this query sorts or groups takes more than {} MB on the disk. Ask for a shorter time, fewer columns, or fewer groups.", m_limits.temporary / 1'000'000)};
        return {.code = ErrorCode::Cancelled, .message = "The query was cancelled."};
    case SQLITE_ERROR:
    case SQLITE_AUTH:
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH: break;
    case SQLITE_NOMEM: return {.code = ErrorCode::Io, .message = "The memory does not suffice for this query. Ask for a shorter time, or fewer groups."};
    default: {
        Error error = databaseError(m_connection, "The call log");
        return {.code = error.code, .message = std::move(error.message)};
    }
    }
    if (!refusal.words.empty())
        return problemAt(refusal.words, refusal.about);
    if (offset < 0)
        return problemAt(sentence(words), {});
    SqlProblem found {.message = sentence(words), .from = static_cast<std::size_t>(offset), .to = static_cast<std::size_t>(offset)};
    for (const SqlToken &token : sqlTokens(m_question.text)) {
        if (token.from <= found.from && found.from < token.to)
            found.to = token.to;
    }
    return found;
}

/// Where SQLite tells no place, the first word that is called so.
SqlProblem SqlRun::problemAt(std::string message, std::string_view about) const
{
    SqlProblem found {.message = std::move(message)};
    for (const SqlToken &token : sqlTokens(m_question.text)) {
        std::string_view word = token.in(m_question.text);
        if (token.kind == SqlToken::Kind::QuotedName && word.size() >= 2)
            word = word.substr(1, word.size() - 2);
        if (about.empty() || token.kind == SqlToken::Kind::Comment || token.kind == SqlToken::Kind::Text || !equalsIgnoringCase(word, about))
            continue;
        found.from = token.from;
        found.to = token.to;
        break;
    }
    return found;
}

} // namespace gateway::storage
