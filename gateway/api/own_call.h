// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QNetworkRequest>

#include <string>
#include <string_view>

/// Calls of the gateway's own through its own listener. Control thread.
namespace gateway::api {

/// The address at which this machine reaches its own listener: "http://127.0.0.1:8787".
std::string loopbackOrigin(const ListenerState &listener);

/// A call with a JSON body, which the log marks as a test.
/// @param testToken  pipeline::Services::testToken
QNetworkRequest ownCall(const std::string &origin, std::string_view path, const std::string &testToken);

} // namespace gateway::api
