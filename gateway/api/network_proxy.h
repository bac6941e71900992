// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QNetworkProxy>
#include <QString>
#include <QUrl>

#include <string>

namespace gateway::api {

/// gateway.proxy for Qt's requests; empty: none, whatever the system says.
[[nodiscard]] inline QNetworkProxy networkProxy(const std::string &address)
{
    if (address.empty())
        return QNetworkProxy::NoProxy;
    const QUrl url(QString::fromStdString(address));
    return {QNetworkProxy::HttpProxy, url.host(), static_cast<quint16>(url.port(url.scheme() == QStringLiteral("https") ? 443 : 80)), url.userName(), url.password()};
}

} // namespace gateway::api
