// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/card.h"
#include "ui/widgets/charts/time_series_view.h"

class QStackedLayout;
class QStandardItemModel;

namespace ui::widgets {

class EmptyState;
class SectionBanner;
class SkeletonView;
class TableView;

/// A card around a chart: legend in the header (click shows one alone, click again all), the ⋯ menu (table in place
/// of the chart, PNG, CSV), and the states of a section: waiting, nothing, error over dimmed stale data.
class ChartCard final : public Card
{
    Q_OBJECT
public:
    ChartCard(const QString &title, const QString &unit, TimeSeriesView::Kind kind, QWidget *parent = nullptr);

    [[nodiscard]] TimeSeriesView *chart() const { return m_chart; }
    void setData(const ChartData &data);
    void setLegendOrder(bool reversed) { m_reversed = reversed; }
    void setEmptyText(const QString &text);             ///< shown where no bin has a value
    void showWaiting(const QString &what);              ///< @param what empty: another card says it and has the Cancel
    void showError(const QString &headline, const QString &detail, const QString &lastGood);
    void showStale();                                   ///< dims what is shown; the pane's own banner says why
    void setTableShown(bool table);
    [[nodiscard]] bool tableShown() const;
    [[nodiscard]] QString csv() const;

Q_SIGNALS:
    void retried();
    void cancelled();                                   ///< the waiting was given up

private:
    void fillLegend();
    void fillTable();
    void setUpMenu();
    void saveFile(const QString &suffix, const QString &filter, const std::function<bool(const QString &)> &write);

    TimeSeriesView *m_chart;
    TableView *m_table;
    QStandardItemModel *m_model;
    class ChartLegend *m_legend;
    QWidget *m_content;
    QStackedLayout *m_stack;
    EmptyState *m_empty;
    SkeletonView *m_skeleton;
    SectionBanner *m_banner;
    class QAction *m_tableAction;
    bool m_reversed = false;
};

} // namespace ui::widgets
