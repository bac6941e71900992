// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/cause_function.h"

#include "gateway/core/error_cause.h"
#include "gateway/storage/statement.h"

#include <fmt/format.h>

#include <sqlite3.h>

namespace gateway::storage {

namespace {

std::string_view textOf(sqlite3_value *value)
{
    const auto *data = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return data == nullptr ? std::string_view() : std::string_view(data, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void callCause(sqlite3_context *context, int, sqlite3_value **values)
{
    const std::string key = causeKey(textOf(values[0]), textOf(values[1]), sqlite3_value_int64(values[2]), causeMessage(textOf(values[3])));
    sqlite3_result_text(context, key.data(), static_cast<int>(key.size()), SQLITE_TRANSIENT);
}

} // namespace

Result<> addCauseFunction(sqlite3 *connection)
{
    const int made = sqlite3_create_function_v2(connection, "call_cause", 4, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr, callCause, nullptr, nullptr, nullptr);
    if (made != SQLITE_OK)
        return std::unexpected(databaseError(connection, "Opening the call log"));
    return {};
}

Sql causeIs(const CallFilter::Node &term)
{
    if (term.value.empty())
        return Sql {.text = term.prefix ? "(c.bad = 1)" : "(c.bad = 0)", .values = {}};
    Sql sql;
    if (!term.prefix)
        return sql.add(fmt::format("coalesce({} = ?, 0)", causeExpression), term.value);
    return sql.add(fmt::format("coalesce(substr({}, 1, length(?))", causeExpression), term.value).add(" = ?, 0)", term.value);
}

} // namespace gateway::storage
