// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QList>
#include <QPainter>
#include <QWidget>

namespace ui::widgets {

/// Draws values as a line of 1.5 px with a faint fill and a dot at the end; NaN leaves a gap.
void paintSparkline(QPainter *painter, const QRectF &where, const QList<double> &values, const QColor &color, bool filled = true);

/// A sparkline of its own.
class Sparkline final : public QWidget
{
    Q_OBJECT
public:
    explicit Sparkline(QWidget *parent = nullptr);
    void setValues(const QList<double> &values, int series);   ///< series: index into ThemeColors::series

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QList<double> m_values;
    int m_series = 0;
};

} // namespace ui::widgets
