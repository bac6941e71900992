// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/sql_schema.h"

#include <string>
#include <vector>

/// What the SQL console lets people read: views over the call log's compact tables, in which ids are texts, names are names and
/// costs are dollars. No bodies, no keepsakes, nothing of the configuration.
namespace gateway::storage {

/// Tables that are alike, and read as one.
struct LogTables
{
    std::vector<std::string> calls {"calls"};
    std::vector<std::string> attempts {"attempts"};
};

/// CREATE TEMP VIEW for each, in an order in which they can be made. A view may have the name of its table, which it hides.
std::vector<std::string> sqlViews(const LogTables &tables = {});

/// The same as people see them.
const std::vector<SqlTable> &sqlTables();

} // namespace gateway::storage
