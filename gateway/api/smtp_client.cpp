// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/smtp_client.h"

#include "gateway/core/text.h"
#include "gateway/net/private_address.h"

#include <QHostInfo>
#include <QSslSocket>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace gateway::api {

namespace {

constexpr qint64 longestReply = 64 * 1024;
constexpr std::size_t shownWords = 200;
constexpr int lineBytes = 4096;

QByteArray base64(const std::string &text)
{
    return QByteArray::fromStdString(text).toBase64();
}

bool isPrivate(const QHostAddress &address)
{
    boost::system::error_code failed;
    const auto read = boost::asio::ip::make_address(address.toString().toStdString(), failed);
    return failed || net::isPrivate(read);
}

std::string shown(const QByteArray &words)
{
    std::string text(truncatedUtf8(toValidUtf8(words.simplified().toStdString()), shownWords));
    return text;
}

} // namespace

SmtpClient::SmtpClient(Order order, Done done, QObject *parent) : QObject(parent), m_order(std::move(order)), m_done(std::move(done)), m_socket(new QSslSocket(this))
{
    connect(m_socket, &QSslSocket::readyRead, this, &SmtpClient::readLines);
    connect(m_socket, &QSslSocket::encrypted, this, [this] {
        if (m_step == Step::StartTls)
            say(Step::HelloAgain, "EHLO " + QHostInfo::localHostName().toUtf8());
    });
    connect(m_socket, &QSslSocket::errorOccurred, this, [this] {
        const QList<QSslError> wrong = m_socket->sslHandshakeErrors();
        const std::string why = wrong.isEmpty() ? m_socket->errorString().toStdString() : wrong.front().errorString().toStdString();
        end(fail(ErrorCode::Connect, fmt::format("{} port {}: {}", m_order.server.host, m_order.server.portOrUsual(), why)));
    });
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, [this] { end(fail(ErrorCode::TotalTimeout, fmt::format("{} did not take the e-mail within {} s", m_order.server.host, m_order.limit.count() / 1000))); });
    m_limit.start(m_order.limit);
    QHostInfo::lookupHost(QString::fromStdString(m_order.server.host), this, [this](const QHostInfo &host) { connectTo(host); });
}

SmtpClient::~SmtpClient() = default;

/// To an address that was looked at, so that a name cannot lead elsewhere in between.
void SmtpClient::connectTo(const QHostInfo &host)
{
    const QList<QHostAddress> all = host.addresses();
    if (all.isEmpty())
        return end(fail(ErrorCode::Connect, fmt::format("{} has no address: {}", m_order.server.host, host.errorString().toStdString())));
    const auto fits = std::find_if(all.begin(), all.end(), [&](const QHostAddress &address) { return m_order.allowPrivate || !isPrivate(address); });
    if (fits == all.end())
        return end(fail(ErrorCode::Invalid, fmt::format("{} is at an address of this machine or its network, and gateway.allow_private_upstreams is false", m_order.server.host)));
    const auto port = static_cast<quint16>(m_order.server.portOrUsual());
    m_socket->setPeerVerifyName(QString::fromStdString(m_order.server.host));
    if (m_order.server.tls == config::SmtpTls::Tls)
        m_socket->connectToHostEncrypted(fits->toString(), port, QString::fromStdString(m_order.server.host));
    else
        m_socket->connectToHost(*fits, port);
}

/// A reply is one or more lines; all but the last have a dash behind the code (RFC 5321 4.2.1).
void SmtpClient::readLines()
{
    while (m_done && m_socket->canReadLine()) {
        const QByteArray line = m_socket->readLine(lineBytes);
        m_reply += line;
        if (m_reply.size() > longestReply)
            return end(fail(ErrorCode::Malformed, fmt::format("{} answered without an end", m_order.server.host)));
        if (line.size() > 3 && line[3] == '-')
            continue;
        bool isNumber = false;
        const int code = line.left(3).toInt(&isNumber);
        if (!isNumber)
            return end(fail(ErrorCode::Malformed, fmt::format("{} does not speak SMTP", m_order.server.host)));
        onReply(code, std::exchange(m_reply, {}));
    }
    if (m_done && m_socket->bytesAvailable() > longestReply)
        end(fail(ErrorCode::Malformed, fmt::format("{} answered without an end", m_order.server.host)));
}

void SmtpClient::onReply(int code, const QByteArray &text)
{
    const bool waitsForMore = m_step == Step::Auth || m_step == Step::LoginName || m_step == Step::Data;
    if (code >= 400 || code < 200 || (code >= 300 && !waitsForMore))
        return refuse(code, text);
    switch (m_step) {
    case Step::Greeting: return say(Step::Hello, "EHLO " + QHostInfo::localHostName().toUtf8());
    case Step::Hello:
        m_abilities = text.toUpper();
        return onHello(m_socket->isEncrypted());
    case Step::StartTls:
        m_socket->readAll(); // what came in clear behind it is nobody's word
        m_reply.clear();
        return m_socket->startClientEncryption();
    case Step::HelloAgain:
        m_abilities = text.toUpper();
        return logIn();
    case Step::Auth:
        if (code == 334) // LOGIN asks for the name
            return say(Step::LoginName, base64(m_order.server.user));
        [[fallthrough]];
    case Step::LoginPassword: return say(Step::From, QByteArray::fromStdString(fmt::format("MAIL FROM:<{}>", m_order.server.from)));
    case Step::LoginName: return say(Step::LoginPassword, base64(m_order.server.password.value));
    case Step::From: return say(Step::To, QByteArray::fromStdString(fmt::format("RCPT TO:<{}>", m_order.to)));
    case Step::To: return say(Step::Data, "DATA");
    case Step::Data: {
        QByteArray body = QByteArray::fromStdString(m_order.text);
        body.replace("\r\n.", "\r\n..");
        return say(Step::Text, (body.endsWith("\r\n") ? body : body + "\r\n") + ".");
    }
    case Step::Text:
        say(Step::Quit, "QUIT");
        return end({});
    case Step::Quit: return;
    }
}

void SmtpClient::onHello(bool secure)
{
    if (secure || m_order.server.tls == config::SmtpTls::Off)
        return logIn();
    if (!m_abilities.contains("STARTTLS")) // never in clear where TLS was asked for
        return end(fail(ErrorCode::Invalid, fmt::format("{} port {} has no STARTTLS; write `tls: tls` for a server that speaks TLS from the start", m_order.server.host, m_order.server.portOrUsual())));
    say(Step::StartTls, "STARTTLS");
}

void SmtpClient::logIn()
{
    if (m_order.server.user.empty()) {
        m_step = Step::LoginPassword;
        return onReply(250, {});
    }
    const qsizetype from = m_abilities.indexOf("AUTH");
    const QByteArray ways = from < 0 ? QByteArray() : m_abilities.mid(from, m_abilities.indexOf('\n', from) - from);
    if (ways.contains("PLAIN"))
        return say(Step::Auth, "AUTH PLAIN " + base64(std::string(1, '\0') + m_order.server.user + std::string(1, '\0') + m_order.server.password.value));
    if (ways.contains("LOGIN"))
        return say(Step::Auth, "AUTH LOGIN");
    end(fail(ErrorCode::Invalid, fmt::format("{} takes neither AUTH PLAIN nor AUTH LOGIN", m_order.server.host)));
}

void SmtpClient::say(Step next, const QByteArray &line)
{
    m_step = next;
    m_socket->write(line + "\r\n");
}

void SmtpClient::refuse(int code, const QByteArray &text)
{
    const bool ofLogin = m_step == Step::Auth || m_step == Step::LoginName || m_step == Step::LoginPassword;
    end(fail(code >= 500 ? ErrorCode::UpstreamBadRequest : ErrorCode::ServerError, // for good, or for now
             fmt::format("{} {}: {}", m_order.server.host, ofLogin ? "refused the login" : "refused the e-mail", shown(text))));
}

void SmtpClient::end(Result<> result)
{
    if (!m_done)
        return;
    m_limit.stop();
    const Done done = std::exchange(m_done, nullptr);
    m_socket->disconnectFromHost(); // what is written goes out first
    done(std::move(result));
    deleteLater();
}

} // namespace gateway::api
