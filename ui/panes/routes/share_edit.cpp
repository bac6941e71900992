// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/share_edit.h"

#include <QKeyEvent>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

namespace {

constexpr int heaviest = 1'000'000; // as the configuration allows
constexpr int narrowest = 100, lineHeight = 28;

} // namespace

ShareEdit::ShareEdit(const QList<int> &shares, const QRect &where, QWidget *parent) : QLineEdit(parent), m_count(shares.size())
{
    setObjectName(u"routes.canvas.shares"_s);
    setAccessibleName(tr("Shares of the split, their sum is 100"));
    QStringList parts;
    for (const int one : shares)
        parts << QString::number(one);
    setText(parts.join(u" / "_s));
    setAlignment(Qt::AlignCenter);
    const int width = std::max(where.width(), narrowest);
    setGeometry(where.center().x() - width / 2, where.center().y() - lineHeight / 2, width, lineHeight);
    show();
    selectAll();
    setFocus();
}

void ShareEdit::finish(bool take)
{
    if (m_done)
        return;
    m_done = true; // hiding it takes its focus away, which ends it too
    QList<int> numbers;
    static const QRegularExpression number(u"\\d+"_s);
    for (auto it = number.globalMatch(text()); it.hasNext();)
        numbers << std::clamp(it.next().captured().toInt(), 1, heaviest);
    hide();
    deleteLater();
    if (take && numbers.size() == m_count)
        Q_EMIT typed(numbers);
    Q_EMIT done();
}

void ShareEdit::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        finish(true);
    else if (event->key() == Qt::Key_Escape)
        finish(false);
    else
        QLineEdit::keyPressEvent(event);
}

void ShareEdit::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    finish(true);
}

} // namespace ui::routes
