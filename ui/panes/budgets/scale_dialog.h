// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/scopes/scope_ref.h"
#include "ui/widgets/dialog.h"

class QSpinBox;

namespace ui::widgets {
class Label;
}

namespace ui::budgets {

/// Asks by how many per cent budgets and limits shall change, and shows what each becomes.
class ScaleDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    ScaleDialog(const gateway::config::Config &config, const std::vector<panes::ScopeRef> &scopes, QWidget *parent);

Q_SIGNALS:
    void scaled(int percent); ///< 10: to 110 %

private:
    void preview();

    gateway::config::Config m_config;
    std::vector<panes::ScopeRef> m_scopes;
    QSpinBox *m_percent;
    widgets::Label *m_effects;
    widgets::Button *m_submit;
};

} // namespace ui::budgets
