// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/feedback_rows.h"

#include "gateway/core/latency_histogram.h"
#include "gateway/core/text.h"
#include "gateway/storage/call_finder.h"
#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/call_row.h"
#include "gateway/storage/database.h"
#include "gateway/storage/reader_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace gateway::storage {

namespace {

std::int64_t millionths(double value)
{
    return static_cast<std::int64_t>(std::lround(value * millionth));
}

struct Found
{
    std::int64_t row = 0;
    std::string keyId, team;
};

Result<std::optional<Found>> findCall(Database &database, const std::string &callId)
{
    const auto row = rowOfCall(database, callId);
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::optional<Found> {};
    auto ask = database.prepare("SELECT (SELECT name FROM names WHERE id = key_id), (SELECT name FROM names WHERE id = team) FROM calls WHERE row = ?");
    if (!ask)
        return std::unexpected(ask.error());
    if (auto run = ask->bind(**row).run(); !run)
        return std::unexpected(run.error());
    if (ask->next())
        return Found {.row = **row, .keyId = ask->text(0), .team = ask->text(1)};
    if (auto failed = ask->failure(); !failed)
        return std::unexpected(failed.error());
    return std::optional<Found> {};
}

bool isTheirs(const Found &call, const FeedbackOrder &order)
{
    return order.ofAnyCall || (!call.keyId.empty() && (call.keyId == order.keyId || (!order.team.empty() && call.team == order.team)));
}

Result<> replaceFeedback(Database &database, const FeedbackOrder &order)
{
    const auto call = findCall(database, order.callId);
    if (!call)
        return std::unexpected(call.error());
    if (!*call || !isTheirs(**call, order)) // whether others have it is nobody's business
        return fail(ErrorCode::NotFound, fmt::format("{} made no call {}, or it is not kept any more.", order.ofAnyCall ? "Nobody" : "This key and its team", jsonQuoted(truncatedUtf8(order.callId, 100))), "call_id");
    auto write = database.prepare("INSERT OR REPLACE INTO feedback (row, who, name, at_us, value, weight, comment, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    if (!write)
        return std::unexpected(write.error());
    const Feedback &feedback = order.feedback;
    write->bind((*call)->row).bind(std::string_view(order.who)).bind(std::string_view(feedback.by)).bind(static_cast<std::int64_t>(feedback.at.time_since_epoch().count()));
    write->bind(millionths(feedback.value)).bind(millionths(feedback.weight)).bindTextOrNull(feedback.comment).bindTextOrNull(feedback.metadata);
    return write->run();
}

/// A prompt's versions in the log: the number of the name "summarise@3", and that version's.
struct LoggedVersion
{
    std::int64_t name = 0;
    std::int64_t version = 0;
};

Result<std::vector<LoggedVersion>> versionsOf(ReaderSession &session, const std::string &prompt)
{
    Sql sql;
    sql.add("SELECT id, name FROM names WHERE kind = ?", static_cast<std::int64_t>(NameKind::Prompt));
    sql.add(" AND name >= ?", prompt + "@").add(" AND name < ?", prompt + "A"); // A comes next after @
    auto names = session.ask(sql);
    if (!names)
        return std::unexpected(names.error());
    std::vector<LoggedVersion> versions;
    while (names->next()) {
        const std::string name = names->text(1);
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(name.data() + prompt.size() + 1, name.data() + name.size(), number);
        if (error == std::errc {} && end == name.data() + name.size())
            versions.push_back({.name = names->integer(0), .version = number});
    }
    if (auto ended = session.ended(*names); !ended)
        return std::unexpected(ended.error());
    std::ranges::sort(versions, {}, &LoggedVersion::version);
    return versions;
}

/// Rows of a version's calls in that time, as FROM and WHERE.
Sql callsOf(std::string_view columns, std::string_view join, std::int64_t name, Span span)
{
    constexpr std::int64_t leftOut = call_flag::test | call_flag::shadow;
    Sql sql;
    sql.add(fmt::format("SELECT {} FROM extras AS e INDEXED BY extras_by_prompt CROSS JOIN calls AS c ON c.row = e.row {} WHERE c.flags & {} = 0 AND e.prompt = ?", columns, join, leftOut), name);
    return std::move(sql.add(" AND c.started_us >= ?", span.from).add(" AND c.started_us < ?", span.to));
}

Result<> addCalls(ReaderSession &session, PromptFigures &figures, std::int64_t name, Span span)
{
    auto calls = session.ask(callsOf("c.status, c.latency_us, c.cost, c.input, c.output", "", name, span));
    if (!calls)
        return std::unexpected(calls.error());
    LatencyHistogram latencies;
    while (calls->next()) {
        const CallStatus status = callStatusFrom(calls->integer(0));
        ++figures.calls;
        figures.failed += status == CallStatus::Failed || status == CallStatus::Cut ? 1 : 0;
        figures.refused += status == CallStatus::Refused ? 1 : 0;
        if (status != CallStatus::Refused)
            latencies.add(calls->integer(1));
        if (const auto cost = calls->maybeInteger(2))
            figures.cost += Money::fromNanos(*cost);
        else
            ++figures.unpriced;
        figures.inputTokens += static_cast<std::uint64_t>(calls->integer(3));
        figures.outputTokens += static_cast<std::uint64_t>(calls->integer(4));
    }
    figures.p50Us = latencies.quantile(0.5);
    figures.p95Us = latencies.quantile(0.95);
    return session.ended(*calls);
}

Result<> addFeedback(ReaderSession &session, PromptFigures &figures, std::int64_t name, Span span)
{
    auto said = session.ask(callsOf("count(*), sum(CAST(f.value AS REAL) * f.weight) / sum(f.weight)", "JOIN feedback AS f ON f.row = e.row", name, span));
    if (!said)
        return std::unexpected(said.error());
    if (said->next() && said->integer(0) > 0) {
        figures.feedback = static_cast<std::uint64_t>(said->integer(0));
        figures.value = said->real(1) / millionth;
    }
    return session.ended(*said);
}

} // namespace

Result<> writeFeedback(Database &database, const FeedbackOrder &order)
{
    if (auto begun = database.begin(); !begun)
        return begun;
    auto written = replaceFeedback(database, order);
    if (written)
        return database.commit();
    database.rollback();
    return written;
}

Result<std::vector<Feedback>> feedbackOf(ReaderSession &session, std::int64_t row)
{
    auto asked = session.ask(Sql {.text = "SELECT name, at_us, value, weight, comment, metadata FROM feedback WHERE row = ? ORDER BY at_us", .values = {row}});
    if (!asked)
        return std::unexpected(asked.error());
    std::vector<Feedback> all;
    while (asked->next()) {
        Feedback one;
        one.by = asked->text(0);
        one.at = WallTime(std::chrono::microseconds(asked->integer(1)));
        one.value = static_cast<double>(asked->integer(2)) / millionth;
        one.weight = static_cast<double>(asked->integer(3)) / millionth;
        one.comment = asked->text(4);
        one.metadata = asked->text(5);
        all.push_back(std::move(one));
    }
    if (auto ended = session.ended(*asked); !ended)
        return std::unexpected(ended.error());
    return all;
}

Result<std::vector<PromptFigures>> promptFigures(ReaderSession &session, const std::string &prompt, const TimeRange &range)
{
    const auto versions = versionsOf(session, prompt);
    if (!versions)
        return std::unexpected(versions.error());
    std::vector<PromptFigures> all;
    for (const LoggedVersion &version : *versions) {
        PromptFigures figures {.version = version.version};
        for (const auto &step : {addCalls(session, figures, version.name, spanOf(range)), addFeedback(session, figures, version.name, spanOf(range))}) {
            if (!step)
                return std::unexpected(step.error());
        }
        if (figures.calls > 0)
            all.push_back(figures);
    }
    return all;
}

} // namespace gateway::storage
