// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/provider_prober.h"

#include "gateway/core/text.h"
#include "gateway/wire/provider_words.h"

#include <QHostAddress>
#include <QHostInfo>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <QSslCipher>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gateway::api {

namespace {

constexpr std::chrono::seconds connectLimit {5};
constexpr std::chrono::seconds answerLimit {30};
constexpr qint64 answerBytes = 1024 * 1024;
constexpr std::size_t shownBytes = 200;

using Kind = ProbeStep::Kind;
using State = ProbeStep::State;

constexpr std::array allKinds {Kind::Dns, Kind::Connect, Kind::Tls, Kind::Key, Kind::Model};

/// The provider's own words in an error body, whatever its form; never more than a line.
std::string providerWords(const QByteArray &body)
{
    const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    std::string words;
    if (json.is_object()) {
        const auto error = json.value("error", nlohmann::json());
        if (error.is_object())
            words = error.value("code", nlohmann::json()).is_string() ? error["code"].get<std::string>() + ": " : "";
        if (error.is_object() && error.value("message", nlohmann::json()).is_string())
            words += error["message"].get<std::string>();
        else if (error.is_string())
            words = error.get<std::string>();
        else if (json.value("message", nlohmann::json()).is_string())
            words = json["message"].get<std::string>();
        else if (json.value("detail", nlohmann::json()).is_string())
            words = json["detail"].get<std::string>();
    }
    if (words.empty())
        words = toValidUtf8(std::string_view(body.constData(), static_cast<std::size_t>(body.size())));
    return std::string(truncatedUtf8(trimmed(wire::withoutSecrets(words)), shownBytes)); // some repeat the key
}

std::string addressesText(const std::string &host, const QList<QHostAddress> &addresses)
{
    const std::string first = addresses.front().toString().toStdString();
    if (addresses.size() == 1)
        return host == first ? fmt::format("{} is an address", host) : fmt::format("{} is {}", host, first);
    return fmt::format("{} is {} and {} more", host, first, addresses.size() - 1);
}

std::string tlsText(const QSslSocket &socket)
{
    const auto protocol = socket.sessionProtocol();
    const std::string version = protocol == QSsl::TlsV1_3 ? "TLS 1.3" : protocol == QSsl::TlsV1_2 ? "TLS 1.2" : "TLS";
    const QDate until = socket.peerCertificate().expiryDate().date();
    return fmt::format("{}, certificate valid until {}", version, until.toString(QStringLiteral("d MMM yyyy")).toStdString());
}

} // namespace

ProviderProber::ProviderProber(ProbePlan plan, QObject *parent) : QObject(parent), m_plan(std::move(plan)), m_socket(this), m_limit(this), m_network(this)
{
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, &ProviderProber::onSocketFailed);
    connect(&m_socket, &QSslSocket::connected, this, &ProviderProber::onConnected);
    connect(&m_socket, &QSslSocket::encrypted, this, &ProviderProber::onEncrypted);
    connect(&m_socket, &QSslSocket::errorOccurred, this, [this](QAbstractSocket::SocketError) { onSocketFailed(); });
}

void ProviderProber::start()
{
    m_started = m_stepStarted = std::chrono::steady_clock::now();
    m_report.at = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    lookUp();
}

void ProviderProber::lookUp()
{
    QHostInfo::lookupHost(QString::fromStdString(m_plan.host), this, &ProviderProber::onLookedUp);
}

void ProviderProber::onLookedUp(const QHostInfo &info)
{
    if (m_finished)
        return;
    if (info.error() != QHostInfo::NoError || info.addresses().isEmpty()) {
        failFrom(Kind::Dns, fmt::format("No address for {}", m_plan.host),
                 fmt::format("{}. Check the base URL for a typing mistake, and this machine's connection.", info.errorString().toStdString()));
        return;
    }
    endStep(Kind::Dns, State::Ok, addressesText(m_plan.host, info.addresses()));
    connectSocket();
}

void ProviderProber::connectSocket()
{
    m_limit.start(connectLimit);
    m_socket.connectToHost(QString::fromStdString(m_plan.host), m_plan.port);
}

void ProviderProber::onConnected()
{
    endStep(Kind::Connect, State::Ok, fmt::format("{} port {} accepts connections", m_socket.peerAddress().toString().toStdString(), m_plan.port));
    if (m_plan.tls) {
        m_limit.start(connectLimit);
        m_socket.setPeerVerifyName(QString::fromStdString(m_plan.host));
        m_socket.startClientEncryption();
        return;
    }
    m_limit.stop();
    endStep(Kind::Tls, State::NotTried, "Not used: the base URL begins with http://");
    askModels();
}

void ProviderProber::onEncrypted()
{
    m_limit.stop();
    endStep(Kind::Tls, State::Ok, tlsText(m_socket));
    m_socket.disconnect(this); // what the connection does after its test is of no interest
    m_socket.disconnectFromHost();
    askModels();
}

void ProviderProber::onSocketFailed()
{
    if (m_finished || m_report.steps.size() > 2)
        return;
    const bool late = !m_limit.isActive();
    m_limit.stop();
    const std::string cause = late ? fmt::format("No answer in {} s", connectLimit.count()) : m_socket.errorString().toStdString();
    if (m_report.steps.size() == 1) {
        failFrom(Kind::Connect, fmt::format("{} port {} does not accept connections", m_plan.host, m_plan.port),
                 cause + ". Is the server running, and is the port right?");
        return;
    }
    std::string errors;
    const auto found = m_socket.sslHandshakeErrors();
    for (const QSslError &error : found)
        errors += (errors.empty() ? "" : "; ") + error.errorString().toStdString();
    failFrom(Kind::Tls, "The certificate was not accepted", (errors.empty() ? cause : errors) + ". Nothing was sent.");
}

void ProviderProber::askModels()
{
    if (m_plan.needsKey && !m_plan.hasKey) {
        failFrom(Kind::Key, "No key", fmt::format("{} needs a key, and none is set here.", m_plan.title));
        return;
    }
    if (m_plan.modelsUrl.empty()) {
        endStep(Kind::Key, State::NotTried, fmt::format("{} has no model list to ask; the call below shows whether the key is right", m_plan.title));
        askModel();
        return;
    }
    m_reply = ask(m_plan.modelsUrl, {});
    connect(m_reply, &QNetworkReply::finished, this, &ProviderProber::onModels);
}

void ProviderProber::onModels()
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QByteArray body = m_reply->read(answerBytes);
    const std::string problem = m_reply->errorString().toStdString();
    m_reply->deleteLater();

    if (status == 0) {
        failFrom(Kind::Key, "No answer", problem + ".");
        return;
    }
    if (status == 401 || status == 403 || (status == 400 && body.contains("API key"))) {
        failFrom(Kind::Key, "Key rejected",
                 fmt::format("HTTP {} {}. {} does not know this key, or it was revoked there.", status, providerWords(body), m_plan.title));
        return;
    }
    if (status != 200) {
        endStep(Kind::Key, State::NotTried, fmt::format("The model list answered HTTP {}; the call below shows whether the key is right", status));
    } else {
        const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
        const auto models = json.is_array() ? json : json.is_object() ? json.value("data", nlohmann::json::array()) : nlohmann::json::array();
        for (const auto &model : models) {
            if (m_plan.model.empty() && model.is_object() && model.value("id", nlohmann::json()).is_string())
                m_plan.model = model["id"].get<std::string>();
        }
        endStep(Kind::Key, State::Ok, fmt::format("{}, {} models listed", m_plan.hasKey ? "Key accepted" : "No key needed", models.size()));
    }
    askModel();
}

void ProviderProber::askModel()
{
    if (m_plan.model.empty()) {
        failFrom(Kind::Model, "No model to ask", fmt::format("{} lists none. Name one, or load one there first.", m_plan.title));
        return;
    }
    const nlohmann::json body {{"model", m_plan.model}, {"messages", {{{"role", "user"}, {"content", "Say hello"}}}}, {m_plan.tokenLimitName, 16}};
    m_reply = ask(m_plan.chatUrl, QByteArray::fromStdString(body.dump()));
    connect(m_reply, &QNetworkReply::finished, this, &ProviderProber::onModelAnswer);
}

void ProviderProber::onModelAnswer()
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QByteArray body = m_reply->read(answerBytes);
    const std::string problem = m_reply->errorString().toStdString();
    m_reply->deleteLater();

    const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    const bool answered = status == 200 && json.is_object() && json.contains("choices") && !json.contains("error");
    if (answered) {
        endStep(Kind::Model, State::Ok, fmt::format("{} answered a real call", m_plan.model));
        m_report.ok = true;
        finish();
        return;
    }
    if (status == 401 || status == 403) {
        failFrom(Kind::Model, "Key rejected", fmt::format("HTTP {} {}.", status, providerWords(body)));
        return;
    }
    const std::string headline = status == 404 ? fmt::format("{} is not known there", m_plan.model) : fmt::format("{} did not answer", m_plan.model);
    failFrom(Kind::Model, headline, status == 0 ? problem + "." : fmt::format("HTTP {} {}", status, providerWords(body)));
}

QNetworkReply *ProviderProber::ask(const std::string &url, const QByteArray &body)
{
    QNetworkRequest request(QUrl(QString::fromStdString(url)));
    request.setTransferTimeout(static_cast<int>(std::chrono::milliseconds(answerLimit).count()));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    for (const auto &[name, value] : m_plan.headers)
        request.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    if (body.isEmpty())
        return m_network.get(request);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    return m_network.post(request, body);
}

void ProviderProber::endStep(Kind kind, State state, std::string headline, std::string detail)
{
    const auto now = std::chrono::steady_clock::now();
    ProbeStep step {.kind = kind, .state = state, .headline = std::move(headline), .detail = std::move(detail), .took = now - m_stepStarted};
    m_stepStarted = now;
    m_report.steps.push_back(step);
    Q_EMIT stepEnded(step);
}

void ProviderProber::failFrom(Kind kind, std::string headline, std::string detail)
{
    const std::string because = headline;
    endStep(kind, State::Failed, std::move(headline), std::move(detail));
    for (std::size_t i = m_report.steps.size(); i < allKinds.size(); ++i)
        endStep(allKinds[i], State::NotTried, fmt::format("Not tried: {}", because));
    finish();
}

void ProviderProber::finish()
{
    m_finished = true;
    m_limit.stop();
    m_report.took = std::chrono::steady_clock::now() - m_started;
    Q_EMIT finished(m_report);
}

} // namespace gateway::api
