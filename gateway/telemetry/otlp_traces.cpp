// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/otlp.h"
#include "gateway/telemetry/otlp_content.h"
#include "gateway/telemetry/otlp_json.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace gateway::telemetry {

namespace {

using otlp::Attributes;
using otlp::CallIds;
using otlp::Json;

// opentelemetry.proto.trace.v1
constexpr int kindServer = 2;
constexpr int kindClient = 3;
constexpr int statusError = 2;

/// What the conventions call a provider; kinds that they do not name keep their own word.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> providerNames {{{"azure", "azure.ai.openai"},
                                                                                      {"gemini", "gcp.gemini"},
                                                                                      {"vertex", "gcp.vertex_ai"},
                                                                                      {"bedrock", "aws.bedrock"},
                                                                                      {"mistral", "mistral_ai"},
                                                                                      {"moonshot", "moonshot_ai"},
                                                                                      {"xai", "x_ai"}}};

std::string providerName(const OtlpSettings &settings, const std::string &provider)
{
    const std::string kind = settings.kindOf ? settings.kindOf(provider) : std::string();
    const auto known = std::ranges::find(providerNames, std::string_view(kind), [](const auto &each) { return each.first; });
    if (known != providerNames.end())
        return std::string(known->second);
    return kind.empty() ? provider : kind;
}

Json status(bool failed, std::string_view words)
{
    if (!failed)
        return Json::object();
    return {{"code", statusError}, {"message", words}};
}

std::string named(const CallRecord &call, std::string_view model)
{
    return model.empty() ? std::string(otlp::operationOf(call.endpoint)) : fmt::format("{} {}", otlp::operationOf(call.endpoint), model);
}

void addTags(Attributes &attributes, std::string_view joined)
{
    std::vector<std::string> tags;
    while (!joined.empty()) {
        const std::size_t comma = std::min(joined.find(','), joined.size());
        tags.emplace_back(joined.substr(0, comma));
        joined.remove_prefix(std::min(comma + 1, joined.size()));
    }
    attributes.add("signalbox.tags", tags);
}

Json callSpan(const CallRecord &call, const CallIds &ids)
{
    Attributes attributes;
    attributes.add("signalbox.call.id", call.id);
    attributes.add("signalbox.status", toText(call.status));
    attributes.add("signalbox.endpoint", toText(call.endpoint));
    attributes.add("signalbox.team", call.team);
    attributes.add("signalbox.key", call.key);
    attributes.add("signalbox.route", call.route);
    attributes.add("signalbox.model.asked", call.askedModel);
    attributes.add("signalbox.customer", call.customer);
    addTags(attributes, call.tags);
    attributes.add("signalbox.decisions", call.decisions);
    attributes.add("signalbox.stream", call.stream);
    if (isRescued(call))
        attributes.add("signalbox.rescued", true);
    if (call.shadow)
        attributes.add("signalbox.shadow_of", call.shadowOf);
    if (call.cost)
        attributes.add("signalbox.cost.usd", otlp::dollars(*call.cost));
    attributes.add("session.id", call.session);
    attributes.add("client.address", call.peer);
    if (call.httpStatus > 0)
        attributes.add("http.response.status_code", std::int64_t {call.httpStatus});
    if (call.error)
        attributes.add("error.type", toText(*call.error));
    // A refusal is the caller's own doing: it has an error's type, but no server's error.
    const bool failed = call.status == CallStatus::Failed || call.status == CallStatus::Cut;
    return {{"traceId", ids.trace},
            {"spanId", ids.span},
            {"name", named(call, call.route.empty() ? call.askedModel : call.route)},
            {"kind", kindServer},
            {"startTimeUnixNano", otlp::nanos(call.startedAt)},
            {"endTimeUnixNano", otlp::nanos(call.startedAt, call.latencyUs)},
            {"attributes", attributes.take()},
            {"status", status(failed, call.errorMessage)}};
}

void addUsage(Attributes &attributes, const TokenUsage &usage)
{
    if (usage.total() == 0)
        return;
    attributes.add("gen_ai.usage.input_tokens", usage.input);
    attributes.add("gen_ai.usage.output_tokens", usage.output);
    if (usage.cachedInput > 0)
        attributes.add("gen_ai.usage.cache_read.input_tokens", usage.cachedInput);
    if (usage.cacheWrite + usage.cacheWrite1h > 0)
        attributes.add("gen_ai.usage.cache_creation.input_tokens", usage.cacheWrite + usage.cacheWrite1h);
    if (usage.reasoning > 0)
        attributes.add("gen_ai.usage.reasoning.output_tokens", usage.reasoning);
    if (usage.estimated)
        attributes.add("signalbox.usage.estimated", true);
}

Json attemptSpan(const CallRecord &call, std::size_t n, const CallIds &ids, const OtlpSettings &settings)
{
    const AttemptRecord &attempt = call.attempts[n];
    Attributes attributes;
    attributes.add("gen_ai.operation.name", otlp::operationOf(call.endpoint));
    attributes.add("gen_ai.provider.name", providerName(settings, attempt.provider));
    attributes.add("gen_ai.request.model", attempt.model);
    attributes.add("gen_ai.conversation.id", call.session);
    if (attempt.ok && n + 1 == call.attempts.size())
        attributes.add("gen_ai.response.model", call.model);
    addUsage(attributes, attempt.usage);
    attributes.add("signalbox.provider", attempt.provider);
    attributes.add("signalbox.credential", attempt.credential);
    if (attempt.cost)
        attributes.add("signalbox.cost.usd", otlp::dollars(*attempt.cost));
    if (attempt.hedge)
        attributes.add("signalbox.hedge", true);
    if (attempt.firstByteUs >= 0)
        attributes.add("gen_ai.response.time_to_first_chunk", static_cast<double>(attempt.firstByteUs - attempt.startedUs) / 1e6);
    if (attempt.httpStatus > 0)
        attributes.add("http.response.status_code", std::int64_t {attempt.httpStatus});
    if (!attempt.ok)
        attributes.add("error.type", toText(attempt.error));
    if (settings.content && n + 1 == call.attempts.size()) {
        const OtlpContent content = contentOf(call);
        attributes.add("gen_ai.system_instructions", content.instructions);
        attributes.add("gen_ai.input.messages", content.input);
        attributes.add("gen_ai.output.messages", content.output);
        attributes.add("gen_ai.response.finish_reasons", content.finishReasons);
    }
    return {{"traceId", ids.trace},
            {"spanId", ids.attempt(n)},
            {"parentSpanId", ids.span},
            {"name", named(call, attempt.model)},
            {"kind", kindClient},
            {"startTimeUnixNano", otlp::nanos(call.startedAt, attempt.startedUs)},
            {"endTimeUnixNano", otlp::nanos(call.startedAt, attempt.endedUs)},
            {"attributes", attributes.take()},
            {"status", status(!attempt.ok && attempt.error != ErrorCode::Cancelled, attempt.detail)}};
}

} // namespace

otlp::Json otlpTraces(std::span<const CallRecord> calls, const OtlpSettings &settings)
{
    Json spans = Json::array();
    for (const CallRecord &call : calls) {
        const CallIds ids(call);
        spans.push_back(callSpan(call, ids));
        for (std::size_t n = 0; n < call.attempts.size(); ++n) {
            if (!call.attempts[n].skipped)
                spans.push_back(attemptSpan(call, n, ids, settings));
        }
    }
    return otlp::request(settings, "resourceSpans", "scopeSpans", "spans", std::move(spans));
}

} // namespace gateway::telemetry
