// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/row_button.h"

#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme_colors.h"

#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace ui::routes {

using namespace widgets;

RowButton::RowButton(QWidget *parent) : QAbstractButton(parent), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(16, 8, 16, 8);
    m_column->setSpacing(3);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
}

QSize RowButton::sizeHint() const { return m_column->sizeHint(); }
int RowButton::heightForWidth(int width) const { return m_column->heightForWidth(width); }

void RowButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ThemeColors &c = colorsOf(this);
    if (isDown() || underMouse())
        painter.fillRect(rect(), isDown() ? c.selection : c.win);
    painter.fillRect(QRect(16, height() - 1, width() - 32, 1), c.line);
    if (hasFocus())
        paintFocusRing(&painter, QRectF(rect()).adjusted(2, 2, -2, -3), c.accent);
}

void RowButton::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void RowButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void RowButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace ui::routes
