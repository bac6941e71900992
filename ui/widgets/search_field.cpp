// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/search_field.h"

#include "ui/widgets/button.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>
#include <QTimer>

namespace ui::widgets {
namespace {

constexpr int settleMs = 20; ///< keys that come together, as when pasting by a tool; shorter than between two strokes

} // namespace

SearchField::SearchField(const QString &placeholder, QWidget *parent) : QLineEdit(parent)
{
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    setMargins(25, 0);
    auto *settle = new QTimer(this);
    settle->setSingleShot(true);
    settle->setInterval(settleMs);
    connect(this, &QLineEdit::textChanged, settle, qOverload<>(&QTimer::start));
    connect(settle, &QTimer::timeout, this, [this] { Q_EMIT searchChanged(text()); });
}

void SearchField::setKeyHint(const QString &keys)
{
    m_keyHint = keys;
    setMargins(25, keys.isEmpty() ? 0 : keyHintWidth(keys) + 4);
    update();
}

void SearchField::setMargins(int before, int after)
{
    if (layoutDirection() == Qt::RightToLeft)
        std::swap(before, after);
    setTextMargins(before, 0, after, 0);
}

QRect SearchField::seen(const QRect &leftToRight) const { return QStyle::visualRect(layoutDirection(), rect(), leftToRight); }

void SearchField::setSymbol(Icon icon)
{
    m_symbol = icon;
    update();
}

void SearchField::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    paintIcon(&painter, m_symbol, seen(QRect(9, height() / 2 - 8, 16, 16)), c.muted);
    if (!m_keyHint.isEmpty() && text().isEmpty() && !hasFocus())
        paintKeyHint(&painter, seen(QRect(width() - 6 - keyHintWidth(m_keyHint), 0, keyHintWidth(m_keyHint), height())).right() + 1, height() / 2, m_keyHint, c);
}

void SearchField::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace ui::widgets
