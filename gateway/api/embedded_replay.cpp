// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_replay.h"

#include "gateway/api/again_call.h"
#include "gateway/api/control_thread.h"

#include <atomic>
#include <memory>
#include <utility>

namespace gateway::api {

void EmbeddedReplay::replay(ReplayOrder order, QObject *context, std::function<void(std::string)> onBytes, Answer<ReplayOutcome> done)
{
    const auto deliver = m_needs.deliverer.to<Result<ReplayOutcome>>(context, std::move(done));
    const auto tell = m_needs.deliverer.to<std::string>(context, onBytes ? std::move(onBytes) : std::function<void(std::string)>([](const std::string &) {}));
    auto cancelled = std::make_shared<std::atomic<bool>>(false);
    connect(context, &QObject::destroyed, [cancelled] { *cancelled = true; });
    auto question = [order = std::move(order)](storage::CallLogReader &log) -> Result<CallAgain> {
        const auto detail = log.call(order.callId);
        return detail ? callAgain(*detail, order.model) : std::unexpected(detail.error());
    };
    m_needs.queries.ask<CallAgain>(QueryService::Length::Short, {}, context, std::move(question), [this, deliver, tell, cancelled](Result<CallAgain> call) {
        const auto listener = call ? m_needs.listener() : std::unexpected(call.error());
        if (!listener)
            return deliver(std::unexpected(listener.error()));
        m_needs.control.post([jobs = m_needs.jobs, listener = *listener, call = std::move(*call), deliver, tell, cancelled] {
            if (QObject *parent = jobs())
                new AgainCall(listener, call, cancelled, {.bytes = tell, .done = deliver}, parent);
            else
                deliver(fail(ErrorCode::Io, "The gateway is ending."));
        });
    });
}

} // namespace gateway::api
