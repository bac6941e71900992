// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/mark_change.h"

#include <QObject>

#include <cstddef>
#include <vector>

namespace gateway::api {

using gateway::CallMark;
using gateway::MarkChange;

/// Colours and comments of logged calls (CallRow::mark, CallDetail::mark), as the window sees them: a part of the facade, and a
/// child object of the gateway that it belongs to. Marks go with their calls. Answers come on the gateway's thread, with a context.
class MarkTools : public QObject
{
    Q_OBJECT
public:
    static constexpr std::size_t mostAtOnce = 5'000;

    using QObject::QObject;
    /// null: that gateway has none
    static MarkTools *of(const Gateway &gateway) { return gateway.findChild<MarkTools *>(QString(), Qt::FindDirectChildrenOnly); }

    /// All or none; calls that the log does not have (any more) are passed over. Changed even if the context goes.
    /// @param done  gets the marks of before, whole: set again, they undo this
    /// Errors: NotFound where the log has none of the calls; BadRequest for a colour that is none, a comment that is too long
    /// (mark_colour.h), no calls or more than mostAtOnce; Busy; those of a store that is not well.
    virtual void mark(std::vector<MarkChange> changes, QObject *context, Answer<std::vector<MarkChange>> done) = 0;

Q_SIGNALS:
    /// Whoever changed them; of each call what changed.
    void marked(const std::vector<gateway::MarkChange> &changes);
};

} // namespace gateway::api
