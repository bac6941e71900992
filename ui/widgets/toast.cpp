// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/toast.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QTimer>

namespace ui::widgets {
namespace {

constexpr int shownFor = 7;
constexpr int toastHeight = 40;

} // namespace

Toast::Toast(QWidget *parent) : QWidget(parent), m_tick(new QTimer(this))
{
    hide();
    setMouseTracking(true);
    m_tick->setInterval(1000);
    connect(m_tick, &QTimer::timeout, this, [this] {
        if (--m_seconds <= 0) {
            m_tick->stop();
            m_undo = {};
            hide();
        }
        update();
    });
    parent->installEventFilter(this);
}

void Toast::show(const QString &text, std::function<void()> undo)
{
    m_text = text;
    m_undo = std::move(undo);
    m_seconds = shownFor;
    setAccessibleName(text);
    m_tick->start();
    place();
    QWidget::show();
    raise();
    update();
}

void Toast::place()
{
    const int words = QFontMetrics(textFont(13)).horizontalAdvance(m_text) + 56 + (m_undo ? 100 : 40);
    const int w = qBound(240, words, qMax(240, parentWidget()->width() - 48));
    setGeometry((parentWidget()->width() - w) / 2, parentWidget()->height() - toastHeight - 44, w, toastHeight);
}

QRect Toast::undoRect() const { return {width() - 96, 0, 56, height()}; }

void Toast::paintEvent(QPaintEvent *)
{
    const ThemeColors &page = colorsOf(this);
    const ThemeColors &c = themeColors(true); // dark on light; on dark pages raised, so that it stands out
    const QColor fill = page.dark ? c.raised : page.text;
    QPainter painter(this);
    paintFrame(&painter, rect(), fill, page.dark ? c.control : fill);
    paintIcon(&painter, Icon::Ok, QRectF(12, height() / 2.0 - 8, 16, 16), c.text);
    painter.setFont(textFont(13));
    painter.setPen(c.text);
    const QRect line(38, 0, width() - 38 - (m_undo ? 100 : 40), height());
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, painter.fontMetrics().elidedText(m_text, Qt::ElideRight, line.width()));
    painter.setPen(c.muted);
    painter.drawText(rect().adjusted(0, 0, -14, 0), Qt::AlignVCenter | Qt::AlignRight, tr("%1 s").arg(m_seconds));
    if (m_undo) {
        painter.setFont(textFont(13, QFont::DemiBold));
        painter.setPen(c.accent);
        painter.drawText(undoRect(), Qt::AlignCenter, tr("Undo"));
    }
}

bool Toast::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize && isVisible())
        place();
    return QWidget::eventFilter(watched, event);
}

void Toast::mousePressEvent(QMouseEvent *event)
{
    if (m_undo && undoRect().contains(event->position().toPoint())) {
        const auto undo = std::move(m_undo);
        m_undo = {};
        m_tick->stop();
        hide();
        undo();
        return;
    }
    m_tick->stop();
    hide();
}

void Toast::mouseMoveEvent(QMouseEvent *event)
{
    setCursor(m_undo && undoRect().contains(event->position().toPoint()) ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

} // namespace ui::widgets
