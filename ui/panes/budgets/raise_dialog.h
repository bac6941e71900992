// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/scopes/standing.h"
#include "ui/widgets/dialog.h"

class QDateTimeEdit;

namespace ui::widgets {
class MoneyField;
class Label;
}

namespace ui::budgets {

/// Asks for more money for a while: the whole amount, and until when.
class RaiseDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    RaiseDialog(const panes::ScopeRef &scope, const gateway::BudgetState &state, const gateway::config::Budget &budget, gateway::WallTime now, QWidget *parent);

Q_SIGNALS:
    void raised(const gateway::config::Raise &raise);

private:
    void validate();
    [[nodiscard]] gateway::WallTime until() const;

    gateway::Money m_usual;
    gateway::WallTime m_now;
    std::string m_zone;
    widgets::MoneyField *m_amount;
    QDateTimeEdit *m_until;
    widgets::Label *m_note;
    widgets::Button *m_submit;
};

} // namespace ui::budgets
