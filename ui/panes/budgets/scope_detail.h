// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/budgets/conflicts.h"
#include "ui/panes/budgets/spend_history.h"
#include "ui/panes/pane.h"
#include "ui/panes/scopes/standing.h"
#include "ui/widgets/card.h"

class QBoxLayout;
class QScrollArea;

namespace ui::widgets {
class ElidedLabel;
class Label;
class SectionBanner;
class SkeletonView;
class TabStrip;
}

namespace ui::panes {
class DraftFooter;
}

namespace ui::budgets {

class BudgetForm;
class BurnDownView;
class FigureTile;
class BurnLegend;
class LimitsCard;
class ScopeMark;

/// One scope: how each of its budgets stands and where it leads, what binds it, and its budgets and limits to edit. Edits
/// go into the pane's draft. GUI thread.
class ScopeDetail final : public QWidget
{
    Q_OBJECT
public:
    ScopeDetail(const panes::PaneContext &context, bridge::ConfigDraft &draft, QWidget *parent = nullptr);

    void setScope(const panes::ScopeRef &scope);
    [[nodiscard]] const panes::ScopeRef &scope() const { return m_scope; }
    /// How all stand now; cheap enough for once a second.
    void setStanding(const panes::Standing *standing, const std::vector<Conflict> &conflicts);
    void setFileName(const QString &name);
    void refresh();         ///< the draft or the scope changed
    void addBudget();       ///< and puts the cursor into its amount
    void raise();           ///< asks for more money for a while, of the budget that is shown
    void readAgain();       ///< the log is asked anew

Q_SIGNALS:
    void saved();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHeader();
    QWidget *makeTiles();
    QWidget *makeBurnDown();
    QWidget *makeEditors();
    void connectParts();
    void editQuota(const QString &what, const std::function<void(gateway::config::Quota &)> &change, const QString &merge);
    void removeBudget();
    void save();
    void showHeader();
    void showFigures();
    void showBurnDown(const gateway::BudgetState &budget);
    void showEditors();
    void refreshFooter();
    [[nodiscard]] gateway::config::Quota quota() const;
    [[nodiscard]] const gateway::config::Budget *chosenRule(const gateway::config::Quota &quota) const;
    /// The figures of the chosen budget; null: it is not live yet.
    [[nodiscard]] const gateway::BudgetState *chosenState() const;
    [[nodiscard]] bool editable() const;

    panes::PaneContext m_context;
    bridge::ConfigDraft &m_draft;
    panes::ScopeRef m_scope;
    const panes::Standing *m_standing = nullptr;
    std::vector<Conflict> m_conflicts;
    SpendHistory m_history;
    QString m_file;
    int m_chosen = 0;  ///< which of its budgets

    QScrollArea *m_scroll;
    ScopeMark *m_mark;
    widgets::Label *m_title;
    widgets::ElidedLabel *m_subtitle, *m_binding;
    widgets::Button *m_raiseButton, *m_callsButton, *m_remove, *m_addBudget;
    widgets::SectionBanner *m_conflictBanner, *m_historyBanner;
    widgets::TabStrip *m_tabs;
    QWidget *m_tiles;
    FigureTile *m_spent, *m_reserved, *m_left, *m_forecast, *m_refused;
    widgets::Card *m_burnCard, *m_budgetCard;
    BurnLegend *m_legend;
    BurnDownView *m_burnDown;
    widgets::SkeletonView *m_skeleton;
    BudgetForm *m_form;
    LimitsCard *m_limits;
    widgets::Label *m_noBudget, *m_error;
    QBoxLayout *m_editors;
    panes::DraftFooter *m_footer;
};

} // namespace ui::budgets
