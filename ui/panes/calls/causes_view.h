// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_tools.h"
#include "ui/bridge/view_context.h"

#include <QWidget>

class QCheckBox;
class QStackedLayout;

namespace ui::widgets {
class EmptyState;
class Label;
class SectionBanner;
class SkeletonView;
class TableView;
}

namespace ui::calls {

class CauseModel;

/// The calls found that were not well, by cause. A click, or Enter, filters the calls to one; one in its last column looks at
/// its newest call. GUI thread; asks the gateway, never waits.
class CausesView final : public QWidget
{
    Q_OBJECT
public:
    /// @param tools  outlive this
    CausesView(gateway::api::CallTools *tools, bridge::ViewContext *view, QWidget *parent = nullptr);

    void ask(const gateway::TimeRange &range, const gateway::CallFilter &filter);
    void cancel();
    [[nodiscard]] bool asking() const { return m_asking; }
    [[nodiscard]] widgets::TableView *table() const { return m_table; }
    [[nodiscard]] const CauseModel &model() const { return *m_model; }
    void step(int by); ///< to the next cause, or one back

Q_SIGNALS:
    void callsWanted(const QString &term, bool exclude); ///< those of a cause
    void callWanted(const QString &id);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setUp();
    void askAgain();
    void open(const QModelIndex &index);
    void showAnswer(const gateway::Result<gateway::ErrorCauses> &causes);
    void showState();

    gateway::api::CallTools *m_tools;
    bridge::ViewContext *m_view;
    CauseModel *m_model;
    widgets::TableView *m_table;
    widgets::Label *m_text;
    QCheckBox *m_refused;
    widgets::SectionBanner *m_banner;
    QWidget *m_area;
    QStackedLayout *m_stack;
    widgets::EmptyState *m_empty;
    widgets::SkeletonView *m_skeleton;
    gateway::TimeRange m_range;
    gateway::CallFilter m_filter;
    quint64 m_generation = 0;
    bool m_asking = false, m_answered = false;
};

} // namespace ui::calls
