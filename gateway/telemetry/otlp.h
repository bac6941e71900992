// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/telemetry/prometheus_text.h"
#include "gateway/telemetry/stats_hub.h"

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

/// OpenTelemetry's protocol (OTLP 1.x), for what Signalbox knows of its calls: messages are made in its JSON form, which can be
/// looked at, and sent as protobuf, which every collector takes. Names follow OpenTelemetry's semantic conventions where there are some (general, http, gen_ai of 1.37), else they begin with "signalbox.". Pure; no I/O.
namespace gateway::telemetry {

/// Who sends, and how much it tells.
struct OtlpSettings
{
    std::string version;          ///< of Signalbox
    std::string instance;         ///< service.instance.id: tells installations apart
    bool content = false;         ///< what was asked and answered goes along, as far as the log keeps it
    std::function<std::string(std::string_view provider)> kindOf {}; ///< "anthropic": of a provider's name; empty where it is none any more
};

/// ExportTraceServiceRequest: for each call a span of kind server, below it one of kind client for each attempt that was
/// sent. Ids are made of the call's id, so that a batch that is sent twice is the same spans. The trace is the caller's own
/// (`traceparent`), or one of the call alone. Tokens stand on attempts only: whoever adds up must not count them twice.
[[nodiscard]] nlohmann::ordered_json otlpTraces(std::span<const CallRecord> calls, const OtlpSettings &settings);

/// ExportLogsServiceRequest: one for each call that failed, was cut, was refused or was rescued, within its span. Null: there
/// are none.
[[nodiscard]] nlohmann::ordered_json otlpLogs(std::span<const CallRecord> calls, const OtlpSettings &settings);

/// ExportMetricsServiceRequest: what /metrics tells, cumulative since `since`.
[[nodiscard]] nlohmann::ordered_json otlpMetrics(const StatsSnapshot &snapshot, std::span<const Gauge> gauges, WallTime since, const OtlpSettings &settings);

enum class OtlpSignal : std::uint8_t { Traces, Logs, Metrics };
[[nodiscard]] std::string_view toText(OtlpSignal signal); ///< "traces": the end of its path

/// The same message as protobuf.
[[nodiscard]] std::string otlpBytes(OtlpSignal signal, const nlohmann::ordered_json &message);

} // namespace gateway::telemetry
