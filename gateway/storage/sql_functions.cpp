// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/sql_functions.h"

#include "gateway/core/text.h"
#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/cause_function.h"
#include "gateway/storage/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <new>
#include <sqlite3.h>

namespace gateway::storage {

namespace {

constexpr std::size_t valuesAtMost = 20'000'000; // of one percentile: 160 MB

void give(sqlite3_context *context, std::string_view text)
{
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

bool isNull(sqlite3_value *value)
{
    return sqlite3_value_type(value) == SQLITE_NULL;
}

std::string_view textOf(sqlite3_value *value)
{
    const auto *data = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return data == nullptr ? std::string_view() : std::string_view(data, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

SqlZone &zoneOf(sqlite3_context *context)
{
    return *static_cast<SqlZone *>(sqlite3_user_data(context));
}

/// A packed id as the log shows it.
void callId(sqlite3_context *context, int, sqlite3_value **values)
{
    if (isNull(values[0]))
        return;
    const auto *data = static_cast<const char *>(sqlite3_value_blob(values[0]));
    const int size = sqlite3_value_bytes(values[0]);
    give(context, data == nullptr ? std::string() : unpackId(QByteArray::fromRawData(data, size)));
}

void timeOf(sqlite3_context *context, int, sqlite3_value **values)
{
    if (!isNull(values[0]))
        give(context, SqlZone::time(sqlite3_value_int64(values[0])));
}

void dayOf(sqlite3_context *context, int, sqlite3_value **values)
{
    if (!isNull(values[0]))
        give(context, zoneOf(context).day(sqlite3_value_int64(values[0])));
}

void hourOf(sqlite3_context *context, int, sqlite3_value **values)
{
    if (!isNull(values[0]))
        give(context, zoneOf(context).hour(sqlite3_value_int64(values[0])));
}

void usOf(sqlite3_context *context, int, sqlite3_value **values)
{
    if (isNull(values[0]))
        return;
    const std::string_view text = textOf(values[0]);
    if (const auto us = zoneOf(context).us(text)) {
        sqlite3_result_int64(context, *us);
        return;
    }
    const std::string words = fmt::format("us_of() takes a date or a time like '2026-11-17' or '2026-11-17 14:30', and not '{}'.", truncatedUtf8(text, 40));
    sqlite3_result_error(context, words.data(), static_cast<int>(words.size()));
}

void statusName(sqlite3_context *context, int, sqlite3_value **values)
{
    give(context, toText(callStatusFrom(sqlite3_value_int64(values[0]))));
}

void endpointName(sqlite3_context *context, int, sqlite3_value **values)
{
    give(context, toText(endpointFrom(sqlite3_value_int64(values[0]))));
}

void cacheName(sqlite3_context *context, int, sqlite3_value **values)
{
    give(context, toText(cacheOutcomeFrom(sqlite3_value_int64(values[0]))));
}

/// The values of one group, in SQLite's own memory for it; the list itself is ours.
struct Percentile
{
    std::vector<double> *values;
    double percent;
};

void percentileStep(sqlite3_context *context, int, sqlite3_value **values)
{
    auto *state = static_cast<Percentile *>(sqlite3_aggregate_context(context, sizeof(Percentile)));
    if (state == nullptr) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (state->values == nullptr)
        state->values = new std::vector<double>;
    state->percent = sqlite3_value_double(values[1]);
    if (isNull(values[0]))
        return;
    if (state->values->size() >= valuesAtMost) {
        sqlite3_result_error(context, "percentile() holds 20 million values at most. Choose a shorter time.", -1);
        return;
    }
    try {
        state->values->push_back(sqlite3_value_double(values[0]));
    } catch (const std::bad_alloc &) { // SQLite's own frames know no exceptions
        sqlite3_result_error_nomem(context);
    }
}

/// The nearest rank: a value that is there.
void percentileEnd(sqlite3_context *context)
{
    auto *state = static_cast<Percentile *>(sqlite3_aggregate_context(context, 0));
    if (state == nullptr || state->values == nullptr)
        return;
    const std::unique_ptr<std::vector<double>> values(state->values);
    state->values = nullptr;
    if (!(state->percent >= 0 && state->percent <= 100)) {
        sqlite3_result_error(context, "percentile() takes a value and a percentage from 0 to 100.", -1);
        return;
    }
    if (values->empty())
        return;
    const double rank = std::ceil(state->percent / 100 * static_cast<double>(values->size()));
    const auto nth = values->begin() + std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(rank) - 1);
    std::ranges::nth_element(*values, nth);
    sqlite3_result_double(context, *nth);
}

struct Function
{
    const char *name;
    void (*call)(sqlite3_context *, int, sqlite3_value **);
};

constexpr std::array scalars {Function {"call_id", callId}, Function {"time_of", timeOf}, Function {"day_of", dayOf}, Function {"hour_of", hourOf}, Function {"us_of", usOf}, Function {"status_name", statusName},
                              Function {"endpoint_name", endpointName}, Function {"cache_name", cacheName}};

/// SQLite's, but for those that load code, and that tell of the machine.
constexpr auto reckoning = std::to_array<std::string_view>({
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "avg", "ceil", "ceiling", "char", "coalesce", "cos", "cosh", "count", "cume_dist", "current_date",
    "current_time", "current_timestamp", "date", "datetime", "degrees", "dense_rank", "exp", "first_value", "floor", "format", "glob", "group_concat", "hex", "ifnull", "iif",
    "instr", "json", "json_array", "json_array_length", "json_extract", "json_group_array", "json_group_object", "json_object", "json_quote", "json_type", "json_valid",
    "julianday", "lag", "last_value", "lead", "length", "like", "likely", "ln", "log", "log10", "log2", "lower", "ltrim", "max", "min", "mod", "nth_value", "ntile", "nullif",
    "percent_rank", "pi", "pow", "power", "printf", "quote", "radians", "random", "rank", "replace", "round", "row_number", "rtrim", "sign", "sin", "sinh", "sqrt", "strftime",
    "substr", "substring", "sum", "tan", "tanh", "time", "total", "trim", "trunc", "typeof", "unicode", "unixepoch", "unlikely", "upper",
});
/// What operators call.
constexpr std::array<std::string_view, 2> operators {"->", "->>"};

} // namespace

Result<> addSqlFunctions(sqlite3 *connection, SqlZone &zone)
{
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    for (const Function &function : scalars) {
        if (sqlite3_create_function_v2(connection, function.name, 1, flags, &zone, function.call, nullptr, nullptr, nullptr) != SQLITE_OK)
            return std::unexpected(databaseError(connection, "Opening the SQL console"));
    }
    if (sqlite3_create_function_v2(connection, "percentile", 2, flags, nullptr, nullptr, percentileStep, percentileEnd, nullptr) != SQLITE_OK)
        return std::unexpected(databaseError(connection, "Opening the SQL console"));
    return addCauseFunction(connection);
}

const std::vector<SqlFunction> &sqlFunctions()
{
    static const std::vector<SqlFunction> all = [] {
        std::vector<SqlFunction> made {
            {.name = "us_of", .usage = "us_of('2026-11-17 14:30')", .meaning = "a time of the gateway's zone as microseconds, to compare started_us with: that uses the index"},
            {.name = "day_of", .usage = "day_of(us)", .meaning = "the day of a time, in the gateway's zone"},
            {.name = "hour_of", .usage = "hour_of(us)", .meaning = "the hour of a time, in the gateway's zone"},
            {.name = "time_of", .usage = "time_of(us)", .meaning = "microseconds as a time in UTC"},
            {.name = "percentile", .usage = "percentile(latency_ms, 95)", .meaning = "the value that so many per cent do not exceed"},
        };
        for (const std::string_view name : reckoning)
            made.push_back({.name = std::string(name), .usage = {}, .meaning = {}});
        return made;
    }();
    return all;
}

bool isSqlFunction(std::string_view name)
{
    const auto same = [name](std::string_view other) { return equalsIgnoringCase(name, other); };
    return std::ranges::any_of(reckoning, same) || std::ranges::any_of(operators, same) || std::ranges::any_of(scalars, same, &Function::name) || same("percentile") || same("call_cause");
}

} // namespace gateway::storage
