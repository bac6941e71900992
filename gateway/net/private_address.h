// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/cidr.h"

#include <boost/asio/ip/address.hpp>

#include <string>

/// Which places are nobody's on the public Internet: what stands behind them is this machine, its network, or the cloud
/// that it runs in.
namespace gateway::net {

/// In the form of pipeline/cidr.h, without a scope.
pipeline::IpAddress plainAddress(const boost::asio::ip::address &address);

/// Loopback, private, shared, link-local (where clouds answer for a machine's own secrets), multicast, reserved or
/// unspecified; also where such an IPv4 address stands in an IPv6 one: mapped (RFC 4291), NAT64 (RFC 6052), 6to4, ISATAP.
/// Of IPv6 only what IANA has given out for global unicast is public.
bool isPrivate(const boost::asio::ip::address &address);

/// Whether a host says by itself, without a look-up, that it is such a place: an address in any spelling that resolvers
/// take ("127.1", "0x7f000001"), or a name that always means this machine (RFC 6761 6.3).
bool saysPrivate(const std::string &host);

} // namespace gateway::net
