// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/replay.h"

#include <QList>
#include <QString>

/// How a replay's report is put for people. Pure.
namespace ui::routes {

/// A figure before and after.
struct ReplayFigure
{
    enum class Change { None, Better, Worse };
    QString name, note;      ///< the note: what it is of
    QString was, expected;
    QString interval;        ///< "94 – 96 %": in 95 of 100 cases
    QString difference;      ///< "+0.4 %"; empty: nothing to speak of
    Change change = Change::None; ///< only where the interval leaves no doubt of it
};
/// Success, cost, p95 and mean time of the calls that can be compared; none where no call can.
QList<ReplayFigure> figuresOf(const gateway::ReplayReport &report);

/// A number of calls and what became of them: "rerouted: another target is asked first".
struct ReplayCount
{
    QString name, meaning;
    std::uint64_t calls = 0;
};
/// Those that are not zero, those that matter first.
QList<ReplayCount> countsOf(const gateway::ReplayReport &report);

/// "claude claude-sonnet-4", "not sent: no target takes it": whom it would be sent to first.
QString fateOf(const gateway::ReplayedCall &call);
/// What it would cost; one that is not sent costs nothing.
QString expectedCostOf(const gateway::ReplayedCall &call);

} // namespace ui::routes
