// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/problem.h"
#include "gateway/config/values.h"

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What config.md has of alerts: the list `alerts`, and the section `smtp` by which e-mails go out. Plain values.
namespace gateway::config {

enum class AlertMetric : std::uint8_t {
    ErrorRate,      ///< share of calls that failed or were cut
    Calls,
    Cost,           ///< USD
    CostPerCall,    ///< USD
    Tokens,         ///< in and out
    LatencyP50, LatencyP95, LatencyP99,
    FirstTokenP95,  ///< of streams
    BudgetUsed,     ///< share of the amount, of the fullest of its budgets
    BudgetForecast, ///< the same at the period's end, if spending goes on as so far
    CacheHitRate,   ///< share of the calls that looked for a kept answer
    CircuitOpen,    ///< targets of a provider that are not asked because too many calls failed
    RateLimited     ///< calls that got a 429
};

/// What its threshold is a number of.
enum class AlertUnit : std::uint8_t { Share, Count, Dollars, Seconds };

struct AlertMetricInfo
{
    AlertMetric metric;
    std::string_view word;  ///< "error_rate"
    AlertUnit unit;
    bool ofCalls = true;    ///< reckoned from the calls of a window; else a state of now
    bool canDeviate = true; ///< the log's hours have it, so that it can be compared with former days
};
std::span<const AlertMetricInfo> alertMetrics();
const AlertMetricInfo &infoOf(AlertMetric metric);
std::string_view toText(AlertMetric metric);

/// Whose figures are looked at: of each one apart.
enum class AlertScope : std::uint8_t { Organisation, Team, Key, Customer, Route, Provider, Model, Tag };
inline constexpr std::array<AlertScope, 8> alertScopes {AlertScope::Organisation, AlertScope::Team, AlertScope::Key, AlertScope::Customer, AlertScope::Route, AlertScope::Provider, AlertScope::Model, AlertScope::Tag};
std::string_view toText(AlertScope scope);

enum class AlertSide : std::uint8_t {
    Above,
    Below,
    Deviates ///< from the same hour of the days before, by so many (robust) standard deviations
};

/// Which way a deviation counts.
enum class AlertDirection : std::uint8_t { Up, Down, Both };
std::string_view toText(AlertDirection direction);

struct AlertWhen
{
    AlertMetric metric = AlertMetric::ErrorRate;
    AlertScope scope = AlertScope::Organisation;
    std::string subject {};               ///< one by name; empty: each of the scope
    std::optional<AlertSide> side {};     ///< absent: none or several were said, which the checks refuse
    double threshold = 0;                 ///< in the metric's unit; of Deviates a number of deviations
    AlertDirection direction = AlertDirection::Both;
    int days = 14;                        ///< of Deviates: how many days back
    std::optional<Millis> window {};      ///< absent: usualWindow
    Millis holds {0};                     ///< `for`: how long it must be so
    std::int64_t minCalls = 0;            ///< in the window; with fewer it is silent
    std::optional<double> clear {};       ///< over as soon as the value is back here; absent: clearLevel()
    std::optional<Millis> clearFor {};    ///< and that long; absent: as long as `for`, and a minute at least
    bool operator==(const AlertWhen &) const = default;

    static constexpr Millis usualWindow = std::chrono::minutes {5};
    [[nodiscard]] Millis windowOrUsual() const { return window.value_or(usualWindow); }
    /// The value at which it is over: a tenth off the threshold, so that one that swings about it does not come and go.
    [[nodiscard]] double clearLevel() const;
    [[nodiscard]] Millis clearHolds() const;
};

enum class AlertSeverity : std::uint8_t { Info, Warning, Critical };
std::string_view toText(AlertSeverity severity);

enum class NotifyKind : std::uint8_t {
    Desktop, ///< the window tells
    Webhook, ///< JSON, in the form that the address's host takes, else signed and in our own
    Slack, Teams, Discord, ///< a webhook of whatever host in the form of these
    Email
};
std::string_view toText(NotifyKind kind);

/// Written as one text: "desktop", "webhook:https://example.org/hook", "email:ops@example.org".
struct Notify
{
    NotifyKind kind = NotifyKind::Desktop;
    std::string to {}; ///< of a webhook its address, which is a secret as a whole; of an e-mail the address
    bool operator==(const Notify &) const = default;
    [[nodiscard]] bool isWebhook() const { return kind != NotifyKind::Desktop && kind != NotifyKind::Email; }
};

/// What is not told while it lasts, on the clocks of gateway.time_zone.
struct QuietHours
{
    int from = 0, to = 0;      ///< minutes of the day; `to` before `from`: of the next day; equal: a whole day
    std::vector<int> days {};  ///< on which it begins, Monday is 1; empty: every day
    bool operator==(const QuietHours &) const = default;
};

struct Alert
{
    std::string id {};
    Origin origin = Origin::Database;
    std::string name {};
    bool enabled = true;
    AlertSeverity severity = AlertSeverity::Warning;
    AlertWhen when {};
    std::vector<Notify> notify {};
    Secret secret {};                 ///< what generic webhooks are signed with; empty: they are not signed
    std::vector<QuietHours> quiet {}; ///< `quiet_hours`
    std::optional<Millis> repeat {};  ///< told again that often while it lasts and nobody has acknowledged it; absent: once
    bool tellResolved = true;         ///< `resolved`: told when it is over too
    bool operator==(const Alert &) const = default;
};

inline constexpr std::size_t mostAlerts = 200, mostNotifies = 20;

enum class SmtpTls : std::uint8_t { Starttls, Tls, Off };
std::string_view toText(SmtpTls tls);

/// The section `smtp`: who takes e-mails.
struct SmtpSettings
{
    std::string host {};    ///< empty: none, and no e-mail goes out
    std::optional<int> port {}; ///< absent: 587, with Tls 465, with Off 25
    SmtpTls tls = SmtpTls::Starttls;
    std::string user {};    ///< empty: without a login
    Secret password {};
    std::string from {};    ///< "alerts@example.org"
    bool operator==(const SmtpSettings &) const = default;
    [[nodiscard]] int portOrUsual() const { return port.value_or(tls == SmtpTls::Tls ? 465 : tls == SmtpTls::Off ? 25 : 587); }
};

/// What may be seen of a webhook's address, and what not: "https://hooks.slack.com/" and "services/T0/B0/x". A user's name
/// and password belong to what may not.
struct WebhookParts
{
    std::string origin;
    std::string rest;
};
WebhookParts webhookParts(std::string_view url);
/// "https://hooks.slack.com/••••", or the whole address where nothing is in it beside the host.
std::string shownWebhook(std::string_view url);
bool isMaskedWebhook(std::string_view url); ///< what shownWebhook() and masks with last characters give

/// Puts the addresses of `former` in the places of masks that stand for them: of the same kind and host, first the one of
/// the same place. What stands for none stays masked.
/// @param mask  what an address looks like masked, beside shownWebhook()
void restoreWebhooks(std::vector<Notify> &next, const std::vector<Notify> &former, std::string (*mask)(std::string_view url) = &shownWebhook);

/// Reads one alert of JSON with the fields of the configuration file, with its values checked; texts are literal.
/// Never throws. @return what is wrong, all of it
std::expected<Alert, Problems> readAlert(std::string_view json);

} // namespace gateway::config
