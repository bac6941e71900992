// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/segmented_control.h"

#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>
#include <QPainterPath>

namespace ui::widgets {

SegmentedControl::SegmentedControl(const QStringList &items, QWidget *parent) : ChoiceStrip(items, parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SegmentedControl::setItemText(int index, const QString &text)
{
    QStringList texts = items();
    texts[index] = text;
    replaceItems(texts);
}

void SegmentedControl::setSmall(bool small)
{
    m_small = small;
    updateGeometry();
}

int SegmentedControl::itemWidth(int index) const
{
    return QFontMetrics(textFont(m_small ? 12 : 13, QFont::Medium)).horizontalAdvance(items().at(index)) + (m_small ? 17 : 25);
}

QSize SegmentedControl::sizeHint() const { return {contentWidth(), m_small ? 24 : 28}; }

void SegmentedControl::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    paintFrame(&painter, rect(), c.surface, c.control);
    QPainterPath inside;
    inside.addRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
    for (int i = 0; i < items().size(); ++i) {
        const QRect item = itemRect(i);
        const bool on = i == current();
        if (on) {
            painter.save();
            painter.setClipPath(inside);
            painter.fillRect(item, c.selection);
            painter.restore();
        }
        if (item.x() > 0)
            painter.fillRect(item.x(), 1, 1, height() - 2, c.control);
        painter.setFont(textFont(m_small ? 12 : 13, on ? QFont::Medium : QFont::Normal));
        painter.setPen(isEnabled() ? (on ? c.accent : c.text) : c.control);
        painter.drawText(item, Qt::AlignCenter, items().at(i));
    }
    if (hasFocus())
        paintFocusRing(&painter, rect(), c.accent);
}

} // namespace ui::widgets
