// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_probe.h"

#include <QNetworkAccessManager>
#include <QObject>

#include <vector>

class QNetworkReply;

namespace gateway::api {

/// Looks for model servers on this machine: Ollama, vLLM and LM Studio at their usual ports of 127.0.0.1, all at once,
/// 300 ms each; nothing else is ever asked. Lives on a thread with an event loop; one search each.
class LocalFinder : public QObject
{
    Q_OBJECT
public:
    explicit LocalFinder(QObject *parent = nullptr);
    void start();

Q_SIGNALS:
    /// All places that were asked, in fixed order; `answers` tells which are there.
    void finished(const std::vector<gateway::api::LocalProvider> &found);

private:
    void onAnswer(std::size_t place, QNetworkReply *reply);

    QNetworkAccessManager m_network;
    std::vector<LocalProvider> m_found;
    std::size_t m_waiting = 0;
};

} // namespace gateway::api
