// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/card.h"
#include "ui/widgets/charts/time_series_view.h"
#include "ui/widgets/save_file.h"

class QAction;
class QStackedLayout;
class QStandardItemModel;

namespace ui::widgets {

class ChartLegend;
class EmptyState;
class SectionBanner;
class SkeletonView;
class TableView;

/// A card around a chart: legend in the header (click shows one alone, click again all), the ⋯ menu, which a right click opens
/// too (table in place of the chart, PNG, SVG, CSV), and the states of a section: waiting, nothing, error over dimmed stale data.
class ChartCard final : public Card
{
    Q_OBJECT
public:
    ChartCard(const QString &title, const QString &unit, TimeSeriesView::Kind kind, QWidget *parent = nullptr);

    [[nodiscard]] TimeSeriesView *chart() const { return m_chart; }
    void setData(const ChartData &data);
    void setLegendOrder(bool reversed) { m_reversed = reversed; }
    void setEmptyText(const QString &text);             ///< shown where no bin has a value
    void setCsvSource(const std::function<QByteArray()> &source) { m_csvSource = source; } ///< in place of what is drawn: exact sums, rather than rates
    void showWaiting(const QString &what);              ///< @param what empty: another card says it and has the Cancel
    void showError(const QString &headline, const QString &detail, const QString &lastGood);
    void showStale();                                   ///< dims what is shown; the pane's own banner says why
    void setTableShown(bool shown);
    [[nodiscard]] bool tableShown() const;

    [[nodiscard]] QByteArray csv() const;
    [[nodiscard]] QByteArray png();                     ///< title, legend and chart, at twice the size
    [[nodiscard]] QByteArray svg();

Q_SIGNALS:
    void retried();
    void cancelled();                                   ///< the waiting was given up
    void told(const QString &words);                    ///< what came of an export: for a toast

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void fillLegend();
    void fillTable();
    TableView *table();
    void setUpMenu();
    void addExport(const QString &text, SaveOffer (*offer)(const QString &), const std::function<QByteArray()> &content);
    [[nodiscard]] QSize pictureSize() const;
    void paintPicture(QPainter *painter);

    TimeSeriesView *m_chart;
    TableView *m_table = nullptr; ///< with its model, from its first show on
    QStandardItemModel *m_model = nullptr;
    ChartLegend *m_legend;
    QWidget *m_content;
    QStackedLayout *m_stack;
    EmptyState *m_empty;
    SkeletonView *m_skeleton;
    SectionBanner *m_banner;
    QAction *m_tableAction;
    std::function<QByteArray()> m_csvSource;
    bool m_reversed = false;
};

} // namespace ui::widgets
