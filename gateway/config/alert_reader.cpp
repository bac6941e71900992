// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/alert_text.h"
#include "gateway/config/duration.h"
#include "gateway/config/report_words.h"
#include "gateway/config/section_json.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::config {

namespace {

constexpr std::array<std::string_view, 7> dayWords {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<NotifyKind, 6> notifyKinds {NotifyKind::Desktop, NotifyKind::Webhook, NotifyKind::Slack, NotifyKind::Teams, NotifyKind::Discord, NotifyKind::Email};

/// A word out of a table, with the nearest one where it is none.
template <typename Item, std::size_t count>
std::optional<Item> word(Reading &reading, const MapReader &map, std::string_view key, const std::string &text, const std::array<Item, count> &items, std::string_view what)
{
    std::vector<std::string_view> words;
    for (const Item item : items)
        words.push_back(toText(item));
    const auto found = std::ranges::find(words, text);
    if (found != words.end())
        return items[static_cast<std::size_t>(found - words.begin())];
    const std::string_view near = nearestName(text, words);
    reading.error(*map.node().find(key), map.at(key),
                  fmt::format("{} is no {}; {}", jsonQuoted(text), what, near.empty() ? fmt::format("it is one of {}", fmt::join(words, ", ")) : fmt::format("did you mean {}?", jsonQuoted(near))));
    return std::nullopt;
}

void readMetric(Reading &reading, MapReader &map, AlertWhen &when)
{
    std::array<AlertMetric, 14> all {};
    std::ranges::transform(alertMetrics(), all.begin(), &AlertMetricInfo::metric);
    std::string text;
    map.read("metric", text);
    if (text.empty() && map.node().find("metric") == nullptr)
        reading.error(map.node(), map.at("metric"), fmt::format("`{}` is missing; write what is looked at, such as error_rate", map.at("metric")));
    else if (const auto metric = word(reading, map, "metric", text, all, "metric"))
        when.metric = *metric;
    if (map.node().find("scope") == nullptr) {
        map.take("scope"); // known
        when.scope = when.metric == AlertMetric::CircuitOpen ? AlertScope::Provider : AlertScope::Organisation;
        return;
    }
    map.read("scope", text);
    if (const auto scope = word(reading, map, "scope", text, alertScopes, "scope"))
        when.scope = *scope;
}

/// A level in the metric's unit: of times "2s".
void readLevel(MapReader &map, std::string_view key, AlertUnit unit, double &out)
{
    if (unit != AlertUnit::Seconds)
        return map.read(key, out);
    Millis time {0};
    map.read(key, time);
    out = static_cast<double>(time.count()) / 1000;
}

void readSides(MapReader &map, AlertWhen &when)
{
    const AlertUnit unit = infoOf(when.metric).unit;
    int sides = 0;
    for (const auto &[key, side] : {std::pair {"above", AlertSide::Above}, std::pair {"below", AlertSide::Below}, std::pair {"deviates", AlertSide::Deviates}}) {
        if (map.node().find(key) == nullptr) {
            map.take(key); // known
            continue;
        }
        ++sides;
        when.side = side;
        readLevel(map, key, side == AlertSide::Deviates ? AlertUnit::Count : unit, when.threshold);
    }
    if (sides > 1)
        when.side.reset();
    if (sides == 0 && when.metric == AlertMetric::CircuitOpen) // one is open or none
        when.side = AlertSide::Above;
    if (map.node().find("clear") != nullptr)
        readLevel(map, "clear", when.side == AlertSide::Deviates ? AlertUnit::Count : unit, when.clear.emplace());
    else
        map.take("clear"); // known
}

AlertWhen readWhen(Reading &reading, const Node &node, const std::string &field)
{
    AlertWhen when;
    MapReader map(reading, node, field, "when");
    readMetric(reading, map, when);
    map.read("subject", when.subject);
    readSides(map, when);
    map.readChoice("direction", when.direction, {AlertDirection::Up, AlertDirection::Down, AlertDirection::Both});
    map.read("days", when.days);
    map.read("window", when.window);
    map.read("for", when.holds);
    std::optional<std::int64_t> calls;
    map.read("min_calls", calls);
    when.minCalls = calls.value_or(0);
    map.read("clear_for", when.clearFor);
    map.finish();
    return when;
}

void readNotify(Reading &reading, MapReader &map, std::vector<Notify> &out)
{
    std::vector<std::string> texts;
    map.read("notify", texts);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string &text = texts[i];
        const std::size_t colon = text.find(':');
        const std::string kind = text.substr(0, colon);
        const auto known = std::ranges::find_if(notifyKinds, [&](NotifyKind candidate) { return toText(candidate) == kind; });
        const Node &node = *map.node().find("notify");
        if (known == notifyKinds.end()) { // never the whole text: it may hold a secret
            reading.error(node.items[i], fmt::format("{}[{}]", map.at("notify"), i),
                          fmt::format("{} is no way to tell; write desktop, \"webhook:https://...\", \"slack:https://...\", \"teams:https://...\", \"discord:https://...\" or \"email:ops@example.org\"",
                                      jsonQuoted(truncatedUtf8(kind, 40))));
            continue;
        }
        out.push_back({.kind = *known, .to = colon == std::string::npos ? std::string() : text.substr(colon + 1)});
    }
}

QuietHours readQuiet(Reading &reading, const Node &node, const std::string &field)
{
    QuietHours quiet;
    MapReader map(reading, node, field, "quiet hours");
    for (const auto &[key, to] : {std::pair {"from", &QuietHours::from}, std::pair {"to", &QuietHours::to}}) {
        std::string text;
        map.read(key, text);
        if (const auto minute = minuteOfDay(text))
            quiet.*to = *minute;
        else
            reading.error(node, map.at(key), fmt::format("{} is no time of day; write one such as \"22:00\"", jsonQuoted(text)));
    }
    std::vector<std::string> days;
    map.read("days", days);
    for (std::size_t i = 0; i < days.size(); ++i) {
        const auto day = std::ranges::find(dayWords, days[i]);
        if (day == dayWords.end())
            reading.error(node, fmt::format("{}[{}]", map.at("days"), i), fmt::format("{} is no day; write {}", jsonQuoted(days[i]), fmt::join(dayWords, ", ")));
        else
            quiet.days.push_back(static_cast<int>(day - dayWords.begin()) + 1);
    }
    map.finish();
    return quiet;
}

void readQuietHours(Reading &reading, MapReader &map, std::vector<QuietHours> &out)
{
    const Node *node = map.take("quiet_hours");
    if (node == nullptr || node->kind == Node::Kind::Null)
        return;
    if (node->kind == Node::Kind::Sequence) {
        for (const Node &item : node->items)
            out.push_back(readQuiet(reading, item, fmt::format("{}[{}]", map.at("quiet_hours"), out.size())));
    } else {
        out.push_back(readQuiet(reading, *node, map.at("quiet_hours")));
    }
}

} // namespace

Alert readAlert(Reading &reading, const Node &node, const std::string &field)
{
    Alert alert;
    MapReader map(reading, node, field, "alert");
    if (reading.stored()) {
        map.read("id", alert.id);
        map.readChoice("origin", alert.origin, {Origin::Database, Origin::File});
    } else {
        alert.origin = reading.options().origin;
    }
    map.read("name", alert.name);
    map.read("enabled", alert.enabled);
    map.readChoice("severity", alert.severity, {AlertSeverity::Info, AlertSeverity::Warning, AlertSeverity::Critical});
    if (const Node *when = map.takeMap("when"))
        alert.when = readWhen(reading, *when, map.at("when"));
    else if (map.isMap() && node.find("when") == nullptr)
        reading.error(node, map.at("when"), fmt::format("`{}` is missing; write when it is to fire, such as {{ metric: error_rate, above: 0.05 }}", map.at("when")));
    readNotify(reading, map, alert.notify);
    map.read("secret", alert.secret);
    readQuietHours(reading, map, alert.quiet);
    map.read("repeat", alert.repeat);
    map.read("resolved", alert.tellResolved);
    map.finish();
    return alert;
}

SmtpSettings readSmtp(Reading &reading, const Node &node, const std::string &field)
{
    SmtpSettings smtp;
    MapReader map(reading, node, field, "smtp");
    map.read("host", smtp.host);
    if (node.find("port") != nullptr)
        map.read("port", smtp.port);
    else
        map.take("port"); // known
    map.readChoice("tls", smtp.tls, {SmtpTls::Starttls, SmtpTls::Tls, SmtpTls::Off});
    map.read("user", smtp.user);
    map.read("password", smtp.password);
    map.read("from", smtp.from);
    map.finish();
    return smtp;
}

std::expected<Alert, Problems> readAlert(std::string_view json)
{
    return readSection<Alert>(
        json, [](Reading &reading, const Node &node) { return readAlert(reading, node, ""); }, [](Checks &checks, const Alert &alert) { checkAlert(checks, "", alert); });
}

} // namespace gateway::config
