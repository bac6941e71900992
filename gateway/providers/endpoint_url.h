// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::providers {

/// A provider's base URL, taken apart.
struct EndpointUrl
{
    bool tls = true;
    std::string host;      ///< name or address, without brackets, lower case
    std::uint16_t port = 443;
    std::string authority; ///< Host header: host[:port] where the port is not the scheme's own; IPv6 in brackets
    std::string basePath;  ///< "" or "/v1", no slash at its end
};

/// Takes a base URL apart. Invalid, in words, for another scheme than http or https, a missing host, a port out of range,
/// a query, a fragment, user and password, white space or control characters.
Result<EndpointUrl> parseEndpointUrl(std::string_view url);

/// The request target: base path and endpoint path. A version segment that the base path ends in and the endpoint path
/// begins with is not doubled, one that the base lacks is put in (config.md: base_url with or without its trailing /v1).
/// @param versionPrefix  "/v1", or empty for providers whose paths have none
std::string joinTarget(std::string_view basePath, std::string_view versionPrefix, std::string_view endpointPath);

} // namespace gateway::providers
