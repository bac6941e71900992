// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/budgets/conflicts.h"
#include "ui/panes/pane.h"
#include "ui/panes/scopes/scope_ref.h"

#include <QTimer>

class QListWidget;
class QMenu;
class QStackedWidget;

namespace ui::widgets {
class Button;
class EmptyState;
class Label;
class Panel;
class SearchField;
class SectionBanner;
class SelectionBar;
}

namespace ui::budgets {

class ScopeDetail;
class ScopeList;
class ScopeTree;
class SuggestPanel;

/// Budgets and limits of all scopes: how they stand, where they lead, what binds, what is in conflict; changed one by
/// one or many at once.
class BudgetsPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit BudgetsPane(const panes::PaneContext &context, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Budgets and limits"); }
    QList<panes::PaletteEntry> paletteEntries() override;
    void openItem(const QString &item) override;   ///< a name, or "team:search" where names are not one kind's alone
    void focusSearch() override;

protected:
    void activated() override;
    void deactivated() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeLeft();
    QWidget *makeBar();
    QWidget *makeConflicts();
    void makeSelectionBar();
    void setUpShortcuts();
    void connectParts();
    void configChanged();
    void refreshStanding();
    void askUse();
    void showConflicts();
    void showRight();
    void showStore();
    void showActions();
    void newBudget();
    void suggest();
    void scaleChosen();
    void copyToChosen();
    void clearChosen();
    [[nodiscard]] bool anyRules() const;

    bridge::ConfigDraft m_draft;
    ScopeTree *m_tree;
    ScopeList *m_list;
    ScopeDetail *m_detail;
    SuggestPanel *m_suggest;
    QStackedWidget *m_right;
    widgets::EmptyState *m_noneChosen, *m_noMatch;
    widgets::Panel *m_left;
    widgets::SearchField *m_search;
    widgets::SectionBanner *m_storeBanner;
    widgets::SelectionBar *m_selection;
    widgets::Button *m_new, *m_suggestButton, *m_copy = nullptr;
    QWidget *m_conflictBox;
    widgets::Label *m_conflictHead;
    QListWidget *m_conflictList;
    std::vector<Conflict> m_conflicts;
    QTimer m_timer;
    bool m_suggesting = false;
};

} // namespace ui::budgets
