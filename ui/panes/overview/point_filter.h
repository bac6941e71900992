// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/overview/series_table.h"

#include <QString>

namespace ui::overview {

/// The id of the part of the costs that no team has.
inline const QString unattributedId = QStringLiteral("(unattributed)");

/// The call log's filter for what a point of a chart counts; the range comes beside it. Pure.
/// @param seriesId  the part that was pointed at; empty: all of them
/// @return empty: all calls
QString pointFilter(Figures chart, const QString &seriesId);

} // namespace ui::overview
