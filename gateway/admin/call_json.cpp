// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/call_json.h"

#include "gateway/admin/prompt_json.h"
#include "gateway/config/duration.h"
#include "gateway/core/mark_colour.h"
#include "gateway/core/text.h"
#include "gateway/storage/call_json.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

Json textOrNull(const std::string &text)
{
    return text.empty() ? Json() : Json(toValidUtf8(text));
}

Json figuresJson(const SeriesTotals &totals)
{
    const auto milli = [](std::optional<std::int64_t> us) { return us ? Json(static_cast<double>(*us) / 1000.0) : Json(); };
    return {{"calls", totals.calls}, {"failed", totals.failed}, {"refused", totals.refused}, {"rescued", totals.rescued}, {"unpriced", totals.unpriced},
            {"input_tokens", totals.inputTokens}, {"output_tokens", totals.outputTokens}, {"cost", totals.cost.toDecimal()},
            {"latency_p50_ms", milli(totals.p50Us)}, {"latency_p95_ms", milli(totals.p95Us)}, {"latency_p99_ms", milli(totals.p99Us)}, {"first_token_p95_ms", milli(totals.ttftP95Us)}};
}

} // namespace

Json callJson(const CallRecord &record)
{
    return storage::callJson(record);
}

Json markJson(const CallMark &mark)
{
    const std::string_view colour = markColourName(mark.colour);
    return {{"colour", colour.empty() ? Json() : Json(colour)}, {"comment", textOrNull(mark.comment)}};
}

Json callJson(const CallDetail &detail)
{
    Json json = storage::callJson(detail.record);
    json.update(markJson(detail.mark));
    storage::addCallDetails(json, detail.record);
    json["feedback"] = feedbackJson(detail.feedback);
    json["bodies"] = storage::bodiesJson(detail.record.bodies);
    json["bodies"]["expired"] = detail.bodiesExpired;
    return json;
}

Json repricedJson(const std::optional<RepricedCall> &figure)
{
    return {{"repriced", figure ? Json {{"cost", figure->cost.toDecimal()}, {"at", config::dateText(figure->at)}} : Json()}};
}

Json ownCallJson(const CallDetail &detail)
{
    Json json = callJson(detail);
    json.erase("colour");
    json.erase("comment");
    for (Json &attempt : json["attempts"])
        attempt.erase("credential");
    json["bodies"].erase("sent");
    json["bodies"].erase("received");
    std::erase_if(json["feedback"].get_ref<Json::array_t &>(), [](const Json &one) { return one["by"].get_ref<const std::string &>().starts_with("admin:"); });
    return json;
}

Json usageJson(const Usage &usage, const std::vector<UsageField> &groups)
{
    Json data = Json::array();
    for (const UsageRow &row : usage.rows) {
        Json json = Json::object();
        if (row.at)
            json["at"] = config::dateText(*row.at);
        for (std::size_t i = 0; i < groups.size(); ++i)
            json[std::string(toText(groups[i]))] = textOrNull(row.group[i]);
        json.update(figuresJson(row.totals));
        data.push_back(std::move(json));
    }
    return {{"data", std::move(data)}, {"totals", figuresJson(usage.totals)}};
}

} // namespace gateway::admin
