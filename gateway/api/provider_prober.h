// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_probe.h"
#include "gateway/core/error.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <QSslSocket>
#include <QTimer>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

class QHostInfo;
class QNetworkReply;

namespace gateway::api {

/// What a test of a provider needs to know, made from its settings by probe_plan.h.
struct ProbePlan
{
    std::string title;              ///< "Together AI", for the words
    std::string host;
    std::uint16_t port = 443;
    bool tls = true;
    bool needsKey = true;
    bool hasKey = false;
    std::string modelsUrl;          ///< empty: this kind has no list to ask
    std::string chatUrl;
    std::vector<std::pair<std::string, std::string>> headers; ///< authorization among them; never shown
    std::string tokenLimitName = "max_tokens";
    std::string model;              ///< empty: the first of the list
};

/// Tests one provider with real calls, step by step: name, connection, certificate, key, model. The first step that
/// fails ends the test; the later ones say why they were not tried. Lives on a thread with an event loop; one test each.
class ProviderProber : public QObject
{
    Q_OBJECT
public:
    explicit ProviderProber(ProbePlan plan, QObject *parent = nullptr);
    void start();

Q_SIGNALS:
    void stepEnded(const gateway::api::ProbeStep &step);
    void finished(const gateway::api::ProbeReport &report);

private:
    void lookUp();
    void onLookedUp(const QHostInfo &info);
    void connectSocket();
    void onConnected();
    void onSocketFailed();
    void onEncrypted();
    void askModels();
    void onModels();
    void askModel();
    void onModelAnswer();

    void endStep(ProbeStep::Kind kind, ProbeStep::State state, std::string headline, std::string detail = {});
    void failFrom(ProbeStep::Kind kind, std::string headline, std::string detail);
    void finish();
    QNetworkReply *ask(const std::string &url, const QByteArray &body);

    ProbePlan m_plan;
    ProbeReport m_report;
    std::chrono::steady_clock::time_point m_started;
    std::chrono::steady_clock::time_point m_stepStarted;
    QSslSocket m_socket;
    QTimer m_limit;
    QNetworkAccessManager m_network;
    QNetworkReply *m_reply = nullptr; ///< owned by m_network
    bool m_finished = false;
};

} // namespace gateway::api
