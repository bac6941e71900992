// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/call_again.h"

#include <QObject>

#include <string>

namespace gateway::api {

using gateway::callAgain;
using gateway::isScrubbed;

/// A logged call that is sent again.
struct ReplayOrder
{
    std::string callId;
    std::string model {};          ///< a route, or a model that one allows, in place of what was asked; empty: the same
};

/// What came of it. Its figures are in the log, under its id.
struct ReplayOutcome
{
    std::string callId;            ///< in the log: marked as a test, with the tag "replay"; empty: the gateway did not take it
    int httpStatus = 0;
    std::int64_t latencyUs = 0;    ///< from sending to the answer's end
};

/// Sends logged calls again, through the gateway's own listener: a part of the facade, and a child object of the gateway that it
/// belongs to. They are real calls and cost what such calls cost; they have neither the key nor the customer, session and metadata
/// of the original, and no kept answer is given to them. Answers come on the gateway's thread, with a context.
class CallReplay : public QObject
{
    Q_OBJECT
public:
    static constexpr const char *tag = "replay";

    using QObject::QObject;
    /// null: that gateway has none
    static CallReplay *of(const Gateway &gateway) { return gateway.findChild<CallReplay *>(QString(), Qt::FindDirectChildrenOnly); }

    /// Ends with the context.
    /// @param onBytes  of the answer's body as they come, in the caller's format: as the log keeps them
    /// Errors: NotFound; Invalid where it cannot be sent again (callAgain()); Io where the listener is not up, or its answer broke
    /// off; AnswerTooLarge. An error of the call itself is an answer like others.
    virtual void replay(ReplayOrder order, QObject *context, std::function<void(std::string bytes)> onBytes, Answer<ReplayOutcome> done) = 0;
};

} // namespace gateway::api
