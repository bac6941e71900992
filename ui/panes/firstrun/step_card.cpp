// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/step_card.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QPainter>

namespace ui::firstrun {

/// The number in a ring, or a tick on a filled disc: told by shape, not by colour alone.
class StepCard::Mark final : public QWidget
{
public:
    explicit Mark(int number) : m_number(number) { setFixedSize(24, 24); }
    void setDone(bool done)
    {
        m_done = done;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const widgets::ThemeColors &c = widgets::colorsOf(this);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(m_done ? QPen(Qt::NoPen) : QPen(c.accent, 1));
        painter.setBrush(m_done ? c.ok : c.surface);
        painter.drawEllipse(m_done ? QRectF(0, 0, 24, 24) : QRectF(0.5, 0.5, 23, 23));
        if (m_done) {
            widgets::paintIcon(&painter, widgets::Icon::Check, QRectF(4, 4, 16, 16), c.onAccent);
            return;
        }
        painter.setFont(widgets::textFont(13, QFont::DemiBold));
        painter.setPen(c.accent);
        painter.drawText(rect(), Qt::AlignCenter, QString::number(m_number));
    }

private:
    int m_number;
    bool m_done = false;
};

StepCard::StepCard(int number, const QString &title, QWidget *parent)
    : Card({}, {}, parent), m_mark(new Mark(number)), m_note(new widgets::Label(widgets::Label::Kind::Secondary)), m_title(title)
{
    auto *heading = new widgets::Label(widgets::Label::Kind::Strong, title);
    heading->setFont(widgets::textFont(15, QFont::DemiBold));
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(m_mark);
    row->addWidget(heading);
    row->addStretch(1);
    row->addWidget(m_note);
    body()->setContentsMargins(19, 17, 19, 19);
    body()->addLayout(row);
    body()->addSpacing(14);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setDone(false);
}

void StepCard::setNote(const QString &note) { m_note->setText(note); }

void StepCard::setDone(bool done)
{
    m_done = done;
    m_mark->setDone(done);
    setAccessibleName(done ? tr("%1, done").arg(m_title) : m_title);
}

} // namespace ui::firstrun
