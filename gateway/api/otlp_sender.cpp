// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/otlp_sender.h"

#include "gateway/api/network_proxy.h"
#include "gateway/core/text.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QUrl>

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace gateway::api {

namespace {

constexpr int limitMs = 10'000;
constexpr qint64 answerBytes = 64 * 1024;
constexpr std::size_t wordsBytes = 200;
constexpr std::chrono::seconds longestRetryAfter {300};

/// Takes a length, as protobuf writes it, and so many bytes; nullopt: they are not there.
std::optional<std::string_view> takeBytes(std::string_view &bytes)
{
    std::size_t length = 0;
    for (int shift = 0; shift < 28 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        length |= std::size_t {byte & 0x7FU} << shift;
        if ((byte & 0x80U) != 0)
            continue;
        if (length > bytes.size())
            return std::nullopt;
        const std::string_view taken = bytes.substr(0, length);
        bytes.remove_prefix(length);
        return taken;
    }
    return std::nullopt;
}

/// Where a collector says that it left something out, though it took the rest: partial_success.error_message, which are the
/// first field of the answer and the second of that.
std::string partialWords(const QByteArray &body)
{
    constexpr char partialSuccess = 0x0A, rejected = 0x08, errorMessage = 0x12;
    std::string_view bytes(body.constData(), static_cast<std::size_t>(body.size()));
    if (!bytes.starts_with(partialSuccess))
        return {};
    bytes.remove_prefix(1);
    auto partial = takeBytes(bytes);
    if (!partial)
        return {};
    if (partial->starts_with(rejected)) { // a number, whose last byte has no high bit
        const auto last = std::ranges::find_if(partial->substr(1), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; });
        partial = partial->substr(static_cast<std::size_t>(last - partial->begin()));
        if (!partial->empty())
            partial->remove_prefix(1);
    }
    if (!partial->starts_with(errorMessage))
        return {};
    partial->remove_prefix(1);
    const auto words = takeBytes(*partial);
    return words ? std::string(truncatedUtf8(toValidUtf8(*words), wordsBytes)) : std::string();
}

} // namespace

OtlpSender::OtlpSender(QObject *parent) : QObject(parent), m_network(this) {}

void OtlpSender::configure(const config::TelemetrySettings &settings, const std::string &proxy)
{
    m_settings = settings;
    m_network.setProxy(networkProxy(proxy));
}

void OtlpSender::send(telemetry::OtlpSignal signal, const std::string &body, std::function<void(OtlpOutcome)> done)
{
    std::string_view base = m_settings.otlp;
    while (base.ends_with('/'))
        base.remove_suffix(1);
    QNetworkRequest request(QUrl(QString::fromStdString(fmt::format("{}/v1/{}", base, toText(signal)))));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/x-protobuf"));
    request.setHeader(QNetworkRequest::UserAgentHeader, QByteArrayLiteral("Signalbox/" SIGNALBOX_VERSION));
    for (const auto &[name, value] : m_settings.otlpHeaders)
        request.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
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
