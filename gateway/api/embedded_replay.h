// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_replay.h"
#include "gateway/api/prompt_runner.h"
#include "gateway/api/query_service.h"

namespace gateway::api {

class ControlThread;

/// The replays of a gateway in this process. On the gateway's thread.
class EmbeddedReplay final : public CallReplay
{
    Q_OBJECT
public:
    struct Needs
    {
        ControlThread &control;
        const Deliverer deliverer;
        QueryService &queries;                         ///< all of these outlive it
        std::function<Result<OwnListener>()> listener; ///< Io where it is not up
        std::function<QObject *()> jobs;               ///< control thread: owns what runs there; null: it ends
    };
    EmbeddedReplay(Needs needs, Gateway *gateway) : CallReplay(gateway), m_needs(std::move(needs)) {}

    void replay(ReplayOrder order, QObject *context, std::function<void(std::string)> onBytes, Answer<ReplayOutcome> done) override;

private:
    const Needs m_needs;
};

} // namespace gateway::api
