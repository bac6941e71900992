// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {

/// An IP address; IPv4 is kept as IPv4-mapped IPv6, so that both compare alike.
using IpAddress = std::array<std::uint8_t, 16>;

/// Reads "10.1.2.3", "::1", "fe80::1%eth0" (the zone is left out). nullopt: no address.
std::optional<IpAddress> parseAddress(std::string_view text);

/// 127.0.0.0/8 or ::1.
bool isLoopback(const IpAddress &address);

/// A network such as "10.0.0.0/8" or "fd00::/8"; an address alone is a network of one.
struct Network
{
    IpAddress base {};
    int bits = 128; ///< of the mapped form: an IPv4 /8 is 104

    [[nodiscard]] bool contains(const IpAddress &address) const;
};

std::optional<Network> parseNetwork(std::string_view text);

/// Those of the texts that are networks: config::check has told of the others.
std::vector<Network> networksOf(std::span<const std::string> texts);

/// Whether one of them holds the address; false for text that is no address.
bool containsAddress(const std::vector<Network> &networks, std::string_view address);

} // namespace gateway::pipeline
