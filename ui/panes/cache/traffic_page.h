// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/cache_figures.h"
#include "ui/panes/pane.h"

#include <QTimer>

namespace ui::widgets {
class ChartCard;
class ChartLink;
class SectionBanner;
class StatTile;
}

namespace ui::cache {

class SavingsReader;
class SavingsTable;

/// What the cache did in the range: hit rate, what it saved, and for whom. Asks only while it is seen.
class TrafficPage final : public QWidget
{
    Q_OBJECT
public:
    TrafficPage(const panes::PaneContext &context, SavingsReader &reader, QWidget *parent = nullptr);

    void setSeen(bool seen);
    void ask();                                    ///< now

Q_SIGNALS:
    void limitsWanted();                           ///< the tile of the size was clicked

private:
    QLayout *makeTiles();
    void connectParts();
    void show();
    void showTiles(const Counts &counts);
    void showFill();
    void showState(bool failed);
    [[nodiscard]] std::int64_t rangeSeconds() const;

    panes::PaneContext m_context;
    SavingsReader &m_reader;
    widgets::SectionBanner *m_banner, *m_store;
    widgets::StatTile *m_hitRate, *m_saved, *m_time, *m_size;
    widgets::ChartLink *m_link;
    widgets::ChartCard *m_chart;
    SavingsTable *m_teams, *m_routes;
    QTimer m_pace, m_fill;
    bool m_seen = false;
};

} // namespace ui::cache
