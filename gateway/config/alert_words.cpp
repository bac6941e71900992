// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/alert.h"

#include <algorithm>

namespace gateway::config {

namespace {

constexpr std::string_view dots = "\u2022\u2022\u2022\u2022";
constexpr double hysteresis = 0.1; ///< share of the threshold

constexpr std::array<AlertMetricInfo, 14> metrics {{
    {.metric = AlertMetric::ErrorRate, .word = "error_rate", .unit = AlertUnit::Share},
    {.metric = AlertMetric::Calls, .word = "calls", .unit = AlertUnit::Count},
    {.metric = AlertMetric::Cost, .word = "cost", .unit = AlertUnit::Dollars},
    {.metric = AlertMetric::CostPerCall, .word = "cost_per_call", .unit = AlertUnit::Dollars},
    {.metric = AlertMetric::Tokens, .word = "tokens", .unit = AlertUnit::Count},
    {.metric = AlertMetric::LatencyP50, .word = "latency.p50", .unit = AlertUnit::Seconds},
    {.metric = AlertMetric::LatencyP95, .word = "latency.p95", .unit = AlertUnit::Seconds},
    {.metric = AlertMetric::LatencyP99, .word = "latency.p99", .unit = AlertUnit::Seconds},
    {.metric = AlertMetric::FirstTokenP95, .word = "first_token.p95", .unit = AlertUnit::Seconds},
    {.metric = AlertMetric::BudgetUsed, .word = "budget.used", .unit = AlertUnit::Share, .ofCalls = false, .canDeviate = false},
    {.metric = AlertMetric::BudgetForecast, .word = "budget.forecast", .unit = AlertUnit::Share, .ofCalls = false, .canDeviate = false},
    {.metric = AlertMetric::CacheHitRate, .word = "cache.hit_rate", .unit = AlertUnit::Share, .canDeviate = false},
    {.metric = AlertMetric::CircuitOpen, .word = "provider.circuit_open", .unit = AlertUnit::Count, .ofCalls = false, .canDeviate = false},
    {.metric = AlertMetric::RateLimited, .word = "rate_limited", .unit = AlertUnit::Count, .canDeviate = false},
}};

} // namespace

std::span<const AlertMetricInfo> alertMetrics()
{
    return metrics;
}

const AlertMetricInfo &infoOf(AlertMetric metric)
{
    return *std::ranges::find(metrics, metric, &AlertMetricInfo::metric);
}

std::string_view toText(AlertMetric metric)
{
    return infoOf(metric).word;
}

std::string_view toText(AlertScope scope)
{
    switch (scope) {
    case AlertScope::Organisation: return "organisation";
    case AlertScope::Team: return "team";
    case AlertScope::Key: return "key";
    case AlertScope::Customer: return "customer";
    case AlertScope::Route: return "route";
    case AlertScope::Provider: return "provider";
    case AlertScope::Model: return "model";
    case AlertScope::Tag: return "tag";
    }
    return {};
}

std::string_view toText(AlertDirection direction)
{
    switch (direction) {
    case AlertDirection::Up: return "up";
    case AlertDirection::Down: return "down";
    case AlertDirection::Both: return "both";
    }
    return {};
}

std::string_view toText(AlertSeverity severity)
{
    switch (severity) {
    case AlertSeverity::Info: return "info";
    case AlertSeverity::Warning: return "warning";
    case AlertSeverity::Critical: return "critical";
    }
    return {};
}

std::string_view toText(NotifyKind kind)
{
    switch (kind) {
    case NotifyKind::Desktop: return "desktop";
    case NotifyKind::Webhook: return "webhook";
    case NotifyKind::Slack: return "slack";
    case NotifyKind::Teams: return "teams";
    case NotifyKind::Discord: return "discord";
    case NotifyKind::Email: return "email";
    }
    return {};
}

std::string_view toText(SmtpTls tls)
{
    switch (tls) {
    case SmtpTls::Starttls: return "starttls";
    case SmtpTls::Tls: return "tls";
    case SmtpTls::Off: return "off";
    }
    return {};
}

double AlertWhen::clearLevel() const
{
    if (clear)
        return *clear;
    return side == AlertSide::Below ? threshold * (1 + hysteresis) : threshold * (1 - hysteresis);
}

Millis AlertWhen::clearHolds() const
{
    return clearFor.value_or(std::max<Millis>(holds, std::chrono::minutes {1}));
}

WebhookParts webhookParts(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(url.find_first_of("/?#", host), url.size());
    const std::size_t at = url.substr(0, end).rfind('@');
    WebhookParts parts;
    if (at != std::string_view::npos && at >= host) { // "https://user:password@host/": all but the host
        parts.origin = std::string(url.substr(0, host)) + std::string(url.substr(at + 1, end - at - 1)) + "/";
        parts.rest = std::string(url.substr(host, at + 1 - host)) + std::string(url.substr(end));
        return parts;
    }
    parts.origin = std::string(url.substr(0, end)) + "/";
    parts.rest = url.size() > end && url[end] == '/' ? std::string(url.substr(end + 1)) : std::string(url.substr(end));
    return parts;
}

std::string shownWebhook(std::string_view url)
{
    if (isMaskedWebhook(url))
        return webhookParts(url).origin + std::string(dots);
    const WebhookParts parts = webhookParts(url);
    return parts.rest.empty() ? std::string(url) : parts.origin + std::string(dots);
}

bool isMaskedWebhook(std::string_view url)
{
    return url.find(dots) != std::string_view::npos;
}

void restoreWebhooks(std::vector<Notify> &next, const std::vector<Notify> &former, std::string (*mask)(std::string_view url))
{
    std::vector<bool> used(former.size());
    const auto fits = [&](const Notify &masked, std::size_t place) {
        return place < former.size() && !used[place] && former[place].isWebhook() && former[place].kind == masked.kind && (masked.to == mask(former[place].to) || masked.to == shownWebhook(former[place].to));
    };
    for (std::size_t i = 0; i < next.size(); ++i) {
        if (!next[i].isWebhook() || !isMaskedWebhook(next[i].to))
            continue;
        std::size_t place = i;
        for (std::size_t j = 0; !fits(next[i], place) && j < former.size(); ++j)
            place = j;
        if (!fits(next[i], place))
            continue;
        used[place] = true;
        next[i].to = former[place].to;
    }
}

} // namespace gateway::config
