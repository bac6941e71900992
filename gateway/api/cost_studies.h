// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/cost_anomalies.h"
#include "gateway/core/cost_savings.h"

#include <QObject>

namespace gateway::api {

using gateway::AnomalyQuery;
using gateway::CostAnomaly;
using gateway::Savings;
using gateway::SavingsQuery;

/// What costs tell beside their sums: days that were not as usual, and what calls did not cost. A part of the facade, and a child
/// object of the gateway that it belongs to. Answers as all of the facade does: on the gateway's thread, with a context.
class CostStudies : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// null: that gateway has none
    static CostStudies *of(const Gateway &gateway) { return gateway.findChild<CostStudies *>(QString(), Qt::FindDirectChildrenOnly); }

    /// Of one context only the newest question of each kind is answered. Errors: those of the log; BadRequest for a field that it
    /// does not know, for borders that do not rise, or for more groups than can be looked at.
    /// Days are those of gateway.time_zone.
    virtual void anomalies(AnomalyQuery query, QObject *context, Answer<std::vector<CostAnomaly>> done) = 0;
    /// By the prices and plans of now. Reads every call of the time.
    virtual void savings(SavingsQuery query, QObject *context, Answer<Savings> done) = 0;
    /// Ends what is being asked of savings with that context: it is answered with Cancelled, or without a word.
    virtual void cancel(QObject *context) = 0;
};

} // namespace gateway::api
