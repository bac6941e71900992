// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/alerts/watch.h"

#include <algorithm>
#include <cmath>

namespace gateway::alerts {

namespace {

using config::AlertSide;

constexpr config::Millis idleFor = std::chrono::hours {24}; ///< after which a subject without calls may go

} // namespace

void subjectsOf(const AlertCall &call, config::AlertScope scope, std::vector<std::string_view> &into)
{
    using config::AlertScope;
    into.clear();
    std::string_view name;
    switch (scope) {
    case AlertScope::Organisation: into.emplace_back(); return;
    case AlertScope::Team: name = call.team; break;
    case AlertScope::Key: name = call.key; break;
    case AlertScope::Customer: name = call.customer; break;
    case AlertScope::Route: name = call.route; break;
    case AlertScope::Provider: name = call.provider; break;
    case AlertScope::Model: name = call.model; break;
    case AlertScope::Tag:
        for (std::string_view rest = call.tags; !rest.empty();) {
            const std::size_t comma = rest.find(',');
            if (comma != 0)
                into.push_back(rest.substr(0, comma));
            rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        }
        return;
    }
    if (!name.empty())
        into.push_back(name);
}

Watch::Watch(config::Alert alert) : m_alert(std::move(alert)), m_ofCalls(config::infoOf(m_alert.when.metric).ofCalls)
{
    if (m_alert.when.scope == config::AlertScope::Organisation || !m_alert.when.subject.empty())
        subject(m_alert.when.subject, WallTime {}); // it is there before its first call: that there are none can be what is told
}

Watch::Subject *Watch::subject(const std::string &name, WallTime at)
{
    const auto known = m_subjects.find(name);
    if (known != m_subjects.end())
        return &known->second;
    if (m_subjects.size() >= mostSubjects)
        makeRoom(at);
    if (m_subjects.size() >= mostSubjects)
        return nullptr;
    Subject &fresh = m_subjects[name];
    if (m_ofCalls)
        fresh.sums.emplace(m_alert.when.metric, m_alert.when.windowOrUsual());
    fresh.seen.alert = m_alert.id;
    fresh.seen.subject = name;
    return &fresh;
}

void Watch::setHistory(std::map<std::string, HourValues, std::less<>> history)
{
    m_history = std::move(history);
    for (auto &[name, subject] : m_subjects)
        subject.usualHour = -1;
}

void Watch::makeRoom(WallTime at)
{
    std::erase_if(m_subjects, [&](const auto &entry) {
        const Subject &subject = entry.second;
        return entry.first != m_alert.when.subject && subject.state.state() == AlertState::Ok && (!subject.sums || subject.sums->empty()) && at - subject.lastCall > m_alert.when.windowOrUsual();
    });
}

void Watch::add(const AlertCall &call)
{
    if (!m_ofCalls)
        return;
    static thread_local std::vector<std::string_view> names;
    subjectsOf(call, m_alert.when.scope, names);
    for (const std::string_view name : names) {
        if (!m_alert.when.subject.empty() && name != m_alert.when.subject)
            continue;
        const auto known = m_subjects.find(name);
        Subject *its = known != m_subjects.end() ? &known->second : subject(std::string(name), call.endedAt);
        if (its == nullptr)
            continue;
        its->sums->add(call);
        its->lastCall = std::max(its->lastCall, call.endedAt);
    }
}

/// Beyond the threshold; or, to clear, not yet back at where it is over.
bool Watch::isBeyond(const AlertStatus &seen, bool toClear) const
{
    const config::AlertWhen &when = m_alert.when;
    if (!seen.value || (when.minCalls > 0 && seen.calls < static_cast<std::uint64_t>(when.minCalls)))
        return false;
    if (when.side == AlertSide::Deviates) {
        if (!seen.lower || !seen.upper)
            return false;
        const double middle = (*seen.lower + *seen.upper) / 2;
        const double allowed = (*seen.upper - middle) * (toClear ? when.clearLevel() / when.threshold : 1);
        const bool up = *seen.value > middle + allowed, down = *seen.value < middle - allowed;
        return (up && when.direction != config::AlertDirection::Down) || (down && when.direction != config::AlertDirection::Up);
    }
    const double level = toClear ? when.clearLevel() : when.threshold;
    return when.side == AlertSide::Below ? *seen.value < level : *seen.value > level;
}

bool Watch::isFarther(const AlertStatus &seen, double than) const
{
    if (m_alert.when.side == AlertSide::Below)
        return *seen.value < than;
    if (m_alert.when.side != AlertSide::Deviates || !seen.lower)
        return *seen.value > than;
    const double middle = (*seen.lower + *seen.upper) / 2;
    return std::abs(*seen.value - middle) > std::abs(than - middle);
}

void Watch::read(Subject &subject, WallTime at, std::optional<double> gauge, const Calendar &calendar) const
{
    AlertStatus &seen = subject.seen;
    const config::AlertWhen &when = m_alert.when;
    seen.value = gauge;
    seen.lower.reset();
    seen.upper.reset();
    if (subject.sums) {
        subject.sums->advance(at);
        seen.value = subject.sums->value();
        seen.calls = subject.sums->calls();
    }
    if (when.side == AlertSide::Above) {
        seen.upper = when.threshold;
    } else if (when.side == AlertSide::Below) {
        seen.lower = when.threshold;
    } else if (const auto history = m_history.find(seen.subject); history != m_history.end()) {
        if (const std::int64_t hour = comparedHour(when, at); subject.usualHour != hour) {
            subject.usualHour = hour;
            subject.usual = usualAt(history->second, when, calendar, at);
        }
        if (subject.usual) {
            seen.lower = subject.usual->median - when.threshold * subject.usual->deviation;
            seen.upper = subject.usual->median + when.threshold * subject.usual->deviation;
        }
    }
}

void Watch::step(Subject &subject, WallTime at, const AlertHush &hush, const std::function<std::int64_t()> &number, std::vector<AlertEvent> &events) const
{
    const config::AlertWhen &when = m_alert.when;
    const AlertStatus &seen = subject.seen;
    AlertFiring &firing = subject.firing;
    switch (subject.state.step(at, isBeyond(seen, false), !isBeyond(seen, true), when.holds, when.clearHolds())) {
    case FiringState::Change::Fired:
        firing = {.number = number(), .alert = m_alert.id, .name = m_alert.name, .subject = seen.subject, .metric = std::string(toText(when.metric)), .severity = std::string(toText(m_alert.severity)),
                  .pendingSince = subject.state.pendingSince(), .firedAt = at, .value = *seen.value, .peak = *seen.value,
                  .level = seen.upper && (!seen.lower || *seen.value > *seen.upper) ? seen.upper : seen.lower};
        events.push_back({.kind = AlertEvent::Kind::Fired, .alert = m_alert.id, .firing = firing});
        break;
    case FiringState::Change::Resolved:
        firing.resolvedAt = at;
        events.push_back({.kind = AlertEvent::Kind::Resolved, .alert = m_alert.id, .firing = firing});
        if (firing.told && m_alert.tellResolved && !hush.quiet && !(hush.muted && hush.muted(seen.subject)))
            events.push_back({.kind = AlertEvent::Kind::Tell, .word = AlertWord::Resolved, .alert = m_alert.id, .firing = firing});
        firing = {};
        break;
    case FiringState::Change::None:
        if (firing.number != 0 && seen.value && isFarther(seen, firing.peak))
            firing.peak = *seen.value;
        break;
    }
    tell(subject, at, hush, events);
}

/// What was hushed is told once it is not any more, if it is still so.
void Watch::tell(Subject &subject, WallTime at, const AlertHush &hush, std::vector<AlertEvent> &events) const
{
    AlertFiring &firing = subject.firing;
    if (firing.number == 0 || !firing.acknowledgedBy.empty() || hush.quiet || (hush.muted && hush.muted(subject.seen.subject)))
        return;
    subject.lastTold = std::min(subject.lastTold, at);
    if (firing.told && !(m_alert.repeat && at - subject.lastTold >= *m_alert.repeat))
        return;
    const AlertWord word = firing.told ? AlertWord::Reminder : AlertWord::Fired;
    firing.told = true;
    subject.lastTold = at;
    events.push_back({.kind = AlertEvent::Kind::Tell, .word = word, .alert = m_alert.id, .firing = firing});
}

void Watch::evaluate(WallTime at, std::span<const AlertGauge> gauges, const Calendar &calendar, const AlertHush &hush, const std::function<std::int64_t()> &number, std::vector<AlertEvent> &events,
                     const OnReading &onReading)
{
    std::map<std::string_view, double> now;
    if (!m_ofCalls) {
        for (const AlertGauge &gauge : gauges) {
            if (gauge.metric == m_alert.when.metric && gauge.scope == m_alert.when.scope && (m_alert.when.subject.empty() || gauge.subject == m_alert.when.subject) && subject(gauge.subject, at))
                now[gauge.subject] = gauge.value;
        }
    }
    for (auto &[name, subject] : m_subjects) {
        const auto gauge = now.find(name);
        read(subject, at, gauge == now.end() ? std::nullopt : std::optional(gauge->second), calendar);
        step(subject, at, hush, number, events);
        if (onReading)
            onReading(subject.seen);
    }
    if (m_subjects.size() > 1)
        std::erase_if(m_subjects, [&](const auto &entry) {
            return entry.first != m_alert.when.subject && entry.second.state.state() == AlertState::Ok && at - entry.second.lastCall > idleFor && !now.contains(entry.first);
        });
}

void Watch::close(WallTime at, std::vector<AlertEvent> &events)
{
    for (auto &[name, subject] : m_subjects) {
        if (subject.firing.number == 0)
            continue;
        subject.firing.resolvedAt = at;
        events.push_back({.kind = AlertEvent::Kind::Resolved, .alert = m_alert.id, .firing = subject.firing});
        subject.firing = {};
    }
}

void Watch::restore(const AlertFiring &firing)
{
    Subject *its = subject(firing.subject, firing.firedAt);
    if (its == nullptr)
        return;
    its->state.restore(firing.pendingSince, firing.firedAt);
    its->firing = firing;
    its->lastTold = firing.firedAt;
    its->lastCall = firing.firedAt;
}

bool Watch::acknowledge(const std::string &subject, const std::string &by)
{
    const auto known = m_subjects.find(subject);
    if (known == m_subjects.end() || known->second.firing.number == 0)
        return false;
    known->second.firing.acknowledgedBy = by;
    return true;
}

void Watch::appendStatus(std::vector<AlertStatus> &to, std::size_t mostOk) const
{
    for (const auto &[name, subject] : m_subjects) {
        if (subject.state.state() == AlertState::Ok && mostOk-- == 0)
            return;
        AlertStatus status = subject.seen;
        status.state = subject.state.state();
        status.since = subject.state.since();
        status.acknowledgedBy = subject.firing.acknowledgedBy;
        status.firing = subject.firing.number;
        to.push_back(std::move(status));
    }
}

std::size_t Watch::firing() const
{
    return static_cast<std::size_t>(std::ranges::count_if(m_subjects, [](const auto &entry) { return entry.second.firing.number != 0; }));
}

} // namespace gateway::alerts
