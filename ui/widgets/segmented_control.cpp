// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/segmented_control.h"

#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

namespace ui::widgets {

SegmentedControl::SegmentedControl(const QStringList &items, QWidget *parent) : QWidget(parent), m_items(items)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(items.value(0));
}

void SegmentedControl::setCurrent(int index)
{
    if (index == m_current || index < 0 || index >= m_items.size())
        return;
    m_current = index;
    setAccessibleName(m_items.at(index));
    update();
    Q_EMIT currentChanged(index);
}

void SegmentedControl::setItemText(int index, const QString &text)
{
    m_items[index] = text;
    updateGeometry();
    update();
}

void SegmentedControl::setSmall(bool small)
{
    m_small = small;
    updateGeometry();
}

int SegmentedControl::itemWidth(int index) const
{
    return QFontMetrics(textFont(m_small ? 12 : 13, QFont::Medium)).horizontalAdvance(m_items.at(index)) + (m_small ? 17 : 25);
}

QRect SegmentedControl::itemRect(int index) const
{
    int x = 0;
    for (int i = 0; i < index; ++i)
        x += itemWidth(i);
    return {x, 0, itemWidth(index), height()};
}

QSize SegmentedControl::sizeHint() const
{
    int width = 0;
    for (int i = 0; i < m_items.size(); ++i)
        width += itemWidth(i);
    return {width, m_small ? 24 : 28};
}

void SegmentedControl::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    paintFrame(&painter, rect(), c.surface, c.control);
    QPainterPath inside;
    inside.addRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
    for (int i = 0; i < m_items.size(); ++i) {
        const QRect item = itemRect(i);
        const bool on = i == m_current;
        if (on) {
            painter.save();
            painter.setClipPath(inside);
            painter.fillRect(item, c.selection);
            painter.restore();
        }
        if (i > 0)
            painter.fillRect(item.x(), 1, 1, height() - 2, c.control);
        painter.setFont(textFont(m_small ? 12 : 13, on ? QFont::Medium : QFont::Normal));
        painter.setPen(isEnabled() ? (on ? c.accent : c.text) : c.control);
        painter.drawText(item, Qt::AlignCenter, m_items.at(i));
    }
    if (hasFocus())
        paintFocusRing(&painter, rect(), c.accent);
}

void SegmentedControl::mousePressEvent(QMouseEvent *event)
{
    for (int i = 0; i < m_items.size(); ++i)
        if (itemRect(i).contains(event->position().toPoint()))
            setCurrent(i);
}

void SegmentedControl::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Left)
        setCurrent(m_current - 1);
    else if (event->key() == Qt::Key_Right)
        setCurrent(m_current + 1);
    else
        QWidget::keyPressEvent(event);
}

} // namespace ui::widgets
