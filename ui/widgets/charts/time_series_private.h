// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/charts/plot_series.h"
#include "ui/widgets/charts/plot_view.h"
#include "ui/widgets/charts/time_series_view.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>

namespace ui::widgets {

/// What TimeSeriesView keeps: the Qt chart below, the overlay above, the axis between them, and what the mouse does.
struct TimeSeriesView::Private
{
    TimeSeriesView *q;
    Kind kind;
    QChart *chart = new QChart;
    PlotView *view = nullptr;
    ChartOverlay *overlay = nullptr;
    QValueAxis *x = new QValueAxis;
    QValueAxis *y = new QValueAxis;
    std::unique_ptr<PlotSeries> plot;
    QPointer<ChartLink> link;
    ChartData data;
    ChartData shown, next; ///< what is on the screen, and what the chart has already; the view's scale goes with the first
    QList<ChartMarker> markers;
    ValueText axisText = [](double value) { return QString::number(value); };
    ValueText exactText;
    QString totalLabel, solo;
    bool whole = false, directLabels = false, logarithmic = false, choosable = false;
    bool bare = false; ///< for a picture: what follows mouse and keys is left out
    AxisHold hold;
    QElapsedTimer clock;
    static constexpr qint64 redrawMs = 1000;
    qint64 drawnAt = -redrawMs;
    QTimer *redraw = nullptr;
    std::optional<int> brushFrom;
    int brushTo = 0;

    void setUp();
    [[nodiscard]] bool stacked() const { return kind == Kind::StackedArea || kind == Kind::StackedBars; }
    // Of what comes next.
    [[nodiscard]] double most() const;
    [[nodiscard]] double leastAboveZero() const;
    [[nodiscard]] ValueAxis wantedAxis() const;
    [[nodiscard]] ChartData plotted(const ValueAxis &axis) const;
    void layOut();
    void draw();
    void paintOver(QPainter *painter);
    void paintBrush(QPainter *painter, const ThemeColors &c);
    [[nodiscard]] qsizetype crosshairBin() const;
    [[nodiscard]] QList<TooltipLine> tooltipLines(qsizetype bin, const ThemeColors &c) const;
    [[nodiscard]] QString binTime(qsizetype bin) const { return timePointText(shown.startMs + shown.stepMs * bin, shown.endMs() - shown.startMs); }
    void moveCrosshair(double px);
    void step(int bins);
    void zoom(double factor);
    bool mouse(QEvent *event);
    /// The part of the stack at that height.
    [[nodiscard]] QString seriesAt(qsizetype bin, double py) const;
    void choose(qsizetype bin, const QString &seriesId);
};

} // namespace ui::widgets
