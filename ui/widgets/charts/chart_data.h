// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QDateTime>
#include <QList>
#include <QString>

#include <functional>

/// What a chart shows, as plain values. NaN is a gap and is never bridged.
namespace ui::widgets {

struct ChartSeries
{
    QString id;                ///< stable: legend's order and colour hang on it
    QString label;
    int color = 0;             ///< index into ThemeColors::series; -1: the grey of "other"
    QList<double> values;      ///< one for each bin
    QString total;             ///< shown after the label in the legend ("31"); may be empty
};

/// Bins of equal length, oldest first. Times are milliseconds since the epoch.
struct ChartData
{
    qint64 startMs = 0;
    qint64 stepMs = 60'000;
    qsizetype bins = 0;
    QList<ChartSeries> series;
    QList<double> extra;       ///< one for each bin, shown in the tooltip under extraLabel; may be empty
    QString extraLabel;

    [[nodiscard]] qint64 endMs() const { return startMs + stepMs * qint64(bins); }
    [[nodiscard]] qint64 middleMs(qsizetype bin) const { return startMs + stepMs * qint64(bin) + stepMs / 2; }
    [[nodiscard]] qsizetype binAt(qint64 ms) const { return stepMs > 0 ? qsizetype((ms - startMs) / stepMs) : -1; }
};

struct ChartMarker
{
    qint64 atMs = 0;
    QString label;
};

using ValueText = std::function<QString(double)>;

/// Ticks on round values of time, aligned to the local day: 5 s … 1 day. @return label positions in milliseconds
QList<qint64> timeTicks(qint64 fromMs, qint64 toMs, int most);
/// "13:40", or "Tue 17" where ticks are days.
QString timeTickText(qint64 ms, qint64 rangeMs);
/// Of a time that stands by itself, with no day beside it: "Tue 17 13:40", "17 Nov 13:40" where the range is more than a day.
QString timePointText(qint64 ms, qint64 rangeMs);
/// Where a value axis ends and has its ticks.
struct ValueAxis
{
    double top = 1, step = 1;
    double low = 0;            ///< above 0: logarithmic, from here to top

    [[nodiscard]] double share(double value) const; ///< 0 at the lower end, 1 at the top
    [[nodiscard]] QList<double> ticks() const;      ///< the lower end and what is above it
};
/// A round upper end for an axis from zero, and its tick distance (1, 2 or 5 times a power of ten).
ValueAxis valueAxis(double most, int ticks, bool whole);
/// A logarithmic axis around what is above zero, its ends 1, 2 or 5 times a power of ten.
ValueAxis logAxis(double least, double most);
/// Bins merged until there are at most 300: what a pixel cannot show costs time all the same. The largest of a group
/// stays, so that a peak is not lost.
ChartData thinned(const ChartData &data);

/// The upper end of a y axis: grows at once, shrinks only after 30 s, so that it does not breathe.
class AxisHold
{
public:
    /// @param nowMs a steady clock
    ValueAxis hold(const ValueAxis &wanted, qint64 nowMs);
    void reset() { m_shownMs = -1; }

private:
    ValueAxis m_shown;
    qint64 m_shownMs = -1;     ///< since when a smaller one would do
};

} // namespace ui::widgets
