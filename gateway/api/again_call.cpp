// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/again_call.h"

#include "gateway/api/own_call.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QTimer>

#include <chrono>

namespace gateway::api {

namespace {

constexpr int limitMs = 600'000;
constexpr int lookEveryMs = 100; ///< whether anybody still waits
constexpr std::size_t longestAnswer = 4 * 1024 * 1024;

} // namespace

AgainCall::AgainCall(const OwnListener &listener, const CallAgain &call, Cancelled cancelled, Sinks sinks, QObject *parent)
    : QObject(parent), m_network(this), m_began(std::chrono::steady_clock::now()), m_cancelled(std::move(cancelled)), m_sinks(std::move(sinks))
{
    m_network.setProxy(QNetworkProxy::NoProxy);
    QNetworkRequest request = ownCall(listener.origin, call.path, listener.testToken);
    request.setRawHeader("x-signalbox-tags", CallReplay::tag);
    request.setRawHeader("x-signalbox-cache", "no-cache, no-store");
    if (call.anthropic)
        request.setRawHeader("anthropic-version", "2023-06-01");
    request.setTransferTimeout(limitMs);
    m_reply = m_network.post(request, QByteArray::fromStdString(call.body));
    m_reply->setParent(this);
    connect(m_reply, &QNetworkReply::readyRead, this, &AgainCall::readMore);
    connect(m_reply, &QNetworkReply::finished, this, &AgainCall::finish);
    auto *look = new QTimer(this);
    connect(look, &QTimer::timeout, this, [this] {
        if (*m_cancelled)
            m_reply->abort();
    });
    look->start(lookEveryMs);
}

void AgainCall::readMore()
{
    std::string bytes = m_reply->readAll().toStdString();
    m_came += bytes.size();
    if (m_came > longestAnswer) {
        m_tooLarge = true;
        m_reply->abort();
    } else if (!bytes.empty()) {
        m_sinks.bytes(std::move(bytes));
    }
}

void AgainCall::finish()
{
    if (!m_tooLarge && m_reply->bytesAvailable() > 0)
        readMore();
    deleteLater();
    if (*m_cancelled)
        return;
    ReplayOutcome outcome {.callId = m_reply->rawHeader("x-signalbox-call-id").toStdString(),
                           .httpStatus = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                           .latencyUs = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - m_began).count()};
    if (m_tooLarge)
        m_sinks.done(fail(ErrorCode::AnswerTooLarge, "The answer is larger than 4 MB and was not read on."));
    else if (outcome.httpStatus == 0 || (outcome.httpStatus < 400 && m_reply->error() != QNetworkReply::NoError))
        m_sinks.done(fail(ErrorCode::Io, "The answer did not come to its end: " + m_reply->errorString().toStdString()));
    else
        m_sinks.done(std::move(outcome));
}

} // namespace gateway::api
