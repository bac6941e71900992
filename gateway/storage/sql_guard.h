// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;

namespace gateway::storage {

/// Lets a connection's queries read the console's views and nothing else, however they are written. Of the tables below the
/// views only those columns can be read that a view is made of: a query can make SQLite believe that it is one of the views, by
/// naming a part of itself so, and then sees no more than that. One thread; outlives the connection's last query.
class SqlGuard
{
public:
    /// Before the views are there: allows all, until learn().
    explicit SqlGuard(sqlite3 *connection);

    /// Notes what the views show, and from then on allows nothing else.
    Result<> learn();
    /// While views are made anew.
    void open() { m_mode = Mode::Open; }

    /// What a query that was refused wanted, in words; empty: nothing was refused since. `about` is the name that it is about.
    struct Refusal
    {
        std::string words;
        std::string about;
    };
    Refusal takeRefusal() { return std::exchange(m_refusal, {}); }

private:
    enum class Mode { Open, Learning, Closed };
    static int ask(void *self, int action, const char *third, const char *fourth, const char *database, const char *view);
    bool allows(int action, std::string_view third, std::string_view fourth, std::string_view database, bool inView);
    bool allowsRead(std::string_view table, std::string_view column, std::string_view database, bool inView);
    bool refuse(std::string words, std::string_view about);
    Result<> noteTables();

    sqlite3 *m_connection;
    Mode m_mode = Mode::Open;
    std::set<std::pair<std::string, std::string>, std::less<>> m_shown; ///< tables and columns that the views are made of
    std::set<std::string, std::less<>> m_tables;                         ///< of the database, offered or not
    Refusal m_refusal;
};

} // namespace gateway::storage
