// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/span_text.h"

#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QHelpEvent>
#include <QPainter>
#include <QTextBlock>
#include <QTextEdit>
#include <QTextLayout>
#include <QToolTip>

#include <algorithm>

namespace ui::privacy {

namespace {

constexpr int underline = 2, edge = 3;

} // namespace

int ByteOffsets::letterAt(std::size_t byte)
{
    byte = std::min(byte, m_text.size());
    if (byte > m_byte) {
        m_letter += static_cast<int>(QString::fromUtf8(m_text.data() + m_byte, static_cast<qsizetype>(byte - m_byte)).size());
        m_byte = byte;
    }
    return m_letter;
}

SpanText::SpanText(Mark mark, QWidget *parent) : QPlainTextEdit(parent), m_mark(mark)
{
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setFont(widgets::monoFont(12));
    document()->setDocumentMargin(12);
    if (mark == Mark::Edge) {
        setReadOnly(true);
        setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
}

void SpanText::setSpans(const QList<Span> &spans)
{
    m_spans = spans;
    m_cursors.clear();
    const int last = std::max(0, document()->characterCount() - 1);
    for (const Span &span : m_spans) {
        QTextCursor cursor(document());
        cursor.setPosition(std::min(span.from, last));
        cursor.setPosition(std::min(span.to, last), QTextCursor::KeepAnchor);
        m_cursors << cursor;
    }
    applyColors();
}

QString SpanText::textOf(int span) const { return m_cursors.value(span).selectedText(); }

void SpanText::applyColors()
{
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    QList<QTextEdit::ExtraSelection> selections;
    for (int i = 0; i < m_cursors.size(); ++i) {
        QTextEdit::ExtraSelection selection;
        selection.cursor = m_cursors.at(i);
        const QColor series = colors.series[static_cast<std::size_t>(m_spans.at(i).series)];
        selection.format.setBackground(m_mark == Mark::Underline ? widgets::blended(colors.surface, series, 0.14) : colors.raised);
        selections << selection;
    }
    setExtraSelections(selections);
    viewport()->update();
}

void SpanText::forEachPiece(const QTextCursor &span, const std::function<void(const QRectF &, bool)> &draw) const
{
    for (QTextBlock block = document()->findBlock(span.selectionStart()); block.isValid() && block.position() < span.selectionEnd(); block = block.next()) {
        const QRectF where = blockBoundingGeometry(block).translated(contentOffset());
        if (where.top() > viewport()->height())
            return;
        if (where.bottom() < 0)
            continue;
        const int from = std::max(0, span.selectionStart() - block.position()), to = std::min(block.length() - 1, span.selectionEnd() - block.position());
        for (int i = 0; i < block.layout()->lineCount(); ++i) {
            const QTextLine line = block.layout()->lineAt(i);
            const int first = std::max(from, line.textStart()), end = std::min(to, line.textStart() + line.textLength());
            if (first >= end)
                continue;
            const qreal left = line.cursorToX(first), right = line.cursorToX(end);
            draw(QRectF(where.left() + std::min(left, right), where.top() + line.y(), std::abs(right - left), line.height()), block.position() + first == span.selectionStart());
        }
    }
}

void SpanText::paintEvent(QPaintEvent *event)
{
    QPlainTextEdit::paintEvent(event);
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    QPainter painter(viewport());
    for (int i = 0; i < m_cursors.size(); ++i) {
        const QColor color = colors.series[static_cast<std::size_t>(m_spans.at(i).series)];
        forEachPiece(m_cursors.at(i), [&](const QRectF &piece, bool begins) {
            if (m_mark == Mark::Underline)
                painter.fillRect(QRectF(piece.left(), piece.bottom() - underline + 1, piece.width(), underline), color);
            else if (begins)
                painter.fillRect(QRectF(piece.left() - edge, piece.top(), edge, piece.height()), color);
        });
    }
}

bool SpanText::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int at = cursorForPosition(viewport()->mapFromGlobal(help->globalPos())).position();
        for (int i = 0; i < m_cursors.size(); ++i) {
            if (at >= m_cursors.at(i).selectionStart() && at < m_cursors.at(i).selectionEnd()) {
                QToolTip::showText(help->globalPos(), m_spans.at(i).note, this);
                return true;
            }
        }
        QToolTip::hideText();
        return true;
    }
    return QPlainTextEdit::event(event);
}

void SpanText::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyColors();
}

} // namespace ui::privacy
