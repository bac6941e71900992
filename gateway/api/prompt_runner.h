// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/prompt_tools.h"
#include "gateway/core/clock.h"
#include "gateway/wire/sse_parser.h"

#include <QNetworkAccessManager>
#include <QObject>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QNetworkReply;

namespace gateway::api {

/// Where a process's own calls go.
struct OwnListener
{
    std::string origin;
    std::string testToken;
};

/// One streamed chat call through the gateway's own listener. Control thread; deletes itself once it is done.
class PromptCall final : public QObject
{
    Q_OBJECT
public:
    /// @param body  with `stream`
    PromptCall(QNetworkAccessManager &network, const OwnListener &listener, std::string route, const std::string &body, QObject *parent);
    /// @param onText  as it comes; false: nobody wants more
    void start(std::function<bool(const std::string &)> onText, std::function<void(PromptAnswer)> done);

private:
    void readMore();
    void take(std::string_view event);
    void finish();

    QNetworkReply *m_reply;
    SteadyTime m_began;
    wire::SseParser m_events;
    PromptAnswer m_answer;
    std::string m_whole;       ///< of an answer that is no stream: an error
    bool m_ended = false;      ///< the stream said so
    std::function<bool(const std::string &)> m_onText;
    std::function<void(PromptAnswer)> m_done;
};

/// Makes calls, a few at once, in their order. Control thread; deletes itself once all are done.
class PromptRunner final : public QObject
{
    Q_OBJECT
public:
    static constexpr std::size_t atOnce = 4;

    struct Order
    {
        std::string route;
        std::string body;
    };
    struct Sinks
    {
        std::function<void(std::size_t call, const std::string &text)> text;
        std::function<void(std::size_t call, PromptAnswer answer)> answer; ///< not called for those that were not begun
        std::function<void()> done;
    };

    using Cancelled = std::shared_ptr<const std::atomic<bool>>;

    /// @param limit      those that have not begun by then are not made
    /// @param cancelled  ends it, at the next text of each call
    PromptRunner(OwnListener listener, std::vector<Order> orders, Duration limit, Cancelled cancelled, Sinks sinks, QObject *parent);
    void start();

private:
    void startMore();

    const OwnListener m_listener;
    const std::vector<Order> m_orders;
    const SteadyTime m_until;
    const Cancelled m_cancelled;
    const Sinks m_sinks;
    QNetworkAccessManager m_network;
    std::size_t m_begun = 0, m_running = 0;
};

} // namespace gateway::api
