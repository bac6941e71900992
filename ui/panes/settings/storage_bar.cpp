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
constexpr int swatch = 10;
constexpr qreal radius = 2;

} // namespace

StorageBar::StorageBar(QWidget *parent) : QWidget(parent)
{
    setFixedHeight(sizeHint().height());
}

void StorageBar::setParts(const QList<Part> &parts)
{
    m_parts = parts;
    QStringList words;
    for (const Part &part : m_parts)
        words << tr("%1: %2").arg(part.name, widgets::bytes(static_cast<std::uint64_t>(part.bytes)));
    setAccessibleName(words.join(QStringLiteral(", ")));
    update();
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
    int legend = 0;
    for (int i = 0; i < m_parts.size(); ++i) {
        const QColor color = colors.series[static_cast<std::size_t>(i) % colors.series.size()];
        const qreal part = all > 0 ? std::max<qreal>(width() * static_cast<qreal>(m_parts[i].bytes) / static_cast<qreal>(all), 2) : 0;
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawRect(QRectF(left, 0, std::min<qreal>(part, width() - left), barHeight));
        left += part + 1;

        const QString text = tr("%1  %2").arg(m_parts[i].name, widgets::bytes(static_cast<std::uint64_t>(m_parts[i].bytes)));
        painter.drawRoundedRect(QRectF(legend, legendTop + 4, swatch, swatch), radius, radius);
        painter.setPen(colors.text);
        painter.drawText(QPoint(legend + swatch + 6, legendTop + 13), text);
        legend += swatch + 6 + painter.fontMetrics().horizontalAdvance(text) + 20;
    }
}

} // namespace ui::settings
