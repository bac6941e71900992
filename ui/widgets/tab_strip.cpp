// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tab_strip.h"

#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>

namespace ui::widgets {

TabStrip::TabStrip(const QStringList &tabs, QWidget *parent) : ChoiceStrip(tabs, parent)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void TabStrip::setMargin(int pixels)
{
    m_margin = pixels;
    updateGeometry();
}

void TabStrip::setLine(bool line) { m_line = line; }

/// As wide as the heavier letters of the chosen tab, so that no tab moves when another is chosen.
int TabStrip::itemWidth(int index) const { return QFontMetrics(textFont(13, QFont::DemiBold)).horizontalAdvance(items().at(index)) + 1; }

void TabStrip::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    if (m_line)
        painter.fillRect(0, height() - 1, width(), 1, c.line);
    for (int i = 0; i < items().size(); ++i) {
        const QRect tab = itemRect(i);
        const bool on = i == current();
        painter.setFont(textFont(13, on ? QFont::DemiBold : QFont::Normal));
        painter.setPen(on ? c.text : c.muted);
        painter.drawText(tab, Qt::AlignCenter, items().at(i));
        if (on) {
            painter.fillRect(tab.x(), height() - 2, tab.width(), 2, c.accent);
            if (hasFocus())
                paintFocusRing(&painter, tab.adjusted(-6, 4, 6, -4), c.accent);
        }
    }
}

} // namespace ui::widgets
