// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/choice_strip.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QStyle>

namespace ui::widgets {

ChoiceStrip::ChoiceStrip(const QStringList &items, QWidget *parent) : QWidget(parent), m_items(items)
{
    setAccessibleName(items.value(0));
}

void ChoiceStrip::setCurrent(int index)
{
    if (index == m_current || index < 0 || index >= m_items.size())
        return;
    m_current = index;
    setAccessibleName(m_items.at(index));
    update();
    Q_EMIT currentChanged(index);
}

void ChoiceStrip::replaceItems(const QStringList &items)
{
    m_items = items;
    m_current = qBound(0, m_current, qMax(0, int(items.size()) - 1));
    setAccessibleName(items.value(m_current));
    updateGeometry();
    update();
}

QRect ChoiceStrip::itemRect(int index) const
{
    int x = margin();
    for (int i = 0; i < index; ++i)
        x += itemWidth(i) + gap();
    return QStyle::visualRect(layoutDirection(), rect(), QRect(x, 0, itemWidth(index), height()));
}

int ChoiceStrip::contentWidth() const
{
    int width = 0;
    for (int i = 0; i < m_items.size(); ++i)
        width += itemWidth(i) + (i ? gap() : 0);
    return width;
}

void ChoiceStrip::mousePressEvent(QMouseEvent *event)
{
    for (int i = 0; i < m_items.size(); ++i)
        if (itemRect(i).adjusted(-gap() / 2, 0, gap() / 2, 0).contains(event->position().toPoint()))
            setCurrent(i);
}

void ChoiceStrip::keyPressEvent(QKeyEvent *event)
{
    const int forward = layoutDirection() == Qt::RightToLeft ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Left: setCurrent(m_current - forward); break;
    case Qt::Key_Right: setCurrent(m_current + forward); break;
    case Qt::Key_Home: setCurrent(0); break;
    case Qt::Key_End: setCurrent(int(m_items.size()) - 1); break;
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace ui::widgets
