// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/card.h"

namespace ui::widgets {
class Label;
}

namespace ui::firstrun {

/// A step of the page: a card with its number, or the tick once it is done, a title, and a note at the right.
class StepCard : public widgets::Card
{
    Q_OBJECT
public:
    StepCard(int number, const QString &title, QWidget *parent = nullptr);

    void setNote(const QString &note);
    [[nodiscard]] bool done() const { return m_done; }

protected:
    void setDone(bool done);

private:
    class Mark;
    Mark *m_mark;
    widgets::Label *m_note;
    QString m_title;
    bool m_done = false;
};

} // namespace ui::firstrun
