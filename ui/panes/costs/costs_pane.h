// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cost_tools.h"
#include "gateway/core/repricing.h"
#include "ui/panes/costs/cost_controls.h"
#include "ui/panes/costs/cost_picture.h"
#include "ui/panes/costs/totals_model.h"
#include "ui/panes/pane.h"

#include <QPointer>

class QShortcut;
class QStackedLayout;
class QTimer;
class QVBoxLayout;

namespace ui::widgets {
class Card;
class ChartLegend;
class SectionBanner;
class SegmentedControl;
class SkeletonView;
class StatTile;
class TableView;
}

namespace ui::costs {

class SavingsView;
class SqlView;
class UnusualCard;

/// "Who drove last week's bill?" Costs, calls or tokens by any two fields: as bars over the calendar with the period before,
/// as areas, and as a table that ends with what nobody is charged for and the whole; what the month will come to; what a call,
/// a thousand tokens and a customer cost. A click anywhere shows the calls behind it. The figures are asked for while the pane
/// is seen. The range and the filter are the window's. In their place stands the table alone, or the SQL console.
class CostsPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit CostsPane(const panes::PaneContext &context);

    [[nodiscard]] QString title() const override { return tr("Costs"); }
    [[nodiscard]] Bar bar() const override { return Bar::Filter; }
    [[nodiscard]] QString filterHint() const override { return tr("Count some calls only, for example `route:smart`"); }
    QList<QWidget *> barWidgets() override;
    [[nodiscard]] QList<panes::PaletteEntry> paletteEntries() override;
    [[nodiscard]] bool tellsLogTrouble() const override { return m_failed && (m_shape == Shape::Chart || m_shape == Shape::Table); }
    [[nodiscard]] QWidget *focusTarget() const override;

    enum class Shape { Chart, Table, Sql, Savings };
    [[nodiscard]] Shape shape() const { return m_shape; }
    void setShape(Shape shape);
    /// Puts what the charts show into the SQL console as a query, and runs it.
    void showAsSql();

    [[nodiscard]] QByteArray totalsCsv() const { return m_totals->csv(); }

protected:
    void activated() override;
    void deactivated() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    /// A card whose content gives way to grey blocks while nothing was shown yet.
    struct Section
    {
        widgets::Card *card = nullptr;
        QWidget *content = nullptr;
        widgets::SkeletonView *skeleton = nullptr;
        QStackedLayout *stack = nullptr;
    };

    /// What was priced again, and of which calls that was told.
    struct RepricedShown
    {
        Period period;
        gateway::CallFilter filter;
        gateway::RepricedTotal total;
        gateway::WallTime at {};
    };

    void setUpTop(QVBoxLayout *column);
    void setUpTiles(QVBoxLayout *column);
    void setUpCharts(QVBoxLayout *column);
    void setUpTotals(QVBoxLayout *column);
    void setUpStates(QVBoxLayout *column);
    void setUpSql();
    void setUpUnusual(QVBoxLayout *column);
    void setUpSavings();
    void setUpRepricing(QVBoxLayout *column);
    void setUpQuestions();
    Section section(const QString &name, const QString &title, QWidget *content);
    void savePicture(const QString &name, const std::function<QImage()> &picture);
    void saveText(const QString &name, const std::function<QByteArray()> &text);

    [[nodiscard]] bool has(Shape shape) const;      ///< that gateway tells it
    [[nodiscard]] QList<Shape> shapes() const;      ///< as the window's control has them
    void showPage();
    [[nodiscard]] Asked question() const; ///< as the controls and the window's range have it now
    void ask();
    void askSoon();
    void askMonth();
    void askUnusual();
    void markUnusual();
    void askSavings();
    void openRepricing(const QString &term);
    void askRepriced(bool anew);
    void showRepriced();
    void cancel();
    void showWaiting();
    void take(const gateway::Costs &costs);
    void takeMonth(const gateway::Costs &days, gateway::WallTime now);
    void showError(const gateway::Error &error);
    void setFailed(bool failed);
    void showTiles();
    void showMonth();
    void showSentence();
    void showCharts();
    void showTotals();
    void showEmptiness();
    void fitColumns();
    void showDates(CostControls::Dates dates);
    void setPeriod(const Period &period);
    void openCalls(const QString &term);
    void openBar(int bar, const QString &seriesId, bool all);
    void openGroup(int group, std::optional<int> part);
    void openRow(int row);
    void openBill();
    void openReport();
    void openBetween(gateway::WallTime from, gateway::WallTime to, const QString &term);
    [[nodiscard]] QTimeZone zone() const;
    [[nodiscard]] bool moves() const; ///< calls that come now belong to what is shown

    gateway::api::CostTools &m_tools;
    CostControls *m_controls;
    CostBars *m_bars;
    TreemapView *m_treemap;
    TotalsModel *m_totals;
    widgets::TableView *m_table;
    widgets::ChartLegend *m_legend;
    Section m_chartSection, m_treemapSection, m_totalsSection;
    struct Tiles
    {
        widgets::StatTile *total, *month, *call, *tokens, *customer;
    };
    Tiles m_tiles {};
    widgets::SectionBanner *m_banner, *m_working, *m_sentence, *m_nothing;
    widgets::SectionBanner *m_repriced = nullptr; ///< null: that gateway prices nothing again
    RepricedShown m_repricedShown;
    QWidget *m_unpriced = nullptr; ///< shows the calls without a price
    QStackedLayout *m_stack;
    QWidget *m_charts = nullptr; ///< bars and areas
    SqlView *m_sql = nullptr;    ///< null: that gateway has no SQL
    UnusualCard *m_unusual = nullptr;   ///< null: that gateway tells none, as the next
    SavingsView *m_savings = nullptr;
    QWidget *m_chartsPage = nullptr, *m_emptyPage = nullptr;
    QPointer<widgets::SegmentedControl> m_shapes; ///< the window's, from the first look on
    Shape m_shape = Shape::Chart;
    QTimer *m_pace, *m_slow;
    QObject *m_monthAsker;     ///< so that its question does not take the place of the other

    GroupColors m_colors;
    Asked m_asking, m_asked;   ///< of the question that is out; of what is shown
    gateway::Costs m_costs;
    std::optional<MonthForecast> m_forecast;
    gateway::Money m_monthSoFar;
    bool m_monthKnown = false;
    gateway::WallTime m_monthAt {};
    gateway::CallFilter m_monthFilter;
    quint64 m_generation = 0;  ///< an answer to an old question is dropped
    bool m_waiting = false, m_askAgain = false, m_shownOnce = false, m_failed = false, m_leaving = false;
    bool m_never = false;      ///< there was never a call
    gateway::WallTime m_lastGood {};
    std::optional<bridge::RangeChoice> m_lent; ///< a bar's, which the calls behind it are shown in;
    bridge::RangeChoice m_own;                 ///< and the one that it stands for
};

} // namespace ui::costs
