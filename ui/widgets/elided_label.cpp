// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/elided_label.h"

#include "ui/widgets/theme.h"

#include <QFontMetrics>
#include <QPainter>

namespace ui::widgets {

namespace {

constexpr int fontSize = 12;

} // namespace

ElidedLabel::ElidedLabel(Role role, QWidget *parent) : QWidget(parent), m_role(role) { setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); }

void ElidedLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    tellWhole();
    updateGeometry();
    update();
}

QSize ElidedLabel::sizeHint() const { return {QFontMetrics(textFont(fontSize)).horizontalAdvance(m_text) + 2, 18}; }

void ElidedLabel::tellWhole() { setToolTip(QFontMetrics(textFont(fontSize)).horizontalAdvance(m_text) > width() ? m_text : QString()); }

void ElidedLabel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    tellWhole();
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(textFont(fontSize));
    painter.setPen(colorsOf(this).of(m_role));
    painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine, painter.fontMetrics().elidedText(m_text, Qt::ElideRight, width()));
}

} // namespace ui::widgets
