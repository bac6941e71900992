// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/providers/editing.h"
#include "ui/widgets/card.h"

class QComboBox;
class QSpinBox;

namespace ui::widgets {
class DurationField;
}

namespace ui::providers {

class HeaderRows;

/// What few providers need: the other timeouts, how many connections, when the circuit opens, headers of one's own.
/// Closed it says in its header what differs from the standard.
class AdvancedCard final : public widgets::Card
{
    Q_OBJECT
public:
    explicit AdvancedCard(Edit edit, QWidget *parent = nullptr);

    void show(const gateway::config::Provider &provider, const gateway::config::Timeouts &inherited, bool editable);
    using widgets::Card::show;
    void showProblems(const FieldProblems &problems);
    void forgetTyped(); ///< what cannot be read or is not whole
    void setOpen(bool open);

private:
    QWidget *makeLimits();
    QWidget *makeBreaker();
    QWidget *makeProbe();
    void connectFields();
    template <typename Value>
    void editBreaker(Value gateway::config::BreakerSettings::*member, const Value &value, const QString &merge);

    Edit m_edit;
    widgets::Button *m_toggle;
    QWidget *m_content;
    widgets::DurationField *m_connect, *m_idle, *m_window, *m_cooldown, *m_every;
    QComboBox *m_probe;
    QSpinBox *m_connections, *m_failures, *m_rate, *m_minCalls;
    HeaderRows *m_headers;
    bool m_open = false;
};

} // namespace ui::providers
