// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/alerts/engine.h"

#include "gateway/alerts/quiet_hours.h"

#include <algorithm>

namespace gateway::alerts {

namespace {

constexpr std::size_t mostOkShown = 100;

} // namespace

std::vector<AlertEvent> AlertEngine::configure(const std::vector<config::Alert> &alerts, std::string_view zone, WallTime at)
{
    if (m_calendar.zone() != zone)
        m_calendar = Calendar(zone);
    std::vector<AlertEvent> events;
    std::vector<Entry> next;
    for (const config::Alert &alert : alerts) {
        if (!alert.enabled || !alert.when.side)
            continue;
        const auto same = std::ranges::find_if(m_watches, [&](const Entry &entry) { return entry.watch.alert().id == alert.id && entry.watch.alert().when == alert.when; });
        if (same == m_watches.end()) {
            next.push_back({.watch = Watch(alert)});
            continue;
        }
        same->watch.edited(alert);
        next.push_back(std::move(*same));
        m_watches.erase(same);
    }
    for (Entry &gone : m_watches)
        gone.watch.close(at, events);
    m_watches = std::move(next);
    return events;
}

Watch *AlertEngine::find(const std::string &alert)
{
    const auto found = std::ranges::find_if(m_watches, [&](const Entry &entry) { return entry.watch.alert().id == alert; });
    return found == m_watches.end() ? nullptr : &found->watch;
}

void AlertEngine::add(const AlertCall &call)
{
    for (Entry &entry : m_watches)
        entry.watch.add(call);
}

std::optional<config::Millis> AlertEngine::unprimed() const
{
    std::optional<config::Millis> longest;
    for (const Entry &entry : m_watches) {
        if (!entry.primed && config::infoOf(entry.watch.alert().when.metric).ofCalls)
            longest = std::max(longest.value_or(config::Millis {0}), entry.watch.alert().when.windowOrUsual());
    }
    return longest;
}

void AlertEngine::prime(const AlertCall &call)
{
    for (Entry &entry : m_watches) {
        if (!entry.primed)
            entry.watch.add(call);
    }
}

void AlertEngine::primed()
{
    for (Entry &entry : m_watches)
        entry.primed = true;
}

std::vector<config::Alert> AlertEngine::historical() const
{
    std::vector<config::Alert> found;
    for (const Entry &entry : m_watches) {
        if (entry.watch.alert().when.side == config::AlertSide::Deviates)
            found.push_back(entry.watch.alert());
    }
    return found;
}

void AlertEngine::setHistory(const std::string &alert, std::map<std::string, HourValues, std::less<>> history)
{
    if (Watch *watch = find(alert))
        watch->setHistory(std::move(history));
}

void AlertEngine::restore(const std::vector<AlertFiring> &firings, const std::vector<AlertMute> &mutes, std::int64_t lastNumber)
{
    m_lastNumber = std::max(m_lastNumber, lastNumber);
    for (const AlertFiring &firing : firings) {
        if (Watch *watch = find(firing.alert))
            watch->restore(firing);
    }
    for (const AlertMute &mute : mutes)
        m_mutes[{mute.alert, mute.subject}] = mute.until;
}

void AlertEngine::mute(const std::string &alert, const std::optional<std::string> &subject, std::optional<WallTime> until)
{
    if (until)
        m_mutes[{alert, subject}] = *until;
    else
        m_mutes.erase({alert, subject});
}

std::optional<WallTime> AlertEngine::mutedUntil(const std::string &alert, const std::string &subject, WallTime at) const
{
    std::optional<WallTime> until;
    for (const std::optional<std::string> &whose : {std::optional<std::string>(), std::optional(subject)}) {
        const auto mute = m_mutes.find({alert, whose});
        if (mute != m_mutes.end() && mute->second > at)
            until = std::max(until.value_or(mute->second), mute->second);
    }
    return until;
}

bool AlertEngine::acknowledge(const std::string &alert, const std::string &subject, const std::string &by)
{
    Watch *watch = find(alert);
    return watch != nullptr && watch->acknowledge(subject, by);
}

std::vector<AlertEvent> AlertEngine::evaluate(WallTime at, std::span<const AlertGauge> gauges)
{
    std::vector<AlertEvent> events;
    std::erase_if(m_mutes, [&](const auto &mute) { return mute.second <= at; });
    for (Entry &entry : m_watches) {
        const config::Alert &alert = entry.watch.alert();
        const AlertHush hush {.quiet = isQuiet(alert.quiet, m_calendar, at), .muted = [&](const std::string &subject) { return mutedUntil(alert.id, subject, at).has_value(); }};
        entry.watch.evaluate(at, gauges, m_calendar, hush, [this] { return ++m_lastNumber; }, events);
    }
    return events;
}

std::vector<AlertStatus> AlertEngine::states(WallTime at) const
{
    std::vector<AlertStatus> all;
    for (const Entry &entry : m_watches)
        entry.watch.appendStatus(all, mostOkShown);
    for (AlertStatus &status : all)
        status.mutedUntil = mutedUntil(status.alert, status.subject, at);
    return all;
}

std::vector<AlertMute> AlertEngine::mutes(WallTime at) const
{
    std::vector<AlertMute> all;
    for (const auto &[whose, until] : m_mutes) {
        if (until > at)
            all.push_back({.alert = whose.first, .subject = whose.second, .until = until});
    }
    return all;
}

std::vector<std::string> AlertEngine::quiet(WallTime at) const
{
    std::vector<std::string> all;
    for (const Entry &entry : m_watches) {
        if (isQuiet(entry.watch.alert().quiet, m_calendar, at))
            all.push_back(entry.watch.alert().id);
    }
    return all;
}

std::vector<std::pair<const config::Alert *, std::size_t>> AlertEngine::firing() const
{
    std::vector<std::pair<const config::Alert *, std::size_t>> all;
    for (const Entry &entry : m_watches)
        all.emplace_back(&entry.watch.alert(), entry.watch.firing());
    return all;
}

} // namespace gateway::alerts
