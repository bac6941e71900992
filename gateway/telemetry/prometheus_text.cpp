// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/prometheus_text.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace gateway::telemetry {

namespace {

struct Label
{
    std::string_view name;
    std::string_view value;
};

/// Text exposition format 0.0.4: in label values, backslash, quote and line feed are escaped.
std::string escaped(std::string_view value, bool quotes)
{
    std::string out;
    out.reserve(value.size());
    for (const char c : value) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c == '"' && quotes)
            out += "\\\"";
        else
            out += c;
    }
    return out;
}

/// Writes families one behind another; every sample of a family must follow its header.
class Writer
{
public:
    void family(std::string_view name, std::string_view type, std::string_view help)
    {
        m_name = fmt::format("signalbox_{}", name);
        fmt::format_to(std::back_inserter(m_text), "# HELP {} {}\n# TYPE {} {}\n", m_name, escaped(help, false), m_name, type);
    }

    void sample(std::initializer_list<Label> labels, std::uint64_t value) { line({}, labels, fmt::format("{}", value)); }
    void sample(std::initializer_list<Label> labels, std::int64_t value) { line({}, labels, fmt::format("{}", value)); }
    void sample(std::span<const Label> labels, double value) { line({}, labels, number(value)); }
    /// Nano-dollars as dollars, exact.
    void dollars(std::initializer_list<Label> labels, Money value) { line({}, labels, value.toDecimal()); }

    void histogram(const HistogramCounts &counts)
    {
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < counts.exported.size(); ++i) {
            seen += counts.exported[i];
            const std::string edge = i < exportedEdges.size() ? fmt::format("{}", static_cast<double>(exportedEdges[i]) / 1e6) : "+Inf";
            line("_bucket", {{Label {"le", edge}}}, fmt::format("{}", seen));
        }
        line("_sum", {}, fmt::format("{}.{:06}", counts.sumUs / 1'000'000, counts.sumUs % 1'000'000));
        line("_count", {}, fmt::format("{}", seen));
    }

    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    static std::string number(double value)
    {
        if (std::isnan(value))
            return "NaN";
        if (std::isinf(value))
            return value > 0 ? "+Inf" : "-Inf";
        return fmt::format("{}", value);
    }

    void line(std::string_view suffix, std::span<const Label> labels, std::string_view value)
    {
        m_text += m_name;
        m_text += suffix;
        char separator = '{';
        for (const Label &label : labels) {
            fmt::format_to(std::back_inserter(m_text), "{}{}=\"{}\"", separator, label.name, escaped(label.value, true));
            separator = ',';
        }
        if (!labels.empty())
            m_text += '}';
        fmt::format_to(std::back_inserter(m_text), " {}\n", value);
    }
    void line(std::string_view suffix, std::initializer_list<Label> labels, std::string_view value) { line(suffix, std::span(labels.begin(), labels.size()), value); }

    std::string m_text;
    std::string m_name;
};

constexpr std::string_view dimensionNames[] = {"route", "team", "provider"};
static_assert(std::size(dimensionNames) == dimensionCount);

/// Calls, tokens and cost of every row of one breakdown; families are named after it, so that each has one label more.
void writeBreakdown(Writer &writer, std::string_view name, const std::vector<RowCounts> &rows)
{
    if (rows.empty())
        return;
    writer.family(fmt::format("{}_calls_total", name), "counter", fmt::format("Calls that ended, by {} and status.", name));
    for (const RowCounts &row : rows) {
        for (std::size_t i = 0; i < statusCount; ++i)
            writer.sample({{name, row.name}, {"status", toText(static_cast<CallStatus>(i))}}, row.byStatus[i]);
    }
    writer.family(fmt::format("{}_tokens_total", name), "counter", fmt::format("Tokens, by {} and direction.", name));
    for (const RowCounts &row : rows) {
        writer.sample({{name, row.name}, {"direction", "input"}}, row.inputTokens);
        writer.sample({{name, row.name}, {"direction", "output"}}, row.outputTokens);
    }
    writer.family(fmt::format("{}_cost_usd_total", name), "counter", fmt::format("Cost of calls whose price is known, in dollars, by {}.", name));
    for (const RowCounts &row : rows)
        writer.dollars({{name, row.name}}, row.cost);
}

void writeProviders(Writer &writer, const std::vector<RowCounts> &rows)
{
    if (rows.empty())
        return;
    writer.family("provider_attempts_total", "counter", "Attempts at providers, by how they ended.");
    for (const RowCounts &row : rows) {
        writer.sample({{"provider", row.name}, {"outcome", "ok"}}, row.attempts - row.attemptsFailed);
        writer.sample({{"provider", row.name}, {"outcome", "rate_limited"}}, row.attemptsRateLimited);
        writer.sample({{"provider", row.name}, {"outcome", "failed"}}, row.attemptsFailed - row.attemptsRateLimited);
    }
    writer.family("provider_skipped_total", "counter", "Targets passed over because their circuit is open or they rest.");
    for (const RowCounts &row : rows)
        writer.sample({{"provider", row.name}}, row.skipped);
}

void writeTotals(Writer &writer, const StatsSnapshot &s)
{
    writer.family("calls_total", "counter", "Calls that ended, by status.");
    for (std::size_t i = 0; i < statusCount; ++i)
        writer.sample({{"status", toText(static_cast<CallStatus>(i))}}, s.byStatus[i]);
    writer.family("call_errors_total", "counter", "Calls that ended with an error, by class.");
    for (std::size_t i = 0; i < errorCodeCount; ++i)
        writer.sample({{"error", toText(static_cast<ErrorCode>(i))}}, s.byError[i]);
    writer.family("calls_rescued_total", "counter", "Whole answers that did not come from the first attempt.");
    writer.sample({}, s.rescued);
    writer.family("attempts_total", "counter", "Attempts at providers.");
    writer.sample({}, s.attempts);
    writer.family("attempts_failed_total", "counter", "Attempts at providers that failed.");
    writer.sample({}, s.attemptsFailed);
    writer.family("tokens_total", "counter", "Tokens, by direction. Input includes cached, output includes reasoning.");
    writer.sample({{"direction", "input"}}, s.inputTokens);
    writer.sample({{"direction", "output"}}, s.outputTokens);
    writer.family("tokens_cached_total", "counter", "Input tokens that came from a provider's prompt cache.");
    writer.sample({}, s.cachedTokens);
    writer.family("tokens_reasoning_total", "counter", "Output tokens spent on reasoning.");
    writer.sample({}, s.reasoningTokens);
    writer.family("calls_estimated_total", "counter", "Calls whose tokens are estimated, because the provider gave none.");
    writer.sample({}, s.estimatedCalls);
    writer.family("cost_usd_total", "counter", "Cost of calls whose price is known, in dollars.");
    writer.dollars({}, s.cost);
    writer.family("calls_unpriced_total", "counter", "Calls whose price is not known.");
    writer.sample({}, s.unpriced);
    writer.family("connections_accepted_total", "counter", "Connections accepted.");
    writer.sample({}, s.connectionsAccepted);
}

void writeNow(Writer &writer, const StatsSnapshot &s)
{
    writer.family("calls_in_flight", "gauge", "Calls under way.");
    writer.sample({}, s.inFlight);
    writer.family("streams_open", "gauge", "Streams under way.");
    writer.sample({}, s.openStreams);
    writer.family("connections_open", "gauge", "Callers' connections.");
    writer.sample({}, s.openConnections);
    writer.family("cost_today_usd", "gauge", "Cost since midnight in the gateway's time zone, in dollars.");
    writer.dollars({}, s.costToday);
    writer.family("call_duration_seconds", "histogram", "From a request read to its answer's last byte; without refusals.");
    writer.histogram(s.latency);
    writer.family("time_to_first_token_seconds", "histogram", "From a request read to its answer's first content.");
    writer.histogram(s.firstByte);
}

void writeGauges(Writer &writer, std::span<const Gauge> gauges)
{
    std::string_view current;
    std::vector<Label> labels;
    for (const Gauge &gauge : gauges) {
        if (gauge.name != current)
            writer.family(gauge.name, gauge.name.ends_with("_total") ? "counter" : "gauge", gauge.help); // only counters end so
        current = gauge.name;
        labels.clear();
        for (const auto &[name, value] : gauge.labels)
            labels.push_back({name, value});
        writer.sample(std::span<const Label>(labels), gauge.value);
    }
}

} // namespace

std::string prometheusText(const StatsSnapshot &snapshot, std::span<const Gauge> gauges, std::string_view version)
{
    Writer writer;
    writer.family("build_info", "gauge", "Always 1; the version is a label.");
    writer.sample({{"version", version}}, std::uint64_t {1});
    writeTotals(writer, snapshot);
    writeNow(writer, snapshot);
    for (std::size_t i = 0; i < dimensionCount; ++i)
        writeBreakdown(writer, dimensionNames[i], snapshot.rows[i]);
    writeProviders(writer, snapshot.rows[static_cast<std::size_t>(Dimension::Provider)]);
    writeGauges(writer, gauges);
    return writer.take();
}

} // namespace gateway::telemetry
