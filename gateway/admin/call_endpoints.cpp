// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/call_json.h"
#include "gateway/admin/endpoint.h"
#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

constexpr int usualPage = 100;
constexpr int longestPage = 1000;

/// "1764406800000000.42": what the page before gave as `next`.
Result<CallCursor> readCursor(std::string_view text)
{
    CallCursor cursor;
    const char *end = text.data() + text.size();
    const auto time = std::from_chars(text.data(), end, cursor.startedUs);
    if (time.ec == std::errc() && time.ptr != end && *time.ptr == '.') {
        const auto row = std::from_chars(time.ptr + 1, end, cursor.row);
        if (row.ec == std::errc() && row.ptr == end)
            return cursor;
    }
    return fail(ErrorCode::BadRequest, "before is what a page gave as next.", "before");
}

Result<void> readTime(std::string_view text, const char *name, WallTime &time)
{
    if (text.empty())
        return {};
    const auto date = config::parseDate(text);
    if (!date)
        return fail(ErrorCode::BadRequest, fmt::format("{} is a date, such as 2026-11-01 or 2026-11-01T08:00:00Z, but here it is {}.", name, jsonQuoted(truncatedUtf8(text, 40))), name);
    time = *date;
    return {};
}

Result<CallQuery> readQuery(const Ask &ask)
{
    CallQuery query;
    const auto limit = numberOf(ask.asked("limit"), "limit", usualPage, longestPage);
    if (!limit)
        return std::unexpected(limit.error());
    query.limit = *limit;
    if (const auto from = readTime(ask.asked("from"), "from", query.range.from); !from)
        return std::unexpected(from.error());
    if (const auto to = readTime(ask.asked("to"), "to", query.range.to); !to)
        return std::unexpected(to.error());
    if (const std::string_view text = ask.asked("filter"); !text.empty()) {
        auto filter = CallFilter::parse(text);
        if (!filter)
            return fail(ErrorCode::BadRequest, fmt::format("The filter, at character {}: {}", filter.error().from + 1, filter.error().message), "filter");
        query.filter = std::move(*filter);
    }
    if (const std::string_view before = ask.asked("before"); !before.empty()) {
        const auto cursor = readCursor(before);
        if (!cursor)
            return std::unexpected(cursor.error());
        query.before = *cursor;
    }
    return query;
}

void listCalls(const Ask &ask, const Done &done)
{
    auto query = readQuery(ask);
    if (!query)
        return done(refusal(query.error()));
    ask.gateway.calls(std::move(*query), ask.context, [done](const Result<CallPage> &page) {
        if (!page)
            return done(refusal(page.error()));
        Json data = Json::array();
        for (const CallRow &row : page->rows)
            data.push_back(callJson(row.record));
        Json next;
        if (page->more && !page->rows.empty())
            next = fmt::format("{}.{}", page->rows.back().cursor.startedUs, page->rows.back().cursor.row);
        done(answer(Json {{"data", std::move(data)}, {"has_more", page->more}, {"next", std::move(next)}}));
    });
}

void readCall(const Ask &ask, const Done &done)
{
    ask.gateway.call(std::string(ask.argument()), ask.context, [done](const Result<CallDetail> &detail) { done(detail ? answer(callJson(*detail)) : refusal(detail.error())); });
}

} // namespace

void addCallEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "GET", .path = "/admin/v1/calls", .least = Role::Analyst, .handler = listCalls, .summary = "Calls of the log, newest first, a page at a time.",
                     .query = {"filter", "from", "to", "limit", "before"}});
    table.push_back({.method = "GET", .path = "/admin/v1/calls/{id}", .least = Role::Analyst, .handler = readCall,
                     .summary = "One call, by x-signalbox-call-id, with attempts and bodies as far as they are kept."});
}

} // namespace gateway::admin
