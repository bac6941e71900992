// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/costs/sql_picture.h"
#include "ui/panes/costs/sql_result_model.h"

#include <QWidget>

class QComboBox;
class QStackedWidget;

namespace ui::widgets {
class ChartLegend;
class EmptyState;
class Label;
class SegmentedControl;
class TableView;
class TimeSeriesView;
}

namespace ui::costs {

/// The rows that a query gave: as a table, whose cells can be copied, or as a chart.
class SqlResults final : public QWidget
{
    Q_OBJECT
public:
    explicit SqlResults(QWidget *parent = nullptr);

    void setAnswer(SqlResultModel::Answer answer);
    [[nodiscard]] const SqlResultModel &model() const { return *m_model; }
    void showChart(bool chart);
    [[nodiscard]] bool chartShown() const;
    void copy(bool withNames); ///< the chosen cells, with tabs between them
    /// Writes all rows to a CSV file, beside the window's thread. exported() or exportFailed() follows.
    void exportTo(const QString &path);
    [[nodiscard]] QImage chartImage() const;
    [[nodiscard]] bool hasChart() const { return m_hasChart; }
    [[nodiscard]] widgets::TableView *table() const { return m_table; }

Q_SIGNALS:
    void callWanted(const QString &id);
    void exported(const QString &path, quint64 rows);
    void exportFailed(const QString &problem);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setUpTable();
    void setUpChart();
    void fitColumns();
    void fillMeasures();
    void draw();
    void openCall(const QModelIndex &index);

    SqlResultModel *m_model;
    widgets::TableView *m_table;
    QStackedWidget *m_pages, *m_charts;
    QComboBox *m_measure;
    widgets::Label *m_title, *m_note;
    widgets::ChartLegend *m_legend;
    CostBars *m_bars;
    widgets::TimeSeriesView *m_lines;
    widgets::EmptyState *m_noChart;
    bool m_hasChart = false;
    bool m_drawn = false; ///< what is shown as a chart is of the present answer
};

} // namespace ui::costs
