// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_tools.h"
#include "ui/bridge/view_context.h"

#include <QAbstractTableModel>
#include <QWidget>

class QStackedLayout;

namespace ui::widgets {
class Button;
class EmptyState;
class Label;
class SectionBanner;
class SegmentedControl;
class SkeletonView;
class TableView;
}

namespace ui::calls {

class CallTreeView;

/// Sessions or traces as rows, newest first. GUI thread.
class BondModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Id, Calls, Failed, Cost, Tokens, Took, Last, Who, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setBonds(gateway::Bonds bonds, gateway::WallTime now);
    [[nodiscard]] const gateway::Bonds &bonds() const { return m_bonds; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    gateway::Bonds m_bonds;
    gateway::WallTime m_now {};
};

/// Sessions and traces: those of the newest calls found, and of one of them the calls as a tree with their sums. GUI thread;
/// asks the gateway, never waits.
class BondsView final : public QWidget
{
    Q_OBJECT
public:
    /// @param tools  outlive this
    BondsView(gateway::api::CallTools *tools, bridge::ViewContext *view, QWidget *parent = nullptr);

    void ask(const gateway::TimeRange &range, const gateway::CallFilter &filter); ///< for the list; nothing while a tree is shown
    void showTree(gateway::Bond bond, const QString &id, const QString &call = {}); ///< with that call as the current one
    void showList();
    void cancel();
    [[nodiscard]] bool showsTree() const;
    [[nodiscard]] CallTreeView *tree() const { return m_tree; }
    [[nodiscard]] widgets::TableView *list() const { return m_list; }
    void step(int by);
    bool back(); ///< from a tree to the list; false: it was there

Q_SIGNALS:
    void callWanted(const QString &id);
    void callsWanted(const QString &term, bool exclude);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setUpList(QWidget *page);
    void setUpTree(QWidget *page);
    void askList();
    void askTree();
    void begin(const QString &what);
    void showProblem(const gateway::Error &problem, const QString &headline);
    void showBonds(gateway::Bonds bonds);
    void showCalls(const gateway::CallTree &tree);
    void open(int row);

    gateway::api::CallTools *m_tools;
    bridge::ViewContext *m_view;
    BondModel *m_model;
    widgets::SegmentedControl *m_kind;
    widgets::Label *m_text, *m_title, *m_sums;
    widgets::TableView *m_list;
    CallTreeView *m_tree;
    widgets::EmptyState *m_empty;
    widgets::SectionBanner *m_banner;
    widgets::SkeletonView *m_skeleton;
    QWidget *m_listPage, *m_treePage;
    QStackedLayout *m_pages, *m_listStack = nullptr;
    gateway::TimeRange m_range;
    gateway::CallFilter m_filter;
    gateway::Bond m_bond = gateway::Bond::Session;
    QString m_id, m_call;
    quint64 m_generation = 0;
    bool m_asking = false;
};

} // namespace ui::calls
