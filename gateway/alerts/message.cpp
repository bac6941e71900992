// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/alerts/message.h"

#include "gateway/alerts/mail_text.h"
#include "gateway/config/duration.h"
#include "gateway/core/figure_text.h"
#include "gateway/core/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace gateway::alerts {

namespace {

using Json = nlohmann::ordered_json;
using config::AlertSide;
using config::AlertUnit;
using config::NotifyKind;

constexpr std::size_t longestSubject = 100;

/// On one line, without what a terminal or a header would take for more than text.
std::string plain(std::string_view text)
{
    std::string out(truncatedUtf8(toValidUtf8(text), longestSubject));
    std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return out;
}

std::string subjectText(const AlertTold &told)
{
    if (told.alert.when.scope == config::AlertScope::Organisation)
        return {};
    return fmt::format(" of {} {}", toText(told.alert.when.scope), plain(told.firing.subject));
}

AlertUnit unitOf(const AlertTold &told)
{
    return config::infoOf(told.alert.when.metric).unit;
}

/// A number that counts something is told with what it counts, any other as what its metric is.
std::string valueWords(const AlertTold &told)
{
    const double value = told.firing.value;
    const std::string text = valueText(value, unitOf(told)), subject = subjectText(told);
    const std::string_view plural = value == 1 ? "" : "s";
    switch (told.alert.when.metric) {
    case config::AlertMetric::Calls: return fmt::format("{} call{}{}", text, plural, subject);
    case config::AlertMetric::Tokens: return fmt::format("{} token{}{}", text, plural, subject);
    case config::AlertMetric::RateLimited: return fmt::format("{} rate-limited call{}{}", text, plural, subject);
    case config::AlertMetric::CircuitOpen: return fmt::format("{} open circuit{}{}", text, plural, subject);
    default: return fmt::format("{}{} is {}", toText(told.alert.when.metric), subject, text);
    }
}

std::string levelText(const AlertTold &told)
{
    if (!told.firing.level)
        return {};
    const bool below = told.alert.when.side == AlertSide::Below || (told.alert.when.side == AlertSide::Deviates && told.firing.value < *told.firing.level);
    return fmt::format("{} {}{}", below ? "below" : "above", valueText(*told.firing.level, unitOf(told)), told.alert.when.side == AlertSide::Deviates ? ", what is usual at this time" : "");
}

std::string_view stateText(const AlertTold &told)
{
    switch (told.word) {
    case AlertWord::Fired: return "";
    case AlertWord::Reminder: return "still: ";
    case AlertWord::Resolved: return "over: ";
    case AlertWord::Test: return "test: ";
    }
    return {};
}

int colour(const AlertTold &told)
{
    if (told.word == AlertWord::Resolved || told.word == AlertWord::Test)
        return 0x176B3A;
    switch (told.alert.severity) {
    case config::AlertSeverity::Info: return 0x1F5FBF;
    case config::AlertSeverity::Warning: return 0x8A5A00;
    case config::AlertSeverity::Critical: return 0xB3261E;
    }
    return 0;
}

/// Slack's markup begins links, mentions and channels with "<" (its "Escaping text").
std::string forSlack(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

/// Of Markdown, as Teams and Discord have it.
std::string forMarkdown(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\*_~`|>[]()#<@").find(c) != std::string_view::npos)
            out += '\\';
        out += c;
    }
    return out;
}

Json slackBody(const AlertTold &told)
{
    return {{"text", forSlack(titleOf(told))}, {"attachments", {{{"color", fmt::format("#{:06X}", colour(told))}, {"fallback", forSlack(titleOf(told))}, {"text", forSlack(wordsOf(told))}}}}};
}

Json teamsBody(const AlertTold &told)
{
    const Json title {{"type", "TextBlock"}, {"text", forMarkdown(titleOf(told))}, {"weight", "Bolder"}, {"wrap", true}};
    Json body = Json::array({title});
    const std::string words = wordsOf(told);
    for (std::string_view rest = words; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        body.push_back({{"type", "TextBlock"}, {"text", forMarkdown(line)}, {"wrap", true}, {"spacing", "Small"}});
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    const Json card {{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"}, {"type", "AdaptiveCard"}, {"version", "1.4"}, {"body", std::move(body)}};
    return {{"type", "message"}, {"attachments", Json::array({Json {{"contentType", "application/vnd.microsoft.card.adaptive"}, {"contentUrl", nullptr}, {"content", card}}})}};
}

Json discordBody(const AlertTold &told)
{
    const Json embed {{"title", forMarkdown(titleOf(told))}, {"description", forMarkdown(wordsOf(told))}, {"color", colour(told)}};
    return {{"embeds", Json::array({embed})}, {"allowed_mentions", {{"parse", Json::array()}}}};
}

Json timeOrNull(std::optional<WallTime> time)
{
    return time ? Json(config::dateText(*time)) : Json();
}

Json ownBody(const AlertTold &told)
{
    const AlertFiring &firing = told.firing;
    const config::AlertWhen &when = told.alert.when;
    return {{"version", 1},
            {"type", fmt::format("alert.{}", toText(told.word))},
            {"at", config::dateText(told.at)},
            {"alert", {{"id", told.alert.id}, {"name", told.alert.name}, {"severity", toText(told.alert.severity)}, {"metric", toText(when.metric)}, {"scope", toText(when.scope)}}},
            {"firing", firing.number},
            {"subject", firing.subject.empty() ? Json() : Json(toValidUtf8(firing.subject))},
            {"value", firing.value},
            {"peak", firing.peak},
            {"level", firing.level ? Json(*firing.level) : Json()},
            {"pending_since", timeOrNull(firing.pendingSince)},
            {"fired_at", timeOrNull(firing.firedAt)},
            {"resolved_at", timeOrNull(firing.resolvedAt)},
            {"title", titleOf(told)},
            {"text", wordsOf(told)}};
}

} // namespace

std::string valueText(double value, AlertUnit unit)
{
    switch (unit) {
    case AlertUnit::Share: return fmt::format("{:.3g} %", value * 100);
    case AlertUnit::Dollars: return std::abs(value) >= 0.01 || value == 0 ? fmt::format("${:.2f}", value) : fmt::format("${:.6f}", value);
    case AlertUnit::Seconds: return std::abs(value) < 1 ? fmt::format("{:.0f} ms", value * 1000) : fmt::format("{:.2f} s", value);
    case AlertUnit::Count: break;
    }
    return value == std::floor(value) ? grouped(fmt::format("{:.0f}", value)) : fmt::format("{:.4g}", value);
}

std::string titleOf(const AlertTold &told)
{
    const std::string level = levelText(told);
    return fmt::format("{}{}: {}{}", stateText(told), plain(told.alert.name), valueWords(told), level.empty() ? "" : fmt::format(" ({})", level));
}

std::string wordsOf(const AlertTold &told)
{
    const AlertFiring &firing = told.firing;
    if (told.word == AlertWord::Test)
        return "This is a test, asked for by a person. Nothing is wrong.";
    std::string text = fmt::format("Severity {}. It began at {}.", toText(told.alert.severity), config::dateText(std::chrono::floor<std::chrono::seconds>(firing.pendingSince)));
    if (firing.peak != firing.value)
        text += fmt::format("\nThe farthest so far: {}.", valueText(firing.peak, unitOf(told)));
    if (firing.resolvedAt)
        text += fmt::format("\nIt was over at {}.", config::dateText(std::chrono::floor<std::chrono::seconds>(*firing.resolvedAt)));
    return text;
}

NotifyKind formOf(const config::Notify &notify)
{
    if (notify.kind != NotifyKind::Webhook)
        return notify.kind;
    const std::string origin = config::webhookParts(notify.to).origin;
    std::string_view host = std::string_view(origin).substr(std::min(origin.size(), origin.find("://") + 3));
    host = host.substr(0, host.find_first_of("/:"));
    const auto is = [&](std::string_view domain) { return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.'); };
    if (is("hooks.slack.com") || is("hooks.slack-gov.com"))
        return NotifyKind::Slack;
    if (is("webhook.office.com") || is("logic.azure.com") || is("api.powerplatform.com"))
        return NotifyKind::Teams;
    if (is("discord.com") || is("discordapp.com"))
        return NotifyKind::Discord;
    return NotifyKind::Webhook;
}

std::string webhookBody(NotifyKind form, const AlertTold &told)
{
    const Json body = form == NotifyKind::Slack ? slackBody(told) : form == NotifyKind::Teams ? teamsBody(told) : form == NotifyKind::Discord ? discordBody(told) : ownBody(told);
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string mailText(const std::string &from, const std::string &to, const AlertTold &told)
{
    return mailText({.from = from, .to = to, .subject = titleOf(told), .words = titleOf(told) + "\n\n" + wordsOf(told) + "\n", .at = told.at,
                     .id = fmt::format("{}.{}.{}", told.at.time_since_epoch().count(), told.firing.number, static_cast<int>(told.word))});
}

} // namespace gateway::alerts
