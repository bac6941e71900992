// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_query.h"
#include "ui/widgets/dialog.h"

class QDateTimeEdit;

namespace ui::widgets {
class Label;
}

namespace ui::shell {

/// Asks for the two ends of a range of time, to the minute, in the zone the window uses.
class RangeDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param range  that is proposed; with an end
    RangeDialog(const gateway::api::TimeRange &range, QWidget *parent);

Q_SIGNALS:
    void chosen(gateway::WallTime from, gateway::WallTime to);

private:
    void judge();

    QDateTimeEdit *m_from, *m_to;
    widgets::Label *m_note;
    widgets::Button *m_submit;
};

} // namespace ui::shell
