// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <QNetworkAccessManager>
#include <QObject>

#include <functional>
#include <string>

class QNetworkReply;

namespace gateway::api {

/// Sends one chat call through the gateway's own listener, as a program would; it is marked as a test in the log.
/// Lives on a thread with an event loop; one call each.
class TestCall : public QObject
{
    Q_OBJECT
public:
    /// @param origin     "http://127.0.0.1:8787"
    /// @param testToken  pipeline::Services::testToken
    TestCall(std::string origin, std::string secret, std::string model, std::string testToken, QObject *parent = nullptr);
    /// @param done  gets the answer's text, or what went wrong in the gateway's own words; the call deletes itself then
    void start(std::function<void(Result<std::string>)> done);

private:
    void onFinished();

    std::string m_origin, m_secret, m_model, m_testToken;
    std::function<void(Result<std::string>)> m_done;
    QNetworkAccessManager m_network;
    QNetworkReply *m_reply = nullptr;
    bool m_tooLarge = false;
};

} // namespace gateway::api
