// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_tools.h"
#include "ui/panes/calls/empty_list.h"
#include "ui/panes/calls/histogram_view.h"
#include "ui/panes/pane.h"

class QHBoxLayout;
class QSplitter;
class QStackedLayout;
class QTimer;

namespace ui::widgets {
class Button;
class EmptyState;
class SectionBanner;
class SegmentedControl;
class SelectionBar;
class SkeletonView;
}

namespace ui::calls {

class BondsView;
class CallActions;
class CallExport;
class CallFigures;
class CallInspector;
class CallListModel;
class CallTable;
class CausesView;
class CountsBar;
class ExportStrip;
class FacetStrip;

/// The call log: live list, filter, time brush, inspector, export. The range and the filter are the window's; the brush
/// is the pane's own.
class CallsPane final : public panes::Pane
{
    Q_OBJECT
public:
    /// What stands below the histogram.
    enum class Shape { Calls, Causes, Bonds };

    explicit CallsPane(const panes::PaneContext &context);
    ~CallsPane() override;

    [[nodiscard]] QString title() const override { return tr("Calls"); }
    [[nodiscard]] Bar bar() const override { return Bar::Filter; }
    [[nodiscard]] QString filterHint() const override;
    QList<QWidget *> barWidgets() override;
    [[nodiscard]] bool tellsLogTrouble() const override { return m_failed; }
    [[nodiscard]] QList<panes::PaletteEntry> paletteEntries() override;
    void openItem(const QString &item) override;
    [[nodiscard]] QWidget *focusTarget() const override;

    [[nodiscard]] CallTable *table() const { return m_table; }
    [[nodiscard]] CallInspector *inspector() const { return m_inspector; }
    [[nodiscard]] const std::optional<HistogramView::Span> &brush() const { return m_brush; }
    void setBrush(const std::optional<HistogramView::Span> &brush);
    [[nodiscard]] Shape shape() const;
    void setShape(Shape shape); ///< nothing where the gateway has no tools for it

protected:
    void activated() override;
    void deactivated() override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeUpper();
    void fillViewBar(QHBoxLayout *bar);
    void showShape(Shape shape); ///< and the pane
    void showOnly(const QString &term, bool exclude);
    void inspectId(const QString &id);
    void openInspector();
    void showFacets();
    void askFacets();
    void askShape();
    void cancelViews();
    void setUpTop(class QVBoxLayout *column);
    void setUpList(class QVBoxLayout *column, QWidget *upper);
    void setUpLive();
    void reload();
    void reloadOrRemember();
    void askFigures();
    [[nodiscard]] gateway::TimeRange listRange() const;
    void uncover();
    void showAnswered();
    void showFailed(const QString &problem);
    void showCame(int above);
    void showCounts();
    void showState();
    void leaveEmpty(EmptyWay way);
    void showSelection();
    void inspect(int row);
    void closeInspector();
    void shareHeight();
    void exportCalls(bool jsonLines, const QStringList &only = {});
    [[nodiscard]] QString rangeWords() const;

    CallListModel *m_model;
    CallFigures *m_figures;
    CallExport *m_export;
    CountsBar *m_counts;
    widgets::SelectionBar *m_selection;
    HistogramView *m_histogram;
    widgets::SectionBanner *m_banner;
    QWidget *m_bannerSpace = nullptr;
    ExportStrip *m_strip;
    CallTable *m_table;
    widgets::EmptyState *m_empty = nullptr;
    EmptyList m_emptyList;
    QWidget *m_listArea;
    QStackedLayout *m_list;
    widgets::SkeletonView *m_skeleton;
    QSplitter *m_splitter;
    CallInspector *m_inspector;
    gateway::api::CallTools *m_tools = nullptr; ///< null: this gateway has none, and the pane none of the next ones
    QStackedLayout *m_views = nullptr;
    FacetStrip *m_facets = nullptr;
    CausesView *m_causes = nullptr;
    BondsView *m_bonds = nullptr;
    widgets::SegmentedControl *m_shapes = nullptr;
    widgets::Button *m_facetsButton = nullptr;
    QTimer *m_facetsPace = nullptr;
    std::optional<bool> m_facetsWanted;         ///< nullopt: nobody has said
    CallActions *m_actions = nullptr;
    QTimer *m_poll;
    QTimer *m_figuresPace;
    QTimer *m_cover;
    std::optional<HistogramView::Span> m_brush;
    QString m_inspected;
    int m_new = 0;
    bool m_asked = false;
    bool m_stale = false;
    bool m_failed = false;
    bool m_toldTrouble = false;
    bool m_goTop = false;
    bool m_cancelled = false;
    gateway::WallTime m_lastGood {};
};

} // namespace ui::calls
