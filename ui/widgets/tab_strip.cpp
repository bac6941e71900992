// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tab_strip.h"

#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace ui::widgets {
namespace {

constexpr int tabGap = 20;

int textWidth(const QString &text) { return QFontMetrics(textFont(13, QFont::DemiBold)).horizontalAdvance(text) + 1; }

} // namespace

TabStrip::TabStrip(const QStringList &tabs, QWidget *parent) : QWidget(parent), m_tabs(tabs)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tabs.value(0));
}

void TabStrip::setCurrent(int index)
{
    if (index == m_current || index < 0 || index >= m_tabs.size())
        return;
    m_current = index;
    setAccessibleName(m_tabs.at(index));
    update();
    Q_EMIT currentChanged(index);
}

void TabStrip::setTabs(const QStringList &tabs)
{
    m_tabs = tabs;
    m_current = qBound(0, m_current, int(tabs.size()) - 1);
    updateGeometry();
    update();
}

void TabStrip::setMargin(int pixels)
{
    m_margin = pixels;
    updateGeometry();
}

void TabStrip::setLine(bool line) { m_line = line; }

QRect TabStrip::tabRect(int index) const
{
    int x = m_margin;
    for (int i = 0; i < index; ++i)
        x += textWidth(m_tabs.at(i)) + tabGap;
    return {x, 0, textWidth(m_tabs.at(index)), height()};
}

QSize TabStrip::sizeHint() const
{
    int width = m_margin;
    for (const QString &tab : m_tabs)
        width += textWidth(tab) + tabGap;
    return {width - tabGap + m_margin, 36};
}

void TabStrip::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    if (m_line)
        painter.fillRect(0, height() - 1, width(), 1, c.line);
    for (int i = 0; i < m_tabs.size(); ++i) {
        const QRect tab = tabRect(i);
        const bool on = i == m_current;
        painter.setFont(textFont(13, on ? QFont::DemiBold : QFont::Normal));
        painter.setPen(on ? c.text : c.muted);
        painter.drawText(tab, Qt::AlignVCenter | Qt::AlignLeft, m_tabs.at(i));
        if (on) {
            painter.fillRect(tab.x(), height() - 2, tab.width(), 2, c.accent);
            if (hasFocus())
                paintFocusRing(&painter, tab.adjusted(-6, 4, 6, -4), c.accent);
        }
    }
}

void TabStrip::mousePressEvent(QMouseEvent *event)
{
    for (int i = 0; i < m_tabs.size(); ++i)
        if (tabRect(i).adjusted(-tabGap / 2, 0, tabGap / 2, 0).contains(event->position().toPoint()))
            setCurrent(i);
}

void TabStrip::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Left)
        setCurrent(m_current - 1);
    else if (event->key() == Qt::Key_Right)
        setCurrent(m_current + 1);
    else
        QWidget::keyPressEvent(event);
}

} // namespace ui::widgets
