// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"
#include "ui/widgets/dialog.h"

#include <array>
#include <optional>

class QStackedWidget;
class QStandardItemModel;

namespace ui::widgets {
class Label;
class SectionBanner;
class SkeletonView;
class TabStrip;
class TableView;
}

namespace ui::calls {

class SidePage;

/// Two calls side by side, the earlier one at the left: their figures, requests and answers, and what differs in each.
class CompareDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    enum Tab { Figures, Request, Answer };

    CompareDialog(const panes::PaneContext &context, const QString &one, const QString &other, QWidget *parent);
    void setTab(Tab tab);
    [[nodiscard]] bool complete() const { return m_details[0] && m_details[1]; }

private:
    void setUpPages(QWidget *window);
    void ask();
    void showCalls();
    void showFigures();
    void showSummary(int figures);

    panes::PaneContext m_context;
    std::array<QString, 2> m_ids;
    std::array<QObject *, 2> m_askers;
    std::array<std::optional<gateway::CallDetail>, 2> m_details; ///< the earlier one first, once both are there
    quint64 m_question = 0;
    widgets::Label *m_summary;
    std::array<widgets::Label *, 2> m_heads;
    widgets::TabStrip *m_tabs;
    QStackedWidget *m_pages, *m_states;
    widgets::SkeletonView *m_skeleton;
    widgets::SectionBanner *m_banner;
    widgets::TableView *m_table;
    QStandardItemModel *m_figures;
    SidePage *m_request, *m_answer;
};

} // namespace ui::calls
