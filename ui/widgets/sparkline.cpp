// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sparkline.h"

#include "ui/widgets/theme_colors.h"

#include <QPainterPath>

#include <cmath>

namespace ui::widgets {

void paintSparkline(QPainter *painter, const QRectF &where, const QList<double> &values, const QColor &color, bool filled)
{
    double low = INFINITY, high = -INFINITY;
    for (const double value : values)
        if (!std::isnan(value)) {
            low = qMin(low, value);
            high = qMax(high, value);
        }
    if (values.size() < 2 || low > high)
        return;
    const double span = high > low ? high - low : 1;
    const auto point = [&](qsizetype i) {
        const double share = high > low ? (values.at(i) - low) / span : 0.3;
        return QPointF(where.x() + where.width() * double(i) / double(values.size() - 1), where.bottom() - 3 - (where.height() - 6) * share);
    };
    QPainterPath line, fill;
    qsizetype start = -1;
    const auto closeFill = [&](qsizetype end) {
        if (start >= 0 && end > start) {
            fill.lineTo(point(end).x(), where.bottom());
            fill.lineTo(point(start).x(), where.bottom());
            fill.closeSubpath();
        }
        start = -1;
    };
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (std::isnan(values.at(i))) {
            closeFill(i - 1);
            continue;
        }
        if (start < 0) {
            start = i;
            line.moveTo(point(i));
            fill.moveTo(point(i));
        } else {
            line.lineTo(point(i));
            fill.lineTo(point(i));
        }
    }
    closeFill(values.size() - 1);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (filled) {
        QColor faint = color;
        faint.setAlphaF(0.12F);
        painter->fillPath(fill, faint);
    }
    painter->setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(line);
    if (!std::isnan(values.back())) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawEllipse(point(values.size() - 1), 2.2, 2.2);
    }
    painter->restore();
}

Sparkline::Sparkline(QWidget *parent) : QWidget(parent) { setFixedSize(80, 28); }

void Sparkline::setValues(const QList<double> &values, int series)
{
    m_values = values;
    m_series = series;
    update();
}

void Sparkline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintSparkline(&painter, QRectF(rect()).adjusted(2, 0, -3, 0), m_values, colorsOf(this).series.at(size_t(m_series)), false);
}

} // namespace ui::widgets
