// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/reconciliation.h"
#include "ui/widgets/icons.h"

#include <QDate>
#include <QString>

/// A bill beside the log, in words. Pure.
namespace ui::costs {

using gateway::billing::Cause;

QString causeWords(Cause cause);              ///< "not in the log"
widgets::Icon causeIcon(Cause cause);         ///< each its own shape
widgets::Role causeRole(Cause cause);
int causeSeries(Cause cause);                 ///< its colour in a picture, as ChartSeries::color

QDate dateOf(std::chrono::sys_days day);
/// "+$0.42", "−$3.10", "$0": what the bill is above the log.
QString driftText(gateway::Money drift);
QString driftText(const std::optional<gateway::Money> &drift);
/// "1,010 in, 505 out"; "—" where neither is known.
QString tokensText(const gateway::billing::Figures &figures);
/// "OpenAI's bill says $1,318.90 from 1 to 17 Nov, the log $1,312.44 (0.5 % less)."
QString billSentence(const gateway::billing::Reconciliation &all);

} // namespace ui::costs
