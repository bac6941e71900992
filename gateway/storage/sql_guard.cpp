// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/sql_guard.h"

#include "gateway/core/text.h"
#include "gateway/storage/sql_functions.h"
#include "gateway/storage/sql_views.h"
#include "gateway/storage/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <sqlite3.h>

namespace gateway::storage {

namespace {

constexpr std::string_view plainTables[] {"json_each", "json_tree"}; // functions that are read like tables, and only reckon

bool isView(std::string_view name)
{
    return std::ranges::any_of(sqlTables(), [name](const SqlTable &table) { return equalsIgnoringCase(table.name, name); });
}

std::string viewNames()
{
    std::string names;
    for (const SqlTable &table : sqlTables())
        names += fmt::format("{}{}", names.empty() ? "" : ", ", table.name);
    return names;
}

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), asciiLower);
    return lower;
}

std::string_view orEmpty(const char *text)
{
    return text == nullptr ? std::string_view() : std::string_view(text);
}

} // namespace

SqlGuard::SqlGuard(sqlite3 *connection) : m_connection(connection)
{
    sqlite3_set_authorizer(connection, &SqlGuard::ask, this);
}

Result<> SqlGuard::learn()
{
    m_shown.clear();
    if (auto noted = noteTables(); !noted)
        return noted;
    // What is read like a table without being one comes into being where it is first named, which writes as far as SQLite can tell.
    for (const std::string_view table : plainTables) {
        if (auto read = Statement::prepare(m_connection, fmt::format("SELECT 1 FROM {}('[]')", table)); !read)
            return std::unexpected(read.error());
    }
    m_mode = Mode::Learning;
    for (const SqlTable &table : sqlTables()) {
        if (auto read = Statement::prepare(m_connection, "SELECT * FROM temp." + table.name); !read)
            return std::unexpected(read.error());
    }
    m_mode = Mode::Closed;
    return {};
}

Result<> SqlGuard::noteTables()
{
    m_tables.clear();
    auto names = Statement::prepare(m_connection, "SELECT lower(name) FROM main.sqlite_master WHERE type IN ('table', 'view')");
    if (!names)
        return std::unexpected(names.error());
    if (auto run = names->run(); !run)
        return run;
    while (names->next())
        m_tables.insert(names->text(0));
    return names->failure();
}

/// SQLite's authorizer (sqlite.org/c3ref/set_authorizer.html).
int SqlGuard::ask(void *self, int action, const char *third, const char *fourth, const char *database, const char *view)
{
    return static_cast<SqlGuard *>(self)->allows(action, orEmpty(third), orEmpty(fourth), orEmpty(database), view != nullptr) ? SQLITE_OK : SQLITE_DENY;
}

bool SqlGuard::allows(int action, std::string_view third, std::string_view fourth, std::string_view database, bool inView)
{
    if (m_mode == Mode::Open)
        return true;
    if (m_mode == Mode::Learning) {
        if (action == SQLITE_READ && database == "main")
            m_shown.emplace(lowered(third), lowered(fourth));
        return true;
    }
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return true;
    case SQLITE_READ: return allowsRead(third, fourth, database, inView);
    case SQLITE_FUNCTION: return isSqlFunction(fourth) || refuse(fmt::format("The function {}() is not offered here.", fourth), fourth);
    default: return refuse("This console only reads.", third);
    }
}

bool SqlGuard::allowsRead(std::string_view table, std::string_view column, std::string_view database, bool inView)
{
    const std::string lower = lowered(table);
    if (std::ranges::find(plainTables, lower) != std::end(plainTables))
        return true;
    if (database == "main" && inView && m_shown.contains(std::pair(lower, lowered(column))))
        return true;
    if (isView(table) && database != "main")
        return true;
    // Of a table of which no column is read SQLite tells the name as it stands in the query, which may be that of one of its parts.
    const bool known = m_tables.contains(lower) || lower.starts_with("sqlite_") || lower.starts_with("pragma_") || lower == "dbstat";
    if (column.empty() && database.empty() && !known)
        return true;
    // Nor does it always say then that a view asks. What is below the views may be counted.
    if (column.empty() && std::ranges::any_of(m_shown, [&lower](const auto &shown) { return shown.first == lower; }))
        return true;
    return refuse(fmt::format("{} cannot be read here. There are: {}.", table, viewNames()), table);
}

bool SqlGuard::refuse(std::string words, std::string_view about)
{
    if (m_refusal.words.empty())
        m_refusal = {.words = std::move(words), .about = std::string(about)};
    return false;
}

} // namespace gateway::storage
