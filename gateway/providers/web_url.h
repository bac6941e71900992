// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::providers {

/// An http or https address of anything on the web, taken apart for a request.
struct WebUrl
{
    bool tls = true;
    std::string host;        ///< name or address, without brackets, lower case
    std::uint16_t port = 443;
    std::string authority;   ///< Host header
    std::string target;      ///< path and query as they go out: never empty, no fragment, no byte that a request line may not have

    /// Without its query, in which there may be a signature: for messages.
    [[nodiscard]] std::string shown() const;
};

/// Takes an address apart. Invalid, in words that follow "it", for another scheme, a user or password, an odd host or port.
Result<WebUrl> parseWebUrl(std::string_view text);

/// An address as a caller wrote it, without what may be secret in it: user, password and query.
std::string shownUrl(std::string_view text);

/// What a Location header leads to (RFC 3986 5.2): an address, or one relative to `base`. Errors: as parseWebUrl().
Result<WebUrl> resolveUrl(const WebUrl &base, std::string_view reference);

} // namespace gateway::providers
