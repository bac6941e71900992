// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/admin_api.h"
#include "gateway/api/embedded_gateway.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// What the admin API answered.
struct Answer
{
    int status = 0;
    nlohmann::json body;
    QByteArray raw, etag, location, allow;

    [[nodiscard]] std::string code() const { return body.is_object() && body.contains("error") && body["error"]["code"].is_string() ? body["error"]["code"].get<std::string>() : std::string(); }
    [[nodiscard]] std::string param() const { return body.is_object() && body.contains("error") && body["error"]["param"].is_string() ? body["error"]["param"].get<std::string>() : std::string(); }
    [[nodiscard]] std::string message() const { return body.is_object() && body.contains("error") ? body["error"].value("message", "") : std::string(); }
};

/// A real gateway on a folder of its own with the admin API before it, asked over real sockets. On the test's thread.
class AdminSite
{
public:
    using Headers = std::vector<std::pair<QByteArray, QByteArray>>;

    AdminSite()
    {
        auto opened = gateway::api::EmbeddedGateway::open({.dataFolder = folder.path().toStdString(), .listen = "127.0.0.1:0", .workers = 2, .admin = inbox});
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        gateway = std::move(*opened);
        const auto secret = gateway::admin::ownerToken(folder.path().toStdString());
        if (!secret)
            qFatal("%s", secret.error().message.c_str());
        owner = *secret;
        api = std::make_unique<gateway::admin::AdminApi>(*gateway, inbox, owner);
    }
    ~AdminSite() { api.reset(); }
    AdminSite(const AdminSite &) = delete;
    AdminSite &operator=(const AdminSite &) = delete;

    /// @param path  as it goes over the wire
    Answer send(const char *method, const QByteArray &path, const QByteArray &body = {}, const Headers &headers = {})
    {
        QNetworkRequest request(QUrl::fromEncoded("http://" + QByteArray::fromStdString(gateway->listener().address) + path));
        request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
        for (const auto &[name, value] : headers)
            request.setRawHeader(name, value);
        QNetworkReply *reply = m_network.sendCustomRequest(request, method, body);
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000))
            return {};
        reply->deleteLater();
        const QByteArray bytes = reply->readAll();
        return {.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), .body = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false), .raw = bytes,
                .etag = reply->rawHeader("etag"), .location = reply->rawHeader("location"), .allow = reply->rawHeader("allow")};
    }

    /// @param token  empty: the owner's; "none": none
    Answer ask(const char *method, const QByteArray &path, const nlohmann::json &body = {}, const QByteArray &ifMatch = {}, const std::string &token = {})
    {
        return askRaw(method, path, body.is_null() ? QByteArray() : QByteArray::fromStdString(body.dump()), ifMatch, token);
    }
    Answer askRaw(const char *method, const QByteArray &path, const QByteArray &body, const QByteArray &ifMatch = {}, const std::string &token = {})
    {
        Headers headers;
        if (token != "none")
            headers.emplace_back("Authorization", "Bearer " + QByteArray::fromStdString(token.empty() ? owner : token));
        if (!ifMatch.isEmpty())
            headers.emplace_back("If-Match", ifMatch);
        return send(method, path, body, headers);
    }

    QTemporaryDir folder;
    std::shared_ptr<gateway::admin::AdminInbox> inbox = std::make_shared<gateway::admin::AdminInbox>();
    std::unique_ptr<gateway::api::EmbeddedGateway> gateway;
    std::unique_ptr<gateway::admin::AdminApi> api;
    std::string owner; ///< the secret of the owner's token

private:
    QNetworkAccessManager m_network;
};
