// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/costs.h"

#include <QString>

#include <optional>

/// Costs in words. Pure.
namespace ui::costs {

using gateway::CostField;
using gateway::CostFigures;
using gateway::CostGroup;
using gateway::CostMeasure;

QString fieldWord(CostField field);            ///< "team", in the list of choices and within sentences
QString fieldTitle(CostField field);           ///< "Team", over a column
QString fieldsWord(CostField field);           ///< "Teams", before their sum
QString measureWord(CostMeasure measure);      ///< "cost"
QString measureTitle(CostMeasure measure);     ///< "Cost"
QString measureUnit(CostMeasure measure);      ///< "USD", "calls", "tokens"

/// "search", "unattributed", "no model", "no longer in the log".
QString nameOf(const CostGroup &group, CostField field);
/// "$12.40", "1,204"
QString valueText(const CostFigures &figures, CostMeasure measure);
QString valueText(double value, CostMeasure measure); ///< of dollars, calls or tokens
/// The same, short: "$1,500", "$0.25", "1.5M". Along an axis.
QString axisValueText(double value, CostMeasure measure);
/// Dollars, calls or tokens.
double valueOf(const CostFigures &figures, CostMeasure measure);

/// What an answered call of a known price cost on average; nullopt: there is none.
std::optional<gateway::Money> perCall(const CostFigures &figures);
std::optional<gateway::Money> perThousandTokens(const CostFigures &figures);

/// The call log's filter for a group's calls; nullopt: none finds them.
std::optional<QString> filterOf(const CostGroup &group, CostField field);

} // namespace ui::costs
