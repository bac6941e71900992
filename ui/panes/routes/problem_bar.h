// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/button.h"
#include "ui/widgets/card.h"

class QListWidget;

namespace ui::widgets {
class StateLabel;
}

namespace ui::routes {

/// Under the picture: whether the draft is valid, what to know, and on demand the list, from which a click chooses.
class ProblemBar final : public widgets::Panel
{
    Q_OBJECT
public:
    struct Line
    {
        QString where;           ///< "smart, row 2"
        QString text;
        bool warning = false;
        int id = 0;              ///< handed back by chosen()
    };

    explicit ProblemBar(QWidget *parent);
    /// @param state  0 valid, 1 being checked, 2 wrong, 3 live (nothing to check)
    void setState(int state, const QString &text);
    void setNote(const QString &note);
    void setLines(const QList<Line> &lines);
    void openList(bool open);
    [[nodiscard]] bool listOpen() const;

Q_SIGNALS:
    void chosen(int id);

private:
    widgets::StateLabel *m_state, *m_note;
    QWidget *m_divider;
    widgets::Button *m_show;
    QListWidget *m_list;
    QList<Line> m_lines;
};

} // namespace ui::routes
