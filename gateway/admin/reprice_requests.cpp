// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/reprice_requests.h"

#include "gateway/admin/answers.h"
#include "gateway/admin/json_body.h"
#include "gateway/api/reprice_tools.h"
#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <QTimer>

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace gateway::admin {

namespace {

using nlohmann::json;

constexpr int lookEveryMs = 200;

struct Order
{
    api::RepriceQuery query;
    bool dryRun = false;
};

Result<Order> orderOf(const json &request)
{
    constexpr std::array<std::string_view, 5> known {"from", "to", "filter", "dry_run", "do"};
    for (const auto &[name, value] : request.items()) {
        if (std::ranges::find(known, std::string_view(name)) == known.end())
            return fail(ErrorCode::BadRequest, fmt::format("{} is none of what is asked here: from, to, filter, dry_run.", jsonQuoted(truncatedUtf8(name, 40))), name);
    }
    for (const char *name : {"from", "to", "filter"}) {
        if (request.contains(name) && !request[name].is_string())
            return fail(ErrorCode::BadRequest, fmt::format("{} is a text.", name), name);
    }
    if (request.contains("dry_run") && !request["dry_run"].is_boolean())
        return fail(ErrorCode::BadRequest, "dry_run is true or false.", "dry_run");
    Order order {.query = {}, .dryRun = request.value("dry_run", false)};
    const auto from = timeOf(request, "from", order.query.range.from);
    const auto to = timeOf(request, "to", order.query.range.to);
    if (!from || !to)
        return std::unexpected(from ? to.error() : from.error());
    order.query.range = {.from = *from, .to = *to};
    if (const std::string text = textOf(request, "filter"); !text.empty()) {
        auto read = CallFilter::parse(text);
        if (!read)
            return fail(ErrorCode::BadRequest, fmt::format("The filter, at character {}: {}", read.error().from + 1, read.error().message), "filter");
        order.query.filter = std::move(*read);
    }
    return order;
}

json figuresJson(const RepriceFigures &figures)
{
    return {{"looked_at", figures.looked}, {"changed", figures.changed}, {"first_priced", figures.firstPriced}, {"unknown", figures.unknown}, {"before", figures.before.toDecimal()}, {"after", figures.after.toDecimal()}};
}

json previewJson(const RepricePreview &preview)
{
    json rows = json::array();
    for (const RepricePreview::Row &row : preview.rows) {
        json one = figuresJson(row.figures);
        one["provider"] = row.provider;
        one["model"] = row.model;
        rows.push_back(std::move(one));
    }
    return {{"dry_run", true}, {"data", std::move(rows)}, {"totals", figuresJson(preview.total)}};
}

json runJson(const RepriceRun &run)
{
    json one = figuresJson(run.figures);
    one["id"] = run.id;
    one["at"] = config::dateText(run.at);
    one["from"] = run.range.from == WallTime() ? json() : json(config::dateText(run.range.from));
    one["to"] = run.range.to == WallTime::max() ? json() : json(config::dateText(run.range.to));
    one["filter"] = run.filter;
    one["by"] = run.author;
    one["state"] = toText(run.state);
    one["done"] = run.done;
    one["problem"] = run.problem.empty() ? json() : json(run.problem);
    return one;
}

/// Looks again and again until the run is over. One that is gone changed nothing, or was undone.
void answerWhenDone(api::RepriceTools &tools, std::int64_t id, QObject *context, JsonAnswer answer)
{
    tools.runs(context, [&tools, id, context, answer = std::move(answer)](const Result<std::vector<RepriceRun>> &runs) mutable {
        if (!runs)
            return answer(std::unexpected(runs.error()));
        const auto run = std::ranges::find(*runs, id, &RepriceRun::id);
        if (run == runs->end())
            return answer(json {{"run", nullptr}, {"changed", 0}});
        if (run->state != RepriceRun::State::Running)
            return answer(json {{"run", runJson(*run)}, {"changed", run->figures.changed}});
        QTimer::singleShot(lookEveryMs, context, [&tools, id, context, answer = std::move(answer)]() mutable { answerWhenDone(tools, id, context, std::move(answer)); });
    });
}

api::RepriceTools *toolsOf(const Ask &ask, const Done &done)
{
    api::RepriceTools *tools = api::RepriceTools::of(ask.gateway);
    if (tools == nullptr)
        done(refusal({.code = ErrorCode::NotSupported, .message = "This gateway has no call log."}));
    return tools;
}

void startReprice(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body, true);
    if (!body)
        return done(refusal(body.error()));
    reprice(ask.gateway, json(*body), false, ask.note({}), ask.context, [done](const Result<json> &result) {
        const bool begun = result && result->contains("run");
        done(result ? answer(*result, begun ? 202 : 200) : refusal(result.error()));
    });
}

void listRuns(const Ask &ask, const Done &done)
{
    if (api::RepriceTools *tools = toolsOf(ask, done)) {
        tools->runs(ask.context, [done](const Result<std::vector<RepriceRun>> &runs) {
            if (!runs)
                return done(refusal(runs.error()));
            json data = json::array();
            for (const RepriceRun &run : *runs)
                data.push_back(runJson(run));
            done(answer(json {{"data", std::move(data)}}));
        });
    }
}

void dropRun(const Ask &ask, const Done &done)
{
    api::RepriceTools *tools = toolsOf(ask, done);
    if (tools == nullptr)
        return;
    const std::string_view text = ask.argument();
    std::int64_t id = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size())
        return done(refusal({.code = ErrorCode::NotFound, .message = "There is no such re-pricing."}));
    tools->drop(id, ask.context, [done](const Result<bool> &dropped) { done(dropped ? nothing() : refusal(dropped.error())); });
}

} // namespace

void reprice(api::Gateway &gateway, const json &request, bool wait, const api::EditNote &by, QObject *context, JsonAnswer answer)
{
    auto order = orderOf(request);
    if (!order)
        return answer(std::unexpected(order.error()));
    api::RepriceTools *tools = api::RepriceTools::of(gateway);
    if (tools == nullptr)
        return answer(fail(ErrorCode::NotSupported, "This gateway has no call log."));
    if (order->dryRun)
        return tools->preview(std::move(order->query), context, [answer = std::move(answer)](const Result<RepricePreview> &preview) { answer(preview ? Result<json>(previewJson(*preview)) : std::unexpected(preview.error())); });
    tools->start(std::move(order->query), by, context, [tools, wait, context, answer = std::move(answer)](const Result<std::int64_t> &run) {
        if (!run)
            return answer(std::unexpected(run.error()));
        if (wait)
            return answerWhenDone(*tools, *run, context, answer);
        answer(json {{"run", *run}});
    });
}

void addRepriceEndpoints(std::vector<Endpoint> &table)
{
    const std::string all = "/admin/v1/costs/reprice";
    table.push_back({.method = "GET", .path = all, .least = Role::Analyst, .handler = listRuns, .summary = "Re-pricings that are there, the latest first, and how far one is.", .answer = "reprice_runs"});
    table.push_back({.method = "POST", .path = all, .handler = startReprice,
                     .summary = "Gives calls of the past a second figure by the prices of now; what was logged, budgets and spend stay. With dry_run: what would change, by provider and model.", .body = "reprice", .answer = "repriced", .status = 202, .otherStatus = 200});
    table.push_back({.method = "DELETE", .path = all + "/{id}", .handler = dropRun, .summary = "Undoes a re-pricing, the latest first; stops one that runs.", .status = 204});
}

} // namespace gateway::admin
