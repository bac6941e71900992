// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/alert.h"
#include "gateway/config/entity_writer.h"
#include "gateway/config/map_writer.h"
#include "gateway/config/report_words.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr std::array<std::string_view, 7> dayWords {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

Node levelNode(double level, AlertUnit unit)
{
    if (unit != AlertUnit::Seconds)
        return Node::plain(fmt::format("{}", level));
    return Node::plain(durationText(Millis(static_cast<std::int64_t>(level * 1000 + 0.5))));
}

Node whenNode(const AlertWhen &when, const WriteOptions &options)
{
    const AlertWhen standard;
    MapWriter map(options);
    map.addAlways("metric", Node::string(std::string(toText(when.metric))));
    map.addAlways("scope", Node::string(std::string(toText(when.scope))));
    map.write("subject", when.subject);
    const bool deviates = when.side == AlertSide::Deviates;
    const AlertUnit unit = deviates ? AlertUnit::Count : infoOf(when.metric).unit;
    if (when.side)
        map.addAlways(deviates ? "deviates" : when.side == AlertSide::Above ? "above" : "below", levelNode(when.threshold, unit));
    map.writeChoice("direction", when.direction, standard.direction);
    map.write("days", when.days, standard.days);
    map.write("window", when.window);
    map.write("for", when.holds, standard.holds);
    if (when.minCalls != 0)
        map.write("min_calls", std::optional(when.minCalls));
    if (when.clear)
        map.addAlways("clear", levelNode(*when.clear, unit));
    map.write("clear_for", when.clearFor);
    return map.take();
}

Node quietNode(const QuietHours &quiet, const WriteOptions &options)
{
    MapWriter map(options);
    map.addAlways("from", Node::string(minuteText(quiet.from)));
    map.addAlways("to", Node::string(minuteText(quiet.to)));
    std::vector<std::string> days;
    for (const int day : quiet.days)
        days.emplace_back(dayWords.at(static_cast<std::size_t>(day - 1)));
    map.write("days", days);
    return map.take();
}

/// An export has a webhook's host alone: who has the address can write to the channel.
std::string notifyText(const Notify &notify, Secrets secrets)
{
    if (notify.kind == NotifyKind::Desktop)
        return std::string(toText(notify.kind));
    return fmt::format("{}:{}", toText(notify.kind), notify.isWebhook() && secrets == Secrets::LeaveOut ? shownWebhook(notify.to) : notify.to);
}

} // namespace

Node toNode(const Alert &alert, const WriteOptions &options)
{
    const Alert standard;
    MapWriter map(options);
    if (options.stored) {
        map.write("id", alert.id);
        map.writeChoice("origin", alert.origin, Origin::Database);
    }
    map.write("name", alert.name);
    map.write("enabled", alert.enabled, standard.enabled);
    map.writeChoice("severity", alert.severity, standard.severity);
    map.addAlways("when", whenNode(alert.when, options));
    std::vector<std::string> notify;
    for (const Notify &one : alert.notify)
        notify.push_back(notifyText(one, options.secrets));
    map.write("notify", notify);
    map.write("secret", alert.secret);
    Node quiet = Node::sequence();
    for (const QuietHours &hours : alert.quiet)
        quiet.items.push_back(quietNode(hours, options));
    map.add("quiet_hours", std::move(quiet));
    map.write("repeat", alert.repeat);
    map.write("resolved", alert.tellResolved, standard.tellResolved);
    return map.take();
}

Node toNode(const SmtpSettings &smtp, const WriteOptions &options)
{
    const SmtpSettings standard;
    MapWriter map(options);
    map.write("host", smtp.host);
    map.write("port", smtp.port);
    map.writeChoice("tls", smtp.tls, standard.tls);
    map.write("user", smtp.user);
    map.write("password", smtp.password);
    map.write("from", smtp.from);
    return map.take();
}

} // namespace gateway::config
