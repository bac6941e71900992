// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/own_call.h"

#include <QSslConfiguration>

namespace gateway::api {

std::string loopbackOrigin(const ListenerState &listener)
{
    std::string address = listener.address;
    if (address.starts_with("0.0.0.0:"))
        address.replace(0, 7, "127.0.0.1");
    else if (address.starts_with("[::]:"))
        address.replace(0, 4, "[::1]");
    return (listener.tls ? "https://" : "http://") + address;
}

QNetworkRequest ownCall(const std::string &origin, std::string_view path, const std::string &testToken)
{
    QNetworkRequest request(QUrl(QString::fromStdString(origin + std::string(path))));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    request.setRawHeader("x-signalbox-test", QByteArray::fromStdString(testToken));
    if (origin.starts_with("https://")) {
        // Our own listener on loopback: its certificate is for the name that others call it by.
        QSslConfiguration ssl = QSslConfiguration::defaultConfiguration();
        ssl.setPeerVerifyMode(QSslSocket::VerifyNone);
        request.setSslConfiguration(ssl);
    }
    return request;
}

} // namespace gateway::api
