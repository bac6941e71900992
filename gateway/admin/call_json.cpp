// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/call_json.h"

#include "gateway/core/finding_action.h"
#include "gateway/admin/prompt_json.h"
#include "gateway/config/duration.h"
#include "gateway/core/mark_colour.h"
#include "gateway/core/text.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

Json textOrNull(const std::string &text)
{
    return text.empty() ? Json() : Json(toValidUtf8(text));
}

Json milliseconds(std::int32_t us)
{
    return us < 0 ? Json() : Json(us / 1000.0);
}

Json moneyOrNull(const std::optional<Money> &money)
{
    return money ? Json(money->toDecimal()) : Json();
}

Json tokensJson(const TokenUsage &usage)
{
    return {{"input", usage.input}, {"output", usage.output}, {"cached_input", usage.cachedInput}, {"cache_write", usage.cacheWrite + usage.cacheWrite1h},
            {"reasoning", usage.reasoning}, {"audio_input", usage.audioInput}, {"audio_output", usage.audioOutput}, {"estimated", usage.estimated}};
}

Json attemptJson(const AttemptRecord &attempt)
{
    Json json {{"provider", attempt.provider}, {"credential", textOrNull(attempt.credential)}, {"model", attempt.model}, {"ok", attempt.ok}, {"skipped", attempt.skipped}, {"hedge", attempt.hedge},
               {"http_status", attempt.httpStatus}, {"started_ms", milliseconds(attempt.startedUs)}, {"waited_ms", milliseconds(attempt.waitedUs)}, {"first_byte_ms", milliseconds(attempt.firstByteUs)},
               {"ended_ms", milliseconds(attempt.endedUs)}, {"usage", tokensJson(attempt.usage)}, {"cost", moneyOrNull(attempt.cost)}};
    json["error"] = attempt.ok ? Json() : Json(toText(attempt.error));
    json["detail"] = textOrNull(attempt.detail);
    return json;
}

Json bodyJson(const std::string &text, bool cut)
{
    return text.empty() ? Json() : Json {{"text", toValidUtf8(text)}, {"cut", cut}};
}

/// Of a call that got a kept answer: whose, and what that saved.
Json cachedJson(const CallRecord &record)
{
    if (record.cachedFrom.empty())
        return {};
    const Json similarity = record.cache == CacheOutcome::Semantic ? Json(record.similarity) : Json();
    return {{"from", record.cachedFrom}, {"similarity", similarity}, {"saved", moneyOrNull(record.saved)}, {"saved_ms", static_cast<double>(record.savedUs) / 1000.0}};
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
    Json json {{"id", record.id}, {"started_at", config::dateText(record.startedAt)}, {"endpoint", toText(record.endpoint)}, {"status", toText(record.status)},
               {"http_status", record.httpStatus}, {"key", textOrNull(record.key)}, {"team", textOrNull(record.team)}, {"customer", textOrNull(record.customer)},
               {"session", textOrNull(record.session)}, {"tags", textOrNull(record.tags)}, {"asked_model", textOrNull(record.askedModel)}, {"route", textOrNull(record.route)},
               {"provider", textOrNull(record.provider)}, {"model", textOrNull(record.model)}, {"stream", record.stream}, {"latency_ms", milliseconds(record.latencyUs)},
               {"first_byte_ms", milliseconds(record.firstByteUs)}, {"usage", tokensJson(record.usage)}, {"cost", moneyOrNull(record.cost)}, {"peer", textOrNull(record.peer)},
               {"cache", toText(record.cache)}, {"prompt", textOrNull(record.prompt)}, {"policy", textOrNull(record.policy)}};
    json["error"] = record.error ? Json(toText(*record.error)) : Json();
    json["error_message"] = textOrNull(record.errorMessage);
    return json;
}

Json markJson(const CallMark &mark)
{
    const std::string_view colour = markColourName(mark.colour);
    return {{"colour", colour.empty() ? Json() : Json(colour)}, {"comment", textOrNull(mark.comment)}};
}

Json callJson(const CallDetail &detail)
{
    const CallRecord &record = detail.record;
    Json json = callJson(record);
    json.update(markJson(detail.mark));
    json["decisions"] = textOrNull(record.decisions);
    json["metadata"] = record.metadata.empty() ? Json() : Json::parse(record.metadata, nullptr, false);
    if (json["metadata"].is_discarded())
        json["metadata"] = toValidUtf8(record.metadata);
    json["dropped"] = textOrNull(record.dropped);
    json["trace"] = textOrNull(record.trace);
    json["shadow_of"] = textOrNull(record.shadowOf);
    json["cached"] = cachedJson(record);
    json["findings"] = Json::array();
    for (const PrivacyFinding &finding : record.findings)
        json["findings"].push_back({{"rule", finding.rule}, {"action", actionWord(finding)}, {"asked", finding.asked}, {"answered", finding.answered}, {"guardrail", isGuardrails(finding)}});
    json["feedback"] = feedbackJson(detail.feedback);
    json["attempts"] = Json::array();
    for (const AttemptRecord &attempt : record.attempts)
        json["attempts"].push_back(attemptJson(attempt));
    const CapturedBodies &bodies = record.bodies;
    json["bodies"] = {{"request", bodyJson(bodies.request, bodies.requestCut)}, {"answer", bodyJson(bodies.answer, bodies.answerCut)}, {"sent", bodyJson(bodies.sent, bodies.sentCut)},
                      {"received", bodyJson(bodies.received, bodies.receivedCut)}, {"expired", detail.bodiesExpired}};
    return json;
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
