// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/chart_data.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::widgets {
namespace {

constexpr qint64 second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
constexpr qint64 steps[] {5 * second, 10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
    hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day};
constexpr qint64 shrinkAfterMs = 30'000;

} // namespace

QList<qint64> timeTicks(qint64 fromMs, qint64 toMs, int most)
{
    QList<qint64> ticks;
    if (toMs <= fromMs || most < 1)
        return ticks;
    qint64 step = steps[std::size(steps) - 1];
    for (const qint64 candidate : steps)
        if ((toMs - fromMs) / candidate <= most) {
            step = candidate;
            break;
        }
    // Counted from local midnight, so that six-hour ticks stand at 00, 06, 12 and 18 in every zone.
    const QDateTime from = QDateTime::fromMSecsSinceEpoch(fromMs);
    qint64 tick = from.date().startOfDay().toMSecsSinceEpoch();
    tick += (fromMs - tick + step - 1) / step * step;
    for (; tick < toMs; tick += step)
        ticks.append(tick);
    return ticks;
}

QString timeTickText(qint64 ms, qint64 rangeMs)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(ms);
    if (rangeMs > 4 * day)
        return at.toString(u"d MMM"_s);
    if (rangeMs > day && at.time().msecsSinceStartOfDay() == 0)
        return at.toString(u"ddd d"_s);
    return at.toString(rangeMs < 4 * minute ? u"HH:mm:ss"_s : u"HH:mm"_s);
}

ValueAxis valueAxis(double most, int ticks, bool whole)
{
    if (!(most > 0))
        return whole ? ValueAxis {4, 1} : ValueAxis {1, 0.25};
    const double raw = most / qMax(1, ticks);
    const double power = std::pow(10, std::floor(std::log10(raw)));
    double step = power * 10;
    for (const double factor : {1.0, 2.0, 5.0})
        if (raw <= factor * power * 1.0000001) {
            step = factor * power;
            break;
        }
    if (whole)
        step = qMax(1.0, std::ceil(step));
    return {std::ceil(most / step - 1e-9) * step, step};
}

ValueAxis AxisHold::hold(const ValueAxis &wanted, qint64 nowMs)
{
    if (m_shownMs < 0 || wanted.top >= m_shown.top) {
        m_shown = wanted;
        m_shownMs = nowMs;
    } else if (nowMs - m_shownMs >= shrinkAfterMs) {
        m_shown = wanted;
        m_shownMs = nowMs;
    }
    return m_shown;
}

} // namespace ui::widgets
