// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/cache_figures.h"
#include "ui/panes/pane.h"

namespace ui::cache {
class SavingsReader;
}

namespace ui::widgets {
class StatTile;
}

namespace ui::overview {

/// The tile of what the cache did in the range: how many calls it answered, and what that saved. Not there while no route keeps
/// answers. The range counts for it, the filter does not: savings are counted of all calls.
class CacheTile final : public QObject
{
    Q_OBJECT
public:
    CacheTile(const panes::PaneContext &context, QObject *parent);

    [[nodiscard]] widgets::StatTile *tile() const { return m_tile; } ///< whoever lays it out owns it
    void ask(std::int64_t bucketSeconds);

private:
    [[nodiscard]] bool caches() const;
    void askBefore();
    void show();

    panes::PaneContext m_context;
    cache::SavingsReader *m_reader = nullptr; ///< null: this gateway has no cache
    widgets::StatTile *m_tile;
    std::optional<cache::Counts> m_before;    ///< of the period before
};

} // namespace ui::overview
