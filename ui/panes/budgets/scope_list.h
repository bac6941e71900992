// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/budgets/scope_tree.h"

#include <QTreeView>

#include <set>

namespace ui::budgets {

/// The tree on the screen: a row has name, spend with a bar, what binds, per cent. What is open, chosen and scrolled to
/// stays where the rows are made anew.
class ScopeList final : public QTreeView
{
    Q_OBJECT
public:
    explicit ScopeList(ScopeTree *tree, QWidget *parent = nullptr);

    [[nodiscard]] std::optional<panes::ScopeRef> current() const;
    [[nodiscard]] std::vector<panes::ScopeRef> chosen() const;
    void choose(const panes::ScopeRef &scope);  ///< opens what it is in, and scrolls to it
    void setSearching(bool searching);          ///< all that is found is open

Q_SIGNALS:
    void currentChangedTo();
    void choiceChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void keepPlace();
    void restorePlace();
    void openFew();

    ScopeTree *m_tree;
    std::set<panes::ScopeRef> m_closed;         ///< teams are open at first where there are few keys
    std::vector<panes::ScopeRef> m_selected;
    std::optional<panes::ScopeRef> m_current;
    int m_scroll = 0;
    bool m_quiet = false, m_searching = false;
};

} // namespace ui::budgets
