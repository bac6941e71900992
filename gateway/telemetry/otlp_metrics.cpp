// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/otlp.h"
#include "gateway/telemetry/otlp_json.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::telemetry {

namespace {

using otlp::Attributes;
using otlp::Json;

constexpr int cumulative = 2; // opentelemetry.proto.metrics.v1.AggregationTemporality
constexpr std::array<std::string_view, dimensionCount> dimensionNames {"route", "team", "provider"};

Json countValue(std::uint64_t value)
{
    return {{"asInt", std::to_string(value)}};
}

Json amountValue(double value)
{
    return {{"asDouble", value}};
}

/// Makes metrics one after the other; points of one name come in a row.
class Writer
{
public:
    Writer(WallTime since, WallTime now) : m_since(otlp::nanos(since)), m_now(otlp::nanos(now)) {}

    void sum(std::string_view name, std::string_view unit, std::string_view about)
    {
        Json &metric = begin(name, unit, about);
        metric["sum"] = {{"aggregationTemporality", cumulative}, {"isMonotonic", true}, {"dataPoints", Json::array()}};
        m_points = &metric["sum"]["dataPoints"];
    }
    void gauge(std::string_view name, std::string_view unit, std::string_view about)
    {
        Json &metric = begin(name, unit, about);
        metric["gauge"] = {{"dataPoints", Json::array()}};
        m_points = &metric["gauge"]["dataPoints"];
    }
    void point(Json value, Attributes attributes = {})
    {
        value["attributes"] = attributes.take();
        value["startTimeUnixNano"] = m_since;
        value["timeUnixNano"] = m_now;
        m_points->push_back(std::move(value));
    }
    void histogram(std::string_view name, std::string_view about, const HistogramCounts &counts)
    {
        std::uint64_t all = 0;
        Json buckets = Json::array(), edges = Json::array();
        for (const std::uint64_t count : counts.exported) {
            all += count;
            buckets.push_back(std::to_string(count));
        }
        for (const std::int64_t edge : exportedEdges)
            edges.push_back(static_cast<double>(edge) / 1e6);
        Json point {{"count", std::to_string(all)}, {"sum", static_cast<double>(counts.sumUs) / 1e6}, {"bucketCounts", std::move(buckets)}, {"explicitBounds", std::move(edges)}};
        Json &metric = begin(name, "s", about);
        metric["histogram"] = {{"aggregationTemporality", cumulative}, {"dataPoints", Json::array()}};
        m_points = &metric["histogram"]["dataPoints"];
        this->point(std::move(point));
    }
    [[nodiscard]] Json take() { return std::move(m_metrics); }

private:
    Json &begin(std::string_view name, std::string_view unit, std::string_view about)
    {
        m_metrics.push_back({{"name", name}, {"description", about}, {"unit", unit}});
        return m_metrics.back();
    }

    std::string m_since, m_now;
    Json m_metrics = Json::array();
    Json *m_points = nullptr; ///< of the metric that was begun last
};

Attributes labelled(std::string_view name, std::string_view value)
{
    Attributes attributes;
    attributes.add(name, value);
    return attributes;
}

Attributes labelled(std::string_view name, std::string_view value, std::string_view second, std::string_view secondValue)
{
    Attributes attributes = labelled(name, value);
    attributes.add(second, secondValue);
    return attributes;
}

void writeTotals(Writer &writer, const StatsSnapshot &s)
{
    writer.sum("signalbox.calls", "{call}", "Calls that ended, by status.");
    for (std::size_t i = 0; i < statusCount; ++i)
        writer.point(countValue(s.byStatus[i]), labelled("signalbox.status", toText(static_cast<CallStatus>(i))));
    writer.sum("signalbox.call.errors", "{call}", "Calls that ended with an error, by class.");
    for (std::size_t i = 0; i < errorCodeCount; ++i) {
        if (s.byError[i] > 0)
            writer.point(countValue(s.byError[i]), labelled("error.type", toText(static_cast<ErrorCode>(i))));
    }
    writer.sum("signalbox.calls.rescued", "{call}", "Whole answers that did not come from the first attempt.");
    writer.point(countValue(s.rescued));
    writer.sum("signalbox.tokens", "{token}", "Tokens, by direction. Input includes cached, output includes reasoning.");
    writer.point(countValue(s.inputTokens), labelled("gen_ai.token.type", "input"));
    writer.point(countValue(s.outputTokens), labelled("gen_ai.token.type", "output"));
    writer.sum("signalbox.cost", "{USD}", "Cost of calls whose price is known, in dollars.");
    writer.point(amountValue(otlp::dollars(s.cost)));
    writer.sum("signalbox.calls.unpriced", "{call}", "Calls whose price is not known.");
    writer.point(countValue(s.unpriced));
    writer.histogram("gen_ai.server.request.duration", "From a request read to its answer's last byte; without refusals.", s.latency);
    writer.histogram("gen_ai.server.time_to_first_token", "From a request read to its answer's first content.", s.firstByte);
    writer.gauge("signalbox.calls.in_flight", "{call}", "Calls under way.");
    writer.point({{"asInt", std::to_string(s.inFlight)}});
}

void writeBreakdown(Writer &writer, std::string_view name, const std::vector<RowCounts> &rows)
{
    if (rows.empty())
        return;
    const std::string label = "signalbox." + std::string(name);
    writer.sum(label + ".calls", "{call}", "Calls that ended, by " + std::string(name) + " and status.");
    for (const RowCounts &row : rows) {
        for (std::size_t i = 0; i < statusCount; ++i)
            writer.point(countValue(row.byStatus[i]), labelled(label, row.name, "signalbox.status", toText(static_cast<CallStatus>(i))));
    }
    writer.sum(label + ".tokens", "{token}", "Tokens, by " + std::string(name) + " and direction.");
    for (const RowCounts &row : rows) {
        writer.point(countValue(row.inputTokens), labelled(label, row.name, "gen_ai.token.type", "input"));
        writer.point(countValue(row.outputTokens), labelled(label, row.name, "gen_ai.token.type", "output"));
    }
    writer.sum(label + ".cost", "{USD}", "Cost of calls whose price is known, in dollars, by " + std::string(name) + ".");
    for (const RowCounts &row : rows)
        writer.point(amountValue(otlp::dollars(row.cost)), labelled(label, row.name));
}

void writeGauges(Writer &writer, std::span<const Gauge> gauges)
{
    std::string_view current;
    for (const Gauge &gauge : gauges) {
        if (gauge.name != current && gauge.name.ends_with("_total")) // a counter
            writer.sum("signalbox." + gauge.name, "1", gauge.help);
        else if (gauge.name != current)
            writer.gauge("signalbox." + gauge.name, "1", gauge.help);
        current = gauge.name;
        Attributes attributes;
        for (const auto &[name, value] : gauge.labels)
            attributes.add("signalbox." + name, value);
        writer.point(amountValue(gauge.value), std::move(attributes));
    }
}

} // namespace

Json otlpMetrics(const StatsSnapshot &snapshot, std::span<const Gauge> gauges, WallTime since, const OtlpSettings &settings)
{
    Writer writer(since, snapshot.at);
    writeTotals(writer, snapshot);
    for (std::size_t i = 0; i < dimensionCount; ++i)
        writeBreakdown(writer, dimensionNames[i], snapshot.rows[i]);
    writeGauges(writer, gauges);
    return otlp::request(settings, "resourceMetrics", "scopeMetrics", "metrics", writer.take());
}

} // namespace gateway::telemetry
