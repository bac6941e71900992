// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/repricing.h"

#include <QObject>

namespace gateway::api {

using gateway::RepricedCall;
using gateway::RepricedTotal;
using gateway::RepricePreview;
using gateway::RepriceQuery;
using gateway::RepriceRun;

/// Calls of the past by the prices of now: a second figure beside what was logged, which never changes, and neither do budgets and
/// spend. A part of the facade, and a child object of the gateway that it belongs to. Answers as all of the facade does: on the
/// gateway's thread, with a context.
class RepriceTools : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// null: that gateway has none
    static RepriceTools *of(const Gateway &gateway) { return gateway.findChild<RepriceTools *>(QString(), Qt::FindDirectChildrenOnly); }

    /// What one would change; nothing is. Looks at every call of the query: of one context only the newest question is answered.
    virtual void preview(RepriceQuery query, QObject *context, Answer<RepricePreview> done) = 0;
    /// Ends the preview of that context: it is answered with Cancelled, or not any more.
    virtual void cancelPreview(const QObject *context) = 0;
    /// Begins one, by the configuration and the catalogue of now; runs() tells how far it is. @return its number
    /// Errors: Conflict while another one runs.
    virtual void start(RepriceQuery query, EditNote by, QObject *context, Answer<std::int64_t> done) = 0;
    /// Those that are there, the latest first; one that changed nothing is not.
    virtual void runs(QObject *context, Answer<std::vector<RepriceRun>> done) = 0;
    /// Takes a run's figures away; stops it where it runs. Errors: NotFound; Conflict where a later one stands on it.
    virtual void drop(std::int64_t run, QObject *context, Answer<bool> done) = 0;
    /// What re-pricings made of calls of the query. Of one context only the newest question is answered.
    virtual void total(RepriceQuery query, QObject *context, Answer<RepricedTotal> done) = 0;
    /// The second figure of a call by its id; nullopt: it has none.
    virtual void ofCall(std::string id, QObject *context, Answer<std::optional<RepricedCall>> done) = 0;
};

} // namespace gateway::api
