// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/chart_legend.h"

#include "ui/widgets/charts/chart_paint.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>

namespace ui::widgets {
namespace {

constexpr int gap = 12;
constexpr int ringRoom = 4; // about an entry, for the focus

int itemWidth(const ChartLegend::Item &item)
{
    const QFontMetrics metrics(textFont(12));
    return (item.line ? 14 : 10) + 5 + metrics.horizontalAdvance(item.label) + (item.total.isEmpty() ? 0 : 6 + metrics.horizontalAdvance(item.total)) + 1;
}

QString moreText(int hidden) { return u'+' + QString::number(hidden); }

/// What "+2" takes beside the items that have room.
int moreExtent(int hidden) { return hidden == 0 ? 0 : gap + QFontMetrics(textFont(12)).horizontalAdvance(moreText(hidden)) + 2; }

} // namespace

ChartLegend::ChartLegend(QWidget *parent) : QWidget(parent)
{
    setFixedHeight(28);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(tr("Legend"));
}

void ChartLegend::setItems(const QList<Item> &items)
{
    m_items = items;
    m_focused = qBound(0, m_focused, qMax(0, int(items.size()) - 1));
    updateGeometry();
    tellHidden();
    update();
}

void ChartLegend::setSolo(const QString &id)
{
    m_solo = id;
    update();
}

int ChartLegend::extent(int items) const
{
    int width = 0;
    for (int i = 0; i < items; ++i)
        width += itemWidth(m_items.at(i)) + (i ? gap : 0);
    return width + 2 * ringRoom;
}

int ChartLegend::fitting() const
{
    const int all = int(m_items.size());
    int shown = all;
    while (shown > 0 && extent(shown) + moreExtent(all - shown) > width())
        --shown;
    return shown;
}

void ChartLegend::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    tellHidden();
}

void ChartLegend::tellHidden()
{
    QStringList hidden;
    for (qsizetype i = fitting(); i < m_items.size(); ++i)
        hidden.append(m_items.at(i).total.isEmpty() ? m_items.at(i).label : m_items.at(i).label + u' ' + m_items.at(i).total);
    setToolTip(hidden.join(u'\n'));
}

void ChartLegend::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto);
    const int shown = fitting(), hidden = int(m_items.size()) - shown;
    int x = width() - extent(shown) - moreExtent(hidden) + ringRoom;
    m_places.clear();
    for (int i = 0; i < shown; ++i) {
        const Item &item = m_items.at(i);
        const int w = itemWidth(item);
        const QRect place = QStyle::visualRect(layoutDirection(), rect(), QRect(x, 0, w, height()));
        m_places.append(place);
        painter.setOpacity(m_solo.isEmpty() || m_solo == item.id ? 1 : 0.4);
        paintItem(&painter, item, place.x(), c);
        if (hasFocus() && i == m_focused) {
            painter.setOpacity(1);
            paintFocusRing(&painter, QRect(place.x() - ringRoom, 3, w + 2 * ringRoom, height() - 6), c.accent);
        }
        x += w + gap;
    }
    if (hidden == 0)
        return;
    painter.setOpacity(1);
    painter.setFont(textFont(12));
    painter.setPen(c.muted);
    painter.drawText(QStyle::visualRect(layoutDirection(), rect(), QRect(x, 0, moreExtent(hidden), height())), Qt::AlignVCenter | Qt::AlignLeft | Qt::AlignAbsolute, moreText(hidden));
}

void ChartLegend::paintItem(QPainter *painter, const Item &item, int x, const ThemeColors &c) const
{
    const QColor color = seriesColor(c, item.color);
    if (item.line) {
        painter->fillRect(x, height() / 2 - 1, 14, 2, color);
        x += 19;
    } else {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(blended(c.surface, color, item.alpha));
        painter->drawRoundedRect(QRectF(x, height() / 2.0 - 5, 10, 10), 2, 2);
        x += 15;
    }
    painter->setFont(textFont(12));
    painter->setPen(c.text);
    const int width = painter->fontMetrics().horizontalAdvance(item.label);
    painter->drawText(QRect(x, 0, width + 2, height()), Qt::AlignVCenter | Qt::AlignLeft | Qt::AlignAbsolute, item.label);
    if (item.total.isEmpty())
        return;
    painter->setPen(c.muted);
    painter->drawText(QRect(x + width + 6, 0, painter->fontMetrics().horizontalAdvance(item.total) + 2, height()), Qt::AlignVCenter | Qt::AlignLeft | Qt::AlignAbsolute, item.total);
}

void ChartLegend::mouseReleaseEvent(QMouseEvent *event)
{
    for (int i = 0; i < m_places.size(); ++i)
        if (m_places.at(i).adjusted(-gap / 2, 0, gap / 2, 0).contains(event->position().toPoint())) {
            Q_EMIT clicked(m_items.at(i).id);
            return;
        }
}

void ChartLegend::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) {
        m_focused = qBound(0, m_focused + (event->key() == Qt::Key_Right ? 1 : -1), qMax(0, int(m_items.size()) - 1));
        update();
    } else if (event->key() == Qt::Key_Space && m_focused < m_items.size()) {
        Q_EMIT clicked(m_items.at(m_focused).id);
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace ui::widgets
