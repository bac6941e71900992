// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/panes/routes/plan_tree.h"

#include <QTreeView>

class QStandardItemModel;
class QStandardItem;

namespace ui::routes {

/// The plan as a tree of lines: the same as the picture, for the keyboard and for screen readers.
class Outline final : public QTreeView
{
    Q_OBJECT
public:
    explicit Outline(QWidget *parent = nullptr);

    void show(const gateway::config::Route *route);
    using QTreeView::show;
    void setChosen(const std::optional<Path> &path);
    /// Nodes with a sign behind them: wrong ones, and what is out of order at a provider.
    void setSigns(const QSet<Path> &problems, const QSet<Path> &out);

Q_SIGNALS:
    void chosen(const std::optional<ui::routes::Path> &path);
    void removeWanted();
    void moveWanted(int step);
    void inspectorWanted();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void drawBranches(QPainter *, const QRect &, const QModelIndex &) const override { }

private:
    void add(QStandardItem *parent, const gateway::config::PlanNode &node, const Path &path, const QString &prefix);

    QStandardItemModel *m_model;
    QHash<Path, QStandardItem *> m_items;
    QStandardItem *m_root = nullptr;
    std::optional<gateway::config::Route> m_shown;
    bool m_quiet = false;
};

} // namespace ui::routes
