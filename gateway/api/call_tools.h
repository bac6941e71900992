// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/call_facets.h"
#include "gateway/core/call_tree.h"
#include "gateway/core/error_cause.h"

#include <QObject>

namespace gateway::api {

using gateway::Bond;
using gateway::Bonds;
using gateway::BondsQuery;
using gateway::CallFacets;
using gateway::CallTree;
using gateway::CauseQuery;
using gateway::ErrorCauses;
using gateway::FacetQuery;
using gateway::TreeQuery;

/// What calls of the log have in common, as the window sees it: a part of the facade, and a child object of the gateway that it
/// belongs to. Answers as all of the facade does: on the gateway's thread, with a context. Of one context and each kind only the
/// newest question is answered. Errors: those of the log.
class CallTools : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// null: that gateway has none
    static CallTools *of(const Gateway &gateway) { return gateway.findChild<CallTools *>(QString(), Qt::FindDirectChildrenOnly); }

    /// Values of fields with their counts.
    virtual void facets(FacetQuery query, QObject *context, Answer<CallFacets> done) = 0;
    /// Calls that were not well, by cause.
    virtual void causes(CauseQuery query, QObject *context, Answer<ErrorCauses> done) = 0;
    /// The calls of a session or trace. BadRequest: an id that is none; NotFound: the log has none of its calls (any more).
    virtual void tree(TreeQuery query, QObject *context, Answer<CallTree> done) = 0;
    /// Sessions or traces of the newest calls.
    virtual void bonds(BondsQuery query, QObject *context, Answer<Bonds> done) = 0;
    /// Ends what is being asked with that context: it is answered with Cancelled, or without a word.
    virtual void cancel(QObject *context) = 0;
};

} // namespace gateway::api
