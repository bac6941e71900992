// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/alerts/window_sums.h"

#include <algorithm>
#include <cmath>

namespace gateway::alerts {

namespace {

using config::AlertMetric;

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t narrowest = 10 * second; ///< how often alerts are evaluated
constexpr std::int64_t mostSlots = 360;
constexpr std::int16_t tooManyRequests = 429;

std::int64_t microsOf(WallTime time)
{
    return time.time_since_epoch().count();
}

std::int64_t floorTo(std::int64_t value, std::int64_t width)
{
    return value >= 0 ? value / width : -((-value + width - 1) / width);
}

double shareOf(AlertMetric metric)
{
    switch (metric) {
    case AlertMetric::LatencyP50: return 0.5;
    case AlertMetric::LatencyP99: return 0.99;
    default: return 0.95;
    }
}

} // namespace

WindowSums::WindowSums(AlertMetric metric, config::Millis window) : m_metric(metric), m_windowUs(std::chrono::duration_cast<std::chrono::microseconds>(window).count())
{
    const std::int64_t wanted = (m_windowUs + mostSlots - 1) / mostSlots;
    m_widthUs = (wanted + narrowest - 1) / narrowest * narrowest;
    if (isOfDurations())
        m_durations.resize(LatencyBuckets::count);
}

bool WindowSums::isOfDurations() const
{
    return m_metric == AlertMetric::LatencyP50 || m_metric == AlertMetric::LatencyP95 || m_metric == AlertMetric::LatencyP99 || m_metric == AlertMetric::FirstTokenP95;
}

void WindowSums::add(const AlertCall &call)
{
    const std::int64_t number = floorTo(microsOf(call.endedAt), m_widthUs);
    if (number < m_oldest)
        return;
    Slot added;
    const bool spent = m_metric == AlertMetric::Cost || m_metric == AlertMetric::CostPerCall;
    if (spent)
        added.part = call.cost.value_or(Money()).nanos();
    else if (m_metric == AlertMetric::Tokens)
        added.part = call.tokens;
    if (!call.shadow) { // of copies cost and tokens count, as in the charts
        added.calls = call.repeats;
        if (spent)
            added.whole = call.cost ? call.repeats : 0;
        else
            added.whole = call.repeats;
        switch (m_metric) {
        case AlertMetric::ErrorRate: added.part = call.status == CallStatus::Failed || call.status == CallStatus::Cut ? call.repeats : 0; break;
        case AlertMetric::CacheHitRate:
            added.whole = call.cache == CacheOutcome::Off ? 0 : call.repeats;
            added.part = call.cache == CacheOutcome::Hit || call.cache == CacheOutcome::Semantic ? call.repeats : 0;
            break;
        case AlertMetric::RateLimited: added.part = call.httpStatus == tooManyRequests ? call.repeats : 0; break;
        default: break;
        }
    }
    Slot &to = slot(number);
    for (Slot *sum : {&to, &m_sum}) {
        sum->calls += added.calls;
        sum->part += added.part;
        sum->whole += added.whole;
    }
    if (!isOfDurations() || call.shadow || call.status == CallStatus::Refused)
        return;
    if (m_metric != AlertMetric::FirstTokenP95)
        addDuration(to, call.latencyUs, call.repeats);
    else if (call.stream && call.firstByteUs >= 0)
        addDuration(to, call.firstByteUs, call.repeats);
}

WindowSums::Slot &WindowSums::slot(std::int64_t number)
{
    // Calls come nearly in the order in which they ended: the place is at the end, or close to it.
    auto place = m_slots.end();
    while (place != m_slots.begin() && std::prev(place)->number >= number)
        --place;
    if (place == m_slots.end() || place->number != number)
        place = m_slots.insert(place, Slot {.number = number});
    return *place;
}

void WindowSums::addDuration(Slot &slot, std::int64_t micros, std::uint32_t times)
{
    const auto bucket = static_cast<std::uint8_t>(LatencyBuckets::index(micros));
    const auto known = std::ranges::find(slot.durations, bucket, &std::pair<std::uint8_t, std::uint32_t>::first);
    if (known == slot.durations.end())
        slot.durations.emplace_back(bucket, times);
    else
        known->second += times;
    m_durations[bucket] += times;
    m_timed += times;
}

void WindowSums::take(const Slot &slot)
{
    m_sum.calls -= slot.calls;
    m_sum.part -= slot.part;
    m_sum.whole -= slot.whole;
    for (const auto &[bucket, times] : slot.durations) {
        m_durations[bucket] -= times;
        m_timed -= times;
    }
}

void WindowSums::advance(WallTime now)
{
    m_oldest = floorTo(microsOf(now) - m_windowUs, m_widthUs);
    const std::int64_t next = floorTo(microsOf(now) + m_widthUs, m_widthUs);
    while (!m_slots.empty() && m_slots.front().number < m_oldest) {
        take(m_slots.front());
        m_slots.pop_front();
    }
    while (!m_slots.empty() && m_slots.back().number > next) {
        take(m_slots.back());
        m_slots.pop_back();
    }
}

std::optional<double> WindowSums::value() const
{
    constexpr double nanosADollar = 1e9;
    const auto part = static_cast<double>(m_sum.part);
    switch (m_metric) {
    case AlertMetric::Calls: return static_cast<double>(m_sum.calls);
    case AlertMetric::Cost: return part / nanosADollar;
    case AlertMetric::Tokens:
    case AlertMetric::RateLimited: return part;
    case AlertMetric::ErrorRate:
    case AlertMetric::CacheHitRate:
        if (m_sum.whole == 0)
            return std::nullopt;
        return part / static_cast<double>(m_sum.whole);
    case AlertMetric::CostPerCall:
        if (m_sum.whole == 0)
            return std::nullopt;
        return part / nanosADollar / static_cast<double>(m_sum.whole);
    case AlertMetric::LatencyP50:
    case AlertMetric::LatencyP95:
    case AlertMetric::LatencyP99:
    case AlertMetric::FirstTokenP95: return quantileOf(m_durations, m_timed, shareOf(m_metric));
    case AlertMetric::BudgetUsed:
    case AlertMetric::BudgetForecast:
    case AlertMetric::CircuitOpen: break;
    }
    return std::nullopt;
}

std::optional<double> quantileOf(const std::vector<std::uint64_t> &counts, std::uint64_t total, double q)
{
    if (total == 0)
        return std::nullopt;
    const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(total)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < counts.size(); ++bucket) {
        seen += counts[bucket];
        if (seen >= std::max<std::uint64_t>(rank, 1))
            return static_cast<double>(LatencyBuckets::middle(bucket)) / static_cast<double>(second);
    }
    return std::nullopt;
}

} // namespace gateway::alerts
