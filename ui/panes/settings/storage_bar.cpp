// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/storage_bar.h"

#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>

#include <algorithm>

namespace ui::settings {

namespace {

constexpr int barHeight = 12;
constexpr int legendTop = 20;
constexpr int legendLine = 24;
constexpr int swatch = 10, besideSwatch = 6, betweenEntries = 20;
constexpr qreal radius = 2;

} // namespace

StorageBar::StorageBar(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void StorageBar::setParts(const QList<Part> &parts)
{
    m_parts = parts;
    QStringList words;
    for (const Part &part : m_parts)
        words << tr("%1: %2").arg(part.name, widgets::bytes(static_cast<std::uint64_t>(part.bytes)));
    setAccessibleName(words.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

QStringList StorageBar::texts() const
{
    QStringList found;
    for (const Part &part : m_parts)
        found << tr("%1  %2").arg(part.name, widgets::bytes(static_cast<std::uint64_t>(part.bytes)));
    return found;
}

QList<QPoint> StorageBar::places(int width) const
{
    const QFontMetrics metrics(widgets::textFont(12));
    QList<QPoint> found;
    QPoint at(0, legendTop);
    for (const QString &text : texts()) {
        const int wide = swatch + besideSwatch + metrics.horizontalAdvance(text);
        if (at.x() > 0 && at.x() + wide > width)
            at = {0, at.y() + legendLine};
        found << at;
        at.rx() += wide + betweenEntries;
    }
    return found;
}

int StorageBar::heightForWidth(int width) const
{
    const QList<QPoint> found = places(width);
    return (found.isEmpty() ? legendTop : found.last().y()) + legendLine;
}

void StorageBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    updateGeometry();
}

void StorageBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    qint64 all = 0;
    for (const Part &part : m_parts)
        all += part.bytes;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.raised);
    painter.drawRoundedRect(QRectF(0, 0, width(), barHeight), radius, radius);

    painter.setFont(widgets::textFont(12));
    qreal left = 0;
    const QStringList words = texts();
    const QList<QPoint> legend = places(width());
    for (int i = 0; i < m_parts.size(); ++i) {
        const QColor color = colors.series[static_cast<std::size_t>(i) % colors.series.size()];
        const qreal part = all > 0 ? std::max<qreal>(width() * static_cast<qreal>(m_parts[i].bytes) / static_cast<qreal>(all), 2) : 0;
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawRect(QRectF(left, 0, std::min<qreal>(part, width() - left), barHeight));
        left += part + 1;

        painter.drawRoundedRect(QRectF(legend[i].x(), legend[i].y() + 4, swatch, swatch), radius, radius);
        painter.setPen(colors.text);
        painter.drawText(legend[i] + QPoint(swatch + besideSwatch, 13), words[i]);
    }
}

} // namespace ui::settings
