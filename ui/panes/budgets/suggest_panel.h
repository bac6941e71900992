// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"
#include "ui/panes/scopes/scope_ref.h"

class QVBoxLayout;

namespace ui::widgets {
class EmptyState;
class SectionBanner;
}

namespace ui::budgets {

/// A monthly budget that a week's spend calls for: a fifth more than it comes to, a round amount.
gateway::Money suggestedAmount(gateway::Money sevenDays);

/// Offers budgets for the organisation and its teams that have none, from what the last 7 days cost: one button each.
class SuggestPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit SuggestPanel(const panes::PaneContext &context, QWidget *parent = nullptr);

    /// Reads the log. @param first  whether there is no rule at all yet: says what budgets are for
    void ask(bool first);

Q_SIGNALS:
    void setOne(const panes::ScopeRef &scope);
    void ownWanted();   ///< a budget of the user's own choice

private:
    void show(const gateway::api::Series &series);
    void addRow(const panes::ScopeRef &scope, gateway::Money spent);

    panes::PaneContext m_context;
    widgets::EmptyState *m_empty;
    widgets::SectionBanner *m_banner;
    QWidget *m_list;
    QVBoxLayout *m_rows;
    bool m_first = true;
};

} // namespace ui::budgets
