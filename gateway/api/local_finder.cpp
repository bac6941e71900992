// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/local_finder.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <array>
#include <nlohmann/json.hpp>

namespace gateway::api {

namespace {

constexpr int limitMs = 300;
constexpr qint64 listBytes = 1024 * 1024;

struct Place
{
    const char *kind;
    const char *title;
    const char *baseUrl;
    const char *listUrl;
};

constexpr std::array places {
    Place {"ollama", "Ollama", "http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/api/tags"},
    Place {"vllm", "vLLM", "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1/models"},
    Place {"lmstudio", "LM Studio", "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234/v1/models"},
};

/// Ollama lists {"models":[{"name"}]}, the others {"data":[{"id"}]}. nullopt: not such a list, so another program.
std::optional<std::vector<std::string>> modelNames(const QByteArray &body)
{
    const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    const bool ollama = json.contains("models");
    const auto list = json.value(ollama ? "models" : "data", nlohmann::json());
    if (!list.is_array())
        return std::nullopt;
    std::vector<std::string> names;
    for (const auto &model : list) {
        const auto name = model.is_object() ? model.value(ollama ? "name" : "id", nlohmann::json()) : nlohmann::json();
        if (name.is_string())
            names.push_back(name.get<std::string>());
    }
    return names;
}

} // namespace

LocalFinder::LocalFinder(QObject *parent) : QObject(parent), m_network(this)
{
    m_network.setProxy(QNetworkProxy::NoProxy);
}

void LocalFinder::start()
{
    for (const Place &place : places)
        m_found.push_back({.kind = place.kind, .title = place.title, .baseUrl = place.baseUrl, .answers = false, .models = {}});
    m_waiting = places.size();
    for (std::size_t i = 0; i < places.size(); ++i) {
        QNetworkRequest request(QUrl(QString::fromLatin1(places[i].listUrl)));
        request.setTransferTimeout(limitMs);
        request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
        QNetworkReply *reply = m_network.get(request);
        reply->setReadBufferSize(listBytes); // more than that stands still until the limit ends it
        connect(reply, &QNetworkReply::finished, this, [this, i, reply] { onAnswer(i, reply); });
    }
}

void LocalFinder::onAnswer(std::size_t place, QNetworkReply *reply)
{
    if (reply->error() == QNetworkReply::NoError) {
        if (auto names = modelNames(reply->read(listBytes))) {
            m_found[place].answers = true;
            m_found[place].models = std::move(*names);
        }
    }
    reply->deleteLater();
    if (--m_waiting == 0)
        Q_EMIT finished(m_found);
}

} // namespace gateway::api
