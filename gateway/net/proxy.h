// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstdint>
#include <string>

namespace gateway::net {

/// "http://[user:password@]host:port" or the same with https://, taken apart.
struct ProxyAddress
{
    std::string host;
    std::uint16_t port = 0;
    bool tls = false;             ///< the proxy itself is reached by TLS
    std::string authorization {}; ///< "Basic ..."; empty: none
};

/// Errors: Connect; the message never holds the password.
Result<ProxyAddress> parseProxy(const std::string &text);

} // namespace gateway::net
