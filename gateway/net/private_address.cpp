// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/private_address.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace gateway::net {

namespace ip = boost::asio::ip;
using pipeline::IpAddress;
using pipeline::Network;

namespace {

/// IANA's registry of special-purpose addresses, and one address that is none of it: from within Azure it leads to the
/// machine's host, which hands out credentials.
constexpr std::array<std::string_view, 15> privateFour {"0.0.0.0/8",    "10.0.0.0/8",     "100.64.0.0/10",  "127.0.0.0/8",   "169.254.0.0/16",
                                                        "172.16.0.0/12", "192.0.0.0/24",   "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
                                                        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",   "168.63.129.16"};
/// Of global unicast (2000::/3): protocols (Teredo among them) and documentation.
constexpr std::array<std::string_view, 3> privateSix {"2001::/23", "2001:db8::/32", "3fff::/20"};

std::vector<Network> parsed(std::span<const std::string_view> texts)
{
    std::vector<Network> networks;
    for (const std::string_view text : texts)
        networks.push_back(pipeline::parseNetwork(text).value());
    return networks;
}

bool within(const IpAddress &address, std::string_view network)
{
    return pipeline::parseNetwork(network).value().contains(address);
}

bool anyHolds(const std::vector<Network> &networks, const IpAddress &address)
{
    return std::ranges::any_of(networks, [&](const Network &network) { return network.contains(address); });
}

IpAddress mapped(const std::uint8_t *four)
{
    IpAddress address {};
    address[10] = address[11] = 0xff;
    std::copy_n(four, 4, address.begin() + 12);
    return address;
}

/// The IPv4 address that an IPv6 one leads to.
std::optional<IpAddress> fourWithin(const IpAddress &six)
{
    if (within(six, "64:ff9b::/96"))
        return mapped(&six[12]);
    if (within(six, "2002::/16"))
        return mapped(&six[2]);
    const bool isatap = (six[8] & 0xfd) == 0 && six[9] == 0 && six[10] == 0x5e && six[11] == 0xfe;
    return isatap ? std::optional(mapped(&six[12])) : std::nullopt;
}

bool isPrivateFour(const IpAddress &address)
{
    static const std::vector<Network> networks = parsed(privateFour);
    return anyHolds(networks, address);
}

bool isPrivateSix(const IpAddress &address)
{
    static const std::vector<Network> networks = parsed(privateSix);
    const std::optional<IpAddress> four = fourWithin(address);
    if (four && isPrivateFour(*four))
        return true;
    const bool global = within(address, "2000::/3") || within(address, "64:ff9b::/96");
    return !global || anyHolds(networks, address);
}

} // namespace

IpAddress plainAddress(const ip::address &address)
{
    if (address.is_v4())
        return mapped(address.to_v4().to_bytes().data());
    return address.to_v6().to_bytes();
}

bool isPrivate(const ip::address &address)
{
    const IpAddress plain = plainAddress(address);
    return within(plain, "::ffff:0:0/96") ? isPrivateFour(plain) : isPrivateSix(plain);
}

bool saysPrivate(const std::string &host)
{
    boost::system::error_code notAnAddress;
    const ip::address literal = ip::make_address(host, notAnAddress);
    if (!notAnAddress)
        return isPrivate(literal);
    in_addr spelt {};
    if (::inet_aton(host.c_str(), &spelt) == 1)
        return isPrivate(ip::address_v4(ntohl(spelt.s_addr)));
    std::string_view name = host;
    if (name.ends_with('.'))
        name.remove_suffix(1);
    constexpr std::string_view loopback = "localhost";
    const bool suffixed = name.size() > loopback.size() && name[name.size() - loopback.size() - 1] == '.';
    return name.size() >= loopback.size() && equalsIgnoringCase(name.substr(name.size() - loopback.size()), loopback) && (suffixed || name.size() == loopback.size());
}

} // namespace gateway::net
