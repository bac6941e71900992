// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/costs/cost_periods.h"
#include "ui/widgets/dialog.h"

class QDateEdit;

namespace ui::widgets {
class Label;
}

namespace ui::costs {

/// Asks for a first and a last day.
class DatesDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    DatesDialog(const QDate &first, const QDate &last, const QTimeZone &zone, QWidget *parent);

Q_SIGNALS:
    void chosen(const QDate &first, const QDate &last);

private:
    void judge();

    QDateEdit *m_first, *m_last;
    widgets::Label *m_note;
    QString m_zone;
    widgets::Button *m_submit;
};

} // namespace ui::costs
