// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/otlp_sender.h"

#include "gateway/core/text.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QUrl>

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace gateway::api {

namespace {

constexpr int limitMs = 10'000;
constexpr qint64 answerBytes = 64 * 1024;
constexpr std::size_t wordsBytes = 200;
constexpr std::chrono::seconds longestRetryAfter {300};

/// Where a collector says that it left something out, though it took the rest.
std::string partialWords(const QByteArray &body)
{
    const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    if (!json.is_object() || !json.contains("partialSuccess") || !json["partialSuccess"].is_object())
        return {};
    const auto words = json["partialSuccess"].value("errorMessage", nlohmann::json());
    return words.is_string() ? std::string(truncatedUtf8(toValidUtf8(words.get<std::string>()), wordsBytes)) : std::string();
}

QNetworkProxy proxyOf(const std::string &address)
{
    if (address.empty())
        return QNetworkProxy::NoProxy;
    const QUrl url(QString::fromStdString(address));
    return {QNetworkProxy::HttpProxy, url.host(), static_cast<quint16>(url.port(url.scheme() == QStringLiteral("https") ? 443 : 80)), url.userName(), url.password()};
}

} // namespace

OtlpSender::OtlpSender(QObject *parent) : QObject(parent), m_network(this) {}

void OtlpSender::configure(const config::TelemetrySettings &settings, const std::string &proxy)
{
    m_settings = settings;
    m_network.setProxy(proxyOf(proxy));
}

void OtlpSender::send(const char *signal, const std::string &body, std::function<void(OtlpOutcome)> done)
{
    std::string_view base = m_settings.otlp;
    while (base.ends_with('/'))
        base.remove_suffix(1);
    QNetworkRequest request(QUrl(QString::fromStdString(fmt::format("{}/v1/{}", base, signal))));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    request.setHeader(QNetworkRequest::UserAgentHeader, QByteArrayLiteral("Signalbox/" SIGNALBOX_VERSION));
    for (const config::HeaderValue &header : m_settings.otlpHeaders)
        request.setRawHeader(QByteArray::fromStdString(header.name), QByteArray::fromStdString(header.value.value));
    request.setTransferTimeout(limitMs);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy); // the headers are for this address alone
    QNetworkReply *reply = m_network.post(request, QByteArray::fromStdString(body));
    reply->setReadBufferSize(answerBytes);
    connect(reply, &QNetworkReply::finished, this, [reply, done = std::move(done)] {
        reply->deleteLater();
        done(outcomeOf(*reply));
    });
}

OtlpOutcome OtlpSender::outcomeOf(QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 200 && status < 300)
        return {.words = partialWords(reply.read(answerBytes))};
    if (status == 0)
        return {.kind = OtlpOutcome::Kind::Again, .words = reply.errorString().toStdString()};
    OtlpOutcome outcome {.kind = OtlpOutcome::Kind::Refused, .words = fmt::format("it answered {}", status)};
    if (status == 404 || status == 405 || status == 501)
        outcome.kind = OtlpOutcome::Kind::NoSuch;
    if (status == 429 || status == 502 || status == 503 || status == 504) {
        outcome.kind = OtlpOutcome::Kind::Again;
        bool isNumber = false;
        const int seconds = reply.rawHeader("Retry-After").trimmed().toInt(&isNumber);
        if (isNumber && seconds >= 0)
            outcome.retryAfter = std::min(std::chrono::seconds(seconds), longestRetryAfter);
    }
    return outcome;
}

} // namespace gateway::api
