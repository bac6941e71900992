// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/costs.h"
#include "gateway/core/reconciliation.h"

#include <QObject>

namespace gateway::api {

using gateway::CostField;
using gateway::CostFigures;
using gateway::CostMeasure;
using gateway::CostQuery;
using gateway::Costs;

/// Providers' bills, to be held beside the log.
struct BillQuery
{
    std::vector<std::string> exports;        ///< the files' texts: usage, costs, or both, of one vendor (billing/bill.h)
    std::vector<std::string> providers {};   ///< whose calls are on that bill, by name; empty: all providers of the vendor's kinds
    billing::Tolerance tolerance {};
};

/// What calls cost, as the window sees it: a part of the facade, and a child object of the gateway that it belongs to.
/// Answers as all of the facade does: on the gateway's thread, with a context.
class CostTools : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// null: that gateway has none
    static CostTools *of(const Gateway &gateway) { return gateway.findChild<CostTools *>(QString(), Qt::FindDirectChildrenOnly); }

    /// Of one context only the newest question is answered. Errors: those of the log; BadRequest for borders that do not
    /// rise, or for more groups than can be added up.
    virtual void costs(CostQuery query, QObject *context, Answer<Costs> done) = 0;
    /// Errors: BadRequest where the exports are no bill (with the place in `where`), or where no provider is on it; those of the log.
    virtual void reconcile(BillQuery query, QObject *context, Answer<billing::Reconciliation> done) = 0;
    /// Ends what is being asked with that context: it is answered with Cancelled, or without a word.
    virtual void cancel(QObject *context) = 0;
};

} // namespace gateway::api
