// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/find_entry.h"
#include "gateway/admin/json_body.h"
#include "gateway/api/alert_tools.h"
#include "gateway/config/config_json.h"
#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

/// Alerts beside editing them: how they stand, what they told and would have told, and who is to be left alone.
namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

constexpr int usualPage = 100;
constexpr int longestPage = 1000;
constexpr config::Millis longestMute = std::chrono::days {90};
constexpr std::chrono::hours usualPreview {24};

/// The alerts' part of the facade, or the answer that there is none.
api::AlertTools *toolsOf(const Ask &ask, const Done &done)
{
    api::AlertTools *tools = api::AlertTools::of(ask.gateway);
    if (!tools)
        done(refusal({.code = ErrorCode::NotFound, .message = "This process evaluates no alerts."}));
    return tools;
}

Json textOrNull(const std::string &text)
{
    return text.empty() ? Json() : Json(toValidUtf8(text));
}

Json numberOrNull(const std::optional<double> &number)
{
    return number ? Json(*number) : Json();
}

Json dateOrNull(const std::optional<WallTime> &time)
{
    return time ? Json(config::dateText(*time)) : Json();
}

/// The alert that the path names, by id or name; null: answered.
const config::Alert *findAlert(const api::ConfigPtr &now, std::string_view asked, const Done &done)
{
    const auto found = findEntry(now->alerts, asked);
    if (found != now->alerts.end())
        return &*found;
    done(refusal(noSuchEntry("alert", asked, now->alerts)));
    return nullptr;
}

Json statusJson(const AlertStatus &status, const config::Config &config)
{
    const auto alert = std::ranges::find(config.alerts, status.alert, &config::Alert::id);
    return {{"alert", status.alert}, {"name", alert == config.alerts.end() ? Json() : Json(alert->name)}, {"subject", textOrNull(status.subject)}, {"state", toText(status.state)},
            {"since", status.since == WallTime {} ? Json() : Json(config::dateText(status.since))}, {"value", numberOrNull(status.value)}, {"lower", numberOrNull(status.lower)},
            {"upper", numberOrNull(status.upper)}, {"calls", status.calls}, {"firing", status.firing == 0 ? Json() : Json(status.firing)}, {"acknowledged_by", textOrNull(status.acknowledgedBy)},
            {"muted_until", dateOrNull(status.mutedUntil)}};
}

/// Without `subject` it is the whole alert's; null is the organisation, as where mutes are asked for.
Json muteJson(const AlertMute &mute)
{
    Json json {{"alert", mute.alert}, {"until", config::dateText(mute.until)}};
    if (mute.subject)
        json["subject"] = textOrNull(*mute.subject);
    return json;
}

Json firingJson(const AlertFiring &firing)
{
    return {{"number", firing.number == 0 ? Json() : Json(firing.number)}, {"alert", firing.alert}, {"name", firing.name}, {"subject", textOrNull(firing.subject)}, {"metric", firing.metric},
            {"severity", firing.severity}, {"pending_since", config::dateText(firing.pendingSince)}, {"fired_at", config::dateText(firing.firedAt)}, {"resolved_at", dateOrNull(firing.resolvedAt)},
            {"value", firing.value}, {"peak", firing.peak}, {"level", numberOrNull(firing.level)}, {"told", firing.told}, {"acknowledged_by", textOrNull(firing.acknowledgedBy)}};
}

Json deliveryJson(const AlertDelivery &delivery)
{
    return {{"number", delivery.number}, {"firing", delivery.firing == 0 ? Json() : Json(delivery.firing)}, {"alert", delivery.alert}, {"name", delivery.name}, {"subject", textOrNull(delivery.subject)},
            {"word", toText(delivery.word)}, {"channel", delivery.channel}, {"target", textOrNull(delivery.target)}, {"at", config::dateText(delivery.at)}, {"attempt", delivery.attempt},
            {"delivered", delivery.delivered}, {"last", delivery.last}, {"detail", toValidUtf8(delivery.detail)}};
}

template <typename Row, typename ToJson>
Json listJson(const std::vector<Row> &rows, ToJson toJson)
{
    Json list = Json::array();
    for (const Row &row : rows)
        list.push_back(toJson(row));
    return list;
}

void readState(const Ask &ask, const Done &done)
{
    const api::AlertTools *tools = toolsOf(ask, done);
    if (!tools)
        return;
    const auto board = tools->board();
    const api::ConfigPtr now = ask.gateway.config();
    done(answer(Json {{"at", board->at == WallTime {} ? Json() : Json(config::dateText(board->at))},
                      {"problem", textOrNull(board->problem)},
                      {"data", listJson(board->states, [&](const AlertStatus &status) { return statusJson(status, *now); })},
                      {"mutes", listJson(board->mutes, muteJson)},
                      {"quiet", board->quiet}}));
}

Result<AlertListQuery> readQuery(const Ask &ask)
{
    const auto limit = numberOf(ask.asked("limit"), "limit", usualPage, longestPage);
    const auto before = numberOf(ask.asked("before"), "before", 0, std::numeric_limits<int>::max());
    if (!limit || !before)
        return std::unexpected(limit ? before.error() : limit.error());
    AlertListQuery query {.before = *before, .limit = *limit + 1};
    if (const std::string_view asked = ask.asked("alert"); !asked.empty()) {
        const api::ConfigPtr now = ask.gateway.config();
        const auto found = findEntry(now->alerts, asked);
        query.alert = found == now->alerts.end() ? std::string(asked) : found->id; // one that is gone has a past too
    }
    return query;
}

/// A page of what is asked for with one more row than the page has.
template <typename Row, typename ToJson>
void answerPage(const Done &done, const Result<std::vector<Row>> &rows, int limit, ToJson toJson)
{
    if (!rows)
        return done(refusal(rows.error()));
    const bool more = rows->size() > static_cast<std::size_t>(limit);
    Json list = Json::array();
    for (std::size_t i = 0; i < std::min(rows->size(), static_cast<std::size_t>(limit)); ++i)
        list.push_back(toJson((*rows)[i]));
    const Json next = more ? Json(std::to_string((*rows)[static_cast<std::size_t>(limit) - 1].number)) : Json();
    done(answer(Json {{"data", std::move(list)}, {"has_more", more}, {"next", next}}));
}

void listFirings(const Ask &ask, const Done &done)
{
    api::AlertTools *tools = toolsOf(ask, done);
    auto query = readQuery(ask);
    if (!tools)
        return;
    if (!query)
        return done(refusal(query.error()));
    const int limit = query->limit - 1;
    tools->firings(std::move(*query), ask.context, [done, limit](const Result<std::vector<AlertFiring>> &rows) { answerPage(done, rows, limit, firingJson); });
}

void listDeliveries(const Ask &ask, const Done &done)
{
    api::AlertTools *tools = toolsOf(ask, done);
    auto query = readQuery(ask);
    if (!tools)
        return;
    if (!query)
        return done(refusal(query.error()));
    const int limit = query->limit - 1;
    tools->deliveries(std::move(*query), ask.context, [done, limit](const Result<std::vector<AlertDelivery>> &rows) { answerPage(done, rows, limit, deliveryJson); });
}

Json previewJson(const AlertPreview &preview)
{
    Json series = Json::array();
    for (const AlertSeries &one : preview.series) {
        Json points = Json::array();
        for (const AlertPoint &point : one.points)
            points.push_back({{"at", config::dateText(point.at)}, {"value", numberOrNull(point.value)}, {"lower", numberOrNull(point.lower)}, {"upper", numberOrNull(point.upper)}});
        series.push_back({{"subject", textOrNull(one.subject)}, {"firings", one.firings}, {"points", std::move(points)}});
    }
    return {{"from", config::dateText(preview.from)}, {"to", config::dateText(preview.to)}, {"calls", preview.calls}, {"subjects", preview.subjects}, {"fired", preview.fired}, {"told", preview.told},
            {"firings", listJson(preview.firings, firingJson)}, {"series", std::move(series)}};
}

struct PreviewOrder
{
    config::Alert alert;
    TimeRange range;
};

Result<TimeRange> readRange(const Json &body)
{
    const auto from = timeOf(textOf(body, "from"), "from");
    const auto to = timeOf(textOf(body, "to"), "to");
    if (!from || !to)
        return std::unexpected(from ? to.error() : from.error());
    const WallTime end = to->value_or(std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now()));
    return TimeRange {.from = from->value_or(end - usualPreview), .to = end};
}

/// An alert as it is written, or the name of one.
Result<PreviewOrder> readPreview(const Ask &ask)
{
    const auto body = readObject(ask.body);
    if (!body)
        return std::unexpected(body.error());
    auto range = readRange(*body);
    if (!range)
        return std::unexpected(range.error());
    const auto alert = body->find("alert");
    if (alert == body->end() || (!alert->is_object() && !alert->is_string()))
        return fail(ErrorCode::BadRequest, "alert is an alert with the fields of the configuration file, or the name of one.", "alert");
    if (alert->is_string()) {
        const api::ConfigPtr now = ask.gateway.config();
        const auto found = findEntry(now->alerts, alert->get<std::string>());
        if (found == now->alerts.end())
            return std::unexpected(noSuchEntry("alert", alert->get<std::string>(), now->alerts));
        return PreviewOrder {.alert = *found, .range = *range};
    }
    Json fields = *alert;
    fields.emplace("name", "preview");
    auto read = config::readAlert(std::string_view(fields.dump(-1, ' ', false, Json::error_handler_t::replace)));
    if (read)
        return PreviewOrder {.alert = std::move(*read), .range = *range};
    const auto wrong = std::ranges::find(read.error(), false, &config::Problem::warning);
    return fail(ErrorCode::BadRequest, wrong->message, wrong->field.empty() ? "alert" : "alert." + wrong->field);
}

void preview(const Ask &ask, const Done &done)
{
    api::AlertTools *tools = toolsOf(ask, done);
    if (!tools)
        return;
    auto order = readPreview(ask);
    if (!order)
        return done(refusal(order.error()));
    tools->preview(std::move(order->alert), order->range, ask.context, [done](const Result<AlertPreview> &preview) { done(preview ? answer(previewJson(*preview)) : refusal(preview.error())); });
}

/// "subject": one of the alert's; absent: all. null or "" is the organisation.
std::optional<std::string> subjectOf(const Json &body)
{
    const auto subject = body.find("subject");
    if (subject == body.end())
        return std::nullopt;
    return subject->is_string() ? subject->get<std::string>() : std::string();
}

std::optional<Error> unknownKey(const Json &body, const std::vector<std::string_view> &known)
{
    for (const auto &[name, value] : body.items()) {
        if (std::ranges::find(known, name) == known.end())
            return Error {.code = ErrorCode::BadRequest, .message = fmt::format("{} is not taken here; {} are.", jsonQuoted(truncatedUtf8(name, 40)), fmt::join(known, " and ")), .where = name};
    }
    return std::nullopt;
}

/// What is asked of one alert.
struct AlertAsk
{
    api::AlertTools &tools;
    std::string alert; ///< its id
    Json body;
    std::optional<std::string> subject; ///< nullopt: all of the alert's
};

/// @param known  the fields that are taken beside `subject`; with none the body may be left out
/// @return nullopt: answered
std::optional<AlertAsk> readAsk(const Ask &ask, const Done &done, std::vector<std::string_view> known = {})
{
    api::AlertTools *tools = toolsOf(ask, done);
    const config::Alert *alert = tools ? findAlert(ask.gateway.config(), ask.argument(), done) : nullptr;
    if (!alert)
        return std::nullopt;
    auto body = readObject(ask.body, known.empty());
    if (!body) {
        done(refusal(body.error()));
        return std::nullopt;
    }
    known.emplace_back("subject");
    if (const auto wrong = unknownKey(*body, known)) {
        done(refusal(*wrong));
        return std::nullopt;
    }
    const auto subject = subjectOf(*body);
    return AlertAsk {.tools = *tools, .alert = alert->id, .body = std::move(*body), .subject = subject};
}

void test(const Ask &ask, const Done &done)
{
    api::AlertTools *tools = toolsOf(ask, done);
    const config::Alert *alert = tools ? findAlert(ask.gateway.config(), ask.argument(), done) : nullptr;
    if (!alert)
        return;
    tools->test(alert->id, ask.context, [done](const Result<std::vector<AlertDelivery>> &rows) { done(rows ? answer(Json {{"data", listJson(*rows, deliveryJson)}}) : refusal(rows.error())); });
}

/// Until when a mute is to last; both `for` and `until` may say it.
Result<WallTime> readEnd(const Json &body)
{
    const auto until = timeOf(textOf(body, "until"), "until");
    if (!until)
        return std::unexpected(until.error());
    const std::string forText = textOf(body, "for");
    const auto length = forText.empty() ? Result<config::Millis>(config::Millis {0}) : config::parseDuration(forText);
    if (!length)
        return fail(ErrorCode::BadRequest, length.error().message, "for");
    const WallTime now = std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now());
    const WallTime end = until->value_or(now + *length);
    if (end <= now || end - now > longestMute)
        return fail(ErrorCode::BadRequest, fmt::format("Say how long, such as {{\"for\": \"2h\"}}, or until when; {} at most.", config::durationText(longestMute)), until->has_value() ? "until" : "for");
    return end;
}

void mute(const Ask &ask, const Done &done)
{
    const auto asked = readAsk(ask, done, {"for", "until"});
    if (!asked)
        return;
    const auto end = readEnd(asked->body);
    if (!end)
        return done(refusal(end.error()));
    asked->tools.mute(asked->alert, asked->subject, *end, ask.note({}), ask.context, [done, end = *end](const Result<bool> &muted) { done(muted ? answer(Json {{"muted_until", config::dateText(end)}}) : refusal(muted.error())); });
}

void unmute(const Ask &ask, const Done &done)
{
    if (const auto asked = readAsk(ask, done))
        asked->tools.mute(asked->alert, asked->subject, std::nullopt, ask.note({}), ask.context, [done](const Result<bool> &muted) { done(muted ? nothing() : refusal(muted.error())); });
}

void acknowledge(const Ask &ask, const Done &done)
{
    if (const auto asked = readAsk(ask, done))
        asked->tools.acknowledge(asked->alert, asked->subject, ask.note({}), ask.context, [done](const Result<int> &count) { done(count ? answer(Json {{"acknowledged", *count}}) : refusal(count.error())); });
}

} // namespace

void addAlertEndpoints(std::vector<Endpoint> &table)
{
    const std::string all = "/admin/v1/alerts", one = all + "/{id}";
    table.push_back({.method = "GET", .path = all + "/state", .least = Role::Analyst, .handler = readState, .summary = "How alerts stand: what fires, what is about to, and a part of what is well.", .answer = "alert.states"});
    table.push_back({.method = "GET", .path = all + "/firings", .least = Role::Analyst, .handler = listFirings, .summary = "When alerts fired, newest first, for 90 days.", .query = {"alert", "before", "limit"}, .answer = "alert.firings"});
    table.push_back({.method = "GET", .path = all + "/deliveries", .least = Role::Analyst, .handler = listDeliveries, .summary = "Each try to tell somebody, newest first, and what came of it.", .query = {"alert", "before", "limit"}, .answer = "alert.deliveries"});
    table.push_back({.method = "POST", .path = all + "/preview", .least = Role::Analyst, .handler = preview, .summary = "When an alert would have fired, by the call log: one of the configuration, or one as it is written. Changes nothing.", .body = "alert.preview", .answer = "alert.previewed"});
    table.push_back({.method = "POST", .path = one + "/test", .least = Role::Admin, .handler = test, .summary = "Tells all whom an alert names that this is a test.", .answer = "alert.tested"});
    table.push_back({.method = "POST", .path = one + "/mute", .least = Role::Admin, .handler = mute, .summary = "Has an alert, or one of its subjects, be silent for a while. What fires meanwhile is kept all the same.", .body = "alert.mute", .answer = "alert.muted"});
    table.push_back({.method = "POST", .path = one + "/unmute", .least = Role::Admin, .handler = unmute, .summary = "Ends a mute.", .body = "alert.subject", .status = 204});
    table.push_back({.method = "POST", .path = one + "/acknowledge", .least = Role::Admin, .handler = acknowledge, .summary = "Says that somebody sees to what fires: it is not told again.", .body = "alert.subject", .answer = "alert.acknowledged"});
}

} // namespace gateway::admin
