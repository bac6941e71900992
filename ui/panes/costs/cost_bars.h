// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/charts/chart_data.h"
#include "ui/widgets/charts/chart_paint.h"

#include <QMap>
#include <QWidget>

#include <utility>

namespace ui::costs {

/// Bars over the calendar: stacked, what is below zero downwards, beside each a tick for the time before, and where days are
/// ahead what they are expected to add. Bars need not be equally long (months, days on which clocks change), which TimeSeriesView's have to be.
/// Mouse: hover tells, a click opens the calls of that part. Keys: arrows walk over bars and parts, Enter opens, Esc leaves.
class CostBars final : public QWidget
{
    Q_OBJECT
public:
    struct Series
    {
        QString id, label;
        int color = 0;             ///< as ChartSeries::color
        QList<double> values;      ///< one for each bar
    };
    struct Picture
    {
        QStringList names;         ///< of bars, in words: "Tue 17 Nov"
        QStringList axis;          ///< below them
        QList<Series> series;      ///< from the bottom on
        QList<double> before;      ///< one for each bar, NaN: none; empty: there is nothing to compare with
        QString beforeLabel;
        QList<double> expected;    ///< likewise, what is still to come
        QMap<qsizetype, QStringList> unusual; ///< by bar: what was not as usual in it, a line each; it has a mark
        [[nodiscard]] qsizetype bars() const { return names.size(); }
    };
    explicit CostBars(QWidget *parent = nullptr);

    void setPicture(Picture picture);
    [[nodiscard]] const Picture &picture() const { return m_picture; }
    void setValueText(const widgets::ValueText &axis, const widgets::ValueText &exact)
    {
        m_axisText = axis;
        m_text = exact;
    }
    void setUnusual(const QMap<qsizetype, QStringList> &lines);
    void setSolo(const QString &seriesId);   ///< only this one; empty: all
    [[nodiscard]] QString solo() const { return m_solo; }
    [[nodiscard]] QString tooltipText() const; ///< of the bar that is pointed at, lines separated by newlines
    [[nodiscard]] QRect partRect(qsizetype bar, const QString &seriesId) const;
    [[nodiscard]] QImage toImage(double scale = 2) const;
    [[nodiscard]] QSize sizeHint() const override { return {640, 200}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 140}; }

Q_SIGNALS:
    /// @param seriesId  empty with `all`: the whole bar
    void opened(int bar, const QString &seriesId, bool all);
    void left(); ///< Esc

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    [[nodiscard]] widgets::ChartScale scale() const;
    [[nodiscard]] QRect whole() const;
    [[nodiscard]] QList<std::pair<double, double>> spans(qsizetype bar) const;
    [[nodiscard]] bool shown(const Series &series) const { return m_solo.isEmpty() || series.id == m_solo; }
    [[nodiscard]] QRectF barRect(const widgets::ChartScale &scale, qsizetype bar) const;
    [[nodiscard]] qsizetype barAt(const QPoint &at) const;
    [[nodiscard]] qsizetype partAt(qsizetype bar, int y) const;
    [[nodiscard]] QList<widgets::TooltipLine> lines(qsizetype bar, const widgets::ThemeColors &colors) const;
    void paintMark(QPainter *painter, const widgets::ChartScale &scale, qsizetype bar, const widgets::ThemeColors &colors) const;
    void paintBar(QPainter *painter, const widgets::ChartScale &scale, qsizetype bar, const widgets::ThemeColors &colors) const;
    void paintBelow(QPainter *painter, const widgets::ChartScale &scale, const widgets::ThemeColors &colors) const;
    void paintLabels(QPainter *painter, const widgets::ChartScale &scale, const widgets::ThemeColors &colors) const;
    void point(qsizetype bar, qsizetype part);

    Picture m_picture;
    widgets::ValueText m_axisText, m_text;
    QString m_solo;
    qsizetype m_bar = -1;  ///< that is pointed at
    qsizetype m_part = -1; ///< of its series; -1: the whole bar
};

} // namespace ui::costs
