// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cost_anomalies.h"

#include <QString>
#include <QTimeZone>

/// Unusual days in words. Pure.
namespace ui::costs {

/// "search spent $312.00 on Tue 17 Nov, 3.1 times its usual $100.00"
QString unusualText(const gateway::CostAnomaly &anomaly, const QTimeZone &zone);
/// "88 % of the excess came from key batch-7 on claude-opus-4; 61 % from customer acme"; empty: nothing explains it
QString causeText(const gateway::CostAnomaly &anomaly);

} // namespace ui::costs
