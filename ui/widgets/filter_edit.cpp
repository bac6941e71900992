// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/filter_edit.h"

#include "ui/widgets/filter_offers.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

#include <QCompleter>
#include <QCoreApplication>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QStyle>
#include <QStandardItemModel>
#include <QTextCharFormat>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace ui::widgets {
namespace {

constexpr int settleMs = 250;
constexpr int offersWidth = 440; // a field, and an example of what it takes

QString qt(std::string_view text) { return QString::fromUtf8(text.data(), qsizetype(text.size())); }

/// Byte offset in UTF-8 to index in the QString.
int indexOf(const QString &text, std::size_t bytes)
{
    return int(QString::fromUtf8(text.toUtf8().left(qsizetype(bytes))).size());
}

} // namespace

FilterEdit::FilterEdit(QWidget *parent) :
    SearchField(tr("Filter"), parent), m_settle(new QTimer(this)), m_completer(new QCompleter(this)), m_offers(new QStandardItemModel(this)), m_list(new FilterOffers)
{
    setSymbol(Icon::Filter);
    setLayoutDirection(Qt::LeftToRight); // a filter is code
    setFont(textFont(13));
    m_settle->setSingleShot(true);
    m_settle->setInterval(settleMs);
    m_completer->setWidget(this);
    m_completer->setModel(m_offers);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    m_completer->setPopup(m_list);
    m_list->paintOwnRows();
    connect(m_settle, &QTimer::timeout, this, &FilterEdit::announce);
    connect(this, &QLineEdit::textChanged, this, &FilterEdit::judge);
    connect(this, &QLineEdit::textEdited, this, [this] {
        m_settle->start();
        complete();
    });
    connect(m_completer, qOverload<const QModelIndex &>(&QCompleter::activated), this, [this](const QModelIndex &index) { insertCompletion(index.data(Qt::UserRole).toString()); });
}

void FilterEdit::setHint(const QString &sentence, const QString &example)
{
    setPlaceholderText(sentence);
    m_example = example;
    setAccessibleDescription(sentence + example);
    update();
}

void FilterEdit::showFilter(const QString &shown)
{
    if (shown == text())
        return;
    setText(shown);
    m_settle->stop();
    m_announced = m_filter;
}

void FilterEdit::judge()
{
    const QByteArray bytes = text().toUtf8();
    const auto parsed = gateway::CallFilter::parse({bytes.constData(), std::size_t(bytes.size())});
    if (parsed) {
        m_filter = *parsed;
        m_problem.clear();
        m_state = parsed->empty() ? State::Empty : State::Valid;
    } else {
        m_problem = qt(parsed.error().message);
        m_problemFrom = indexOf(text(), parsed.error().from);
        m_problemTo = qMax(indexOf(text(), parsed.error().to), m_problemFrom + 1);
        m_state = parsed.error().incomplete ? State::Incomplete : State::Invalid;
    }
    setFont(text().isEmpty() ? textFont(13) : monoFont(12)); // the hint is a sentence, the filter is code
    setProperty("invalid", m_state == State::Invalid);
    setToolTip(m_problem);
    setAccessibleDescription(m_problem.isEmpty() ? stateText() : m_problem);
    const QString words = stateText();
    setMargins(25, words.isEmpty() ? 60 : QFontMetrics(textFont(12)).horizontalAdvance(words) + 30);
    colorTokens();
    update();
    Q_EMIT stateChanged();
}

void FilterEdit::announce()
{
    m_settle->stop();
    if ((m_state != State::Valid && m_state != State::Empty) || m_filter == m_announced)
        return;
    m_announced = m_filter;
    Q_EMIT filterChanged(m_filter);
}

void FilterEdit::colorTokens()
{
    if (m_coloring)
        return;
    m_coloring = true;
    const ThemeColors &c = colorsOf(this);
    QList<QInputMethodEvent::Attribute> attributes;
    const auto mark = [&](qsizetype from, qsizetype length, const QTextCharFormat &format) {
        attributes.append({QInputMethodEvent::TextFormat, int(from) - cursorPosition(), int(length), format});
    };
    QTextCharFormat field, word, wrong;
    field.setForeground(c.accent);
    word.setFontWeight(QFont::DemiBold);
    wrong.setForeground(c.err);
    wrong.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    wrong.setUnderlineColor(c.err);
    static const QRegularExpression parts(u"\"[^\"]*\"?|([A-Za-z_][\\w.]*):|\\b(AND|OR|NOT)\\b"_s);
    for (auto found = parts.globalMatch(text()); found.hasNext();) {
        const auto match = found.next();
        if (match.capturedStart(1) >= 0)
            mark(match.capturedStart(1), match.capturedLength(1) + 1, field);
        else if (match.capturedStart(2) >= 0)
            mark(match.capturedStart(2), match.capturedLength(2), word);
    }
    if (m_state == State::Invalid)
        mark(m_problemFrom, m_problemTo - m_problemFrom, wrong);
    // QLineEdit has no formats of its own, but it lays out those of an input method.
    QInputMethodEvent formats(QString(), attributes);
    QCoreApplication::sendEvent(this, &formats);
    m_coloring = false;
}

FilterEdit::Token FilterEdit::tokenAtCursor() const
{
    const QString before = text().left(cursorPosition());
    Token token;
    token.start = int(before.lastIndexOf(QRegularExpression(u"[\\s()]"_s))) + 1;
    token.text = before.mid(token.start);
    const auto colon = token.text.indexOf(u':');
    if (colon >= 0) {
        token.field = token.text.left(colon);
        token.value = token.text.mid(colon + 1);
        while (!token.value.isEmpty() && u"<>="_s.contains(token.value.front()))
            token.value.remove(0, 1);
    }
    return token;
}

void FilterEdit::complete()
{
    const Token token = tokenAtCursor();
    if (!token.field.isEmpty()) {
        Q_EMIT valuesWanted(token.field, token.value);
        return;
    }
    m_offers->clear();
    for (const auto &field : gateway::CallFilter::fields()) {
        const QString name = qt(field.name);
        if (token.text.isEmpty() || !name.startsWith(token.text, Qt::CaseInsensitive))
            continue;
        auto *item = new QStandardItem(name + u':');
        item->setData(qt(field.hint), FilterOffers::OfferCount);
        item->setData(name + u':', Qt::UserRole);
        m_offers->appendRow(item);
    }
    showOffers(token, tr("Fields"));
}

void FilterEdit::offerValues(const QString &field, const QString &prefix, const QList<Value> &values)
{
    const Token token = tokenAtCursor();
    if (token.field != field || token.value != prefix || !hasFocus())
        return; // typed on meanwhile
    m_offers->clear();
    for (const Value &value : values.first(qMin(values.size(), qsizetype(12)))) {
        if (value.text == prefix)
            continue;
        auto *item = new QStandardItem(value.text);
        item->setData(count(value.calls), FilterOffers::OfferCount);
        const bool quoted = value.text.contains(u' ');
        item->setData(field + (quoted ? u":\""_s + value.text + u'"' : u':' + value.text), Qt::UserRole);
        m_offers->appendRow(item);
    }
    showOffers(token, tr("%1, with calls in the log").arg(field));
}

void FilterEdit::showOffers(const Token &token, const QString &heading)
{
    if (m_offers->rowCount() == 0) {
        m_list->hide();
        return;
    }
    m_list->setHeading(heading);
    m_completer->complete(QRect(fontMetrics().horizontalAdvance(text().left(token.start)) + 25, 0, offersWidth, height()));
    m_list->fitHeight();
    m_list->setCurrentIndex({}); // Enter is for what was typed, until an offer is chosen
}

bool FilterEdit::event(QEvent *event)
{
    // Tab would leave the field before keyPressEvent() saw it.
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Tab && m_list->isVisible()) {
        const QModelIndex chosen = m_list->currentIndex().isValid() ? m_list->currentIndex() : m_offers->index(0, 0);
        m_list->hide();
        insertCompletion(chosen.data(Qt::UserRole).toString());
        event->accept();
        return true;
    }
    return SearchField::event(event);
}

void FilterEdit::insertCompletion(const QString &completion)
{
    const Token token = tokenAtCursor();
    QString next = text();
    const bool fieldOnly = completion.endsWith(u':');
    next.replace(token.start, token.text.size(), completion + (fieldOnly ? QString() : u" "_s));
    setText(next);
    setCursorPosition(token.start + int(completion.size()) + (fieldOnly ? 0 : 1));
    m_settle->start();
    if (fieldOnly)
        complete();
}

QString FilterEdit::stateText() const
{
    switch (m_state) {
    case State::Empty: return {};
    case State::Valid: return tr("valid");
    case State::Incomplete: return tr("incomplete, showing the last valid filter");
    case State::Invalid: return tr("invalid");
    }
    return {};
}

void FilterEdit::paintEvent(QPaintEvent *event)
{
    SearchField::paintEvent(event);
    const ThemeColors &c = colorsOf(this);
    if (text().isEmpty() && !m_example.isEmpty()) {
        QPainter painter(this);
        painter.setFont(monoFont(12));
        painter.setPen(c.muted);
        const int left = 33 + QFontMetrics(textFont(13)).horizontalAdvance(placeholderText());
        painter.drawText(seen(QRect(left, 0, width() - 80 - left, height())), int(Qt::AlignVCenter | QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft)), m_example);
    }
    if (m_state == State::Empty)
        return;
    const Role role = m_state == State::Valid ? Role::Ok : m_state == State::Incomplete ? Role::Warn : Role::Err;
    const Icon icon = m_state == State::Valid ? Icon::Ok : m_state == State::Incomplete ? Icon::Warning : Icon::Error;
    QPainter painter(this);
    painter.setFont(textFont(12));
    painter.setPen(c.of(role));
    const QString words = stateText();
    const int textWidth = painter.fontMetrics().horizontalAdvance(words);
    painter.drawText(seen(QRect(width() - 8 - textWidth, 0, textWidth + 1, height())), Qt::AlignCenter, words);
    paintIcon(&painter, icon, seen(QRect(width() - 8 - textWidth - 18, height() / 2 - 7, 14, 14)), c.of(role));
}

void FilterEdit::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (m_list->isVisible() && ((enter && m_list->currentIndex().isValid()) || event->key() == Qt::Key_Escape)) {
        event->ignore(); // the completer's
        return;
    }
    if (enter) {
        m_list->hide();
        announce();
        return;
    }
    if (event->key() == Qt::Key_Down && !m_list->isVisible()) {
        complete();
        return;
    }
    SearchField::keyPressEvent(event);
    if (text().isEmpty())
        announce();
}

void FilterEdit::changeEvent(QEvent *event)
{
    SearchField::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        colorTokens();
}

} // namespace ui::widgets
