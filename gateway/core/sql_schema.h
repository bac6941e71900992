// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

/// What the SQL console offers to read. Plain values: storage makes them, api hands them on, ui shows them.
namespace gateway {

struct SqlColumn
{
    std::string name;
    std::string type;    ///< "text", "integer", "real"
    std::string meaning; ///< in a few words, with its unit
};

struct SqlTable
{
    std::string name;
    std::string meaning;
    std::vector<SqlColumn> columns;
};

struct SqlFunction
{
    std::string name;
    std::string usage;   ///< "percentile(value, percent)"; empty: as in SQLite
    std::string meaning; ///< likewise
};

struct SqlSchema
{
    std::vector<SqlTable> tables;
    std::vector<SqlFunction> functions; ///< the console's own first
};

} // namespace gateway
