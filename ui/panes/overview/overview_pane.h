// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"
#include "ui/widgets/charts/chart_link.h"

class QStackedLayout;
class QTimer;

namespace ui::widgets {
class ChartCard;
class SectionBanner;
class StatTile;
}

namespace ui::overview {

class CacheTile;
class ProvidersCard;

/// "Is it healthy, what does it cost?" Six tiles, and one of the cache where there is one, with the change against the period before, latency, errors by class,
/// cost per team, and the providers' strips. Figures of the log are asked for at most once a second and only while the
/// pane is seen; what the workers know of now, four times.
class OverviewPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit OverviewPane(const panes::PaneContext &context);

    [[nodiscard]] QString title() const override { return tr("Overview"); }
    [[nodiscard]] Bar bar() const override { return Bar::Filter; }
    [[nodiscard]] QString filterHint() const override { return tr("Filter every chart, for example `team:search route:smart`"); }
    [[nodiscard]] QList<panes::PaletteEntry> paletteEntries() override;
    [[nodiscard]] bool tellsLogTrouble() const override { return m_failed; }

protected:
    void activated() override;
    void deactivated() override;

private:
    void setUpTiles();
    void setUpCharts();
    void setUpStates();
    void ask();                ///< the figures of the range, now
    void askSoon();            ///< the same, not more often than the range deserves
    void askStrips();
    void askMarkers();
    void take(gateway::api::Series series);
    void showTiles(const gateway::api::Series &series);
    void showCharts(const gateway::api::Series &series);
    void showError(const gateway::Error &error);
    void setFailed(bool failed);
    void cancel();
    void showNow();
    void showEmptiness(const gateway::api::Series &series);
    [[nodiscard]] QString withFilter(const QString &term) const;
    [[nodiscard]] gateway::api::SeriesQuery query() const;

    struct Tiles
    {
        widgets::StatTile *calls, *errors, *latency, *firstToken, *cost, *rescued;
    };
    Tiles m_tiles {};
    CacheTile *m_cache = nullptr;
    widgets::ChartLink *m_link;
    widgets::ChartCard *m_latency;
    widgets::ChartCard *m_errors;
    widgets::ChartCard *m_cost;
    ProvidersCard *m_providers;
    widgets::SectionBanner *m_banner;
    widgets::SectionBanner *m_nothing;
    QWidget *m_page;
    QStackedLayout *m_stack;
    QTimer *m_now;             ///< 4 Hz, from memory
    QTimer *m_pace;            ///< until the next question to the log
    bool m_asking = false;
    bool m_askAgain = false;
    bool m_shownOnce = false;
    bool m_failed = false;
    quint64 m_generation = 0;  ///< an answer to an old question is dropped
    gateway::WallTime m_lastGood {};
    gateway::WallTime m_stripsAt {};
    std::int64_t m_latencyP95 = 0, m_firstTokenP95 = 0;
    bridge::RangeChoice m_movingRange;
};

} // namespace ui::overview
