// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_json.h"

#include "gateway/config/duration.h"
#include "gateway/core/finding_action.h"
#include "gateway/core/text.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace gateway::storage {

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

Json nanosOrNull(const std::optional<Money> &money)
{
    return money ? Json(money->nanos()) : Json();
}

Json tokensJson(const TokenUsage &usage)
{
    return {{"input", usage.input}, {"output", usage.output}, {"cached_input", usage.cachedInput}, {"cache_write", usage.cacheWrite + usage.cacheWrite1h}, {"cache_write_1h", usage.cacheWrite1h},
            {"reasoning", usage.reasoning}, {"audio_input", usage.audioInput}, {"cached_audio", usage.cachedAudio}, {"audio_output", usage.audioOutput}, {"estimated", usage.estimated}};
}

Json attemptJson(const AttemptRecord &attempt)
{
    Json json {{"provider", toValidUtf8(attempt.provider)}, {"credential", textOrNull(attempt.credential)}, {"model", toValidUtf8(attempt.model)}, {"ok", attempt.ok}, {"skipped", attempt.skipped},
               {"hedge", attempt.hedge}, {"http_status", attempt.httpStatus}, {"started_ms", milliseconds(attempt.startedUs)}, {"waited_ms", milliseconds(attempt.waitedUs)},
               {"first_byte_ms", milliseconds(attempt.firstByteUs)}, {"ended_ms", milliseconds(attempt.endedUs)}, {"usage", tokensJson(attempt.usage)}, {"cost", moneyOrNull(attempt.cost)},
               {"cost_nanos", nanosOrNull(attempt.cost)}};
    json["error"] = attempt.ok ? Json() : Json(toText(attempt.error));
    json["detail"] = textOrNull(attempt.detail);
    return json;
}

/// Of a call that got a kept answer: whose, and what that saved.
Json cachedJson(const CallRecord &record)
{
    if (record.cachedFrom.empty())
        return {};
    const Json similarity = record.cache == CacheOutcome::Semantic ? Json(record.similarity) : Json();
    return {{"from", toValidUtf8(record.cachedFrom)}, {"similarity", similarity}, {"saved", moneyOrNull(record.saved)}, {"saved_nanos", nanosOrNull(record.saved)},
            {"saved_ms", static_cast<double>(record.savedUs) / 1000.0}};
}

Json metadataJson(const std::string &metadata)
{
    if (metadata.empty())
        return {};
    Json json = Json::parse(metadata, nullptr, false);
    return json.is_discarded() ? Json(toValidUtf8(metadata)) : json;
}

Json bodyJson(const std::string &text, bool cut)
{
    return text.empty() && !cut ? Json() : Json {{"text", toValidUtf8(text)}, {"cut", cut}};
}

} // namespace

Json callJson(const CallRecord &record)
{
    Json json {{"id", toValidUtf8(record.id)}, {"started_at", config::dateText(record.startedAt)}, {"endpoint", toText(record.endpoint)}, {"status", toText(record.status)},
               {"http_status", record.httpStatus}, {"key", textOrNull(record.key)}, {"team", textOrNull(record.team)}, {"customer", textOrNull(record.customer)},
               {"session", textOrNull(record.session)}, {"tags", textOrNull(record.tags)}, {"asked_model", textOrNull(record.askedModel)}, {"route", textOrNull(record.route)},
               {"provider", textOrNull(record.provider)}, {"model", textOrNull(record.model)}, {"stream", record.stream}, {"latency_ms", milliseconds(record.latencyUs)},
               {"first_byte_ms", milliseconds(record.firstByteUs)}, {"usage", tokensJson(record.usage)}, {"cost", moneyOrNull(record.cost)}, {"peer", textOrNull(record.peer)},
               {"cache", toText(record.cache)}, {"prompt", textOrNull(record.prompt)}, {"policy", textOrNull(record.policy)}};
    json["error"] = record.error ? Json(toText(*record.error)) : Json();
    json["error_message"] = textOrNull(record.errorMessage);
    return json;
}

void addCallDetails(Json &json, const CallRecord &record)
{
    json["key_id"] = textOrNull(record.keyId);
    json["cost_nanos"] = nanosOrNull(record.cost);
    json["test"] = record.test;
    json["shadow"] = record.shadow;
    json["continued"] = record.continued;
    json["repeats"] = record.repeats;
    json["decisions"] = textOrNull(record.decisions);
    json["metadata"] = metadataJson(record.metadata);
    json["dropped"] = textOrNull(record.dropped);
    json["losses"] = Json::array();
    for (const Loss &loss : record.losses)
        json["losses"].push_back({{"what", toValidUtf8(loss.what)}, {"why", toValidUtf8(loss.why)}});
    json["provider_format"] = textOrNull(record.providerFormat);
    json["trace"] = textOrNull(record.trace);
    json["shadow_of"] = textOrNull(record.shadowOf);
    json["cached"] = cachedJson(record);
    json["findings"] = Json::array();
    for (const PrivacyFinding &finding : record.findings)
        json["findings"].push_back({{"rule", toValidUtf8(finding.rule)}, {"action", actionWord(finding)}, {"asked", finding.asked}, {"answered", finding.answered}, {"guardrail", isGuardrails(finding)}});
    json["attempts"] = Json::array();
    for (const AttemptRecord &attempt : record.attempts)
        json["attempts"].push_back(attemptJson(attempt));
}

Json bodiesJson(const CapturedBodies &bodies)
{
    return {{"request", bodyJson(bodies.request, bodies.requestCut)}, {"answer", bodyJson(bodies.answer, bodies.answerCut)}, {"sent", bodyJson(bodies.sent, bodies.sentCut)},
            {"received", bodyJson(bodies.received, bodies.receivedCut)}, {"dropped", bodies.dropped}};
}

} // namespace gateway::storage
