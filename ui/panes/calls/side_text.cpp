// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/side_text.h"

#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QEvent>
#include <QTextCursor>
#include <QTextTable>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

constexpr double padding = 3, gap = 6;

QTextCharFormat inkOf(const QColor &color, bool strong = false)
{
    QTextCharFormat format;
    format.setForeground(color);
    format.setFont(strong ? widgets::textFont(12, QFont::DemiBold) : widgets::monoFont(12));
    return format;
}

} // namespace

SideText::SideText(QWidget *parent) : QTextEdit(parent)
{
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setUndoRedoEnabled(false);
}

void SideText::setRows(const QList<SideRow> &rows)
{
    m_rows = rows;
    write();
}

void SideText::write()
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    document()->clear();
    document()->setDocumentMargin(0);
    if (m_rows.isEmpty())
        return;
    QTextTableFormat format;
    const QTextLength half(QTextLength::PercentageLength, 50);
    format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
    format.setColumnWidthConstraints({half, half});
    format.setBorder(0);
    format.setCellSpacing(0);
    format.setCellPadding(padding);
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    QTextTable *table = cursor.insertTable(int(m_rows.size()), 2, format);
    for (int row = 0; row < m_rows.size(); ++row) {
        const SideRow &line = m_rows[row];
        if (line.kind == SideRow::Kind::Lines) {
            writeLine(table, row, line);
            continue;
        }
        table->mergeCells(row, 0, 1, 2);
        QTextTableCell cell = table->cellAt(row, 0);
        QTextTableCellFormat look;
        if (line.kind == SideRow::Kind::Folded)
            look.setBackground(c.raised);
        else
            look.setTopPadding(gap);
        cell.setFormat(look);
        cell.firstCursorPosition().insertText(line.words, inkOf(line.kind == SideRow::Kind::Heading ? c.text : c.muted, line.kind == SideRow::Kind::Heading));
    }
    cursor.endEditBlock();
    moveCursor(QTextCursor::Start);
}

void SideText::writeLine(QTextTable *table, int row, const SideRow &line)
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    const auto fill = [&](int column, const QList<DiffPiece> &pieces, bool there, const QColor &tint, const QColor &ink) {
        QTextTableCell cell = table->cellAt(row, column);
        const bool changed = std::ranges::any_of(pieces, &DiffPiece::changed);
        QTextTableCellFormat look;
        if (!there || changed)
            look.setBackground(there ? tint : c.raised);
        cell.setFormat(look);
        QTextCursor cursor = cell.firstCursorPosition();
        const bool whole = pieces.size() == 1; // the cell's colour says it
        for (const DiffPiece &piece : pieces) {
            QTextCharFormat format = inkOf(c.text);
            if (piece.changed && !whole) {
                format.setBackground(widgets::blended(tint, ink, 0.25));
                format.setFontUnderline(true);
                format.setUnderlineColor(ink);
            }
            cursor.insertText(piece.text, format);
        }
    };
    fill(0, line.left, line.onLeft, c.errBg, c.err);
    fill(1, line.right, line.onRight, c.okBg, c.ok);
}

void SideText::changeEvent(QEvent *event)
{
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_rows.isEmpty())
        write();
}

} // namespace ui::calls
