// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_query.h"

#include <QByteArray>
#include <QFlags>

/// The charts' figures as a table for a spreadsheet. Pure.
namespace ui::overview {

/// Groups of columns, one for each chart.
enum class Figures { Latency = 1, Errors = 2, Cost = 4, FirstToken = 8, Tokens = 16, Cache = 32, All = 63 };
Q_DECLARE_FLAGS(FigureSet, Figures)
Q_DECLARE_OPERATORS_FOR_FLAGS(FigureSet)

/// CSV, a line for each bin, by its start in UTC. Sums, not rates: the columns' totals are those of the range. Cost in dollars to
/// the nano-dollar, latencies in milliseconds; what is not known is empty.
QByteArray seriesCsv(const gateway::api::Series &series, FigureSet figures);

} // namespace ui::overview
