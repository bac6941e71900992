// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/imports/litellm_parts.h"

#include <array>
#include <fmt/format.h>

/// LiteLLM's alerting: kinds of alerts that are on or off, and one channel for all.
namespace gateway::config::imports {

namespace {

constexpr const char *slackVariable = "SLACK_WEBHOOK_URL";
constexpr double usualThreshold = 300; ///< seconds; LiteLLM's own alerting_threshold

struct Kind
{
    std::string_view type;     ///< in `alert_types`
    std::string_view name;     ///< of ours; empty: there is none like it
    std::string_view words;
    AlertWhen when {};
};

std::array<Kind, 12> kinds(double slowest)
{
    using enum AlertMetric;
    const auto above = [](AlertMetric metric, AlertScope scope, double threshold) { return AlertWhen {.metric = metric, .scope = scope, .side = AlertSide::Above, .threshold = threshold}; };
    AlertWhen errors = above(ErrorRate, AlertScope::Model, 0.05);
    errors.holds = std::chrono::minutes {5};
    errors.minCalls = 20;
    AlertWhen slow = above(LatencyP95, AlertScope::Model, slowest);
    slow.minCalls = 5;
    return {{{.type = "budget_alerts", .name = "litellm-budgets", .words = "budget.used of teams, above 0.8", .when = above(BudgetUsed, AlertScope::Team, 0.8)},
             {.type = "outage_alerts", .name = "litellm-outages", .words = "provider.circuit_open", .when = above(CircuitOpen, AlertScope::Provider, 0)},
             {.type = "region_outage_alerts", .name = "", .words = "outages are told by provider here"},
             {.type = "llm_too_slow", .name = "litellm-slow", .words = "latency.p95 of models", .when = slow},
             {.type = "llm_exceptions", .name = "litellm-errors", .words = "error_rate of models, above 0.05", .when = errors},
             {.type = "llm_requests_hanging", .name = "", .words = "a call that hangs ends by gateway.timeouts, and counts in error_rate"},
             {.type = "cooldown_deployment", .name = "", .words = "provider.circuit_open tells of it"},
             {.type = "fallback_reports", .name = "", .words = "reports are in the window, not sent"},
             {.type = "daily_reports", .name = "", .words = "reports are in the window, not sent"},
             {.type = "spend_reports", .name = "", .words = "reports are in the window, not sent"},
             {.type = "db_exceptions", .name = "", .words = "the window and /metrics tell how the store is"},
             {.type = "new_model_added", .name = "", .words = "the audit log says who changed what"}}};
}

class Alerting
{
public:
    Alerting(Gathered &gathered, const Node &settings) : m_all(gathered), m_account(gathered.account), m_settings(settings) {}

    void read()
    {
        const Node *types = m_settings.find("alert_types");
        const Node *threshold = m_settings.find("alerting_threshold");
        const auto channel = readChannels();
        const auto seconds = threshold ? m_account.number(*threshold) : std::nullopt;
        const bool isOn = m_settings.find("alerting") != nullptr;
        if (types == nullptr || types->kind != Node::Kind::Sequence) {
            if (isOn && types == nullptr)
                makeAll(channel, seconds.value_or(usualThreshold), threshold);
            else if (types != nullptr)
                m_account.left(*types, "it is no list");
            if (threshold && !isOn)
                m_account.left(*threshold, "no alerts are on");
            return;
        }
        bool slow = false;
        for (const Node &type : types->items)
            slow = read(type, isOn, channel, seconds.value_or(usualThreshold)) || slow;
        if (threshold && seconds)
            slow ? m_account.taken(*threshold, "of alert litellm-slow") : m_account.left(*threshold, "llm_too_slow is not on");
    }

private:
    /// LiteLLM's own choice, where nobody says which: what of it there is here.
    void makeAll(const std::optional<Notify> &channel, double slowest, const Node *threshold)
    {
        for (const Kind &kind : kinds(slowest)) {
            if (!kind.name.empty())
                make(kind, channel);
        }
        if (threshold)
            m_account.taken(*threshold, "of alert litellm-slow");
    }

    /// @return whether it is the one that alerting_threshold is of
    bool read(const Node &type, bool isOn, const std::optional<Notify> &channel, double slowest)
    {
        for (const Kind &kind : kinds(slowest)) {
            if (kind.type != type.text)
                continue;
            if (kind.name.empty() || !isOn) {
                m_account.left(type, isOn ? std::string(kind.words) : "alerting names no channel, so that it is off");
                return false;
            }
            make(kind, channel);
            m_account.changed(type, fmt::format("alert {}: {}", kind.name, kind.words));
            return kind.type == "llm_too_slow";
        }
        m_account.left(type, "it is no kind of alert that is known here");
        return false;
    }

    void make(const Kind &kind, const std::optional<Notify> &channel)
    {
        Alert alert {.name = std::string(kind.name), .when = kind.when, .notify = {Notify {}}};
        if (channel)
            alert.notify.push_back(*channel);
        m_all.result.text.config.alerts.push_back(std::move(alert));
    }

    std::optional<Notify> readChannels()
    {
        const Node *channels = m_settings.find("alerting");
        if (channels == nullptr)
            return std::nullopt;
        if (channels->kind != Node::Kind::Sequence) {
            m_account.left(*channels, "it is no list");
            return std::nullopt;
        }
        std::optional<Notify> found;
        for (const Node &channel : channels->items) {
            if (channel.text != "slack") {
                m_account.left(channel, "the window tells; for others write `notify`, \"webhook:ADDRESS\" or \"email:ADDRESS\"");
                continue;
            }
            const auto address = variable(slackVariable);
            if (address)
                found = Notify {.kind = NotifyKind::Slack, .to = *address};
            m_account.changed(channel, address ? fmt::format("the address in {} as it is now, which is kept as a secret", slackVariable)
                                               : fmt::format("the window tells; {} is not set here: set it and import again, or write \"slack:ADDRESS\" in `notify`", slackVariable));
        }
        return found;
    }

    [[nodiscard]] std::optional<std::string> variable(const char *name) const
    {
        std::optional<std::string> found;
        if (const auto own = m_all.environment.find(name); own != m_all.environment.end())
            found = own->second;
        else if (m_all.options->environment)
            found = m_all.options->environment(name);
        return found && !found->empty() ? found : std::nullopt;
    }

    Gathered &m_all;
    Account &m_account;
    const Node &m_settings;
};

} // namespace

void readAlerting(Gathered &gathered, const Node &root)
{
    if (const Node *settings = root.find("general_settings"); settings != nullptr && settings->kind == Node::Kind::Map)
        Alerting(gathered, *settings).read();
}

} // namespace gateway::config::imports
