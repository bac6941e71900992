// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_tools.h"
#include "ui/bridge/view_context.h"

#include <QWidget>

class QStandardItem;
class QStandardItemModel;
class QTimer;
class QTreeView;

namespace ui::widgets {
class Label;
}

namespace ui::calls {

/// The strip beside the list: values of fields with how many calls each would find. A click shows only that value, or those
/// of its field that are chosen; Alt and a click, or the right button, leaves it out; a second one takes that back. Enter and
/// Delete do the same for keys. GUI thread; asks the gateway, never waits.
class FacetStrip final : public QWidget
{
    Q_OBJECT
public:
    /// @param tools  outlive this
    FacetStrip(gateway::api::CallTools *tools, bridge::ViewContext *view, QWidget *parent = nullptr);

    /// Counts anew; what is shown stays until the answer. An answer to an earlier question is dropped.
    void ask(const gateway::TimeRange &range, const gateway::CallFilter &filter);
    void cancel();                      ///< ends the question that is under way
    [[nodiscard]] bool asking() const { return m_asking; }
    [[nodiscard]] QTreeView *tree() const { return m_tree; }
    void toggle(const QModelIndex &index, bool exclude); ///< what a click does

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void show(const gateway::CallFacets &facets);
    void showFacet(QStandardItem *field, const gateway::CallFacet &facet);
    void showChoices();
    void showNote();

    gateway::api::CallTools *m_tools;
    bridge::ViewContext *m_view;
    QTreeView *m_tree;
    QStandardItemModel *m_model;
    widgets::Label *m_note;
    QTimer *m_slow;                     ///< "Counting…" only where it takes its time
    quint64 m_generation = 0;
    bool m_asking = false;
    QString m_problem;
    gateway::CallFacets m_facets;
    bool m_answered = false;
};

} // namespace ui::calls
