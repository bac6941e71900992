// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cost_studies.h"
#include "ui/panes/costs/cost_periods.h"
#include "ui/panes/costs/savings_model.h"

#include <QWidget>

class QComboBox;
class QStackedLayout;
class QVBoxLayout;

namespace ui::widgets {
class Card;
class ChartLegend;
class EmptyState;
class Label;
class SectionBanner;
class SkeletonView;
class StatTile;
class TableView;
}

namespace ui::costs {

class CostBars;

/// What calls did not cost: answers from the cache, prompts that providers had, other targets than the first choice. As bars over
/// time by kind, and by team, key, route, provider or model. Says what is known and what is an estimate. Asks when it is told to.
class SavingsView final : public QWidget
{
    Q_OBJECT
public:
    /// @param studies  outlive this
    explicit SavingsView(gateway::api::CostStudies &studies, QWidget *parent = nullptr);

    /// Of that time, cut as the pane's own bars are.
    void ask(const Shown &shown, const gateway::CallFilter &filter, const QTimeZone &zone);
    [[nodiscard]] QWidget *focusTarget() const;
    [[nodiscard]] QByteArray csv() const { return m_model->csv(); }

Q_SIGNALS:
    void callsWanted(const QString &term);                                                 ///< of the whole time
    void callsBetweenWanted(gateway::WallTime from, gateway::WallTime to, const QString &term);

private:
    void setUpTiles(QVBoxLayout *column);
    void setUpContent(QVBoxLayout *column);
    void askAgain();
    void cancel();
    void take(const gateway::Savings &savings);
    void showTiles();
    void showBars();
    void showError(const gateway::Error &error);
    void openBar(int bar, const QString &kind);
    void openRow(int row);

    gateway::api::CostStudies &m_studies;
    SavingsModel *m_model;
    QComboBox *m_by;
    CostBars *m_bars;
    widgets::TableView *m_table;
    widgets::ChartLegend *m_legend;
    widgets::Card *m_chartCard, *m_tableCard;
    widgets::SkeletonView *m_skeleton;
    widgets::SectionBanner *m_banner;
    widgets::EmptyState *m_empty;
    widgets::Label *m_note;
    QWidget *m_content;
    QStackedLayout *m_stack;
    struct Tiles
    {
        widgets::StatTile *total, *cache, *prompt, *route;
    };
    Tiles m_tiles {};
    Shown m_asking, m_shown;
    gateway::CallFilter m_filter;
    QTimeZone m_zone = QTimeZone::utc();
    gateway::Savings m_savings;
    quint64 m_generation = 0; ///< an answer to an old question is dropped
    bool m_shownOnce = false;
};

} // namespace ui::costs
