// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/test_certificates.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>

#include <openssl/pem.h>

#include <functional>
#include <string>
#include <vector>

/// A mail server over real sockets: what it offers and refuses is set, what it gets is kept. On the test's thread.
class FakeMailServer : public QTcpServer
{
public:
    enum class Secure { No, StartTls, FromTheStart };

    explicit FakeMailServer(Secure secure, support::Tls certificate = support::Tls::Trusted) : m_secure(secure)
    {
        const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
        support::detail::useCertificate(context.get(), certificate);
        m_certificate = QSslCertificate(pem([&](BIO *bio) { PEM_write_bio_X509(bio, SSL_CTX_get0_certificate(context.get())); }));
        const QByteArray key = pem([&](BIO *bio) { PEM_write_bio_PrivateKey(bio, SSL_CTX_get0_privatekey(context.get()), nullptr, nullptr, 0, nullptr, nullptr); });
        m_key = QSslKey(key, QSsl::Rsa);
        if (m_key.isNull())
            m_key = QSslKey(key, QSsl::Ec);
        if (!listen(QHostAddress::LocalHost))
            qFatal("no port for a mail server");
    }

    QByteArray ways = "PLAIN LOGIN"; ///< of AUTH; empty: it has none
    QByteArray refuses;              ///< the beginning of a command
    QByteArray refusal = "550 5.1.1 No such user";
    std::vector<QByteArray> commands;
    std::vector<QByteArray> texts;   ///< what came behind DATA
    int encrypted = 0;               ///< commands that came over TLS

protected:
    void incomingConnection(qintptr handle) override
    {
        auto *socket = new QSslSocket(this);
        socket->setSocketDescriptor(handle);
        socket->setLocalCertificate(m_certificate);
        socket->setPrivateKey(m_key);
        socket->setPeerVerifyMode(QSslSocket::VerifyNone);
        connect(socket, &QSslSocket::readyRead, socket, [this, socket] { read(socket); });
        if (m_secure == Secure::FromTheStart) {
            connect(socket, &QSslSocket::encrypted, socket, [socket] { socket->write("220 mail.test\r\n"); });
            socket->startServerEncryption();
        } else {
            socket->write("220-mail.test\r\n220 ready\r\n");
        }
    }

private:
    static QByteArray pem(const std::function<void(BIO *)> &write)
    {
        BIO *bio = BIO_new(BIO_s_mem());
        write(bio);
        char *bytes = nullptr;
        const long length = BIO_get_mem_data(bio, &bytes);
        QByteArray out(bytes, static_cast<qsizetype>(length));
        BIO_free(bio);
        return out;
    }

    void read(QSslSocket *socket)
    {
        while (socket->canReadLine()) {
            const QByteArray line = socket->readLine();
            if (m_inText) {
                if (line == ".\r\n") {
                    m_inText = false;
                    texts.push_back(m_text);
                    socket->write("250 taken\r\n");
                } else {
                    m_text += line.startsWith("..") ? line.mid(1) : line;
                }
                continue;
            }
            commands.push_back(line.trimmed());
            encrypted += socket->isEncrypted() ? 1 : 0;
            answer(socket, line.trimmed());
        }
    }

    void answer(QSslSocket *socket, const QByteArray &command)
    {
        if (!refuses.isEmpty() && command.startsWith(refuses)) {
            socket->write(refusal + "\r\n");
        } else if (command.startsWith("EHLO")) {
            socket->write("250-mail.test greets you\r\n");
            if (m_secure == Secure::StartTls && !socket->isEncrypted())
                socket->write("250-STARTTLS\r\n");
            if (!ways.isEmpty())
                socket->write("250-AUTH " + ways + "\r\n");
            socket->write("250 8BITMIME\r\n");
        } else if (command == "STARTTLS") {
            socket->write("220 go on\r\n");
            socket->flush();
            socket->startServerEncryption();
        } else if (command.startsWith("AUTH LOGIN")) {
            socket->write("334 VXNlcm5hbWU6\r\n");
        } else if (command == QByteArray("ops").toBase64()) {
            socket->write("334 UGFzc3dvcmQ6\r\n");
        } else if (command.startsWith("AUTH PLAIN") || command == QByteArray("pass word").toBase64()) {
            socket->write("235 welcome\r\n");
        } else if (command == "DATA") {
            m_text.clear();
            m_inText = true;
            socket->write("354 end with a dot\r\n");
        } else if (command == "QUIT") {
            socket->write("221 bye\r\n");
            socket->disconnectFromHost();
        } else {
            socket->write("250 fine\r\n");
        }
    }

    Secure m_secure;
    QSslCertificate m_certificate;
    QSslKey m_key;
    bool m_inText = false;
    QByteArray m_text;
};

/// Has this process trust the tests' authority, as a system trusts those of its list.
inline void trustTestAuthority()
{
    QSslConfiguration trusting = QSslConfiguration::defaultConfiguration();
    trusting.addCaCertificates(QSslCertificate::fromData(QByteArray::fromStdString(support::detail::authorityPem())));
    QSslConfiguration::setDefaultConfiguration(trusting);
}
