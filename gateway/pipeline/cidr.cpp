// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/cidr.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <string>

namespace gateway::pipeline {

namespace {

constexpr int mappedBits = 96;

bool isMapped(const IpAddress &address)
{
    static constexpr std::array<std::uint8_t, 12> prefix {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::equal(prefix.begin(), prefix.end(), address.begin());
}

} // namespace

std::optional<IpAddress> parseAddress(std::string_view text)
{
    const std::string address(text.substr(0, text.find('%')));
    IpAddress result {};
    if (inet_pton(AF_INET6, address.c_str(), result.data()) == 1)
        return result;
    result = {};
    result[10] = result[11] = 0xff;
    if (inet_pton(AF_INET, address.c_str(), result.data() + 12) == 1)
        return result;
    return std::nullopt;
}

bool isLoopback(const IpAddress &address)
{
    if (isMapped(address))
        return address[12] == 127;
    IpAddress one {};
    one[15] = 1;
    return address == one;
}

bool Network::contains(const IpAddress &address) const
{
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(base.begin(), base.begin() + static_cast<std::ptrdiff_t>(whole), address.begin()))
        return false;
    const int rest = bits % 8;
    if (rest == 0)
        return true;
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
    return (base[whole] & mask) == (address[whole] & mask);
}

std::optional<Network> parseNetwork(std::string_view text)
{
    const auto slash = text.find('/');
    const auto base = parseAddress(text.substr(0, slash));
    if (!base)
        return std::nullopt;
    Network network {.base = *base};
    if (slash == std::string_view::npos)
        return network;
    const std::string_view digits = text.substr(slash + 1);
    int bits = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    const bool four = text.substr(0, slash).find(':') == std::string_view::npos;
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || bits < 0 || bits > (four ? 32 : 128))
        return std::nullopt;
    network.bits = four ? mappedBits + bits : bits;
    return network;
}

std::vector<Network> networksOf(std::span<const std::string> texts)
{
    std::vector<Network> networks;
    for (const std::string &text : texts) {
        if (const auto network = parseNetwork(text))
            networks.push_back(*network);
    }
    return networks;
}

bool containsAddress(const std::vector<Network> &networks, std::string_view address)
{
    const auto parsed = parseAddress(address);
    return parsed && std::ranges::any_of(networks, [&](const Network &network) { return network.contains(*parsed); });
}

} // namespace gateway::pipeline
