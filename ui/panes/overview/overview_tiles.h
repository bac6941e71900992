// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"
#include "ui/widgets/stat_tile.h"

namespace ui::overview {

class CacheTile;
class TileRows;

/// The figures at the top, each with its change against the period before: a click shows the calls behind one.
class OverviewTiles final : public QObject
{
    Q_OBJECT
public:
    OverviewTiles(const panes::PaneContext &context, QObject *parent);

    void layInto(TileRows *rows);                              ///< whoever has that owns them
    void ask(const gateway::api::SeriesQuery &query);          ///< what the series do not tell
    void show(const gateway::api::Series &whole, const gateway::api::SeriesQuery &query);
    void showNow(gateway::Money costToday);
    void showWaiting();
    void showStale();
    [[nodiscard]] bool caches() const;                         ///< whether some route keeps answers

private:
    widgets::StatTile *make(const char *name, const QString &label, widgets::StatTile::Better better, int series, const std::function<QString()> &term);
    void showHistories(const gateway::api::Series &whole, std::int64_t bucket);
    void showCostToday(const gateway::api::Series &whole);

    panes::PaneContext m_context;
    struct
    {
        widgets::StatTile *calls, *errors, *latency, *firstToken, *cost, *rescued;
    } m_tiles {};
    QList<widgets::StatTile *> m_all;
    CacheTile *m_cache;
    std::int64_t m_latencyP95 = 0, m_firstTokenP95 = 0;
};

} // namespace ui::overview
