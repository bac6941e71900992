// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"
#include "gateway/core/error.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <functional>
#include <string>

class QHostAddress;
class QHostInfo;
class QSslSocket;

namespace gateway::api {

/// Hands one e-mail to a mail server (RFC 5321) over TLS from the start, STARTTLS (RFC 3207) or, where that is asked for,
/// neither, with AUTH PLAIN or LOGIN (RFC 4954). The server's certificate is verified. On one thread with an event loop; ends
/// itself when done.
class SmtpClient : public QObject
{
    Q_OBJECT
public:
    struct Order
    {
        config::SmtpSettings server;   ///< with its password in clear
        std::string to;
        std::string text;              ///< headers and body, with CRLF line ends
        bool allowPrivate = true;      ///< false: a server at an address of this machine or its network is refused
        std::chrono::milliseconds limit = std::chrono::seconds {30}; ///< for all of it
    };
    /// Errors: Connect and TotalTimeout, and what the server refused: UpstreamBadRequest of a 5yz, which is for good, ServerError of a 4yz, which
    /// is for now. Their words have no secret.
    using Done = std::function<void(Result<>)>;

    SmtpClient(Order order, Done done, QObject *parent);
    ~SmtpClient() override;

private:
    enum class Step : std::uint8_t { Greeting, Hello, StartTls, HelloAgain, Auth, LoginName, LoginPassword, From, To, Data, Text, Quit };

    void connectTo(const QHostInfo &host);
    void readLines();
    void onReply(int code, const QByteArray &text);
    void onHello(bool secure);
    void logIn();
    void say(Step next, const QByteArray &line);
    void refuse(int code, const QByteArray &text);
    void end(Result<> result);

    Order m_order;
    Done m_done;
    QSslSocket *m_socket;
    QTimer m_limit;
    Step m_step = Step::Greeting;
    QByteArray m_reply;      ///< the lines of a reply so far
    QByteArray m_abilities;  ///< of the last EHLO
};

} // namespace gateway::api
