// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/costs.h"
#include "ui/panes/costs/cost_bars.h"
#include "ui/panes/costs/cost_periods.h"
#include "ui/panes/costs/cost_words.h"
#include "ui/panes/costs/month_forecast.h"
#include "ui/panes/costs/treemap_view.h"

#include <QByteArray>

#include <map>
#include <string>

/// From the facade's figures to what the charts show. Pure, but for colours, which stay with whoever got them.
namespace ui::costs {

/// Which series colour (0 to 7) a group has, as long as the window lives: a team its own of everywhere, others the first
/// that is free among those that are shown.
class GroupColors
{
public:
    /// Colours of the groups that have bars of their own; all others are grey.
    void assign(const gateway::config::Config &config, CostField field, const gateway::Costs &costs);
    [[nodiscard]] int of(CostField field, const CostGroup &group) const; ///< -1: the grey of "other"

private:
    std::map<std::pair<CostField, std::string>, int> m_colors;
    std::map<std::pair<CostField, std::string>, int> m_shown;
};

/// What was asked, beside the answer.
struct Asked
{
    CostField by = CostField::Team;
    std::optional<CostField> then {};
    CostMeasure measure = CostMeasure::Cost;
    bool compare = true;
    Shown shown;
    QTimeZone zone = QTimeZone::utc();
};

inline constexpr char otherId[] = "*";  ///< of the series of groups without bars of their own
inline constexpr char goneId[] = "gone*"; ///< of calls that are no longer in the log; no group's, as the next
inline constexpr char noneId[] = "none*";
inline constexpr char beforeId[] = "before*"; ///< the time before, in the legend alone

/// Of a group with bars of its own: "=search".
QString seriesId(const CostGroup &group);

CostBars::Picture barsOf(const gateway::Costs &costs, const Asked &asked, const GroupColors &colors, const std::optional<MonthForecast> &forecast, gateway::WallTime now);
/// A line a bar, with its start in UTC.
QByteArray barsCsv(const CostBars::Picture &picture, const Asked &asked);
/// Ids are places in costs.groups and in their parts; small ones are left out.
QList<TreemapView::Group> treemapOf(const gateway::Costs &costs, const Asked &asked, const GroupColors &colors);

} // namespace ui::costs
