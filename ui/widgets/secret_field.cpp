// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/secret_field.h"

#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>

namespace ui::widgets {
namespace {

constexpr int padding = 10;

} // namespace

SecretField::SecretField(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(28);
    setAccessibleName(tr("new key, hidden"));
}

void SecretField::setSecret(const QString &secret)
{
    m_secret = secret;
    updateGeometry();
    update();
}

QSize SecretField::sizeHint() const { return {QFontMetrics(monoFont()).horizontalAdvance(m_secret) + 2 * padding, height()}; }

void SecretField::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    paintFrame(&painter, rect(), c.raised, c.line);
    painter.setFont(monoFont());
    painter.setPen(c.text);
    const QRect line = rect().adjusted(padding, 0, -padding, 0);
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, painter.fontMetrics().elidedText(m_secret, Qt::ElideMiddle, line.width()));
    if (hasFocus())
        paintFocusRing(&painter, rect(), c.accent);
}

void SecretField::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        QGuiApplication::clipboard()->setText(m_secret);
    else
        QWidget::keyPressEvent(event);
}

} // namespace ui::widgets
