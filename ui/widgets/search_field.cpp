// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/search_field.h"

#include "ui/widgets/button.h"

#include <QKeyEvent>
#include <QPainter>
#include <QTimer>

namespace ui::widgets {

SearchField::SearchField(const QString &placeholder, QWidget *parent) : QLineEdit(parent)
{
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    setTextMargins(24, 0, 0, 0);
    auto *settle = new QTimer(this);
    settle->setSingleShot(true);
    settle->setInterval(120);
    connect(this, &QLineEdit::textChanged, settle, qOverload<>(&QTimer::start));
    connect(settle, &QTimer::timeout, this, [this] { Q_EMIT searchChanged(text()); });
}

void SearchField::setKeyHint(const QString &keys)
{
    m_keyHint = keys;
    setTextMargins(24, 0, keys.isEmpty() ? 0 : keyHintWidth(keys) + 4, 0);
    update();
}

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
    paintIcon(&painter, m_symbol, QRectF(8, height() / 2.0 - 8, 16, 16), c.muted);
    if (!m_keyHint.isEmpty() && text().isEmpty() && !hasFocus())
        paintKeyHint(&painter, width() - 6, height() / 2, m_keyHint, c);
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
