// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/reprice_tools.h"
#include "ui/widgets/dialog.h"

#include <QTimeZone>

class QProgressBar;
class QStackedLayout;
class QTimer;

namespace ui::widgets {
class EmptyState;
class Label;
class SectionBanner;
class SkeletonView;
class TableView;
}

namespace ui::costs {

class RepriceModel;

/// Calls of the past by the prices of now: what would change by model, then the re-pricing itself with its progress. The last one
/// can be undone here. What was logged, budgets and spend stay.
class RepriceDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param words  the range and filter, for people
    RepriceDialog(gateway::api::RepriceTools &tools, gateway::RepriceQuery query, const QString &words, const QTimeZone &zone, QWidget *parent);

Q_SIGNALS:
    void changed(); ///< figures are other ones

private:
    QWidget *makeResult();
    void preview();
    void take(gateway::RepricePreview preview);
    void start();
    void look();
    void takeRuns(const std::vector<gateway::RepriceRun> &runs);
    void undo();
    void showError(const QString &headline, const gateway::Error &error);

    gateway::api::RepriceTools &m_tools;
    gateway::RepriceQuery m_query;
    QTimeZone m_zone;
    QStackedLayout *m_stack;
    widgets::SectionBanner *m_banner, *m_sentence;
    widgets::EmptyState *m_empty;
    widgets::SkeletonView *m_waiting;
    RepriceModel *m_model;
    widgets::TableView *m_table;
    QProgressBar *m_progress;
    widgets::Label *m_last;
    widgets::Button *m_start, *m_undo;
    QTimer *m_pace;
    std::int64_t m_running = 0; ///< a run that is waited for; 0: none
    std::int64_t m_undoable = 0;
    bool m_dropping = false;
    quint64 m_generation = 0;
};

} // namespace ui::costs
