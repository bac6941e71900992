// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/litellm/entries.h"
#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <utility>

/// LiteLLM's /spend/logs, over the call log.
namespace gateway::admin::litellm {

namespace {

using Json = nlohmann::ordered_json;

constexpr int mostRows = 1000;

/// LiteLLM's name for what was asked.
std::string_view callType(gateway::Endpoint endpoint)
{
    using What = gateway::Endpoint;
    switch (endpoint) {
    case What::ChatCompletions: return "acompletion";
    case What::Completions: return "atext_completion";
    case What::Embeddings: return "aembedding";
    case What::Messages: return "anthropic_messages";
    case What::Responses: return "aresponses";
    case What::GenerateContent: return "agenerate_content";
    case What::Images: return "aimage_generation";
    case What::ImageEdits: return "aimage_edit";
    case What::Transcriptions: return "atranscription";
    case What::Speech: return "aspeech";
    case What::Moderations: return "amoderation";
    case What::Rerank: return "arerank";
    case What::Realtime: return "_arealtime";
    case What::Passthrough: return "pass_through_endpoint";
    case What::Models:
    case What::CountTokens:
    case What::Other: break;
    }
    return toText(endpoint);
}

Json tagsOf(std::string_view tags)
{
    Json list = Json::array();
    while (!tags.empty()) {
        const std::size_t end = std::min(tags.find(','), tags.size());
        list.push_back(toValidUtf8(tags.substr(0, end)));
        tags.remove_prefix(std::min(tags.size(), end + 1));
    }
    return list;
}

Json logJson(const CallRecord &record)
{
    const auto textOrNull = [](const std::string &text) { return text.empty() ? Json() : Json(toValidUtf8(text)); };
    const auto at = [&](std::int64_t us) { return config::dateText(std::chrono::floor<std::chrono::milliseconds>(record.startedAt + std::chrono::microseconds(us))); };
    const std::int64_t prompt = record.usage.input;
    const std::int64_t completion = record.usage.output;
    Json json {{"request_id", record.id}, {"call_type", callType(record.endpoint)}, {"api_key", record.keyId}, {"spend", record.cost ? dollars(*record.cost) : Json()},
               {"total_tokens", prompt + completion}, {"prompt_tokens", prompt}, {"completion_tokens", completion}, {"startTime", at(0)}, {"endTime", at(record.latencyUs)}};
    json["completionStartTime"] = record.firstByteUs < 0 ? Json() : Json(at(record.firstByteUs));
    json["model"] = toValidUtf8(record.model);
    json["model_group"] = textOrNull(record.route);
    json["custom_llm_provider"] = textOrNull(record.provider);
    json["team_id"] = textOrNull(record.team);
    json["end_user"] = textOrNull(record.customer);
    json["session_id"] = textOrNull(record.session);
    json["requester_ip_address"] = textOrNull(record.peer);
    json["request_tags"] = tagsOf(record.tags);
    json["metadata"] = {{"user_api_key_alias", textOrNull(record.key)}, {"user_api_key_team_alias", textOrNull(record.team)}};
    json["user"] = "";
    json["cache_hit"] = "False";
    json["status"] = record.status == CallStatus::Ok ? "success" : "failure";
    return json;
}

struct Wanted
{
    TimeRange range;
    std::string key {};      ///< name; empty: all
    bool byDay = false;
};

/// LiteLLM's days: both are whole ones.
Result<std::optional<WallTime>> dayOf(const Ask &ask, const char *field, std::chrono::days more)
{
    const auto time = timeOf(ask.asked(field), field);
    if (!time || !*time)
        return time;
    const bool wholeDay = ask.asked(field).size() == std::string_view("2026-11-29").size();
    return wholeDay ? **time + more : **time;
}

Result<Wanted> readWanted(const Ask &ask)
{
    Wanted wanted;
    const auto from = dayOf(ask, "start_date", std::chrono::days {0});
    const auto to = dayOf(ask, "end_date", std::chrono::days {1});
    if (!from || !to)
        return std::unexpected(from ? to.error() : from.error());
    wanted.range = {.from = from->value_or(wanted.range.from), .to = to->value_or(wanted.range.to)};
    if (const std::string_view asked = ask.asked("api_key"); !asked.empty()) {
        const api::ConfigPtr now = ask.gateway.config();
        const config::VirtualKey *key = findKey(ask.gateway, *now, asked);
        if (key == nullptr)
            return std::unexpected(noSuchKey("api_key"));
        wanted.key = key->name;
    }
    const std::string_view summarize = ask.asked("summarize");
    if (!summarize.empty() && !equalsIgnoringCase(summarize, "true") && !equalsIgnoringCase(summarize, "false"))
        return fail(ErrorCode::BadRequest, "summarize is true or false.", "summarize");
    wanted.byDay = *from && *to && !equalsIgnoringCase(summarize, "false");
    return wanted;
}

Result<UsageQuery> questionOf(const Wanted &wanted)
{
    auto query = wanted.key.empty() ? Result<UsageQuery>(UsageQuery()) : usageOf("key", wanted.key);
    if (query)
        query->range = wanted.range;
    return query;
}

/// One for each day: what was spent, and on which models.
void listDays(const Ask &ask, UsageQuery query, const Done &done)
{
    query.bucket = UsageBucket::Day;
    query.groupBy = {UsageField::Model};
    ask.gateway.usage(std::move(query), ask.context, [done](const Result<Usage> &usage) {
        if (!usage)
            return done(refusal(usage.error()));
        std::map<WallTime, std::pair<Money, Json>> days;
        for (const UsageRow &row : usage->rows) {
            auto &[spent, models] = days.try_emplace(*row.at, Money(), Json::object()).first->second;
            spent += row.totals.cost;
            models[toValidUtf8(row.group.front())] = dollars(row.totals.cost);
        }
        Json list = Json::array();
        for (const auto &[day, sums] : days)
            list.push_back({{"startTime", config::dateText(day).substr(0, 10)}, {"spend", dollars(sums.first)}, {"users", Json::object()}, {"models", sums.second}});
        done(answer(list));
    });
}

void listCalls(const Ask &ask, const UsageQuery &query, const Done &done)
{
    CallQuery calls {.range = query.range, .filter = query.filter, .limit = mostRows};
    ask.gateway.calls(std::move(calls), ask.context, [done](const Result<CallPage> &page) {
        if (!page)
            return done(refusal(page.error()));
        Json list = Json::array();
        for (const CallRow &row : page->rows)
            list.push_back(logJson(row.record));
        pipeline::AdminReply reply = answer(list);
        reply.headers = fmt::format("x-signalbox-has-more: {}\r\n", page->more ? "true" : "false"); // a list has no place for it
        done(std::move(reply));
    });
}

void spendLogs(const Ask &ask, const Done &done)
{
    if (const std::string_view id = ask.asked("request_id"); !id.empty()) {
        ask.gateway.call(std::string(id), ask.context, [done](const Result<CallDetail> &call) {
            if (!call && call.error().code != ErrorCode::NotFound)
                return done(refusal(call.error()));
            done(answer(call ? Json::array({logJson(call->record)}) : Json::array()));
        });
        return;
    }
    const auto wanted = readWanted(ask);
    if (!wanted)
        return done(refusal(wanted.error()));
    auto query = questionOf(*wanted);
    if (!query)
        return done(refusal(query.error()));
    if (wanted->byDay)
        listDays(ask, std::move(*query), done);
    else
        listCalls(ask, *query, done);
}

} // namespace
} // namespace gateway::admin::litellm

namespace gateway::admin {

void addLiteLlmSpendEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "GET", .path = "/spend/logs", .least = Role::Analyst, .handler = litellm::spendLogs,
                     .summary = "LiteLLM's call: calls of the log, newest first, 1,000 at most; with start_date and end_date, both whole days, what was spent each day, unless summarize is false.",
                     .query = {"api_key", "request_id", "start_date", "end_date", "summarize"}, .answer = "litellm.spend"});
}

} // namespace gateway::admin
