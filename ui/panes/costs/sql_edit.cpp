// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_edit.h"

#include "ui/panes/costs/sql_completion.h"
#include "ui/panes/costs/sql_highlighter.h"
#include "ui/widgets/filter_offers.h"
#include "ui/widgets/theme_colors.h"

#include <QCompleter>
#include <QKeyEvent>
#include <QStandardItemModel>
#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using widgets::FilterOffers;

constexpr int insertRole = Qt::UserRole; ///< FilterOffers::OfferCount is the one after it

bool isWordPart(QChar c) { return c.isLetterOrNumber() || c == u'_'; }

} // namespace

SqlEdit::SqlEdit(const gateway::SqlSchema &schema, QWidget *parent) :
    GutterEdit(parent), m_schema(schema), m_highlighter(new SqlHighlighter(document(), this)), m_completer(new QCompleter(this)), m_offers(new QStandardItemModel(this)), m_list(new FilterOffers)
{
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabStopDistance(4 * fontMetrics().horizontalAdvance(u' '));
    m_completer->setWidget(this);
    m_completer->setModel(m_offers);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    m_completer->setPopup(m_list);
    m_list->paintOwnRows();
    m_list->setHeading(tr("Columns, tables, functions and words"));
    m_list->setKeys({{tr("Tab"), tr("accept")}, {tr("↓"), tr("choose")}, {tr("Esc"), tr("close")}});
    connect(m_completer, qOverload<const QModelIndex &>(&QCompleter::activated), this, &SqlEdit::accept);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_quiet)
            clearMarks();
    });
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, [this] { updateGutter(); });
}

widgets::GutterEdit::Mark SqlEdit::mark(const QTextBlock &block) const
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    return {QString::number(block.blockNumber() + 1), block.blockNumber() == textCursor().blockNumber() ? c.text : c.muted};
}

void SqlEdit::themeChanged()
{
    m_quiet = true; // colours are no typing
    m_highlighter->rehighlight();
    m_quiet = false;
    paintMarks();
}

void SqlEdit::replaceAll(const QString &text)
{
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
}

void SqlEdit::insertWord(const QString &word)
{
    QTextCursor cursor = textCursor();
    const QString all = toPlainText();
    const QChar before = cursor.selectionStart() > 0 ? all.at(cursor.selectionStart() - 1) : u' ';
    const QChar after = cursor.selectionEnd() < all.size() ? all.at(cursor.selectionEnd()) : u' ';
    cursor.insertText((isWordPart(before) ? u" "_s : QString()) + word + (isWordPart(after) ? u" "_s : QString()));
    setTextCursor(cursor);
    setFocus();
}

void SqlEdit::replaceWord(qsizetype from, const QString &word)
{
    QTextCursor cursor = textCursor();
    const int end = cursor.position();
    cursor.setPosition(int(from));
    cursor.setPosition(end, QTextCursor::KeepAnchor);
    cursor.insertText(word);
    setTextCursor(cursor);
}

qsizetype SqlEdit::placeOf(std::size_t bytes) const { return QString::fromUtf8(toPlainText().toUtf8().left(qsizetype(bytes))).size(); }

void SqlEdit::showProblem(std::size_t from, std::size_t to)
{
    m_wrong = {placeOf(from), placeOf(to)};
    if (m_wrong.first == m_wrong.second) // a place alone: the character there, or before where the text ends
        m_wrong = m_wrong.second < document()->characterCount() - 1 ? std::pair(m_wrong.first, m_wrong.first + 1) : std::pair(qMax<qsizetype>(0, m_wrong.first - 1), m_wrong.first);
    QTextCursor cursor = textCursor();
    cursor.setPosition(int(m_wrong.first));
    setTextCursor(cursor);
    ensureCursorVisible();
    paintMarks();
}

void SqlEdit::showAdded(std::size_t from, std::size_t to)
{
    m_added = {placeOf(from), placeOf(to)};
    paintMarks();
}

void SqlEdit::clearMarks()
{
    m_wrong = m_added = {0, -1};
    paintMarks();
}

void SqlEdit::paintMarks()
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    QList<QTextEdit::ExtraSelection> marks;
    const auto selection = [this](const std::pair<qsizetype, qsizetype> &span) {
        QTextEdit::ExtraSelection made;
        made.cursor = QTextCursor(document());
        made.cursor.setPosition(int(span.first));
        made.cursor.setPosition(int(qMin<qsizetype>(span.second, document()->characterCount() - 1)), QTextCursor::KeepAnchor);
        return made;
    };
    if (m_added.second >= 0) {
        QTextEdit::ExtraSelection added = selection(m_added);
        added.format.setForeground(c.muted);
        marks << added;
    }
    if (m_wrong.second >= 0) {
        QTextEdit::ExtraSelection wrong = selection(m_wrong);
        wrong.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wrong.format.setUnderlineColor(c.err);
        wrong.format.setBackground(c.errBg);
        marks << wrong;
    }
    setExtraSelections(marks);
}

bool SqlEdit::offers() const { return m_list->isVisible(); }

void SqlEdit::offer(bool all)
{
    const SqlOffers found = sqlOffers(toPlainText(), textCursor().position(), m_schema, all);
    m_offers->clear();
    m_from = found.from;
    for (const SqlOffer &offer : found.list) {
        auto *item = new QStandardItem(offer.text);
        item->setData(offer.text, insertRole);
        item->setData(offer.note, FilterOffers::OfferCount);
        m_offers->appendRow(item);
    }
    if (found.list.isEmpty()) {
        m_list->hide();
        return;
    }
    QRect place = cursorRect();
    place.setX(place.x() - fontMetrics().horizontalAdvance(found.typed));
    place.setWidth(420);
    m_completer->complete(place.translated(viewport()->pos()));
    m_list->fitHeight();
    m_list->setCurrentIndex({}); // Enter ends the line, until an offer is chosen
}

void SqlEdit::accept(const QModelIndex &index) { replaceWord(m_from, index.data(insertRole).toString()); }

bool SqlEdit::event(QEvent *event)
{
    // Tab would leave the field before keyPressEvent() saw it.
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Tab && offers()) {
        const QModelIndex chosen = m_list->currentIndex().isValid() ? m_list->currentIndex() : m_offers->index(0, 0);
        m_list->hide();
        accept(chosen);
        event->accept();
        return true;
    }
    return GutterEdit::event(event);
}

void SqlEdit::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers().testFlag(Qt::ControlModifier)) {
        m_list->hide();
        Q_EMIT runWanted();
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        offer(true);
        return;
    }
    if (offers() && ((enter && m_list->currentIndex().isValid()) || event->key() == Qt::Key_Escape)) {
        event->ignore(); // the completer's
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        event->ignore(); // the pane's
        return;
    }
    const QString typed = event->text();
    GutterEdit::keyPressEvent(event);
    const bool word = !typed.isEmpty() && (isWordPart(typed.front()) || typed.front() == u'.');
    if (word || (offers() && (event->key() == Qt::Key_Backspace || event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)))
        offer(false);
    else if (!typed.isEmpty())
        m_list->hide();
}

void SqlEdit::focusOutEvent(QFocusEvent *event)
{
    GutterEdit::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason)
        m_list->hide();
}

} // namespace ui::costs
