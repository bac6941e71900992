// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_replay.h"
#include "gateway/api/prompt_runner.h"
#include "gateway/core/clock.h"

#include <QNetworkAccessManager>
#include <QObject>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

class QNetworkReply;

namespace gateway::api {

/// Sends a logged call again through the gateway's own listener. Control thread; deletes itself once it is done.
class AgainCall final : public QObject
{
    Q_OBJECT
public:
    using Cancelled = std::shared_ptr<const std::atomic<bool>>;

    struct Sinks
    {
        std::function<void(std::string bytes)> bytes;
        std::function<void(Result<ReplayOutcome>)> done; ///< not called where it was cancelled
    };

    AgainCall(const OwnListener &listener, const CallAgain &call, Cancelled cancelled, Sinks sinks, QObject *parent);

private:
    void readMore();
    void finish();

    QNetworkAccessManager m_network;
    QNetworkReply *m_reply = nullptr;
    SteadyTime m_began;
    std::size_t m_came = 0;
    bool m_tooLarge = false;
    Cancelled m_cancelled;
    Sinks m_sinks;
};

} // namespace gateway::api
