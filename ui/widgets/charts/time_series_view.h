// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/charts/chart_data.h"
#include "ui/widgets/charts/chart_link.h"

#include <QWidget>

#include <memory>

class QPainter;

namespace ui::widgets {

/// A chart over time. Hides Qt Charts, which is deprecated from Qt 6.10. Margins are fixed (left 56, right 44 for direct
/// labels, top 8, bottom 26), so that charts under one another line up and nothing moves as figures grow.
/// Mouse: crosshair; drag selects a range; a click chooses a bin. Keys: arrows move the crosshair, + and - zoom, Enter chooses
/// the bin, Esc and Backspace go back from a zoom.
/// Data may come as often as it likes; it is drawn at most once a second while values change live.
class TimeSeriesView final : public QWidget
{
    Q_OBJECT
public:
    enum class Kind {
        Bands,       ///< series in rising order (p50, p95, p99): first a line, between them flat bands
        Lines,
        StackedArea,
        StackedBars, ///< at most 60 bins
    };
    explicit TimeSeriesView(Kind kind, QWidget *parent = nullptr);
    ~TimeSeriesView() override;

    void setLink(ChartLink *link);                          ///< outlives the view
    void setChoosable(bool choosable);                      ///< clicks and Enter choose a bin; else a double click goes back from a zoom
    void setValueText(const ValueText &axis, const ValueText &exact = {});  ///< exact: in the tooltip; the same by default
    void setWholeNumbers(bool whole);                       ///< counts: no ticks at halves
    void setLogarithmic(bool logarithmic);                  ///< lines and bands only: stacks begin at zero
    [[nodiscard]] bool logarithmic() const;
    void setTotalLabel(const QString &label);               ///< last line of the tooltip of stacks; empty: none
    void setDirectLabels(bool labels);                      ///< series' labels at the right end
    void setData(const ChartData &data);
    [[nodiscard]] const ChartData &data() const;
    [[nodiscard]] Kind kind() const;
    [[nodiscard]] QString exactText(double value) const;    ///< as in the tooltip
    void setMarkers(const QList<ChartMarker> &markers);
    void setSolo(const QString &seriesId);                  ///< only this one; empty: all
    [[nodiscard]] QString solo() const;

    [[nodiscard]] QRect plotArea() const;                   ///< in the widget's coordinates
    [[nodiscard]] double axisTop() const;
    [[nodiscard]] QString tooltipText() const;              ///< of the crosshair, lines separated by newlines; empty: hidden
    [[nodiscard]] QImage toImage(double scale = 2) const;
    /// As it is seen, without crosshair and focus.
    void paintInto(QPainter *painter, const QPoint &at);

Q_SIGNALS:
    void soloChanged(const QString &seriesId);
    /// A bin was chosen. @param seriesId  the part of the stack that was pointed at, or the one shown alone; empty: none
    void binChosen(qint64 fromMs, qint64 toMs, const QString &seriesId);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace ui::widgets
