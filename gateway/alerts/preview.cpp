// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/alerts/preview.h"

#include "gateway/alerts/engine.h"
#include "gateway/alerts/quiet_hours.h"

#include <algorithm>
#include <unordered_map>

namespace gateway::alerts {

namespace {

constexpr std::size_t mostFirings = 1'000, mostSeries = 8;
constexpr std::int64_t pointsASeries = 400;

/// Gathers the points of each subject: of each stretch of time the one that is the farthest from what is well.
class Points
{
public:
    Points(const config::Alert &alert, WallTime from, WallTime to)
        : m_below(alert.when.side == config::AlertSide::Below), m_from(from), m_width(std::max<std::chrono::microseconds>((to - from) / pointsASeries, evaluatedEvery))
    {
    }

    void add(const AlertStatus &seen, WallTime at)
    {
        if (at < m_from)
            return;
        AlertSeries &series = m_series[seen.subject];
        series.subject = seen.subject;
        const WallTime stretch = m_from + (at - m_from) / m_width * m_width;
        const AlertPoint point {.at = stretch, .value = seen.value, .lower = seen.lower, .upper = seen.upper};
        if (series.points.empty() || series.points.back().at != stretch)
            series.points.push_back(point);
        else if (isFarther(point, series.points.back()))
            series.points.back() = point;
    }

    std::vector<AlertSeries> take(const std::unordered_map<std::string, std::uint64_t> &firings)
    {
        std::vector<AlertSeries> all;
        for (auto &[subject, series] : m_series) {
            if (const auto fired = firings.find(subject); fired != firings.end())
                series.firings = fired->second;
            all.push_back(std::move(series));
        }
        const auto farthest = [&](const AlertSeries &series) {
            std::optional<AlertPoint> found;
            for (const AlertPoint &point : series.points) {
                if (point.value && (!found || isFarther(point, *found)))
                    found = point;
            }
            return found;
        };
        std::vector<std::pair<std::optional<AlertPoint>, std::size_t>> order;
        for (std::size_t i = 0; i < all.size(); ++i)
            order.emplace_back(farthest(all[i]), i);
        std::ranges::stable_sort(order, [&](const auto &a, const auto &b) {
            if (all[a.second].firings != all[b.second].firings)
                return all[a.second].firings > all[b.second].firings;
            if (a.first.has_value() != b.first.has_value())
                return a.first.has_value();
            return a.first && isFarther(*a.first, *b.first);
        });
        std::vector<AlertSeries> most;
        for (std::size_t i = 0; i < std::min(order.size(), mostSeries); ++i)
            most.push_back(std::move(all[order[i].second]));
        return most;
    }

    [[nodiscard]] std::size_t subjects() const { return m_series.size(); }

private:
    [[nodiscard]] bool isFarther(const AlertPoint &point, const AlertPoint &than) const
    {
        if (!point.value || !than.value)
            return point.value.has_value();
        if (point.lower && point.upper && than.lower && than.upper) {
            const auto off = [](const AlertPoint &p) { return std::abs(*p.value - (*p.lower + *p.upper) / 2) / std::max(*p.upper - *p.lower, 1e-12); };
            return off(point) > off(than);
        }
        return m_below ? *point.value < *than.value : *point.value > *than.value;
    }

    bool m_below;
    WallTime m_from;
    std::chrono::microseconds m_width;
    std::map<std::string, AlertSeries, std::less<>> m_series;
};

WallTime nextMoment(WallTime at)
{
    return std::chrono::ceil<std::chrono::seconds>(at) + (evaluatedEvery - std::chrono::ceil<std::chrono::seconds>(at).time_since_epoch() % evaluatedEvery) % evaluatedEvery;
}

} // namespace

AlertPreview previewOf(const config::Alert &alert, AlertPast past, std::string_view zone)
{
    std::ranges::stable_sort(past.calls, {}, &AlertCall::endedAt);
    std::ranges::stable_sort(past.gauges, {}, &GaugeChange::at);
    const Calendar calendar(zone);
    Watch watch(alert);
    watch.setHistory(std::move(past.history));
    Points points(alert, past.from, past.to);
    AlertPreview preview {.from = past.from, .to = past.to, .calls = past.calls.size()};
    std::unordered_map<std::string, std::uint64_t> firings;
    std::map<std::string, double> now;
    std::vector<AlertGauge> gauges;
    std::int64_t number = 0;
    auto call = past.calls.begin();
    auto change = past.gauges.begin();
    const WallTime begin = nextMoment(config::infoOf(alert.when.metric).ofCalls ? past.from - alert.when.windowOrUsual() : past.from);
    for (WallTime at = begin; at <= past.to; at += evaluatedEvery) {
        for (; call != past.calls.end() && call->endedAt < at; ++call)
            watch.add(*call);
        bool changed = false;
        for (; change != past.gauges.end() && change->at < at; ++change, changed = true)
            now[change->subject] = change->value;
        if (changed) {
            gauges.clear();
            for (const auto &[subject, value] : now)
                gauges.push_back({.metric = alert.when.metric, .scope = alert.when.scope, .subject = subject, .value = value});
        }
        if (at < past.from)
            continue; // the windows fill
        std::vector<AlertEvent> events;
        watch.evaluate(at, gauges, calendar, {.quiet = isQuiet(alert.quiet, calendar, at)}, [&] { return ++number; }, events, [&](const AlertStatus &seen) { points.add(seen, at); });
        for (AlertEvent &event : events) {
            if (event.kind == AlertEvent::Kind::Fired) {
                ++preview.fired;
                ++firings[event.firing.subject];
                if (preview.firings.size() < mostFirings)
                    preview.firings.push_back(std::move(event.firing));
                continue;
            }
            preview.told += event.kind == AlertEvent::Kind::Tell && event.word == AlertWord::Fired ? 1 : 0;
            const auto its = std::ranges::find(preview.firings, event.firing.number, &AlertFiring::number);
            if (its != preview.firings.end())
                *its = std::move(event.firing);
        }
    }
    for (AlertFiring &firing : preview.firings)
        firing.number = 0;
    preview.subjects = points.subjects();
    preview.series = points.take(firings);
    return preview;
}

} // namespace gateway::alerts
