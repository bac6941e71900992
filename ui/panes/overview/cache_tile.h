// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/overview/overview_figures.h"
#include "ui/panes/pane.h"

namespace ui::cache {
class SavingsReader;
}

namespace ui::widgets {
class StatTile;
}

namespace ui::overview {

/// The tile of what the cache did in the range: of the calls that looked for a kept answer how many got one, under the range and the
/// filter as all tiles. What that saved stands beside it where nothing is filtered: savings are counted of all calls. Not there while
/// no route keeps answers.
class CacheTile final : public QObject
{
    Q_OBJECT
public:
    CacheTile(const panes::PaneContext &context, QObject *parent);

    [[nodiscard]] widgets::StatTile *tile() const { return m_tile; } ///< whoever lays it out owns it
    [[nodiscard]] bool caches() const;
    void ask(const gateway::api::SeriesQuery &query); ///< the period before, and the savings
    void show(const gateway::api::Series &whole, const gateway::api::SeriesQuery &query);
    void showStale();

private:
    void askBefore(const gateway::api::SeriesQuery &query);
    void showTexts();

    panes::PaneContext m_context;
    cache::SavingsReader *m_reader = nullptr; ///< null: this gateway has no cache
    widgets::StatTile *m_tile;
    std::optional<CacheCounts> m_now, m_before;
    bool m_filtered = false;
    std::string m_askedBefore;                ///< range and filter of what m_before is
    gateway::WallTime m_askedBeforeAt {};
};

} // namespace ui::overview
