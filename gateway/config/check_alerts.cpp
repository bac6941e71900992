// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/alert_text.h"
#include "gateway/config/check.h"
#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::config {

namespace {

constexpr Millis shortestWindow = std::chrono::seconds {10}, longestWindow = std::chrono::hours {24};
constexpr Millis shortestRepeat = std::chrono::minutes {1}, longestRepeat = std::chrono::days {30};
constexpr int fewestDays = 3, mostDays = 28;

std::string at(const std::string &field, std::string_view key)
{
    return field.empty() ? std::string(key) : fmt::format("{}.{}", field, key);
}

bool isBudget(AlertMetric metric)
{
    return metric == AlertMetric::BudgetUsed || metric == AlertMetric::BudgetForecast;
}

/// What the condition is compared with.
class WhenCheck
{
public:
    WhenCheck(Checks &checks, std::string field, const AlertWhen &when) : m_checks(checks), m_field(std::move(field)), m_when(when), m_info(infoOf(when.metric)) {}

    void run()
    {
        scope();
        sides();
        times();
        clear();
    }

private:
    void scope()
    {
        if (m_when.scope == AlertScope::Organisation && !m_when.subject.empty())
            error("subject", "the organisation is one: leave `subject` out, or write another scope");
        if (m_when.metric == AlertMetric::CircuitOpen && m_when.scope != AlertScope::Provider)
            error("scope", "circuits are providers': write scope: provider");
        if (isBudget(m_when.metric) && m_when.scope == AlertScope::Model)
            error("scope", "models have no budgets; organisation, teams, keys, customers, routes, providers and tags have");
    }

    void sides()
    {
        if (!m_when.side)
            return error(m_field, "write one of above, below and deviates: it is what the metric is compared with");
        if (m_when.side == AlertSide::Deviates)
            return deviation();
        if (m_when.threshold < 0)
            error(sideKey(), "no metric is ever below 0");
        const bool isShare = m_info.unit == AlertUnit::Share && !isBudget(m_when.metric);
        if (isShare && m_when.threshold > 1)
            error(sideKey(), fmt::format("{} is a share from 0 to 1: 5 percent is 0.05", m_info.word));
        else if (isShare && m_when.side == AlertSide::Above && m_when.threshold >= 1)
            error(sideKey(), fmt::format("{} is never above 1", m_info.word));
        if (m_when.side == AlertSide::Below && m_when.threshold <= 0)
            error("below", "no metric is ever below 0");
        if (m_when.direction != AlertDirection::Both)
            error("direction", "`direction` goes with `deviates`");
    }

    void deviation()
    {
        if (!m_info.canDeviate)
            error("deviates", fmt::format("{} is not kept by the hour, so that there is nothing to compare it with; write above or below", m_info.word));
        if (m_when.scope == AlertScope::Customer || m_when.scope == AlertScope::Tag)
            error("deviates", "customers' and tags' figures are not kept by the hour; write above or below");
        if (!(m_when.threshold >= 1) || m_when.threshold > 100)
            error("deviates", "write how many standard deviations are too many, from 1 to 100; 3 or 4 is usual");
        if (m_when.days < fewestDays || m_when.days > mostDays)
            error("days", fmt::format("{} days are looked back on at least, and {} at most", fewestDays, mostDays));
    }

    void times()
    {
        if (!m_info.ofCalls && m_when.window)
            error("window", fmt::format("{} is a state of now and has no window; `for` says how long it must be so", m_info.word));
        if (!m_info.ofCalls && m_when.minCalls != 0)
            error("min_calls", fmt::format("{} is a state of now, not of calls", m_info.word));
        if (m_when.minCalls < 0)
            error("min_calls", "a number of calls is 0 or more");
        if (m_when.window)
            m_checks.duration(at(m_field, "window"), *m_when.window, shortestWindow, longestWindow);
        m_checks.duration(at(m_field, "for"), m_when.holds, Millis {0}, longestWindow);
        if (m_when.clearFor)
            m_checks.duration(at(m_field, "clear_for"), *m_when.clearFor, Millis {0}, longestWindow);
    }

    void clear()
    {
        if (!m_when.clear || !m_when.side)
            return;
        const bool below = m_when.side == AlertSide::Below;
        if (below ? *m_when.clear < m_when.threshold : *m_when.clear > m_when.threshold)
            error("clear", fmt::format("it is over once it is back at `clear`, which must not be {} than `{}`", below ? "lower" : "higher", sideKey()));
    }

    [[nodiscard]] std::string_view sideKey() const { return m_when.side == AlertSide::Below ? "below" : m_when.side == AlertSide::Above ? "above" : "deviates"; }
    void error(std::string_view key, std::string message) { m_checks.error(key == m_field ? m_field : at(m_field, key), std::move(message)); }

    Checks &m_checks;
    std::string m_field;
    const AlertWhen &m_when;
    const AlertMetricInfo &m_info;
};

void checkWebhook(Checks &checks, const std::string &field, const Notify &notify)
{
    if (isMaskedWebhook(notify.to)) // where it is applied, a stored one takes its place
        checks.warn(field, fmt::format("the address at {} is left out, as exports do; where none that is stored fits, nothing goes there before it is written again", webhookParts(notify.to).origin));
    else if (!isHttpUrl(notify.to)) // never the text itself
        checks.error(field, fmt::format("behind `{}:` stands the webhook's address, such as https://example.org/hook", toText(notify.kind)));
}

void checkNotify(Checks &checks, const std::string &field, const Alert &alert)
{
    if (alert.notify.size() > mostNotifies)
        checks.error(field, fmt::format("an alert tells at most {}", mostNotifies));
    for (std::size_t i = 0; i < alert.notify.size(); ++i) {
        const Notify &notify = alert.notify[i];
        const std::string its = fmt::format("{}[{}]", field, i);
        if (notify.isWebhook())
            checkWebhook(checks, its, notify);
        else if (notify.kind == NotifyKind::Email && !isMailAddress(notify.to))
            checks.error(its, fmt::format("{} is no e-mail address, such as ops@example.org", jsonQuoted(notify.to)));
        else if (notify.kind == NotifyKind::Desktop && !notify.to.empty())
            checks.error(its, "behind `desktop` stands nothing");
        if (std::find(alert.notify.begin(), alert.notify.begin() + static_cast<std::ptrdiff_t>(i), notify) != alert.notify.begin() + static_cast<std::ptrdiff_t>(i))
            checks.error(its, "the same is there twice");
    }
}

} // namespace

void checkAlert(Checks &checks, const std::string &field, const Alert &alert)
{
    checks.name(at(field, "name"), NameOf::Team, alert.name);
    WhenCheck(checks, at(field, "when"), alert.when).run();
    checkNotify(checks, at(field, "notify"), alert);
    if (alert.repeat)
        checks.duration(at(field, "repeat"), *alert.repeat, shortestRepeat, longestRepeat);
    if (!alert.secret.empty() && std::ranges::none_of(alert.notify, [](const Notify &notify) { return notify.kind == NotifyKind::Webhook; }))
        checks.warn(at(field, "secret"), "nothing is signed with it: it is for `webhook:` addresses");
}

void checkAlerts(Checks &checks, const std::vector<Alert> &alerts)
{
    Uniques names;
    if (alerts.size() > mostAlerts)
        checks.error("alerts", fmt::format("there are at most {} alerts", mostAlerts));
    for (std::size_t i = 0; i < alerts.size(); ++i) {
        const std::string field = fmt::format("alerts[{}]", i);
        names.add(checks, field + ".name", "alert", alerts[i].name);
        checkAlert(checks, field, alerts[i]);
    }
}

void checkSmtp(Checks &checks, const std::string &field, const SmtpSettings &smtp)
{
    if (smtp == SmtpSettings {})
        return;
    if (smtp.host.empty() || hasBlank(smtp.host) || smtp.host.find_first_of("/@\"") != std::string::npos)
        checks.error(at(field, "host"), fmt::format("{} is no mail server's name, such as smtp.example.org", jsonQuoted(smtp.host)));
    checks.range(at(field, "port"), smtp.portOrUsual(), 1, 65'535);
    if (!isMailAddress(smtp.from))
        checks.error(at(field, "from"), fmt::format("{} is no e-mail address, such as alerts@example.org; it is whom e-mails come from", jsonQuoted(smtp.from)));
    if (hasBlank(smtp.user))
        checks.error(at(field, "user"), "the name has a space or control character");
    if (std::ranges::any_of(smtp.password.value, [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
        checks.error(at(field, "password"), "the password has a line end or control character; it may have been copied with one");
    if (smtp.user.empty() && !smtp.password.empty())
        checks.error(at(field, "user"), "there is a password, and nobody whose it is");
    if (smtp.tls == SmtpTls::Off && !smtp.password.empty())
        checks.error(at(field, "tls"), "without TLS the password would go over the network for all to read; write starttls or tls");
}

} // namespace gateway::config
