// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/forwarded.h"

#include "gateway/core/text.h"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <charconv>
#include <cstring>
#include <optional>
#include <vector>

namespace gateway::net {

namespace ip = boost::asio::ip;

namespace {

ip::address unmapped(const ip::address &address)
{
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

std::optional<ip::address> parsed(std::string_view text)
{
    // "1.2.3.4:567" and "[::1]:567" are seen in the wild.
    if (text.starts_with('[')) {
        text = text.substr(1, text.find(']') - 1);
    } else if (const auto colon = text.find(':'); colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) {
        text = text.substr(0, colon);
    }
    boost::system::error_code failed;
    const ip::address address = ip::make_address(std::string(text), failed);
    if (failed)
        return std::nullopt;
    return unmapped(address);
}

bool samePrefix(const ip::address &a, const ip::address &b, unsigned bits)
{
    if (a.is_v4() != b.is_v4())
        return false;
    std::array<unsigned char, 16> left {};
    std::array<unsigned char, 16> right {};
    if (a.is_v4()) {
        std::memcpy(left.data(), a.to_v4().to_bytes().data(), 4);
        std::memcpy(right.data(), b.to_v4().to_bytes().data(), 4);
        bits = std::min(bits, 32U);
    } else {
        left = a.to_v6().to_bytes();
        right = b.to_v6().to_bytes();
        bits = std::min(bits, 128U);
    }
    const unsigned whole = bits / 8;
    if (std::memcmp(left.data(), right.data(), whole) != 0)
        return false;
    const unsigned rest = bits % 8;
    return rest == 0 || (left[whole] >> (8 - rest)) == (right[whole] >> (8 - rest));
}

bool inRange(const ip::address &address, std::string_view range)
{
    unsigned bits = 128;
    if (const auto slash = range.find('/'); slash != std::string_view::npos) {
        const std::string_view digits = range.substr(slash + 1);
        if (std::from_chars(digits.data(), digits.data() + digits.size(), bits).ec != std::errc {})
            return false;
        range = range.substr(0, slash);
    }
    boost::system::error_code failed;
    const ip::address base = ip::make_address(std::string(range), failed);
    return !failed && samePrefix(address, unmapped(base), bits);
}

bool anyRange(const ip::address &address, std::span<const std::string> ranges)
{
    for (const std::string &range : ranges) {
        if (inRange(address, range))
            return true;
    }
    return false;
}

} // namespace

std::string addressText(const ip::address &address)
{
    ip::address plain = unmapped(address);
    if (plain.is_v6())
        plain = ip::address_v6(plain.to_v6().to_bytes());
    return plain.to_string();
}

bool inRanges(std::string_view text, std::span<const std::string> ranges)
{
    const auto address = parsed(text);
    return address && anyRange(*address, ranges);
}

std::string forwardedPeer(const std::string &peer, std::span<const pipeline::HeaderView> headers, std::span<const std::string> trusted)
{
    if (!inRanges(peer, trusted))
        return peer;
    std::string chain;
    for (const pipeline::HeaderView &header : headers) {
        if (equalsIgnoringCase(header.name, "x-forwarded-for"))
            chain.append(chain.empty() ? "" : ",").append(header.value);
    }
    // From the right: what a trusted proxy appended counts, what the caller itself wrote in front does not.
    std::string_view rest = chain;
    std::string found = peer;
    while (!rest.empty()) {
        const std::size_t comma = rest.rfind(',');
        const auto address = parsed(trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1)));
        if (!address)
            return found;
        found = addressText(*address);
        if (!anyRange(*address, trusted))
            return found;
        rest = comma == std::string_view::npos ? std::string_view {} : rest.substr(0, comma);
    }
    return found;
}

} // namespace gateway::net
