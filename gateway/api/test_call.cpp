// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/test_call.h"

#include "gateway/api/own_call.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <nlohmann/json.hpp>

namespace gateway::api {

namespace {

constexpr int limitMs = 60'000;
constexpr qint64 answerBytes = 1024 * 1024;

} // namespace

TestCall::TestCall(std::string origin, std::string secret, std::string model, std::string testToken, QObject *parent)
    : QObject(parent), m_origin(std::move(origin)), m_secret(std::move(secret)), m_model(std::move(model)), m_testToken(std::move(testToken)), m_network(this)
{
    m_network.setProxy(QNetworkProxy::NoProxy);
}

void TestCall::start(std::function<void(Result<std::string>)> done)
{
    m_done = std::move(done);
    const nlohmann::json body {{"model", m_model}, {"messages", {{{"role", "user"}, {"content", "Say hello"}}}}};
    QNetworkRequest request = ownCall(m_origin, "/v1/chat/completions", m_testToken);
    request.setTransferTimeout(limitMs);
    if (!m_secret.empty())
        request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(m_secret));
    m_reply = m_network.post(request, QByteArray::fromStdString(body.dump()));
    m_reply->setReadBufferSize(answerBytes);
    connect(m_reply, &QNetworkReply::readyRead, this, [this] {
        if (m_reply->bytesAvailable() < answerBytes)
            return;
        m_tooLarge = true;
        m_reply->abort();
    });
    connect(m_reply, &QNetworkReply::finished, this, &TestCall::onFinished);
}

void TestCall::onFinished()
{
    const QByteArray body = m_tooLarge ? QByteArray() : m_reply->read(answerBytes);
    const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    const nlohmann::json::json_pointer content("/choices/0/message/content");
    const nlohmann::json::json_pointer message("/error/message");
    if (json.is_object() && json.contains(content))
        m_done(json[content].is_string() ? json[content].get<std::string>() : std::string());
    else if (json.is_object() && json.contains(message) && json[message].is_string())
        m_done(fail(ErrorCode::Invalid, json[message].get<std::string>()));
    else if (m_tooLarge)
        m_done(fail(ErrorCode::AnswerTooLarge, "The model's answer is larger than 1 MB and was not read on."));
    else
        m_done(fail(ErrorCode::Io, "The gateway did not answer: " + m_reply->errorString().toStdString()));
    m_reply->deleteLater();
    deleteLater();
}

} // namespace gateway::api
