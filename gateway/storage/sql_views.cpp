// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/sql_views.h"

#include "gateway/storage/cause_function.h"

#include <fmt/format.h>

#include <span>
#include <string_view>

namespace gateway::storage {

namespace {

/// A column of a view. In its expressions `c` is a row of `calls`, `a` one of `attempts`.
struct Column
{
    std::string_view name, type;
    std::string_view expression;
    std::string_view meaning;
};

// A name by its number, and what few calls have (flag 64 of call_log_schema.h). Asked for one by one: what a query does not
// read costs it nothing.
#define NAME(number) "(SELECT name FROM main.names WHERE id = " number ")"
#define EXTRA(value) "CASE WHEN c.flags & 64 THEN (SELECT " value " FROM main.extras AS e WHERE e.row = c.row) END"
#define MARK(value) "(SELECT " value " FROM main.call_marks AS m WHERE m.row = c.row)"
#define FLAG(bit) "(c.flags & " #bit ") <> 0"

constexpr Column callColumns[] {
    {"id", "text", "call_id(c.id)", "the call's id; double-click one in a result to see the call"},
    {"started", "text", "time_of(c.started_us)", "when it began, in UTC"},
    {"started_us", "integer", "c.started_us", "the same in microseconds since 1970; compare this one, it has an index"},
    {"day", "text", "day_of(c.started_us)", "the day, in the gateway's time zone"},
    {"hour", "text", "hour_of(c.started_us)", "the hour, in the gateway's time zone"},
    {"team", "text", NAME("c.team"), "NULL: unattributed"},
    {"key", "text", NAME("c.key"), "the virtual key's name"},
    {"key_id", "text", NAME("c.key_id"), "its id, which stays when it is renamed"},
    {"route", "text", NAME("c.route"), ""},
    {"provider", "text", NAME("c.provider"), "that answered"},
    {"model", "text", NAME("c.model"), "the provider's model that answered"},
    {"asked", "text", "coalesce(c.asked, " NAME("c.route") ")", "the model that was asked for"},
    {"endpoint", "text", "endpoint_name(c.endpoint)", "chat, messages, embeddings…"},
    {"status", "text", "status_name(c.status)", "ok, failed, refused, cut, cancelled"},
    {"http_status", "integer", "nullif(c.http_status, 0)", "as the caller saw it"},
    {"error", "text", NAME("c.error"), "its class: rate_limited, server_error…"},
    {"error_message", "text", "c.error_message", ""},
    {"cause", "text", causeExpression, "what failed calls have in common: provider, error, status and message; NULL: it went well"},
    {"cost", "real", "c.cost / 1e9", "dollars; NULL: the price is not known"},
    {"cost_nano", "integer", "c.cost", "exact, in billionths of a dollar"},
    {"input_tokens", "integer", "c.input", "what was cached is among them"},
    {"output_tokens", "integer", "c.output", "reasoning is among them"},
    {"cached_tokens", "integer", "c.cached", ""},
    {"cache_write_tokens", "integer", "c.cache_write", ""},
    {"reasoning_tokens", "integer", "c.reasoning", ""},
    {"latency_ms", "real", "c.latency_us / 1e3", "to the last byte"},
    {"first_token_ms", "real", "c.first_us / 1e3", "to the first content"},
    {"attempts", "integer", "c.attempts", "how many there were"},
    {"counted", "integer", "CASE WHEN " FLAG(256) " THEN 0 ELSE c.repeats END", "as how many calls it counts: sum this one"},
    {"customer", "text", "c.customer", ""},
    {"session", "text", "c.session", ""},
    {"tags", "text", "c.tags", "with commas between them"},
    {"metadata", "text", "c.metadata", "JSON, as the caller gave it"},
    {"peer", "text", "c.peer", "the caller's address"},
    {"cache", "text", "cache_name(c.flags)", "off, miss, hit, semantic"},
    {"cached_from", "text", EXTRA("call_id(e.cached_from)"), "the call whose answer it got"},
    {"similarity", "real", EXTRA("e.similarity / 1e6"), "to that one's question, up to 1"},
    {"saved_nano", "integer", EXTRA("e.saved"), "what the cache saved, in billionths of a dollar"},
    {"prompt", "text", EXTRA(NAME("e.prompt")), "a prompt's version: summarise@3"},
    {"policy", "text", EXTRA(NAME("e.policy")), "the privacy policy"},
    {"findings", "text", EXTRA("e.findings"), "a line each: asked, answered, action, rule"},
    {"decisions", "text", EXTRA("e.decisions"), "what the route's plan decided"},
    {"trace", "text", EXTRA("nullif(lower(hex(e.trace)), '')"), "the trace id"},
    {"shadow_of", "text", EXTRA("call_id(e.shadow_of)"), "the call that it is a copy of"},
    {"dropped", "text", "c.dropped", "parameters that were left out"},
    {"stream", "integer", FLAG(1), "1 or 0, as the next"},
    {"test", "integer", FLAG(2), "sent by the window itself"},
    {"estimated", "integer", FLAG(4), "tokens are counted here, the provider told none"},
    {"rescued", "integer", FLAG(8), "another attempt answered"},
    {"continued", "integer", FLAG(128), "cut, and gone on with by another target"},
    {"shadow", "integer", FLAG(256), "a copy of another call"},
    {"colour", "text", MARK("CASE m.colour WHEN 1 THEN 'red' WHEN 2 THEN 'orange' WHEN 3 THEN 'yellow' WHEN 4 THEN 'green' WHEN 5 THEN 'blue' WHEN 6 THEN 'violet' END"), "that somebody gave it"},
    {"comment", "text", MARK("m.comment"), "that somebody wrote at it"},
};

#define CALL_OF_ATTEMPT \
    {"call_id", "text", "call_id(c.id)", "the call that it belongs to"}, \
    {"call_started_us", "integer", "c.started_us", "when that began; compare this one, it has an index"}, \
    {"day", "text", "day_of(c.started_us)", "of the call, in the gateway's time zone"}

constexpr Column attemptColumns[] {
    CALL_OF_ATTEMPT,
    {"number", "integer", "a.n + 1", "1 is the first"},
    {"provider", "text", NAME("a.provider"), ""},
    {"credential", "text", NAME("a.credential"), "its name"},
    {"model", "text", NAME("a.model"), "the provider's name for it"},
    {"started_ms", "real", "a.started_us / 1e3", "after the call began, as the next"},
    {"waited_ms", "real", "a.waited_us / 1e3", "before it was sent"},
    {"first_token_ms", "real", "a.first_us / 1e3", "after the call began"},
    {"ended_ms", "real", "a.ended_us / 1e3", ""},
    {"latency_ms", "real", "(a.ended_us - a.started_us) / 1e3", "from its start to its end"},
    {"http_status", "integer", "nullif(a.http_status, 0)", "NULL: no answer came"},
    {"ok", "integer", "(a.flags & 1) <> 0", "1 or 0, as the next"},
    {"skipped", "integer", "(a.flags & 2) <> 0", "never sent: the circuit was open"},
    {"hedge", "integer", "(a.flags & 8) <> 0", "asked beside one that was slow"},
    {"error", "text", NAME("a.error"), "its class"},
    {"detail", "text", "a.detail", "the provider's words"},
    {"input_tokens", "integer", "a.input", ""},
    {"output_tokens", "integer", "a.output", ""},
    {"cost", "real", "a.cost / 1e9", "dollars"},
    {"cost_nano", "integer", "a.cost", "exact, in billionths of a dollar"},
};

/// The same of a call's only attempt, which stands in the call.
constexpr Column loneColumns[] {
    CALL_OF_ATTEMPT,
    {"number", "", "1", ""},
    {"provider", "", NAME("c.provider"), ""},
    {"credential", "", NAME("c.lone_credential"), ""},
    {"model", "", NAME("c.model"), ""},
    {"started_ms", "", "c.lone_started_us / 1e3", ""},
    {"waited_ms", "", "0.0", ""},
    {"first_token_ms", "", "c.lone_first_us / 1e3", ""},
    {"ended_ms", "", "c.lone_ended_us / 1e3", ""},
    {"latency_ms", "", "(c.lone_ended_us - c.lone_started_us) / 1e3", ""},
    {"http_status", "", "nullif(c.http_status, 0)", ""},
    {"ok", "", "1", ""},
    {"skipped", "", "0", ""},
    {"hedge", "", "0", ""},
    {"error", "", "NULL", ""},
    {"detail", "", "NULL", ""},
    {"input_tokens", "", "c.input", ""},
    {"output_tokens", "", "c.output", ""},
    {"cost", "", "c.cost / 1e9", ""},
    {"cost_nano", "", "c.cost", ""},
};
static_assert(std::size(loneColumns) == std::size(attemptColumns));

constexpr Column hourColumns[] {
    {"from_us", "integer", "r.bucket * 1000000", "when the hour begins, in microseconds since 1970"},
    {"hour", "text", "hour_of(r.bucket * 1000000)", "the same in the gateway's time zone"},
    {"day", "text", "day_of(r.bucket * 1000000)", "its day"},
    {"team", "text", NAME("d.team"), "NULL: unattributed"},
    {"key", "text", NAME("d.key"), ""},
    {"route", "text", NAME("d.route"), ""},
    {"provider", "text", NAME("d.provider"), ""},
    {"model", "text", NAME("d.model"), ""},
    {"calls", "integer", "r.calls", "all of them"},
    {"failed", "integer", "r.failed", "or cut"},
    {"refused", "integer", "r.refused", "by the gateway itself"},
    {"rescued", "integer", "r.rescued", "by another attempt"},
    {"unpriced", "integer", "r.unpriced", "without a known price"},
    {"cost", "real", "r.cost / 1e9", "dollars"},
    {"cost_nano", "integer", "r.cost", "exact, in billionths of a dollar"},
    {"input_tokens", "integer", "r.input", ""},
    {"output_tokens", "integer", "r.output", ""},
};

/// Of the calls that no roll-up has yet, each by itself.
#define UNLESS_SHADOW(value) "CASE WHEN c.flags & 256 THEN 0 ELSE " value " END"
#define IF(condition) UNLESS_SHADOW("(" condition ") * c.repeats")
constexpr Column tailColumns[] {
    {"from_us", "", "c.started_us / 3600000000 * 3600000000", ""},
    {"hour", "", "hour_of(c.started_us / 3600000000 * 3600000000)", ""},
    {"day", "", "day_of(c.started_us / 3600000000 * 3600000000)", ""},
    {"team", "", NAME("c.team"), ""},
    {"key", "", NAME("c.key"), ""},
    {"route", "", NAME("c.route"), ""},
    {"provider", "", NAME("c.provider"), ""},
    {"model", "", NAME("c.model"), ""},
    {"calls", "", UNLESS_SHADOW("c.repeats"), ""},
    {"failed", "", IF("c.status IN (1, 3)"), ""},
    {"refused", "", IF("c.status = 2"), ""},
    {"rescued", "", IF("c.status <> 2 AND (c.flags & 8) <> 0"), ""},
    {"unpriced", "", IF("c.status <> 2 AND c.cost IS NULL"), ""},
    {"cost", "", "coalesce(c.cost, 0) / 1e9", ""},
    {"cost_nano", "", "coalesce(c.cost, 0)", ""},
    {"input_tokens", "", "c.input", ""},
    {"output_tokens", "", "c.output", ""},
};
static_assert(std::size(tailColumns) == std::size(hourColumns));

constexpr Column dayColumns[] {
    {"day", "text", "day", "in the gateway's time zone"},
    {"team", "text", "team", "NULL: unattributed"},
    {"key", "text", "key", ""},
    {"route", "text", "route", ""},
    {"provider", "text", "provider", ""},
    {"model", "text", "model", ""},
    {"calls", "integer", "sum(calls)", "all of them"},
    {"failed", "integer", "sum(failed)", "or cut"},
    {"refused", "integer", "sum(refused)", "by the gateway itself"},
    {"rescued", "integer", "sum(rescued)", "by another attempt"},
    {"unpriced", "integer", "sum(unpriced)", "without a known price"},
    {"cost", "real", "sum(cost_nano) / 1e9", "dollars"},
    {"cost_nano", "integer", "sum(cost_nano)", "exact, in billionths of a dollar"},
    {"input_tokens", "integer", "sum(input_tokens)", ""},
    {"output_tokens", "integer", "sum(output_tokens)", ""},
};

constexpr Column feedbackColumns[] {
    {"call_id", "text", "call_id(c.id)", ""},
    {"at", "text", "time_of(f.at_us)", "in UTC"},
    {"who", "text", "f.who", "a key's id, or admin: and a token's name"},
    {"name", "text", "f.name", "what is judged"},
    {"value", "real", "f.value / 1e6", ""},
    {"weight", "real", "f.weight / 1e6", ""},
    {"comment", "text", "f.comment", ""},
    {"metadata", "text", "f.metadata", "JSON"},
};

#undef NAME
#undef EXTRA
#undef MARK
#undef FLAG
#undef CALL_OF_ATTEMPT
#undef UNLESS_SHADOW
#undef IF

std::string selected(std::span<const Column> columns)
{
    std::string text = "SELECT ";
    for (const Column &column : columns)
        text += fmt::format("{}{} AS \"{}\"", &column == columns.data() ? "" : ", ", column.expression, column.name);
    return text;
}

/// One SELECT a table, joined.
class Union
{
public:
    void add(std::span<const Column> columns, const std::string &source) { m_text += fmt::format("{}{} {}", m_text.empty() ? "" : " UNION ALL ", selected(columns), source); }
    [[nodiscard]] std::string view(std::string_view name) const { return fmt::format("CREATE TEMP VIEW {} AS {}", name, m_text); }

private:
    std::string m_text;
};

SqlTable described(std::string name, std::string meaning, std::span<const Column> columns)
{
    SqlTable table {.name = std::move(name), .meaning = std::move(meaning), .columns = {}};
    for (const Column &column : columns)
        table.columns.push_back({std::string(column.name), std::string(column.type), std::string(column.meaning)});
    return table;
}

} // namespace

std::vector<std::string> sqlViews(const LogTables &tables)
{
    Union calls, attempts, hours, feedback;
    hours.add(hourColumns, "FROM main.rollup_hour AS r JOIN main.dims AS d ON d.id = r.dim");
    for (const std::string &table : tables.attempts) {
        for (const std::string &its : tables.calls)
            attempts.add(attemptColumns, fmt::format("FROM main.{} AS c JOIN main.{} AS a ON a.row = c.row", its, table));
    }
    for (const std::string &table : tables.calls) {
        calls.add(callColumns, fmt::format("FROM main.{} AS c", table));
        attempts.add(loneColumns, fmt::format("FROM main.{} AS c WHERE c.lone_started_us IS NOT NULL", table));
        hours.add(tailColumns, fmt::format("FROM main.{} AS c WHERE c.row > (SELECT value FROM main.marks WHERE name = 'sealed_row')", table));
        feedback.add(feedbackColumns, fmt::format("FROM main.{} AS c JOIN main.feedback AS f ON f.row = c.row", table));
    }
    return {calls.view("calls"), attempts.view("attempts"), hours.view("usage_hours"), fmt::format("CREATE TEMP VIEW usage_days AS {} FROM temp.usage_hours GROUP BY day, team, key, route, provider, model", selected(dayColumns)),
            feedback.view("feedback")};
}

const std::vector<SqlTable> &sqlTables()
{
    static const std::vector<SqlTable> all {
        described("calls", "every call that the log still has", callColumns),
        described("attempts", "what was tried at providers for them", attemptColumns),
        described("usage_hours", "sums by hour, kept longer than the calls; an hour may have several rows, so add them up", hourColumns),
        described("usage_days", "the same by day", dayColumns),
        described("feedback", "what people say of answers", feedbackColumns),
    };
    return all;
}

} // namespace gateway::storage
