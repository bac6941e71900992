// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/template_edit.h"

#include "gateway/core/mustache.h"
#include "ui/bridge/text.h"
#include "ui/panes/prompts/template_highlighter.h"
#include "ui/widgets/theme_colors.h"

#include <QAbstractTextDocumentLayout>
#include <QKeyEvent>
#include <QTextBlock>

#include <algorithm>

namespace ui::prompts {

namespace {

constexpr int pauseMs = 1500;

} // namespace

TemplateEdit::TemplateEdit(QWidget *parent) : widgets::GutterEdit(parent), m_highlighter(new TemplateHighlighter(document(), this))
{
    setUndoRedoEnabled(false);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this, &TemplateEdit::fit);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        check();
        if (m_quiet)
            return;
        if (!m_lastTyped.isValid() || m_lastTyped.elapsed() > pauseMs)
            ++m_burst;
        m_lastTyped.start();
        Q_EMIT typed(toPlainText());
    });
    fit();
}

void TemplateEdit::setTemplate(const QString &text)
{
    if (toPlainText() == text)
        return;
    m_quiet = true;
    const int at = textCursor().position();
    setPlainText(text);
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(at, static_cast<int>(text.size())));
    setTextCursor(cursor);
    m_quiet = false;
}

void TemplateEdit::setFirstLine(int number)
{
    if (m_first == number)
        return;
    m_first = number;
    updateGutter();
}

void TemplateEdit::setMissing(const QSet<QString> &names)
{
    const bool was = m_quiet;
    m_quiet = true; // colours are no typing
    m_highlighter->setMissing(names);
    m_quiet = was;
}

widgets::GutterEdit::Mark TemplateEdit::mark(const QTextBlock &block) const { return {QString::number(m_first + block.blockNumber()), widgets::colorsOf(this).muted}; }

void TemplateEdit::fit()
{
    const int lines = std::max(1, static_cast<int>(document()->documentLayout()->documentSize().height()));
    const int wanted = lines * fontMetrics().lineSpacing() + 2 * static_cast<int>(document()->documentMargin()) + 2;
    if (wanted == minimumHeight() && wanted == maximumHeight())
        return;
    setFixedHeight(wanted);
    Q_EMIT heightChanged();
}

void TemplateEdit::check()
{
    const auto parsed = gateway::MustacheTemplate::parse(bridge::utf8(toPlainText()));
    QList<QTextEdit::ExtraSelection> marks;
    m_problem.clear();
    if (!parsed) {
        m_problem = bridge::qt(parsed.error().text());
        const QTextBlock block = document()->findBlockByNumber(std::max(0, parsed.error().line - 1));
        if (block.isValid()) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = QTextCursor(block);
            mark.cursor.setPosition(block.position() + std::clamp(parsed.error().column - 1, 0, std::max(0, block.length() - 2)));
            mark.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
            mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
            mark.format.setUnderlineColor(widgets::colorsOf(this).err);
            marks << mark;
        }
    }
    setExtraSelections(marks);
}

bool TemplateEdit::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore(); // the pane's
            return false;
        }
    }
    return GutterEdit::event(event);
}

/// It never scrolls by itself: the list of messages does.
void TemplateEdit::wheelEvent(QWheelEvent *event) { event->ignore(); }

void TemplateEdit::themeChanged()
{
    const bool was = m_quiet;
    m_quiet = true;
    m_highlighter->rehighlight();
    m_quiet = was;
    check();
}

} // namespace ui::prompts
