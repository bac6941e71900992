// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/lines_field.h"

#include "ui/widgets/theme.h"

namespace ui::panes {

namespace {

constexpr int tellAfterMs = 300;

} // namespace

LinesField::LinesField(int linesShown, QWidget *parent) : QPlainTextEdit(parent)
{
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFont(widgets::monoFont(12));
    setFixedHeight(linesShown * QFontMetrics(font()).lineSpacing() + 16);
    m_timer.setSingleShot(true);
    m_timer.setInterval(tellAfterMs);
    connect(&m_timer, &QTimer::timeout, this, &LinesField::tell);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_quiet)
            m_timer.start();
    });
}

void LinesField::setLines(const QStringList &wanted)
{
    if (wanted == m_told)
        return;
    m_timer.stop();
    m_told = wanted;
    m_quiet = true;
    setPlainText(wanted.join(u'\n'));
    m_quiet = false;
}

QStringList LinesField::lines() const
{
    QStringList all;
    const QString text = toPlainText();
    for (const QString &line : text.split(u'\n', Qt::SkipEmptyParts))
        if (const QString word = line.trimmed(); !word.isEmpty())
            all << word;
    return all;
}

void LinesField::focusOutEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusOutEvent(event);
    if (m_timer.isActive())
        tell();
}

void LinesField::tell()
{
    m_timer.stop();
    QStringList now = lines();
    if (now == m_told)
        return;
    m_told = std::move(now);
    Q_EMIT linesEdited();
}

} // namespace ui::panes
