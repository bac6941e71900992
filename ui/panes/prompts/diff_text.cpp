// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/diff_text.h"

#include "ui/panes/prompts/template_highlighter.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using Kind = DiffRow::Kind;

namespace {

std::optional<QColor> backgroundOf(Kind kind, const widgets::ThemeColors &colors)
{
    switch (kind) {
    case Kind::Removed: return colors.errBg;
    case Kind::Added: return colors.okBg;
    case Kind::Folded: return colors.raised;
    case Kind::Heading:
    case Kind::Equal: break;
    }
    return std::nullopt;
}

} // namespace

DiffText::DiffText(QWidget *parent) : widgets::GutterEdit(parent), m_highlighter(new TemplateHighlighter(document(), this))
{
    setReadOnly(true);
    setObjectName(u"prompts.diff.text"_s);
    setAccessibleName(tr("What differs"));
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
}

void DiffText::show(const QList<DiffRow> &rows)
{
    if (rows == m_rows)
        return;
    m_rows = rows;
    QStringList lines;
    for (const DiffRow &row : rows)
        lines << row.text;
    setPlainText(lines.join(u'\n'));
    paintRows();
}

void DiffText::paintRows()
{
    m_highlighter->rehighlight();
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    QList<QTextEdit::ExtraSelection> marks;
    for (int i = 0; i < m_rows.size(); ++i) {
        QTextEdit::ExtraSelection line;
        line.cursor = QTextCursor(document()->findBlockByNumber(i));
        if (const auto background = backgroundOf(m_rows[i].kind, colors)) {
            line.format.setBackground(*background);
            line.format.setProperty(QTextFormat::FullWidthSelection, true);
            marks << line;
        }
        if (m_rows[i].kind == Kind::Heading || m_rows[i].kind == Kind::Folded) {
            line.cursor.select(QTextCursor::LineUnderCursor);
            line.format = {};
            line.format.setForeground(colors.muted);
            line.format.setFontWeight(QFont::DemiBold);
            marks << line;
        }
    }
    setExtraSelections(marks);
    updateGutter();
}

widgets::GutterEdit::Mark DiffText::mark(const QTextBlock &block) const
{
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    const Kind kind = m_rows.value(block.blockNumber()).kind;
    const auto background = backgroundOf(kind, colors);
    if (kind == Kind::Removed)
        return {u"−"_s, colors.err, background};
    if (kind == Kind::Added)
        return {u"+"_s, colors.ok, background};
    return {{}, colors.muted, background};
}

} // namespace ui::prompts
