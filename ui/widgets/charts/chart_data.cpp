// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/chart_data.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::widgets {
namespace {

constexpr qint64 second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
constexpr qint64 steps[] {5 * second, 10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
    hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day};
constexpr int monthSteps[] {1, 2, 3, 6, 12};
constexpr qint64 longestMonth = 31 * day;
constexpr qint64 shrinkAfterMs = 30'000;

/// The first of months, counted from January.
QList<qint64> monthTicks(qint64 fromMs, qint64 toMs, int most)
{
    int step = 12;
    for (const int candidate : monthSteps)
        if ((toMs - fromMs) / (candidate * longestMonth) < most) {
            step = candidate;
            break;
        }
    const QDate first = QDateTime::fromMSecsSinceEpoch(fromMs).date();
    QList<qint64> ticks;
    for (QDate at(first.year(), (first.month() - 1) / step * step + 1, 1);; at = at.addMonths(step)) {
        const qint64 tick = at.startOfDay().toMSecsSinceEpoch();
        if (tick >= toMs)
            return ticks;
        if (tick >= fromMs)
            ticks.append(tick);
    }
}

} // namespace

QList<qint64> timeTicks(qint64 fromMs, qint64 toMs, int most)
{
    QList<qint64> ticks;
    if (toMs <= fromMs || most < 1)
        return ticks;
    qint64 step = 0;
    for (const qint64 candidate : steps)
        if ((toMs - fromMs) / candidate <= most) {
            step = candidate;
            break;
        }
    if (step == 0)
        return monthTicks(fromMs, toMs, most);
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
    if (rangeMs > 300 * day)
        return at.toString(u"d MMM yyyy"_s);
    if (rangeMs > day && at.time().msecsSinceStartOfDay() == 0)
        return at.toString(rangeMs > 4 * day ? u"d MMM"_s : u"ddd d"_s);
    return at.toString(rangeMs < 4 * minute ? u"HH:mm:ss"_s : u"HH:mm"_s);
}

QString timePointText(qint64 ms, qint64 rangeMs)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(ms);
    if (rangeMs <= day || rangeMs > 300 * day || at.time().msecsSinceStartOfDay() == 0)
        return timeTickText(ms, rangeMs);
    return at.toString(rangeMs > 4 * day ? u"d MMM HH:mm"_s : u"ddd d HH:mm"_s);
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

double ValueAxis::share(double value) const { return low > 0 ? std::log(qMax(value, low) / low) / std::log(top / low) : value / top; }

QList<double> ValueAxis::ticks() const
{
    QList<double> found;
    if (low <= 0) {
        for (int i = 0; i * step <= top * 1.0001; ++i)
            found.append(i * step);
        return found;
    }
    const bool fine = top / low < 200; // over more than two decades the powers of ten are enough
    for (double decade = std::pow(10, std::floor(std::log10(low) + 1e-9)); decade <= top * 1.0001; decade *= 10)
        for (const double factor : fine ? QList<double> {1, 2, 5} : QList<double> {1})
            if (decade * factor >= low * 0.9999 && decade * factor <= top * 1.0001)
                found.append(decade * factor);
    return found;
}

ValueAxis logAxis(double least, double most)
{
    const auto round = [](double value, bool up) {
        const double decade = std::pow(10, std::floor(std::log10(value)));
        const double ratio = value / decade;
        if (up)
            return decade * (ratio <= 1.0001 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
        return decade * (ratio >= 5 ? 5 : ratio >= 2 ? 2 : 1);
    };
    ValueAxis axis;
    axis.low = round(least, false);
    axis.top = round(qMax(most, least), true);
    if (axis.top <= axis.low * 1.001)
        axis.top = axis.low * 10;
    return axis;
}

ChartData thinned(const ChartData &data)
{
    constexpr qsizetype mostPoints = 300;
    if (data.bins <= mostPoints)
        return data;
    const qsizetype group = (data.bins + mostPoints - 1) / mostPoints;
    ChartData thin = data;
    thin.stepMs = data.stepMs * group;
    thin.bins = (data.bins + group - 1) / group;
    const auto merge = [&](const QList<double> &values) {
        QList<double> merged;
        for (qsizetype i = 0; i < values.size(); i += group) {
            double most = NAN;
            for (qsizetype j = i; j < qMin(i + group, values.size()); ++j)
                most = std::fmax(most, values.at(j));
            merged.append(most);
        }
        return merged;
    };
    for (ChartSeries &series : thin.series)
        series.values = merge(series.values);
    thin.extra = merge(data.extra);
    return thin;
}

} // namespace ui::widgets
