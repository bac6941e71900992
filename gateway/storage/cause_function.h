// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/storage/filter_sql.h"

#include <string_view>

struct sqlite3;

/// What failed calls have in common (core/error_cause.h), told of a row of `calls AS c`.
namespace gateway::storage {

#define SIGNALBOX_OF_LAST_ATTEMPT(column) "(SELECT a." column " FROM main.attempts AS a WHERE a.row = c.row AND (a.flags & 2) = 0 ORDER BY a.n DESC LIMIT 1)"
#define SIGNALBOX_LAST_ASKED "coalesce(c.provider, " SIGNALBOX_OF_LAST_ATTEMPT("provider") ")"
#define SIGNALBOX_CAUSE_MESSAGE "coalesce(c.error_message, " SIGNALBOX_OF_LAST_ATTEMPT("detail") ")"

/// Numbers of the names of the provider that was asked last and of the error, and the message: three columns.
inline constexpr std::string_view causeColumns = SIGNALBOX_LAST_ASKED ", c.error, " SIGNALBOX_CAUSE_MESSAGE;

/// The cause's key; NULL: the call went well. Reads what the SQL console shows, and no other columns.
inline constexpr std::string_view causeExpression = "CASE WHEN c.status <> 0 OR c.http_status >= 400 THEN call_cause((SELECT name FROM main.names WHERE id = " SIGNALBOX_LAST_ASKED "), "
                                                    "(SELECT name FROM main.names WHERE id = c.error), c.http_status, " SIGNALBOX_CAUSE_MESSAGE ") END";

#undef SIGNALBOX_CAUSE_MESSAGE
#undef SIGNALBOX_LAST_ASKED
#undef SIGNALBOX_OF_LAST_ATTEMPT

/// Gives a connection call_cause(provider, error, http_status, message), which causeExpression calls.
Result<> addCauseFunction(sqlite3 *connection);

/// A term of the field `cause`: 1 or 0, never NULL.
Sql causeIs(const CallFilter::Node &term);

} // namespace gateway::storage
