// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/toast.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QTimer>

#include <utility>

namespace ui::widgets {
namespace {

constexpr int shownFor = 7;
constexpr int toastHeight = 40;
constexpr int edge = 14, secondsWidth = 26, gap = 8;

QString undoKeyText() { return Toast::undoKeys().toString(QKeySequence::NativeText); }

QFont undoFont() { return textFont(13, QFont::DemiBold); }

int undoWidth() { return QFontMetrics(undoFont()).horizontalAdvance(Toast::tr("Undo")) + gap + QFontMetrics(textFont(12)).horizontalAdvance(undoKeyText()); }

} // namespace

Toast::Toast(QWidget *parent) : QWidget(parent), m_tick(new QTimer(this))
{
    hide();
    setMouseTracking(true);
    m_tick->setInterval(1000);
    connect(m_tick, &QTimer::timeout, this, [this] {
        if (m_undo && underMouse())
            return;
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
    setAccessibleName(m_undo ? tr("%1. Undo: %2").arg(text, undoKeyText()) : text);
    m_tick->start();
    place();
    QWidget::show();
    raise();
    update();
}

void Toast::place()
{
    const int words = QFontMetrics(textFont(13)).horizontalAdvance(m_text) + 56 + (m_undo ? undoRect().width() : 0) + edge + secondsWidth;
    const int w = qBound(240, words, qMax(240, parentWidget()->width() - 48));
    setGeometry((parentWidget()->width() - w) / 2, parentWidget()->height() - toastHeight - 44, w, toastHeight);
}

QRect Toast::undoRect() const
{
    const int wide = undoWidth() + 2 * gap;
    return {width() - edge - secondsWidth - gap - wide, 0, wide, height()};
}

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
    const QRect line(38, 0, (m_undo ? undoRect().left() : width() - edge - secondsWidth) - 38 - gap, height());
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, painter.fontMetrics().elidedText(m_text, Qt::ElideRight, line.width()));
    painter.setPen(c.muted);
    painter.drawText(rect().adjusted(0, 0, -edge, 0), Qt::AlignVCenter | Qt::AlignRight, tr("%1 s").arg(m_seconds));
    if (m_undo) {
        const QRect words = undoRect().adjusted(gap, 0, -gap, 0);
        painter.setFont(textFont(12));
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignRight, undoKeyText());
        painter.setFont(undoFont());
        painter.setPen(c.accent);
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft, tr("Undo"));
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
    if (m_undo && undoRect().contains(event->position().toPoint()))
        return undo();
    m_tick->stop();
    hide();
}

void Toast::undo()
{
    if (!m_undo)
        return;
    const auto undo = std::exchange(m_undo, {});
    m_tick->stop();
    hide();
    undo();
}

void Toast::mouseMoveEvent(QMouseEvent *event)
{
    setCursor(m_undo && undoRect().contains(event->position().toPoint()) ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

} // namespace ui::widgets
