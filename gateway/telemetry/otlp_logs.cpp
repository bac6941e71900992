// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/otlp.h"
#include "gateway/telemetry/otlp_json.h"

#include <fmt/format.h>
#include <optional>
#include <utility>

namespace gateway::telemetry {

namespace {

using otlp::Json;

struct Severity
{
    int number; ///< opentelemetry.proto.logs.v1
    const char *word;
};
constexpr Severity information {9, "INFO"};
constexpr Severity warning {13, "WARN"};
constexpr Severity error {17, "ERROR"};

/// How bad it was; nullopt: nothing to tell.
std::optional<Severity> severityOf(const CallRecord &call)
{
    if (call.status == CallStatus::Failed || call.status == CallStatus::Cut)
        return error;
    if (call.status == CallStatus::Refused)
        return warning;
    return isRescued(call) ? std::optional(information) : std::nullopt;
}

std::string wordsOf(const CallRecord &call)
{
    const std::string &route = call.route.empty() ? call.askedModel : call.route;
    if (call.status != CallStatus::Ok)
        return fmt::format("A call of {} {}: {}", route.empty() ? "no route" : route, call.status == CallStatus::Refused ? "was refused" : call.status == CallStatus::Cut ? "was cut" : "failed", call.errorMessage);
    return fmt::format("A call of {} was rescued: {} answered after {} attempts.", route, call.provider, call.attempts.size());
}

} // namespace

Json otlpLogs(std::span<const CallRecord> calls, const OtlpSettings &settings)
{
    Json records = Json::array();
    for (const CallRecord &call : calls) {
        const auto severity = severityOf(call);
        if (!severity)
            continue;
        const otlp::CallIds ids(call);
        otlp::Attributes attributes;
        attributes.add("signalbox.call.id", call.id);
        attributes.add("signalbox.status", toText(call.status));
        attributes.add("signalbox.team", call.team);
        attributes.add("signalbox.key", call.key);
        attributes.add("signalbox.route", call.route);
        attributes.add("client.address", call.peer);
        if (call.error)
            attributes.add("error.type", toText(*call.error));
        if (call.repeats > 1)
            attributes.add("signalbox.repeats", std::int64_t {call.repeats});
        const std::string ended = otlp::nanos(call.startedAt, call.latencyUs);
        records.push_back({{"timeUnixNano", ended},
                           {"observedTimeUnixNano", ended},
                           {"severityNumber", severity->number},
                           {"severityText", severity->word},
                           {"eventName", "signalbox.call"},
                           {"body", {{"stringValue", wordsOf(call)}}},
                           {"attributes", attributes.take()},
                           {"traceId", ids.trace},
                           {"spanId", ids.span}});
    }
    if (records.empty())
        return nullptr;
    return otlp::request(settings, "resourceLogs", "scopeLogs", "logRecords", std::move(records));
}

} // namespace gateway::telemetry
