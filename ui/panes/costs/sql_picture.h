// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/sql_result.h"
#include "ui/panes/costs/cost_bars.h"

#include <QList>
#include <QString>

#include <variant>

/// From a query's rows to a chart. Pure.
namespace ui::costs {

/// What a chart can show of a result.
struct SqlPicture
{
    QString title;                   ///< "usd by day and team"
    QString note;                    ///< what is left out; empty: nothing
    CostBars::Picture bars;          ///< of few places along the axis; else empty, and `lines` has it
    widgets::ChartData lines;        ///< times at equal steps
    [[nodiscard]] bool isLines() const { return lines.bins > 0; }
};

/// Columns that can be drawn: of numbers, other than the axis.
QList<int> sqlMeasures(const gateway::SqlResult &result);

/// The first column of text, else of times in microseconds, else the first of all, is the axis. A second one of text makes the
/// series where the axis' values repeat: the eight largest, and the others as one. More than 60 times at equal steps are lines; of
/// other values the first 60 are shown.
/// @param measure  one of sqlMeasures()
/// @return a picture, or why there is none
std::variant<SqlPicture, QString> sqlPicture(const gateway::SqlResult &result, int measure);

} // namespace ui::costs
