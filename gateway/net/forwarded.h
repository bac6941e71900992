// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"

#include <boost/asio/ip/address.hpp>

#include <span>
#include <string>
#include <string_view>

namespace gateway::net {

/// An address as text; one of IPv4 mapped into IPv6 as IPv4, and without a scope.
std::string addressText(const boost::asio::ip::address &address);

/// Whether `text` is an address within one of `ranges` (addresses or CIDR).
bool inRanges(std::string_view text, std::span<const std::string> ranges);

/// The caller behind trusted proxies: the last address of X-Forwarded-For that is not a trusted proxy itself. `peer`,
/// where that is no trusted proxy or the header is absent or odd.
std::string forwardedPeer(const std::string &peer, std::span<const pipeline::HeaderView> headers, std::span<const std::string> trusted);

} // namespace gateway::net
