// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QCryptographicHash>
#include <QMap>
#include <QMessageAuthenticationCode>
#include <QTcpServer>
#include <QTcpSocket>

#include <algorithm>

namespace tests {

/// S3-compatible storage that takes PutObject below /BUCKET/ and checks the signature by itself (AWS, "Signature Version 4"), with
/// nothing of what is tested.
class FakeS3 : public QTcpServer
{
public:
    QByteArray keyId = "AKIDEXAMPLE", secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region = "eu-central-1";
    int refuseWith = 0;                       ///< a status that it answers in any case; 0: none
    QByteArray refusal {};                    ///< and with what body
    QMap<QByteArray, QByteArray> objects {};  ///< by path, as sent
    QByteArray token {};                      ///< x-amz-security-token of the last request
    int requests = 0;

    explicit FakeS3(quint16 port = 0)
    {
        if (!listen(QHostAddress::LocalHost, port))
            qFatal("No port is free.");
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = nextPendingConnection())
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        });
    }
    [[nodiscard]] std::string address() const { return "http://127.0.0.1:" + std::to_string(serverPort()); }

private:
    void read(QTcpSocket *socket)
    {
        QByteArray &got = m_got[socket];
        got += socket->readAll();
        const qsizetype headEnd = got.indexOf("\r\n\r\n");
        if (headEnd < 0)
            return;
        const QList<QByteArray> lines = got.left(headEnd).split('\n');
        QMap<QByteArray, QByteArray> headers;
        for (const QByteArray &line : lines.mid(1))
            headers[line.left(line.indexOf(':')).toLower()] = line.mid(line.indexOf(':') + 1).trimmed();
        const qsizetype length = headers["content-length"].toLongLong();
        if (got.size() < headEnd + 4 + length)
            return;
        const QByteArray body = got.mid(headEnd + 4, length);
        got.clear();
        ++requests;
        const QList<QByteArray> request = lines[0].trimmed().split(' ');
        token = headers["x-amz-security-token"];
        int status = refuseWith;
        QByteArray answer = refusal;
        if (status == 0 && !isSigned(request[0], request[1], headers, body)) {
            status = 403;
            answer = "<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>" + keyId + "</AWSAccessKeyId></Error>";
        }
        if (status == 0) {
            objects[request[1]] = body;
            status = 200;
        }
        socket->write("HTTP/1.1 " + QByteArray::number(status) + " X\r\nContent-Length: " + QByteArray::number(answer.size()) + "\r\n\r\n" + answer);
    }

    static QByteArray hash(const QByteArray &bytes) { return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex(); }
    static QByteArray mac(const QByteArray &key, const QByteArray &text) { return QMessageAuthenticationCode::hash(text, key, QCryptographicHash::Sha256); }

    bool isSigned(const QByteArray &method, const QByteArray &path, const QMap<QByteArray, QByteArray> &headers, const QByteArray &body) const
    {
        const QByteArray authorization = headers["authorization"];
        const auto part = [&](const QByteArray &name) {
            const qsizetype at = authorization.indexOf(name + '=');
            const qsizetype from = at + name.size() + 1;
            const qsizetype end = authorization.indexOf(',', from);
            return at < 0 ? QByteArray() : authorization.mid(from, end < 0 ? -1 : end - from);
        };
        const QByteArray time = headers["x-amz-date"], day = time.left(8);
        const QByteArray scope = day + '/' + region + "/s3/aws4_request";
        if (part("Credential") != keyId + '/' + scope || headers["x-amz-content-sha256"] != hash(body))
            return false;
        const QByteArray names = part("SignedHeaders");
        QList<QByteArray> signedNames = names.split(';');
        if (!std::ranges::is_sorted(signedNames) || !signedNames.contains("host") || !signedNames.contains("x-amz-content-sha256") || !signedNames.contains("x-amz-date"))
            return false;
        QByteArray canonical = method + '\n' + path + "\n\n";
        for (const QByteArray &name : signedNames)
            canonical += name + ':' + headers[name] + '\n';
        canonical += '\n' + names + '\n' + hash(body);
        const QByteArray toSign = "AWS4-HMAC-SHA256\n" + time + '\n' + scope + '\n' + hash(canonical);
        const QByteArray key = mac(mac(mac(mac("AWS4" + secret, day), region), "s3"), "aws4_request");
        return part("Signature") == mac(key, toSign).toHex();
    }

    QMap<QTcpSocket *, QByteArray> m_got;
};

} // namespace tests
