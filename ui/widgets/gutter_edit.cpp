// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/gutter_edit.h"

#include "ui/widgets/theme.h"

#include <QEvent>
#include <QPainter>
#include <QPaintEvent>
#include <QTextBlock>

namespace ui::widgets {

class Gutter final : public QWidget
{
public:
    explicit Gutter(GutterEdit *edit) : QWidget(edit), m_edit(edit) {}

protected:
    void paintEvent(QPaintEvent *event) override { m_edit->paintGutter(event->rect()); }

private:
    GutterEdit *m_edit;
};

GutterEdit::GutterEdit(QWidget *parent) : QPlainTextEdit(parent), m_gutter(new Gutter(this))
{
    setFrameShape(QFrame::NoFrame);
    setFont(monoFont(12));
    setLayoutDirection(Qt::LeftToRight); // code
    setTabChangesFocus(true);
    setViewportMargins(gutterWidth, 0, 0, 0);
    document()->setDocumentMargin(2);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect &rect, int dy) {
        if (dy)
            m_gutter->scroll(0, dy);
        else
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
    });
}

void GutterEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    const QRect inside = contentsRect();
    m_gutter->setGeometry(inside.left(), inside.top(), gutterWidth, inside.height());
}

void GutterEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        themeChanged();
}

void GutterEdit::updateGutter() { m_gutter->update(); }

void GutterEdit::paintGutter(const QRect &dirty)
{
    QPainter painter(m_gutter);
    painter.fillRect(dirty, palette().color(QPalette::Base));
    painter.setFont(font());
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF where = blockBoundingGeometry(block).translated(contentOffset());
        if (where.top() > dirty.bottom())
            break;
        const Mark its = mark(block);
        if (its.background)
            painter.fillRect(QRectF(0, where.top(), gutterWidth, where.height()), *its.background);
        painter.setPen(its.color);
        painter.drawText(QRectF(0, where.top(), gutterWidth - 10, fontMetrics().lineSpacing()), Qt::AlignRight | Qt::AlignVCenter, its.text);
    }
}

} // namespace ui::widgets
