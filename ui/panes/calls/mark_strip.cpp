// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/mark_strip.h"

#include "gateway/core/mark_colour.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/mark_look.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace ui::calls {

/// A colour that can be chosen: its tag, with a ring while it is the call's.
class MarkSwatch final : public QAbstractButton
{
public:
    explicit MarkSwatch(int colour) : m_colour(colour)
    {
        setCheckable(true);
        setFixedSize(24, 24);
        setFocusPolicy(Qt::TabFocus);
        setObjectName(u"calls.mark.%1"_s.arg(QLatin1StringView(gateway::markColourName(colour).data())));
        setToolTip(MarkStrip::tr("Mark %1 (Alt+%2)").arg(markName(colour)).arg(colour));
        setAccessibleName(MarkStrip::tr("Mark %1").arg(markName(colour)));
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const widgets::ThemeColors &c = widgets::colorsOf(this);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (isChecked() || hasFocus()) {
            painter.setPen(QPen(hasFocus() ? c.accent : c.text, 1.5));
            painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5);
        }
        painter.setOpacity(isChecked() || underMouse() || hasFocus() ? 1 : 0.75);
        paintMark(&painter, rect().adjusted(5, 5, -5, -5), {.colour = m_colour}, c);
    }
    void enterEvent(QEnterEvent *) override { update(); }
    void leaveEvent(QEvent *) override { update(); }

private:
    int m_colour;
};

MarkStrip::MarkStrip(QWidget *parent) : QWidget(parent), m_row(new QHBoxLayout(this)), m_comment(new QLineEdit)
{
    setObjectName(u"calls.mark"_s);
    m_row->setContentsMargins(14, 4, 12, 0);
    m_row->setSpacing(0);
    for (int colour = 1; colour <= int(gateway::markColours.size()); ++colour) {
        auto *swatch = new MarkSwatch(colour);
        m_swatches.append(swatch);
        m_row->addWidget(swatch);
        connect(swatch, &QAbstractButton::clicked, this, [this, colour] {
            showColour(); // the ring follows the answer
            Q_EMIT colourWanted(m_id, m_mark.colour == colour ? 0 : colour);
        });
    }
    m_comment->setObjectName(u"calls.comment"_s);
    m_comment->setPlaceholderText(tr("Comment, kept with Enter"));
    m_comment->setAccessibleName(tr("Comment"));
    m_comment->setMaxLength(int(gateway::longestMarkComment));
    m_comment->setFixedHeight(24);
    m_comment->installEventFilter(this);
    m_row->addSpacing(8);
    m_row->addWidget(m_comment, 1);
    m_row->addSpacing(4);
    connect(m_comment, &QLineEdit::returnPressed, this, [this] { m_sent.reset(); }); // Enter tries again what failed
    connect(m_comment, &QLineEdit::editingFinished, this, &MarkStrip::keepComment); // by Enter, and when it is left
}

void MarkStrip::setMark(const QString &id, const gateway::CallMark &mark)
{
    if (id != m_id)
        keepComment(); // of the call that is left
    const bool writing = id == m_id && m_comment->hasFocus() && m_comment->text().trimmed() != bridge::qt(m_mark.comment);
    m_id = id;
    m_mark = mark;
    m_sent.reset();
    showColour();
    if (!writing && m_comment->text() != bridge::qt(mark.comment)) {
        m_comment->setText(bridge::qt(mark.comment));
        m_comment->setCursorPosition(0);
    }
}

void MarkStrip::showColour()
{
    for (int i = 0; i < m_swatches.size(); ++i)
        m_swatches[i]->setChecked(m_mark.colour == i + 1);
}

void MarkStrip::editComment()
{
    m_comment->setFocus(Qt::ShortcutFocusReason);
    m_comment->selectAll();
}

void MarkStrip::hideMarks()
{
    m_comment->hide();
    for (MarkSwatch *swatch : m_swatches)
        swatch->hide();
}

void MarkStrip::keepComment()
{
    const QString text = m_comment->text().trimmed();
    if (bridge::utf8(text) == m_mark.comment || m_sent == text)
        return;
    m_sent = text; // leaving the field and the call says it twice
    Q_EMIT commentWanted(m_id, text);
}

bool MarkStrip::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape && m_comment->text().trimmed() != bridge::qt(m_mark.comment)) {
        m_comment->setText(bridge::qt(m_mark.comment));
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui::calls
