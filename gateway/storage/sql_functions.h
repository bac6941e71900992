// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/sql_schema.h"
#include "gateway/storage/sql_zone.h"

#include <string_view>
#include <vector>

struct sqlite3;

namespace gateway::storage {

/// Gives a connection the functions of the SQL console: those that people write, and those that its views are made with.
/// @param zone  outlives the connection
Result<> addSqlFunctions(sqlite3 *connection, SqlZone &zone);

/// All that a query may call: the console's own, and those of SQLite that only reckon.
const std::vector<SqlFunction> &sqlFunctions();
/// Whether a query, or a view, may call that.
bool isSqlFunction(std::string_view name);

} // namespace gateway::storage
