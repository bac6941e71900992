// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/otlp.h"
#include "gateway/telemetry/otlp_json.h"

#include "gateway/core/text.h"

#include <bit>
#include <charconv>
#include <initializer_list>
#include <span>

/// OTLP's messages as protobuf, out of their JSON form: the tables below say of each field that is used its number and its
/// form on the wire (opentelemetry-proto 1.x; numbers never change).
namespace gateway::telemetry {

namespace {

using otlp::Json;

enum class Form : std::uint8_t {
    Text,
    HexBytes,  ///< ids
    Number,    ///< varint: enums, int64
    Flag,
    Fixed64,   ///< fixed64 and sfixed64
    Double,
    Message
};

struct Message;

struct Field
{
    std::string_view name; ///< as JSON has it
    std::uint32_t number;
    Form form;
    const Message *message = nullptr;
};

struct Message
{
    std::span<const Field> fields;
};

// An AnyValue may hold a list of them.
extern const Message anyValue;
constexpr Field arrayFields[] {{"values", 1, Form::Message, &anyValue}};
constexpr Message arrayValue {arrayFields};
constexpr Field anyFields[] {{"stringValue", 1, Form::Text}, {"boolValue", 2, Form::Flag}, {"intValue", 3, Form::Number}, {"doubleValue", 4, Form::Double}, {"arrayValue", 5, Form::Message, &arrayValue}};
constexpr Message anyValue {anyFields};
constexpr Field pairFields[] {{"key", 1, Form::Text}, {"value", 2, Form::Message, &anyValue}};
constexpr Message keyValue {pairFields};
constexpr Field resourceFields[] {{"attributes", 1, Form::Message, &keyValue}};
constexpr Message resource {resourceFields};
constexpr Field scopeFields[] {{"name", 1, Form::Text}, {"version", 2, Form::Text}};
constexpr Message scope {scopeFields};

constexpr Field statusFields[] {{"message", 2, Form::Text}, {"code", 3, Form::Number}};
constexpr Message status {statusFields};
constexpr Field spanFields[] {{"traceId", 1, Form::HexBytes},
                              {"spanId", 2, Form::HexBytes},
                              {"parentSpanId", 4, Form::HexBytes},
                              {"name", 5, Form::Text},
                              {"kind", 6, Form::Number},
                              {"startTimeUnixNano", 7, Form::Fixed64},
                              {"endTimeUnixNano", 8, Form::Fixed64},
                              {"attributes", 9, Form::Message, &keyValue},
                              {"status", 15, Form::Message, &status}};
constexpr Message span {spanFields};
constexpr Field scopeSpansFields[] {{"scope", 1, Form::Message, &scope}, {"spans", 2, Form::Message, &span}};
constexpr Message scopeSpans {scopeSpansFields};
constexpr Field resourceSpansFields[] {{"resource", 1, Form::Message, &resource}, {"scopeSpans", 2, Form::Message, &scopeSpans}};
constexpr Message resourceSpans {resourceSpansFields};
constexpr Field tracesFields[] {{"resourceSpans", 1, Form::Message, &resourceSpans}};
constexpr Message traces {tracesFields};

constexpr Field logFields[] {{"timeUnixNano", 1, Form::Fixed64},
                             {"severityNumber", 2, Form::Number},
                             {"severityText", 3, Form::Text},
                             {"body", 5, Form::Message, &anyValue},
                             {"attributes", 6, Form::Message, &keyValue},
                             {"traceId", 9, Form::HexBytes},
                             {"spanId", 10, Form::HexBytes},
                             {"observedTimeUnixNano", 11, Form::Fixed64},
                             {"eventName", 12, Form::Text}};
constexpr Message logRecord {logFields};
constexpr Field scopeLogsFields[] {{"scope", 1, Form::Message, &scope}, {"logRecords", 2, Form::Message, &logRecord}};
constexpr Message scopeLogs {scopeLogsFields};
constexpr Field resourceLogsFields[] {{"resource", 1, Form::Message, &resource}, {"scopeLogs", 2, Form::Message, &scopeLogs}};
constexpr Message resourceLogs {resourceLogsFields};
constexpr Field logsFields[] {{"resourceLogs", 1, Form::Message, &resourceLogs}};
constexpr Message logs {logsFields};

constexpr Field numberPointFields[] {{"startTimeUnixNano", 2, Form::Fixed64}, {"timeUnixNano", 3, Form::Fixed64}, {"asDouble", 4, Form::Double}, {"asInt", 6, Form::Fixed64}, {"attributes", 7, Form::Message, &keyValue}};
constexpr Message numberPoint {numberPointFields};
constexpr Field histogramPointFields[] {{"startTimeUnixNano", 2, Form::Fixed64},
                                        {"timeUnixNano", 3, Form::Fixed64},
                                        {"count", 4, Form::Fixed64},
                                        {"sum", 5, Form::Double},
                                        {"bucketCounts", 6, Form::Fixed64},
                                        {"explicitBounds", 7, Form::Double},
                                        {"attributes", 9, Form::Message, &keyValue}};
constexpr Message histogramPoint {histogramPointFields};
constexpr Field gaugeFields[] {{"dataPoints", 1, Form::Message, &numberPoint}};
constexpr Message gauge {gaugeFields};
constexpr Field sumFields[] {{"dataPoints", 1, Form::Message, &numberPoint}, {"aggregationTemporality", 2, Form::Number}, {"isMonotonic", 3, Form::Flag}};
constexpr Message sum {sumFields};
constexpr Field histogramFields[] {{"dataPoints", 1, Form::Message, &histogramPoint}, {"aggregationTemporality", 2, Form::Number}};
constexpr Message histogram {histogramFields};
constexpr Field metricFields[] {{"name", 1, Form::Text},
                                {"description", 2, Form::Text},
                                {"unit", 3, Form::Text},
                                {"gauge", 5, Form::Message, &gauge},
                                {"sum", 7, Form::Message, &sum},
                                {"histogram", 9, Form::Message, &histogram}};
constexpr Message metric {metricFields};
constexpr Field scopeMetricsFields[] {{"scope", 1, Form::Message, &scope}, {"metrics", 2, Form::Message, &metric}};
constexpr Message scopeMetrics {scopeMetricsFields};
constexpr Field resourceMetricsFields[] {{"resource", 1, Form::Message, &resource}, {"scopeMetrics", 2, Form::Message, &scopeMetrics}};
constexpr Message resourceMetrics {resourceMetricsFields};
constexpr Field metricsFields[] {{"resourceMetrics", 1, Form::Message, &resourceMetrics}};
constexpr Message metrics {metricsFields};

// Wire types of protobuf.
constexpr std::uint32_t asVarint = 0;
constexpr std::uint32_t asFixed64 = 1;
constexpr std::uint32_t asBytes = 2;

void addVarint(std::string &out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

void addTag(std::string &out, const Field &field, std::uint32_t type)
{
    addVarint(out, field.number << 3 | type);
}

void addFixed(std::string &out, std::uint64_t value)
{
    for (int shift = 0; shift < 64; shift += 8)
        out += static_cast<char>(value >> shift & 0xFF);
}

void addBytes(std::string &out, const Field &field, std::string_view bytes)
{
    addTag(out, field, asBytes);
    addVarint(out, bytes.size());
    out += bytes;
}

/// 64-bit numbers are texts in JSON; negative ones are two's complement on the wire.
std::uint64_t numberOf(const Json &value)
{
    if (!value.is_string())
        return static_cast<std::uint64_t>(value.get<std::int64_t>());
    const auto &text = value.get_ref<const std::string &>();
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return static_cast<std::uint64_t>(number);
}

std::string unhexed(std::string_view hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        unsigned byte = 0;
        std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

std::uint64_t fixedOf(const Field &field, const Json &value)
{
    return field.form == Form::Double ? std::bit_cast<std::uint64_t>(value.get<double>()) : numberOf(value);
}

void addMessage(std::string &out, const Message &message, const Json &value);

void addOne(std::string &out, const Field &field, const Json &value)
{
    switch (field.form) {
    case Form::Text: return addBytes(out, field, toValidUtf8(value.get_ref<const std::string &>()));
    case Form::HexBytes: return addBytes(out, field, unhexed(value.get_ref<const std::string &>()));
    case Form::Number:
        addTag(out, field, asVarint);
        return addVarint(out, numberOf(value));
    case Form::Flag:
        addTag(out, field, asVarint);
        return addVarint(out, value.get<bool>() ? 1 : 0);
    case Form::Fixed64:
    case Form::Double:
        addTag(out, field, asFixed64);
        return addFixed(out, fixedOf(field, value));
    case Form::Message: {
        std::string inner;
        addMessage(inner, *field.message, value);
        return addBytes(out, field, inner);
    }
    }
}

void addMessage(std::string &out, const Message &message, const Json &value)
{
    for (const Field &field : message.fields) {
        const auto found = value.find(field.name);
        if (found == value.end())
            continue;
        if (!found->is_array()) {
            addOne(out, field, *found);
        } else if (field.form == Form::Message) {
            for (const Json &each : *found)
                addOne(out, field, each);
        } else { // numbers of a list stand packed
            std::string packed;
            for (const Json &each : *found)
                addFixed(packed, fixedOf(field, each));
            addBytes(out, field, packed);
        }
    }
}

const Message &messageOf(OtlpSignal signal)
{
    switch (signal) {
    case OtlpSignal::Logs: return logs;
    case OtlpSignal::Metrics: return metrics;
    case OtlpSignal::Traces: break;
    }
    return traces;
}

} // namespace

std::string_view toText(OtlpSignal signal)
{
    switch (signal) {
    case OtlpSignal::Logs: return "logs";
    case OtlpSignal::Metrics: return "metrics";
    case OtlpSignal::Traces: break;
    }
    return "traces";
}

std::string otlpBytes(OtlpSignal signal, const Json &message)
{
    std::string out;
    addMessage(out, messageOf(signal), message);
    return out;
}

} // namespace gateway::telemetry
