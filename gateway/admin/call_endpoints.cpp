// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/call_json.h"
#include "gateway/admin/call_questions.h"
#include "gateway/admin/endpoint.h"
#include "gateway/api/reprice_tools.h"
#include "gateway/core/text.h"
#include "gateway/wire/percent.h"

#include <algorithm>
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

Result<CallQuery> readQuery(const Ask &ask)
{
    CallQuery query;
    const auto limit = numberOf(ask.asked("limit"), "limit", usualPage, longestPage);
    if (!limit)
        return std::unexpected(limit.error());
    query.limit = *limit;
    if (const auto which = readWhich(ask, query.range, query.filter); !which)
        return std::unexpected(which.error());
    if (const std::string_view before = ask.asked("before"); !before.empty()) {
        const auto cursor = readCursor(before);
        if (!cursor)
            return std::unexpected(cursor.error());
        query.before = *cursor;
    }
    return query;
}

/// Of a key that asks, only its own: by its id, and by its name, by which the log finds them fast.
CallFilter narrowed(const Ask &ask, CallFilter filter)
{
    if (ask.keyId.empty())
        return filter;
    const api::ConfigPtr now = ask.gateway.config();
    const auto key = std::ranges::find(now->keys, ask.keyId, &config::VirtualKey::id);
    return filter.within("key", key == now->keys.end() ? std::string() : key->name).within("key_id", ask.keyId);
}

/// What administrators note at calls is theirs: a key could guess it word by word.
bool asksForMarks(const CallFilter::Node &node)
{
    return (node.field != nullptr && (node.field->name == "colour" || node.field->name == "comment")) || std::ranges::any_of(node.children, asksForMarks);
}

void listCalls(const Ask &ask, const Done &done)
{
    auto query = readQuery(ask);
    if (!query)
        return done(refusal(query.error()));
    const bool own = !ask.keyId.empty();
    if (own && asksForMarks(query->filter.root()))
        return done(refusal({.code = ErrorCode::BadRequest, .message = "Keys do not see colours and comments of calls, and cannot search for them.", .where = "filter"}));
    query->filter = narrowed(ask, std::move(query->filter));
    ask.gateway.calls(std::move(*query), ask.context, [done, own](const Result<CallPage> &page) {
        if (!page)
            return done(refusal(page.error()));
        Json data = Json::array();
        for (const CallRow &row : page->rows) {
            data.push_back(callJson(row.record));
            if (!own)
                data.back().update(markJson(row.mark));
        }
        Json next;
        if (page->more && !page->rows.empty())
            next = fmt::format("{}.{}", page->rows.back().cursor.startedUs, page->rows.back().cursor.row);
        done(answer(Json {{"data", std::move(data)}, {"has_more", page->more}, {"next", std::move(next)}}));
    });
}

/// With its second figure: one that the log has not stored yet, or removed in between, has none.
void answerWhole(const Ask &ask, const CallDetail &detail, const Done &done)
{
    Json whole = callJson(detail);
    whole.update(repricedJson({}));
    api::RepriceTools *tools = api::RepriceTools::of(ask.gateway);
    if (tools == nullptr)
        return done(answer(whole));
    tools->ofCall(detail.record.id, ask.context, [done, whole = std::move(whole)](const Result<std::optional<RepricedCall>> &figure) mutable {
        if (!figure && figure.error().code != ErrorCode::NotFound)
            return done(refusal(figure.error()));
        if (figure)
            whole.update(repricedJson(*figure));
        done(answer(whole));
    });
}

void readCall(const Ask &ask, const Done &done)
{
    ask.gateway.call(std::string(ask.argument()), ask.context, [ask, done, id = std::string(ask.argument())](const Result<CallDetail> &detail) {
        const std::string &keyId = ask.keyId;
        if (!keyId.empty() && (!detail || detail->record.keyId != keyId)) // whether another key has it is nobody's business
            return done(refusal({.code = ErrorCode::NotFound, .message = fmt::format("This key made no call {}, or it is not kept any more.", jsonQuoted(truncatedUtf8(id, 100)))}));
        if (!detail)
            return done(refusal(detail.error()));
        if (!keyId.empty())
            return done(answer(ownCallJson(*detail)));
        answerWhole(ask, *detail, done);
    });
}

/// "team,model"
Result<std::vector<UsageField>> readGroups(std::string_view text)
{
    std::vector<UsageField> fields;
    while (!text.empty()) {
        const std::string_view name = trimmed(text.substr(0, text.find(',')));
        text.remove_prefix(std::min(text.size(), text.find(',') == std::string_view::npos ? text.size() : text.find(',') + 1));
        const auto field = usageFieldNamed(name);
        if (!field)
            return fail(ErrorCode::BadRequest, fmt::format("group_by is some of team, key, route, provider and model, with commas between, but here it has {}.", jsonQuoted(truncatedUtf8(name, 40))), "group_by");
        if (std::ranges::find(fields, *field) == fields.end())
            fields.push_back(*field);
    }
    return fields;
}

Result<UsageQuery> readUsage(const Ask &ask)
{
    UsageQuery query;
    if (const auto which = readWhich(ask, query.range, query.filter); !which)
        return std::unexpected(which.error());
    auto groups = readGroups(ask.asked("group_by"));
    if (!groups)
        return std::unexpected(groups.error());
    query.groupBy = std::move(*groups);
    if (const std::string_view name = ask.asked("bucket"); !name.empty()) {
        const auto bucket = usageBucketNamed(name);
        if (!bucket)
            return fail(ErrorCode::BadRequest, fmt::format("bucket is hour, day or month, but here it is {}.", jsonQuoted(truncatedUtf8(name, 40))), "bucket");
        query.bucket = *bucket;
    }
    return query;
}

void readUsageOf(const Ask &ask, const Done &done)
{
    auto query = readUsage(ask);
    if (!query)
        return done(refusal(query.error()));
    const std::vector<UsageField> groups = query->groupBy;
    ask.gateway.usage(std::move(*query), ask.context, [groups, done](const Result<Usage> &usage) { done(usage ? answer(usageJson(*usage, groups)) : refusal(usage.error())); });
}

/// What an analyst may ask of the list; `path` is that of one of the table's rows.
const Endpoint &rowAt(std::string_view path)
{
    return *std::ranges::find(endpoints(), path, &Endpoint::path);
}

} // namespace

Result<void> readWhich(const Ask &ask, TimeRange &range, CallFilter &filter)
{
    const auto from = timeOf(ask.asked("from"), "from");
    const auto to = timeOf(ask.asked("to"), "to");
    if (!from || !to)
        return std::unexpected(from ? to.error() : from.error());
    range = {.from = from->value_or(range.from), .to = to->value_or(range.to)};
    const std::string_view text = ask.asked("filter");
    if (text.empty())
        return {};
    auto read = CallFilter::parse(text);
    if (!read)
        return fail(ErrorCode::BadRequest, fmt::format("The filter, at character {}: {}", read.error().from + 1, read.error().message), "filter");
    filter = std::move(*read);
    return {};
}

void askForOwnCalls(Ask ask, const pipeline::AdminRequest &request, const Done &done)
{
    constexpr std::string_view all = "/v1/calls";
    const std::size_t behind = request.path.find(all) + all.size();
    const std::string_view id = std::string_view(request.path).substr(std::min(behind + 1, request.path.size()));
    const Endpoint &row = rowAt(id.empty() ? "/admin/v1/calls" : "/admin/v1/calls/{id}");
    ask.keyId = request.keyId;
    ask.query = queryFields(request.query);
    if (const auto unknown = unknownField(row, id.empty() ? all : "/v1/calls/{id}", ask.query))
        return done(refusal(*unknown));
    if (!id.empty())
        ask.arguments.push_back(wire::percentDecoded(id));
    row.handler(std::move(ask), done);
}

void addCallEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "GET", .path = "/admin/v1/calls", .least = Role::Analyst, .handler = listCalls, .summary = "Calls of the log, newest first, a page at a time.",
                     .query = {"filter", "from", "to", "limit", "before"}, .answer = "calls"});
    table.push_back({.method = "GET", .path = "/admin/v1/calls/{id}", .least = Role::Analyst, .handler = readCall,
                     .summary = "One call, by x-signalbox-call-id, with attempts and bodies as far as they are kept, and what a re-pricing made of its cost.", .answer = "call.whole"});
    table.push_back({.method = "GET", .path = "/admin/v1/usage", .least = Role::Analyst, .handler = readUsageOf,
                     .summary = "Calls, tokens and cost, added up by group and by hour, day or month.", .query = {"group_by", "from", "to", "bucket", "filter"}, .answer = "usage"});
    addCallGroupEndpoints(table);
}

} // namespace gateway::admin
